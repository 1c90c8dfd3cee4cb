"""Guards: one limit each, and whether the data show that it is kept."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .finding import Interval
from .sequences import LEAST_UNITS, Moments, mean_sequence, share_sequence, unit_moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Quarters = tuple[float | None, ...]

INSIDE = "INSIDE"
BEYOND = "BEYOND"
OPEN = "OPEN"

QUARTERS = 4


@dataclass(frozen=True)
class Limits:
    """The open range a mean or a share has to lie in; None is no end."""

    low: float | None
    high: float | None

    def hold(self, low: float, high: float) -> bool:
        """Tells whether a whole interval lies inside."""
        return (self.low is None or low > self.low) and (self.high is None or high < self.high)

    def exclude(self, low: float, high: float) -> bool:
        """Tells whether a whole interval lies outside."""
        return (self.low is not None and high < self.low) or (
            self.high is not None and low > self.high
        )

    def gap(self, estimate: float) -> float:
        """How far an estimate is from the nearer end; negative outside."""
        ends = []
        if self.low is not None:
            ends.append(estimate - self.low)
        if self.high is not None:
            ends.append(self.high - estimate)
        return min(ends)


@dataclass(frozen=True)
class Guard:
    """
    One limit and what is known about it.

    `interval` holds at every number of units with error probability `level`; None while it cannot
    be trusted, or when every unit says the same (then `alike_limit` is the share of units that must
    not be able to differ). `quarters` are the estimates for the quarters of the units in order of
    arrival. `decides` marks the guards that the verdict rests on.
    """

    name: str
    what: str
    measure: Literal["mean", "share"]
    state: str
    estimate: float | None
    interval: Interval | None
    limits: Limits
    level: float
    units: int
    sd: float
    skewness: float
    alike: bool
    alike_limit: float
    quarters: tuple[float | None, ...]
    decides: bool = False
    note: str = ""


@dataclass(frozen=True)
class Criterion:
    """What a guard asks for: its name in the policy, its wording, its limits and its level."""

    name: str
    what: str
    limits: Limits
    level: float
    planned_units: int = 1000
    alike_limit: float = 0.05


def mean_guard(criterion: Criterion, values: Floats, codes: Ints, arrived: int) -> Guard:
    """
    Judges the mean over instances by its sequence over units.

    `codes` number the units from 0 to `arrived` − 1 in order of arrival. When every unit says the
    same, the mean counts as known once too few units could still differ, never by an interval of
    no width.
    """
    return judge_mean(criterion, unit_moments(values, codes), _quarters(values, codes, arrived))


def judge_mean(criterion: Criterion, moments: Moments, quarters: Quarters) -> Guard:
    """Judges a mean by the moments of its units; see `mean_guard`."""
    interval = mean_sequence(moments, criterion.level, criterion.planned_units)
    guard = Guard(
        name=criterion.name,
        what=criterion.what,
        measure="mean",
        state=OPEN,
        estimate=moments.mean if moments.units else None,
        interval=interval,
        limits=criterion.limits,
        level=criterion.level,
        units=moments.units,
        sd=moments.sd,
        skewness=moments.skewness,
        alike=bool(moments.units) and moments.is_constant,
        alike_limit=criterion.alike_limit,
        quarters=quarters,
    )
    if guard.alike:
        return _judge_alike(guard)
    if interval is None:
        return replace(guard, note=_why_open(moments.units, moments.units_until_valid))
    return replace(guard, state=_state(criterion.limits, interval, moments.units))


def _judge_alike(guard: Guard) -> Guard:
    differing = share_sequence(0, guard.units, guard.level)[1]
    mean = guard.estimate or 0.0
    note = "identical so far" if mean == 0 else "every unit says the same so far"
    note += f"; at most {differing:.2%} of units can differ"
    enough = guard.units >= LEAST_UNITS and differing < guard.alike_limit
    state = _state(guard.limits, (mean, mean), guard.units) if enough else OPEN
    return replace(guard, state=state, note=note)


def _why_open(units: int, needed: int) -> str:
    if needed > LEAST_UNITS:
        return f"heavy tails: an interval can be trusted from {needed:,} units on"
    return f"{units} of the {LEAST_UNITS} units that any interval needs"


def share_guard(criterion: Criterion, events: Floats, codes: Ints, arrived: int) -> Guard:
    """Judges the share of units with an event; `events` holds 0 or 1, one row per unit."""
    quarters = _quarters(events, codes, arrived)
    return judge_share(criterion, int(events.sum()), len(events), quarters)


def judge_share(criterion: Criterion, count: int, units: int, quarters: Quarters) -> Guard:
    """Judges the share of units with an event by how many there are."""
    interval = share_sequence(count, units, criterion.level)
    share = count / units if units else None
    return Guard(
        name=criterion.name,
        what=criterion.what,
        measure="share",
        state=_state(criterion.limits, interval, units),
        estimate=share,
        interval=interval,
        limits=criterion.limits,
        level=criterion.level,
        units=units,
        sd=(share * (1 - share)) ** 0.5 if share else 0.0,
        skewness=0.0,
        alike=False,
        alike_limit=criterion.alike_limit,
        quarters=quarters,
    )


def _state(limits: Limits, interval: Interval, units: int) -> str:
    if limits.hold(*interval):
        return INSIDE
    if limits.exclude(*interval) and units >= LEAST_UNITS:
        return BEYOND
    return OPEN


def _quarters(values: Floats, codes: Ints, arrived: int) -> Quarters:
    """The mean per quarter of the units in order of arrival, None where a quarter is empty."""
    quarter = codes * QUARTERS // max(1, arrived)
    sizes = np.bincount(quarter, minlength=QUARTERS)
    sums = np.bincount(quarter, weights=values, minlength=QUARTERS)
    return tuple(
        float(total / size) if size else None for total, size in zip(sums, sizes, strict=True)
    )
