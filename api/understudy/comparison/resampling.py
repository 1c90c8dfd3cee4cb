"""
Intervals of any smooth function of sums over units, for both models and their difference.

They are valid for one look: shown, never what a verdict rests on.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from .seeds import seed_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# From sums of terms, shape (…, terms), to the values of live and shadow, shape (…, 2). Made of
# sums, products and quotients only, so that it can be differentiated along an imaginary step.
Function = Callable[[Floats], Floats]

LEAST_UNITS = 20
DELTA_ABOVE = 100_000
GROUPS = 250
DELTA_GROUPS = 10_000
RESAMPLES = 999
TINY_STEP = 1e-30


@dataclass(frozen=True)
class Compared:
    """The values of live, of the shadow and of their difference, with the ends of intervals."""

    method: str
    units: int
    values: Floats
    low: Floats
    high: Floats


def paired_values(
    terms: Iterable[Floats], codes: Ints, function: Function, level: float
) -> Compared:
    """
    Gives the values of a function of the sums of terms (one array per term), with intervals.

    A term is read before the next is asked for, so all may come in one and the same array.

    Up to 100,000 units by the percentile bootstrap over units (scipy.stats.bootstrap with
    paired=True, 999 samples; of more than 250 units, so many groups formed at random are drawn,
    whose sums have the variance of their units added up), with the percentiles moved outwards as
    in Hesterberg (2015, section 5.2), so that they are Student's where sums are normal. Above
    100,000 units by the delta method. Assumes independent units. Fewer than 20 have no interval:
    the ends are NaN.
    """
    present = np.bincount(codes) > 0
    units = int(present.sum())
    seed = seed_of(np.flatnonzero(present))
    group, count = _groups(units, DELTA_GROUPS if units > DELTA_ABOVE else GROUPS, seed)
    place = group[(np.cumsum(present) - 1)[codes]]
    sums: Floats = np.column_stack([np.bincount(place, term, count) for term in terms])
    values = _with_difference(function(sums.sum(axis=0)))
    if units < LEAST_UNITS or not np.isfinite(values).all():
        return Compared("none", units, values, np.full(3, np.nan), np.full(3, np.nan))
    if units > DELTA_ABOVE:
        return Compared("delta method", units, values, *_delta(sums, values, function, level))
    return Compared("percentile bootstrap", units, values, *_bootstrap(sums, function, level, seed))


def _groups(units: int, most: int, seed: int) -> tuple[Ints, int]:
    """Puts each unit into one of at most so many groups of about equal size, at random."""
    if units <= most:
        return np.arange(units), units
    return np.random.default_rng(seed).permutation(units) % most, most


def _bootstrap(sums: Floats, function: Function, level: float, seed: int) -> tuple[Floats, Floats]:
    count = len(sums)

    def of_drawn(drawn: Ints, axis: int = -1) -> Floats:
        rows = np.atleast_2d(drawn.astype(np.int64))
        flat = (rows + count * np.arange(len(rows))[:, None]).ravel()
        times = np.bincount(flat, minlength=rows.size).reshape(rows.shape)
        return _with_difference(function(times @ sums)).T

    found = stats.bootstrap(
        (np.arange(count),),
        of_drawn,
        n_resamples=RESAMPLES,
        vectorized=True,
        paired=True,
        confidence_level=1 - level,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    drawn = found.bootstrap_distribution.reshape(3, RESAMPLES)
    reach = stats.t.ppf(1 - level / 2, count - 1) * math.sqrt(count / (count - 1))
    tail = float(stats.norm.cdf(-reach))
    low, high = np.quantile(drawn, (tail, 1 - tail), axis=1)
    return low, high


def _delta(sums: Floats, values: Floats, function: Function, level: float) -> tuple[Floats, Floats]:
    """Linear in the sums, by the derivative along an imaginary step, which has no rounding."""
    means = sums.mean(axis=0)
    steps = means + 1j * TINY_STEP * np.eye(len(means))
    slopes = _with_difference(np.imag(function(steps)) / TINY_STEP)
    errors = ((sums - means) @ slopes).std(axis=0, ddof=1) / np.sqrt(len(sums))
    reach = stats.norm.ppf(1 - level / 2) * errors
    return values - reach, values + reach


def _with_difference(both: Floats) -> Floats:
    """Adds shadow − live as a third value."""
    return np.concatenate([both, both[..., 1:] - both[..., :1]], axis=-1)
