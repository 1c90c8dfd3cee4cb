"""
Intervals that hold at every number of units at once, so that anyone may look at any time.

For means: the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
(2024, "Time-uniform central limit theory and asymptotic confidence sequences"). For shares: the
beta-binomial mixture with the Jeffreys prior, which holds exactly (Robbins 1970).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaln

from .exact import exact_mean, exact_sum
from .finding import Interval

Floats = NDArray[np.float64]

LEAST_UNITS = 100
NOISE = 1e-9


@dataclass(frozen=True)
class Moments:
    """
    A mean over instances with the spread of its units.

    With S the sum and N the number of instances of a unit, the mean is ΣS/ΣN, a unit's value is
    S − mean·N, `sd` its standard deviation divided by the mean of N, `skewness` its skewness.
    """

    units: int
    rows: int
    mean: float
    sd: float
    skewness: float

    @property
    def is_constant(self) -> bool:
        """True if every unit says the same, up to rounding."""
        return self.sd <= NOISE * abs(self.mean)

    @property
    def units_until_valid(self) -> int:
        """From how many units on the sequence may be trusted: the heavier the tails, the later."""
        return max(LEAST_UNITS, math.ceil(100 * self.skewness**2))


def unit_residuals(values: Floats, codes: NDArray[np.int64], units: int) -> Floats:
    """Gives each unit's sum less the mean times its number of instances, per mean number."""
    if np.all(codes[1:] > codes[:-1]):  # each value is its own unit
        return values - exact_sum(values) / len(values)
    sizes = np.bincount(codes, minlength=units).astype(np.float64)
    sums = np.bincount(codes, weights=values, minlength=units).astype(np.float64)
    present = sizes > 0
    sums, sizes = sums[present], sizes[present]
    mean = exact_sum(sums) / len(values)
    residuals: Floats = (sums - mean * sizes) / (len(values) / len(sizes))
    return residuals


def unit_moments(values: Floats, codes: NDArray[np.int64] | None = None) -> Moments:
    """
    Sums up values per unit; without `codes` each value is its own unit.

    The order of the units does not matter, since the sums over them are exact.
    """
    if not len(values):
        return Moments(0, 0, 0.0, 0.0, 0.0)
    codes = np.arange(len(values)) if codes is None else codes
    residuals = unit_residuals(values, codes, int(codes.max()) + 1)
    sd, skewness = spread(residuals)
    return Moments(len(residuals), len(values), exact_mean(values), sd, skewness)


def spread(residuals: Floats) -> tuple[float, float]:
    """Gives standard deviation and skewness of values with mean nought, whatever their scale."""
    scale = float(np.abs(residuals).max())
    if not scale:
        return 0.0, 0.0
    sd = math.sqrt(exact_mean(residuals, lambda some: np.square(some / scale)))

    def cubes(some: Floats) -> Floats:
        shape = some / scale / sd
        return shape * shape * shape

    return scale * sd, exact_mean(residuals, cubes)


def mixing(level: float, planned_units: int) -> float:
    """Gives r, which makes the sequence tightest at the planned number of units."""
    return (-2 * math.log(level) + math.log(-2 * math.log(level) + 1)) / planned_units


def half_width(units: float, level: float, planned_units: int) -> float:
    """Gives the half-width of the sequence for a mean, in standard deviations."""
    r = mixing(level, planned_units)
    tr = units * r
    return math.sqrt(2 * (tr + 1) / (units**2 * r) * math.log(math.sqrt(tr + 1) / level))


def mean_sequence(moments: Moments, level: float, planned_units: int) -> Interval | None:
    """
    Gives the interval of a mean, or None while it cannot be trusted.

    Assumes units that are independent of each other, with finite variance. There is none before
    max(100, 100·skewness²) units ("heavy tails"), nor when every unit says the same: a width of
    nought would be a claim that nobody can make.
    """
    if moments.units < moments.units_until_valid or moments.is_constant:
        return None
    width = moments.sd * half_width(moments.units, level, planned_units)
    return moments.mean - width, moments.mean + width


def share_sequence(events: float, units: float, level: float) -> Interval:
    """
    Gives the interval of a share, valid at every number of units.

    Holds all p whose beta-binomial martingale is below 1/level. Assumes independent units.
    """
    if units <= 0:
        return 0.0, 1.0
    rest = units - events
    prior = float(betaln(events + 0.5, rest + 0.5) - betaln(0.5, 0.5)) + math.log(level)

    def excess(p: float) -> float:
        seen = events * math.log(p) if events else 0.0
        unseen = rest * math.log1p(-p) if rest else 0.0
        return prior - seen - unseen

    least, most = 1e-15, 1 - 1e-15
    peak = min(max(events / units, 2 * least), 1 - 2e-15)
    low = brentq(excess, least, peak) if events and excess(least) > 0 else 0.0
    high = brentq(excess, peak, most) if rest and excess(most) > 0 else 1.0
    return float(low), float(high)
