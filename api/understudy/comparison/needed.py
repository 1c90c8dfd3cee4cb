"""How many more units are needed, by inverting the rule in use."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scipy import stats

from .guards import INSIDE, Guard
from .jsonable import as_json
from .policy import Policy
from .sequences import LEAST_UNITS, half_width, share_sequence

MOST_UNITS = 10**12


@dataclass(frozen=True)
class MoreNeeded:
    """
    What is still missing before the verdict can be PROMOTE, if the present estimates are true.

    `units` is (few, likely, many): for the gap to the limit plus, as it is, and less one standard
    error. An entry is None where no number of units would do. `days` go by the present rate.
    `outcomes` are the outcomes missing to the policy's minimum.
    """

    units: tuple[int | None, int | None, int | None]
    requests: int | None
    instances: int | None
    days: float | None
    outcomes: int
    limited_by: str
    is_reachable: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """Gives what is needed as a JSON object."""
        result: dict[str, Any] = as_json(self)
        return result


def total_units(guard: Guard, policy: Policy) -> tuple[int | None, int | None, int | None]:
    """Gives the number of units at which a guard would be inside: few, likely, many."""
    if guard.state == INSIDE:
        return guard.units, guard.units, guard.units
    if not guard.units or guard.estimate is None:
        return LEAST_UNITS, LEAST_UNITS, None
    error = guard.sd / math.sqrt(guard.units)
    if guard.measure == "mean":
        gap = guard.limits.gap(guard.estimate)
        few, likely, many = (_for_mean(guard, g, policy) for g in (gap + error, gap, gap - error))
    else:
        rates = (guard.estimate - error, guard.estimate, guard.estimate + error)
        few, likely, many = (_for_share(guard, max(0.0, rate)) for rate in rates)
    return few, likely, many


def _for_mean(guard: Guard, gap: float, policy: Policy) -> int | None:
    if guard.alike:
        return None if gap <= 0 else smallest(_alike_enough(guard), LEAST_UNITS)
    if gap <= 0:
        return None
    z = float(stats.norm.ppf(policy.power))
    planned, level, sd = policy.planned_units, guard.level, guard.sd

    def reached(units: int) -> bool:
        return sd * (half_width(units, level, planned) + z / math.sqrt(units)) <= gap

    return smallest(reached, max(LEAST_UNITS, math.ceil(100 * guard.skewness**2)))


def _alike_enough(guard: Guard) -> Callable[[int], bool]:
    def reached(units: int) -> bool:
        return share_sequence(0, units, guard.level)[1] < guard.alike_limit

    return reached


def _for_share(guard: Guard, rate: float) -> int | None:
    limit = guard.limits.high or 0.0
    if rate >= limit:
        return None

    def reached(units: int) -> bool:
        return share_sequence(rate * units, units, guard.level)[1] < limit

    return smallest(reached, 1)


def smallest(reached: Callable[[int], bool], least: int) -> int | None:
    """The smallest number from `least` on at which a condition that stays true becomes true."""
    high = least
    while not reached(high):
        high *= 2
        if high > MOST_UNITS:
            return None
    low = max(least, high // 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle + 1, high)
    return high


@dataclass(frozen=True)
class Progress:
    """How far a comparison has come; `requests` matter where they are not the unit."""

    units: int
    rows: int
    outcome_units: int
    outcomes: int
    days: float | None
    requests: int | None = None


def more_needed(guards: tuple[Guard, ...], policy: Policy, progress: Progress) -> MoreNeeded:
    """Takes the largest need of the deciding guards and of the policy's minimum coverage."""
    needs = [
        _need(guard, policy, progress)
        for guard in guards
        if guard.decides and guard.state != INSIDE
    ]
    short = max(0, policy.minimum_units - progress.units)
    if short:
        needs.append(("the minimum number of units", (short, short, short), progress.units))
    outcomes = _missing_outcomes(policy, progress)
    if outcomes:
        needs.append(("the minimum number of outcomes", (outcomes,) * 3, progress.outcome_units))
    waiting = max(0.0, (policy.minimum_days or 0.0) - (progress.days or 0.0))
    if not needs:
        return _only_days(waiting, outcomes)
    limited_by, units, there = max(needs, key=_size)
    likely = units[1]
    days = _days(likely, there, progress)
    result = MoreNeeded(
        units=units,
        requests=_requests(likely, policy, progress),
        instances=_scaled(likely, progress.rows / max(1, progress.units)),
        days=waiting if days is None and likely is not None and waiting else days,
        outcomes=outcomes,
        limited_by=limited_by,
        is_reachable=likely is not None,
        sentence="",
    )
    if result.days is not None:
        result = replace(result, days=max(result.days, waiting))
    return replace(result, sentence=_sentence(result, policy))


Need = tuple[str, tuple[int | None, int | None, int | None], int]


def _need(guard: Guard, policy: Policy, progress: Progress) -> Need:
    few, likely, many = (
        None if total is None else max(1, total - guard.units)
        for total in total_units(guard, policy)
    )
    return guard.what, (few, likely, many), guard.units


def _size(need: Need) -> tuple[float, float]:
    _, (_, likely, many), _ = need
    return (math.inf if likely is None else likely, math.inf if many is None else many)


def _missing_outcomes(policy: Policy, progress: Progress) -> int:
    return max(0, policy.minimum_outcomes - progress.outcomes) if policy.needs_outcomes else 0


def _requests(units: int | None, policy: Policy, progress: Progress) -> int | None:
    if policy.unit == "request":
        return units
    known = progress.requests
    return None if known is None else _scaled(units, known / max(1, progress.units))


def _scaled(units: int | None, factor: float) -> int | None:
    return None if units is None else math.ceil(units * factor)


def _days(units: int | None, there: int, progress: Progress) -> float | None:
    if units is None or not progress.days or not there:
        return None
    return units * progress.days / there


def _only_days(waiting: float, outcomes: int) -> MoreNeeded:
    sentence = f"{waiting:.3g} more days are needed." if waiting else "Nothing more is needed."
    return MoreNeeded(
        (0, 0, 0), 0, 0, waiting, outcomes, "the minimum number of days", True, sentence
    )


def _sentence(need: MoreNeeded, policy: Policy) -> str:
    few, likely, many = need.units
    unit = "requests" if policy.unit == "request" else f"units of {policy.unit}"
    if "outcomes" in need.limited_by:
        unit = "outcomes"
    if likely is None:
        return f"Not reachable if the present estimate is true: {need.limited_by}."
    if few == many:
        amount = f"{likely:,}"
    else:
        amount = f"{likely:,} (between {few:,} and {'no end' if many is None else f'{many:,}'})"
    days = "" if need.days is None else f", {duration(need.days)} at the present rate"
    return f"About {amount} more {unit} are needed{days}; decided by {need.limited_by}."


def duration(days: float) -> str:
    """Says a time in the unit that a person would take."""
    for size, unit in ((1.0, "days"), (1 / 24, "hours"), (1 / 1440, "minutes")):
        if days >= size:
            return f"{days / size:.3g} {unit}"
    return "less than a minute"
