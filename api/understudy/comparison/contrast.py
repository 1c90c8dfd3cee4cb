"""
Tests and intervals of a change, for one look, that keep their level with skewed values.

A plain t-test does not: with live's losses skewed and the shadow's even, it exceeded a level of
0.00025 by a factor of 5 to 150 at 100 units per slice. Here the t statistic is corrected for
skewness by Hall's transformation (1992, "On the removal of skewness by transformation"), with the
least favourable skewness that any of several samples shows, and never in favour of the claim.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import stdtr

from .finding import Interval
from .sequences import NOISE, unit_residuals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRUSTED = 10
"""A skewness g is corrected from TRUSTED·g² units on; before, nothing is claimed."""

ALIKE = 0.05
"""Units that all say the same speak for all but this share of them, at most."""

DOUBLINGS = 60


@dataclass(frozen=True)
class Contrast:
    """
    What is known of shadow − (1 + change)·live, or of shadow − live − change, at any change.

    `shadow` and `live` are means per instance; `products` the mean second and third powers of the
    unit residuals of w = shadow − factor·live and of live: ww, wl, ll, www, wwl, wll, lll.
    """

    units: int
    rows: int
    shadow: float
    live: float
    is_relative: bool
    factor: float
    products: tuple[float, ...]

    @property
    def estimate(self) -> float | None:
        """The change at which the two are equal; None if live's mean is nought."""
        if not self.is_relative:
            return self.shadow - self.live
        return self.shadow / self.live - 1 if self.live > 0 else None

    def mean(self, change: float) -> float:
        """Gives the mean of the contrast."""
        if self.is_relative:
            return self.shadow - (1 + change) * self.live
        return self.shadow - self.live - change

    def spread(self, change: float) -> tuple[float, float]:
        """Gives standard deviation and skewness of the units' values around that mean."""
        c = 1 + change - self.factor if self.is_relative else 0.0
        ww, wl, ll, www, wwl, wll, lll = self.products
        variance = ww - 2 * c * wl + c * c * ll
        sd = math.sqrt(max(0.0, variance))
        if sd <= NOISE * abs(self.mean(change)) or sd == 0:
            return 0.0, 0.0
        third = www - 3 * c * wwl + 3 * c * c * wll - c**3 * lll
        return sd, third / sd**3


def contrast(shadow: Floats, live: Floats, codes: Ints, *, is_relative: bool) -> Contrast:
    """Sums up two values per row by unit; `codes` number the units of at least one row."""
    _, dense = np.unique(codes, return_inverse=True)
    units = int(dense.max()) + 1
    up, down = float(shadow.mean()), float(live.mean())
    factor = up / down if is_relative and down > 0 else 1.0
    w = unit_residuals(shadow - factor * live, dense, units)
    basis = unit_residuals(live, dense, units)
    powers = (
        *(w * w, w * basis, basis * basis),
        *(w**3, w * w * basis, w * basis * basis, basis**3),
    )
    products = tuple(float(power.mean()) for power in powers)
    return Contrast(units, len(shadow), up, down, is_relative, factor, products)


def exceeds(here: Contrast, others: Sequence[Contrast], change: float) -> float | None:
    """
    Gives the p-value of the claim that the shadow's mean is higher by more than `change`.

    None while the skewness is too great for the number of units. `others` are samples of the same
    kind (the slice's other half), whose skewness counts where it is less favourable: a sample that
    happens to lack the rare large values does not show them. Assumes independent units.
    """
    if not _is_trusted(here, others, change):
        return None
    return _tail(here, others, change, 1)


def change_interval(
    here: Contrast, others: Sequence[Contrast], level: float, ends: Interval
) -> Interval | None:
    """
    Gives the changes that the test rejects on neither side at level/2, within possible `ends`.

    None where there is no estimate, no spread, no trust in the lower end, or no upper one.
    """
    middle = here.estimate
    if middle is None or here.spread(middle)[0] == 0 or not _is_trusted(here, others, middle):
        return None
    low = _end(lambda change: _tail(here, others, change, 1) - level / 2, middle, ends[0])
    high = _end(lambda change: _tail(here, others, change, -1) - level / 2, middle, ends[1])
    return None if low is None or high is None else (low, high)


def _is_trusted(here: Contrast, others: Sequence[Contrast], change: float) -> bool:
    return here.units >= TRUSTED * _adverse(here, others, change, 1) ** 2


def _adverse(here: Contrast, others: Sequence[Contrast], change: float, sign: int) -> float:
    return min(0.0, *(sign * sample.spread(change)[1] for sample in (here, *others)))


def _tail(here: Contrast, others: Sequence[Contrast], change: float, sign: int) -> float:
    mean, (sd, _) = sign * here.mean(change), here.spread(change)
    if sd == 0:
        return (1 - ALIKE) ** here.units if mean > 0 else 1.0
    t = mean / sd * math.sqrt(here.units - 1)
    a = _adverse(here, others, change, sign) / math.sqrt(here.units)
    return float(stdtr(here.units - 1, -_without_skewness(t, a)))


def _without_skewness(t: float, a: float) -> float:
    """Hall's transformation of t, which is monotone, where it lessens t; a is skewness over √n."""
    return min(t, t + a * (t * t / 3 + 1 / 6) + a * a * t**3 / 27)


def _end(excess: Callable[[float], float], middle: float, farthest: float) -> float | None:
    """Walks from the estimate until the test rejects; a possible end that it keeps is the end."""
    step = 0.1 * max(abs(middle), 0.01) * (1 if farthest > middle else -1)
    outer = middle
    for _ in range(DOUBLINGS):
        inner, outer = outer, outer + step
        step *= 2
        if (outer - farthest) * step >= 0:
            return _within(excess, inner, farthest)
        if excess(outer) < 0:
            return float(brentq(excess, inner, outer))
    return None


def _within(excess: Callable[[float], float], inner: float, farthest: float) -> float:
    rejects = excess(farthest) < 0 < excess(inner)
    return float(brentq(excess, inner, farthest)) if rejects else farthest
