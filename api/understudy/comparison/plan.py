"""The plan: how much traffic a verdict will take, before the first pair is there."""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from .compare import Comparison, compare
from .evidence import Evidence
from .guards import OPEN, Guard
from .jsonable import as_json
from .needed import total_units
from .outcomes import OutcomesResult
from .policy import Policy
from .wording import ON_OUTCOMES

Reached = tuple[int | None, int | None, int | None]
Counted = Literal["units", "outcomes", "days"]


@dataclass(frozen=True)
class Expected:
    """
    The traffic that is to be expected; what nobody knows is None.

    `units_per_day` are all units, of which `share` is scored by the shadow. `outcome_share` is the
    share of instances whose outcome will be known, `outcome_delay_days` how long that takes.
    """

    units_per_day: float | None = None
    instances_per_unit: float = 1.0
    share: float = 1.0
    outcome_share: float = 1.0
    outcome_delay_days: float = 0.0


@dataclass(frozen=True)
class Need:
    """
    What one guard, or one part of the minimum coverage, needs before PROMOTE.

    `offline` is in compared units (few, likely, many) if the shadow is as good as on the held-out
    rows; an entry is None where no number would do. `equal` is the same if it is exactly as good
    as live. `days` follow from the expected traffic.
    """

    what: str
    counted: Counted
    offline: Reached
    equal: int | None
    days: float | None
    days_if_equal: float | None


@dataclass(frozen=True)
class Outlook:
    """All needs together: compared units, instances and days, and what they are decided by."""

    units: int | None
    instances: int | None
    days: float | None
    decided_by: str


@dataclass(frozen=True)
class Plan:
    """
    What it takes until a shadow can be promoted, with `power` at that number of units.

    `rows` are the held-out rows it rests on, `change` the shadow's loss on them relative to live's
    (0/1 loss: the difference), None for an aim without losses.
    """

    needs: tuple[Need, ...]
    offline: Outlook
    equal: Outlook
    rows: int
    change: float | None
    power: float
    expected: Expected
    policy: Policy

    def to_json(self) -> dict[str, Any]:
        """Gives the plan as a JSON object."""
        result: dict[str, Any] = as_json(self)
        return result


def plan(evidence: Evidence, policy: Policy, expected: Expected) -> Plan:
    """
    Inverts the rule in use for each guard, on rows whose true answers both models were asked for.

    Assumes that live traffic is like these rows and that units are independent; a unit's rows count
    as one. Raises what `compare` raises.
    """
    found = compare(evidence, policy)
    needs = tuple(
        [_of_guard(guard, found, expected) for guard in found.guards]
        + _of_coverage(found.policy, expected)
    )
    outcomes = found.outcomes
    return Plan(
        needs=needs,
        offline=_outlook(needs, expected, is_equal=False),
        equal=_outlook(needs, expected, is_equal=True),
        rows=found.units,
        change=None if outcomes is None else _change(outcomes),
        power=found.policy.power,
        expected=expected,
        policy=found.policy,
    )


def _change(outcomes: OutcomesResult) -> float | None:
    return outcomes.difference if outcomes.loss == "zero_one" else outcomes.ratio


def _of_guard(guard: Guard, found: Comparison, expected: Expected) -> Need:
    """What few rows show already is asked anew: from which number on would they show it."""
    unsettled = replace(guard, state=OPEN)
    offline = total_units(unsettled, found.policy)
    equal = total_units(_as_if_equal(unsettled, found), found.policy)[1]
    on_outcomes = guard.name in ON_OUTCOMES
    scale = 1 / expected.outcome_share if on_outcomes else 1.0
    few, likely, many = (_scaled(units, scale) for units in offline)
    equal = _scaled(equal, scale)
    delay = expected.outcome_delay_days if on_outcomes else 0.0
    return Need(
        what=guard.what,
        counted="outcomes" if on_outcomes else "units",
        offline=(few, likely, many),
        equal=equal,
        days=_days(likely, expected, delay),
        days_if_equal=_days(equal, expected, delay),
    )


def _as_if_equal(guard: Guard, found: Comparison) -> Guard:
    """Puts the estimate where two equally good models would have it; shares stay as they are."""
    if guard.name == "difference" and guard.limits.low is not None:
        return replace(guard, estimate=0.0)
    outcomes = found.outcomes
    if guard.name not in ON_OUTCOMES or outcomes is None or outcomes.live_loss is None:
        return guard
    if guard.name == "better":
        return replace(guard, estimate=0.0)
    if outcomes.loss == "zero_one":
        return replace(guard, estimate=-outcomes.margin)
    factor = (1 + outcomes.margin) ** 2 if outcomes.loss == "rmse" else 1 + outcomes.margin
    return replace(guard, estimate=(1 - factor) * outcomes.live_loss)


def _of_coverage(policy: Policy, expected: Expected) -> list[Need]:
    units = policy.minimum_units
    needs = [_fixed("the minimum number of units", "units", units, expected, 0.0)]
    if policy.needs_outcomes:
        rows = expected.instances_per_unit * expected.outcome_share
        units = math.ceil(policy.minimum_outcomes / rows)
        delay = expected.outcome_delay_days
        name = "the minimum number of outcomes"
        needs.append(_fixed(name, "outcomes", units, expected, delay))
    if policy.minimum_days:
        name, days = "the minimum number of days", policy.minimum_days
        needs.append(Need(name, "days", (0, 0, 0), 0, days, days))
    return needs


def _fixed(what: str, counted: Counted, units: int, expected: Expected, delay: float) -> Need:
    days = _days(units, expected, delay)
    return Need(what, counted, (units, units, units), units, days, days)


def _scaled(units: int | None, scale: float) -> int | None:
    return None if units is None else math.ceil(units * scale)


def _days(units: int | None, expected: Expected, delay: float) -> float | None:
    if units is None or not expected.units_per_day:
        return None
    return units / (expected.units_per_day * expected.share) + delay


def _outlook(needs: tuple[Need, ...], expected: Expected, *, is_equal: bool) -> Outlook:
    """Takes the need that is met last; by days where they are known, else by units."""

    def units_of(need: Need) -> int | None:
        return need.equal if is_equal else need.offline[1]

    def days_of(need: Need) -> float | None:
        return need.days_if_equal if is_equal else need.days

    def lateness(need: Need) -> tuple[float, float]:
        units, days = units_of(need), days_of(need)
        if units is None:
            return math.inf, math.inf
        return (days if expected.units_per_day and days is not None else 0.0), units

    last = max(needs, key=lateness)
    if units_of(last) is None:
        return Outlook(None, None, None, last.what)
    units = max(units_of(need) or 0 for need in needs)
    days = days_of(last) if expected.units_per_day else None
    if days is not None and expected.units_per_day:
        # Units keep coming while the minimum number of days or late outcomes are waited for.
        units = max(units, math.ceil(days * expected.units_per_day * expected.share))
    return Outlook(units, math.ceil(units * expected.instances_per_unit), days, last.what)
