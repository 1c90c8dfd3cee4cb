"""Paths: how an estimate and its interval came about, unit by unit in order of arrival."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .evidence import Evidence
from .finding import Interval
from .losses import judged_losses
from .outcomes import loss_ratio
from .pairs import difference
from .policy import Policy
from .rows import Rows, read_rows
from .sequences import mean_sequence, share_sequence, unit_moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = 80
FIRST = 10


@dataclass(frozen=True)
class Path:
    """
    An estimate after each of some numbers of units, with the interval that held at that moment.

    The intervals hold at all these moments at once, with error probability `level` together. An
    interval is None while it cannot be trusted. `low` and `high` limit what is allowed. A `change`
    is a share with a sign: of live's loss, or of an error rate.
    """

    name: str
    measure: Literal["number", "share", "change"]
    units: tuple[int, ...]
    estimates: tuple[float | None, ...]
    intervals: tuple[Interval | None, ...]
    low: float | None
    high: float | None
    level: float


Measure = Callable[[int], tuple[float | None, Interval | None]]


def paths(evidence: Evidence, policy: Policy, level: float) -> tuple[Path, ...]:
    """
    Gives the paths that the evidence allows: `difference`, `tolerance`, `loss`.

    `policy` (with its defaults filled) and `level` are those of the comparison.
    """
    rows = read_rows(evidence)
    found = (
        _difference(rows, policy, level),
        _tolerance(rows, policy, level),
        _loss(rows, policy, level),
    )
    return tuple(path for path in found if path is not None)


def _difference(rows: Rows, policy: Policy, level: float) -> Path | None:
    d = difference(rows)
    if d is None or policy.difference_margin is None:
        return None
    picked = np.flatnonzero(rows.compared)
    values, codes = d[picked], rows.codes[picked]

    def measure(end: int) -> tuple[float | None, Interval | None]:
        moments = unit_moments(values[:end], codes[:end])
        return moments.mean, mean_sequence(moments, level, policy.planned_units)

    margin = policy.difference_margin
    low = None if rows.task == "multiclass" else -margin
    return _walk(("difference", "number"), codes, measure, (low, margin), level)


def _tolerance(rows: Rows, policy: Policy, level: float) -> Path | None:
    d = difference(rows)
    if d is None or policy.tolerance is None:
        return None
    picked = rows.units.one_each(rows.compared)
    beyond = np.abs(d[picked]) > policy.tolerance

    def measure(end: int) -> tuple[float | None, Interval | None]:
        count = int(beyond[:end].sum())
        return count / end, share_sequence(count, end, level)

    limits = (None, policy.beyond_tolerance_limit)
    return _walk(("tolerance", "share"), rows.codes[picked], measure, limits, level)


def _loss(rows: Rows, policy: Policy, level: float) -> Path | None:
    if policy.loss is None or policy.loss_margin is None:
        return None
    picked = np.flatnonzero(rows.compared & rows.known)
    live, shadow, _ = judged_losses(rows, picked, policy)
    codes, is_absolute = rows.codes[picked], policy.loss == "zero_one"

    def measure(end: int) -> tuple[float | None, Interval | None]:
        if is_absolute:
            moments = unit_moments(shadow[:end] - live[:end], codes[:end])
            return moments.mean, mean_sequence(moments, level, policy.planned_units)
        return loss_ratio((live[:end], shadow[:end]), codes[:end], policy, level)

    limit = 0.0 if policy.aim == "better" else policy.loss_margin
    return _walk(("loss", "change"), codes, measure, (None, limit), level)


def _walk(
    named: tuple[str, Literal["number", "share", "change"]],
    codes: Ints,
    measure: Measure,
    limits: tuple[float | None, float | None],
    level: float,
) -> Path | None:
    """Measures after about eighty numbers of units, evenly spread, the last of them all."""
    ends = np.flatnonzero(np.append(np.diff(codes) != 0, True)) + 1 if len(codes) else codes
    if not len(ends):
        return None
    steps = np.unique(np.linspace(min(FIRST, len(ends)), len(ends), STEPS).round().astype(int))
    found = [measure(int(ends[step - 1])) for step in steps]
    return Path(
        name=named[0],
        measure=named[1],
        units=tuple(int(step) for step in steps),
        estimates=tuple(estimate for estimate, _ in found),
        intervals=tuple(interval for _, interval in found),
        low=limits[0],
        high=limits[1],
        level=level,
    )
