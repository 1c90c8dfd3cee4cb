"""Paired intervals of mean differences, and how many rows would settle what they leave open."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.packaging.resampling import LEVEL, bootstrap_intervals

Floats = NDArray[np.float64]

MOST_ROWS = 10**12


@dataclass(frozen=True)
class Interval:
    """
    A figure found on `rows` rows, with its 95 % interval; the ends may be infinite.

    `fixed` is the share of its variance that more rows would not add to.
    """

    mean: float
    low: float
    high: float
    rows: int
    level: float = LEVEL
    fixed: float = 0.0


def paired_interval(differences: Floats, seed: int, *, added: tuple[float, ...] = ()) -> Interval:
    """
    Return the interval of the mean of per-row differences, of shape (n,), of independent rows.

    See `bootstrap_intervals` for how. Of labels two rows are `added`, on each of which one of the
    two models errs (Bonett and Price, "Adjusted Wald confidence interval for a
    difference of binomial proportions based on paired data", Journal of Educational and Behavioral
    Statistics 2012), so that rows without any difference leave room for others.
    """
    rows, fixed, sample = len(differences), 0.0, differences
    if rows and added:
        sample, squares = np.concatenate([differences, added]), float(np.square(added).sum())
        fixed = squares / (rows * float(differences.var()) + squares)
    mean = float(differences.mean()) if rows else 0.0
    low, high = bootstrap_intervals(sample[:, None], {"mean": _only}, seed)["mean"]
    return Interval(mean, min(low, mean), max(high, mean), rows, fixed=fixed)


def _only(means: Floats) -> Floats:
    return means[:, 0]


def rows_needed(interval: Interval, limit: float) -> int | None:
    """
    Return at how many rows an interval would no longer hold `limit`, if its figure is true.

    The interval is inverted: the distance from the figure to its end shrinks with the root of the
    number of rows. None if no number of rows would do, because the figure stands at the limit.
    """
    gap = abs(limit - interval.mean)
    reach = interval.high - interval.mean if limit > interval.mean else interval.mean - interval.low
    if not gap or not math.isfinite(reach):
        return None
    # At x times the rows the squared reach is (1 - fixed) / x + fixed / x² of what it is now.
    ratio = (reach / gap) ** 2
    part = ratio * (1 - interval.fixed)
    times = (part + math.sqrt(part**2 + 4 * ratio * interval.fixed)) / 2
    needed = times * interval.rows
    return math.floor(needed) + 1 if needed < MOST_ROWS else None
