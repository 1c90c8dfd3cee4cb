"""
The verdict in one sentence: the word, how large the difference is, where it lies, what is needed.

Every part rests on an interval of the comparison and says no more than the interval does.
"""

import math
from collections.abc import Iterator, Sequence

from understudy.comparison.compare import Comparison
from understudy.comparison.concentration import Concentration
from understudy.comparison.guards import BEYOND, Guard
from understudy.comparison.slices import Slice
from understudy.comparison.verdict import HORIZONS
from understudy.presentation.numbers import count, number, percent
from understudy.report.narrative import LOSSES
from understudy.report.size import (
    counted,
    directed,
    has_numbers,
    margin_of,
    ranged,
    share_range,
    size_of,
    units_of,
)

NEARLY_ALL, MOST, HALF = 0.9, 0.6, 0.5
CLEARLY = 1.5
"""Parts are named that hold at least so many times what their size alone would."""

BREAKABLE = ("failures", "tolerance", "labels")


def headline(found: Comparison) -> str:
    """
    Say what a comparison has come to, in one sentence for everybody.

    "HOLD: the shadow is 1.8 % ± 0.3 % higher on average, nearly all of it where Neighborhood =
    NridgHt or StoneBr (8 % of the instances); about 400 more outcomes needed."
    """
    return f"{found.verdict}: {said(found)}"


def said(found: Comparison) -> str:
    """Say the headline without its word."""
    parts = {
        "REJECT": _rejection,
        "HOLD": _hold,
        "PROMOTE": _promotion,
        "NEED_MORE_DATA": _shortage,
    }[found.verdict](found)
    return "; ".join(part for part in parts if part) + "."


def _promotion(found: Comparison) -> Iterator[str]:
    yield _size(found)
    yield "every limit of the policy is kept"


def _shortage(found: Comparison) -> Iterator[str]:
    yield _size(found)
    yield needed(found)


def _hold(found: Comparison) -> Iterator[str]:
    yield _size(found)
    reason, likely = found.reasons[0].removesuffix("."), found.more_needed.units[1]
    if likely and "times the horizon" in reason:
        horizon = count(found.policy.horizon_units)
        yield (
            f"{_amount(found, likely)} would be needed, more than {HORIZONS} times the horizon of"
            f" {horizon}"
        )
        return
    yield reason[:1].lower() + reason[1:]
    if found.more_needed.outcomes:
        yield needed(found)


def _rejection(found: Comparison) -> Iterator[str]:
    broken = {guard.name: guard for guard in found.guards if guard.state == BEYOND}
    bad = found.slices.bad if found.slices is not None else ()
    if bad:
        yield _bad(found, bad)
    others = [_broken(found, broken[name]) for name in BREAKABLE if name in broken]
    yield from others if bad else ()
    beyond = _beyond(found, "difference" in broken)
    if "labels" not in broken or has_numbers(found):
        yield f"overall, {_size(found, says_where=False)}{beyond}" if bad else _size(found) + beyond
    yield from () if bad else others


def _beyond(found: Comparison, is_apart: bool) -> str:
    """Say which margin the difference itself is beyond, if it is."""
    outcomes = found.outcomes
    if found.policy.needs_outcomes:
        if outcomes is None or outcomes.not_worse.state != BEYOND:
            return ""
        margin = margin_of(outcomes.margin, is_rate=outcomes.loss == "zero_one")
        return f", worse than the margin of {margin}"
    limit = found.policy.difference_margin or 0.0
    written = (
        number(limit, found.measured_in)
        if found.task == "regression"
        else margin_of(limit, is_rate=True)
    )
    return f", beyond the margin of {written}" if is_apart else ""


def _size(found: Comparison, *, says_where: bool = True) -> str:
    size = size_of(found)
    if size is None:
        return "no instance has been answered by both models yet"
    held = next((one for one in found.concentrated if one.of == size.of), None)
    return size.text + (_where(held) if says_where and size.is_shown and held is not None else "")


def _where(held: Concentration) -> str:
    """Say by the lower end of its interval how much of the difference a few parts hold."""
    least = held.interval[0]
    if least < CLEARLY * held.row_share:
        return ""
    names = ((NEARLY_ALL, "nearly all"), (MOST, "most"), (HALF, "more than half"))
    words = next((name for limit, name in names if least > limit), f"at least {percent(least)}")
    size = percent(held.row_share)
    return f", {words} of it where {parts_of(held)} ({size} of the instances)"


def parts_of(held: Concentration) -> str:
    """Name the parts: "zone = Hill or West", "area in 10 to 20 or from 40"."""
    levels = [part[2:] for part in held.parts if part.startswith("= ")]
    others = [part for part in held.parts if not part.startswith("= ")]
    if levels and others:
        return f"{held.column} = {_or(levels)}, or {_or(others)}"
    return f"{held.column} = {_or(levels)}" if levels else f"{held.column} {_or(others)}"


def _or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _broken(found: Comparison, guard: Guard) -> str:
    units, high = units_of(found), guard.limits.high or 0.0
    tolerance = found.policy.tolerance or 0.0
    what = {
        "failures": f"the shadow failed on {share_range(guard)} of the {units}",
        "labels": f"the labels differ in {share_range(guard)} of the {units}",
        "tolerance": (
            f"in {share_range(guard)} of the {units} the answers are more than"
            f" {number(tolerance, found.measured_in)} apart"
        ),
    }[guard.name]
    return f"{what}, where {margin_of(high, is_rate=False)} is allowed"


def _bad(found: Comparison, bad: tuple[Slice, ...]) -> str:
    worst, is_rate = bad[0], found.policy.loss == "zero_one"
    change = "worse" if worst.effect is None else directed(worst.effect, is_rate=is_rate)
    ends = "" if worst.interval is None else f" ({ranged(worst.interval, is_rate=is_rate)})"
    margin = margin_of(found.policy.slice_margin or 0.0, is_rate=is_rate)
    text = (
        f"where {worst.name} the shadow's {LOSSES[found.policy.loss or 'absolute']} is"
        f" {change}{ends}, worse than the slice margin of {margin}"
    )
    more = len(bad) - 1
    return f"{text}, and so in {counted(more, 'more slice')}" if more else text


def needed(found: Comparison) -> str:
    """Say how many more are needed, of what, and how long that takes."""
    need, units = found.more_needed, found.more_needed.units[1]
    if units is None:
        return "out of reach if the present estimates are true"
    if not units:
        return f"{_time(need.days)} of traffic still needed" if need.days else ""
    time = f", or {_time(need.days)} at the present rate" if need.days else ""
    return f"{_amount(found, units)} needed{time}"


def _amount(found: Comparison, units: int) -> str:
    return f"about {count(_about(units))} more {_things(found)}"


def _things(found: Comparison) -> str:
    """Name what is needed: outcomes, where what is still open rests on them."""
    limited, outcomes = found.more_needed.limited_by, found.outcomes
    on_outcomes = outcomes is not None and limited in (
        outcomes.not_worse.what,
        outcomes.better.what,
    )
    if not on_outcomes and "outcomes" not in limited:
        return units_of(found)
    is_alike = outcomes is None or outcomes.outcomes == outcomes.units
    if found.policy.unit == "request" and is_alike:
        return "outcomes"
    return f"{units_of(found)} with outcomes"


def _about(number_of: int) -> int:
    """Round up to two figures."""
    step = int(10 ** max(0, len(str(number_of)) - 2))
    return -(-number_of // step) * step


def _time(days: float) -> str:
    """Write a time in the unit that a person would take."""
    for size, unit in ((1.0, "day"), (1 / 24, "hour"), (1 / 1440, "minute")):
        if days >= size:
            return counted(math.ceil(days / size - 1e-9), unit)
    return "less than a minute"
