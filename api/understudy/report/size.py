"""How large the difference between the two models is, in words that its interval bears out."""

import math
from dataclasses import dataclass

from understudy.comparison.compare import Comparison
from understudy.comparison.concentration import DIFFERENCE, LOSS
from understudy.comparison.finding import Interval
from understudy.comparison.guards import INSIDE, Guard
from understudy.presentation.numbers import SPACE, count, minus, number, percent
from understudy.report.narrative import LOSSES, loss_change

POINTS = f"{SPACE}percentage points"
LEAST_TENTH = 0.00195


@dataclass(frozen=True)
class Size:
    """What is said of a difference, of which (see Concentration), and whether it is shown."""

    text: str
    of: str
    is_shown: bool


def size_of(found: Comparison) -> Size | None:
    """
    Say how large the difference is: of the errors, where the aim is about them and some are known.

    Else of the answers, relative to the mean of live's where these are all above nought. None
    without pairs.
    """
    outcomes = found.outcomes
    if not found.pairs.pairs:
        return None
    if found.pairs.is_identical:
        return Size(f"all {count(found.pairs.pairs)} pairs are identical so far", DIFFERENCE, False)
    if found.policy.needs_outcomes and outcomes is not None and outcomes.units:
        return _of_errors(found)
    guards = {guard.name: guard for guard in found.pairs.guards}
    if has_numbers(found):
        return _of_answers(found, guards["difference"])
    return _of_labels(found, guards["labels"]) if "labels" in guards else None


def _of_errors(found: Comparison) -> Size | None:
    if found.outcomes is None:
        return None
    value, ends = loss_change(found)
    name, known = LOSSES[found.outcomes.loss], f"on {counted(found.outcomes.outcomes, 'outcome')}"
    if value is None:
        return None
    is_rate = found.outcomes.loss == "zero_one"
    if ends is None:
        so_far = directed(value, is_rate=is_rate)
        return Size(f"the shadow's {name} is {so_far} so far, without an interval yet", LOSS, False)
    if ends[0] <= 0 <= ends[1]:
        is_inside = found.outcomes.not_worse.state == INSIDE
        lead = (
            f"within the margin of {margin_of(found.outcomes.margin, is_rate=is_rate)}"
            if is_inside
            else "which model errs less is open"
        )
        inside = ranged(ends, is_rate=is_rate, word="and")
        return Size(f"{lead}: the shadow's {name} is between {inside}, {known}", LOSS, False)
    change, inside = directed(value, is_rate=is_rate), ranged(ends, is_rate=is_rate)
    return Size(f"the shadow's {name} is {change} ({inside}), {known}", LOSS, True)


def _of_answers(found: Comparison, guard: Guard) -> Size | None:
    if guard.estimate is None:
        return None
    mean, ends = guard.estimate, guard.interval
    who = {
        "regression": "the shadow is",
        "binary": "the shadow's probabilities are",
        "multiclass": "the two models' probabilities are",
    }[found.task]
    way = "apart" if found.task == "multiclass" else "higher" if mean > 0 else "lower"
    if ends is None:
        so_far = _amount(found, abs(mean))
        return Size(
            f"{who} {so_far} {way} on average so far, without an interval yet", DIFFERENCE, False
        )
    if ends[0] <= 0 <= ends[1]:
        within = _amount(found, max(map(abs, ends)), is_bound=True)
        amount = _amount(found, mean, (ends[1] - ends[0]) / 2)
        text = f"on average the shadow is within {within} of live ({amount})"
        return Size(text, DIFFERENCE, False)
    amount = _amount(found, abs(mean), (ends[1] - ends[0]) / 2)
    return Size(f"{who} {amount} {way} on average", DIFFERENCE, True)


def _amount(
    found: Comparison, mean: float, half: float | None = None, *, is_bound: bool = False
) -> str:
    """Write a mean ± half its interval: in per cent of live's mean, in points, or in its unit."""
    level, least = (found.pairs.description.get(name) for name in ("live_mean", "live_least"))
    if found.task != "regression":
        return _in_hundredths(mean, half, POINTS, is_bound=is_bound)
    if level and least is not None and least > 0:
        relative = None if half is None else half / level
        return _in_hundredths(mean / level, relative, f"{SPACE}%", is_bound=is_bound)
    text = number(mean, found.measured_in)
    return text if half is None else f"{text}{SPACE}±{SPACE}{number(half, found.measured_in)}"


def _in_hundredths(mean: float, half: float | None, unit: str, *, is_bound: bool) -> str:
    """Write both with as many digits as half the interval has a use for; a bound is rounded up."""
    digits = 2 if abs(mean if half is None else half) < LEAST_TENTH else 1
    hundredths = math.ceil(100 * mean * 10**digits) / 10**digits if is_bound else 100 * mean
    text = minus(f"{hundredths:.{digits}f}")
    if half is None:
        return f"{text}{unit}"
    first = unit if unit.strip() == "%" else ""
    return f"{text}{first}{SPACE}±{SPACE}{100 * half:.{digits}f}{unit}"


def _of_labels(found: Comparison, guard: Guard) -> Size | None:
    if guard.estimate is None:
        return None
    text = f"the labels differ in {share_range(guard)} of the {units_of(found)}"
    return Size(text, DIFFERENCE, guard.interval is not None and guard.interval[0] > 0)


def has_numbers(found: Comparison) -> bool:
    """Tell whether the models' answers can be subtracted."""
    return any(guard.name == "difference" for guard in found.pairs.guards)


def share_range(guard: Guard) -> str:
    """Write a share with its interval."""
    if guard.interval is None:
        return percent(guard.estimate)
    low, high = guard.interval
    return f"{percent(guard.estimate)} ({percent(low)} to {percent(high)})"


def directed(value: float, *, is_rate: bool = False) -> str:
    """Write a change with its direction in words; that of an error rate in percentage points."""
    write = points if is_rate else percent
    way = "higher" if value > 0 else "lower"
    return f"{write(abs(value))} {way}" if value else "the same"


def ranged(ends: Interval, *, is_rate: bool = False, word: str = "to") -> str:
    """Write the two ends of a change, nearest to nought first where both go the same way."""
    is_one_way = ends[0] * ends[1] > 0
    low, high = sorted(ends, key=abs) if is_one_way else ends
    far = directed(high, is_rate=is_rate)
    if is_one_way:
        near = percent(abs(low))
        return f"{near.removesuffix(f'{SPACE}%') if is_rate else near} {word} {far}"
    return f"{directed(low, is_rate=is_rate)} {word} {far}"


def points(value: float) -> str:
    """Write a difference of two shares in percentage points."""
    return percent(value).removesuffix(f"{SPACE}%") + POINTS


def margin_of(margin: float, *, is_rate: bool) -> str:
    """Write a margin as it was asked for, with no digit more."""
    unit = POINTS.removesuffix("s" if margin == 0.01 else "") if is_rate else f"{SPACE}%"
    return f"{100 * margin:g}{unit}"


def units_of(found: Comparison) -> str:
    """Name what is counted."""
    return "requests" if found.policy.unit == "request" else f"units of {found.policy.unit}"


def counted(number_of: int, thing: str) -> str:
    """Write a number of things, one of them in the singular."""
    return f"{count(number_of)} {thing}{'' if number_of == 1 else 's'}"
