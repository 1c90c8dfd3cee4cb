"""Paths: how an estimate and its interval came about, unit by unit in order of arrival."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .blocks import Block, blocks_of
from .evidence import Evidence
from .finding import Interval
from .guards import Criterion
from .losses import judged_losses
from .outcomes import loss_ratio
from .pairs import counted, pair_criteria
from .policy import Policy
from .rows import Rows, read_rows
from .sequences import mean_sequence, share_sequence, unit_moments
from .sums import UnitSums

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
Estimate = tuple[float | None, Interval | None]


def paths(evidence: Evidence, policy: Policy, level: float) -> tuple[Path, ...]:
    """
    Gives the paths that the evidence allows: `difference`, `tolerance`, `loss`.

    `policy` (with its defaults filled) and `level` are those of the comparison.
    """
    rows = read_rows(evidence)
    walked = pair_paths(blocks_of(rows, policy), rows.task, policy, level)
    loss = loss_path(rows, policy, level)
    return walked if loss is None else (*walked, loss)


def pair_paths(
    blocks: Sequence[Block], task: str, policy: Policy, level: float
) -> tuple[Path, ...]:
    """Gives the paths of the pairs from blocks in order of arrival: a step at each one's end."""
    so_far = [block for block in accumulate(blocks, Block.merge) if block.compared]
    if not so_far:
        return ()
    criteria = pair_criteria(so_far[-1], task, policy, level)
    return tuple(
        _path_of(criterion, so_far)
        for criterion in criteria
        if criterion.name in ("difference", "tolerance")
    )


def _path_of(criterion: Criterion, so_far: Sequence[Block]) -> Path:
    found = [_at(criterion, block) for block in so_far]
    return Path(
        name=criterion.name,
        measure="number" if criterion.name == "difference" else "share",
        units=tuple(block.compared for block in so_far),
        estimates=tuple(estimate for estimate, _ in found),
        intervals=tuple(interval for _, interval in found),
        low=criterion.limits.low,
        high=criterion.limits.high,
        level=criterion.level,
    )


def _at(criterion: Criterion, block: Block) -> Estimate:
    if criterion.name == "difference":
        moments = (block.difference or UnitSums()).moments
        return moments.mean, mean_sequence(moments, criterion.level, criterion.planned_units)
    count = counted(criterion.name, block)
    return count.share, share_sequence(count.events, count.units, criterion.level)


def loss_path(rows: Rows, policy: Policy, level: float) -> Path | None:
    """Gives the path of the change of the loss, by units whose outcomes are known."""
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
