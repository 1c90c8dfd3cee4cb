"""
Two empirical distribution functions of millions of values, compared in one walk.

The figures are those of `scipy.stats.ks_2samp`, `wasserstein_distance` and `wilcoxon`, which take
several times as long and many copies of the values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEP = 1 << 20


@dataclass(frozen=True)
class Gaps:
    """The largest gap between two distribution functions, and the area between them."""

    largest: float
    area: float


def in_order(values: Floats) -> Floats:
    """Sorts values, unless they are sorted already."""
    return values if bool(np.all(values[1:] >= values[:-1])) else np.sort(values)


def gaps(first: Floats, second: Floats) -> Gaps:
    """Compares two sorted samples, neither of them empty."""
    largest, area = 0.0, 0.0
    for values, apart in _walk(first, second):
        step = np.diff(values)
        sizes = np.abs(apart)
        # Between equal values the functions are on their way; only where they end counts.
        largest = max(largest, float(sizes.max(where=step > 0, initial=0.0)))
        area += float(sizes @ step)
    return Gaps(largest, area)


def _walk(first: Floats, second: Floats) -> Iterator[tuple[Floats, Floats]]:
    """
    Yields all values in order, with F − G after each but the last, which the next part begins with.
    """
    n, m = len(first), len(second)
    places = np.searchsorted(second, first, side="right") + np.arange(n)
    is_first = np.zeros(n + m, dtype=bool)
    is_first[places] = True
    values = np.empty(n + m)
    values[places] = first
    values[~is_first] = second
    before = 0
    for start in range(0, n + m - 1, _STEP):
        end = min(start + _STEP, n + m - 1)
        of_first = before + np.cumsum(is_first[start:end])
        before = int(of_first[-1])
        of_second = np.arange(start + 1, end + 1) - of_first
        yield values[start : end + 1], of_first / n - of_second / m


@dataclass(frozen=True)
class Ranks:
    """The sum of the mid-ranks of each of two samples, and Σ(t³ − t) over groups of t equals."""

    first: float
    second: float
    ties: float


def ranks(first: Floats, second: Floats) -> Ranks:
    """Ranks two sorted samples among each other."""
    n, total = len(first), len(first) + len(second)
    below = np.searchsorted(second, first, "left").sum()
    below += np.searchsorted(second, first, "right").sum()
    of_first = (n * (n + 1) + int(below)) / 2
    values = np.sort(np.concatenate([first, second]))
    starts = np.flatnonzero(values[1:] != values[:-1])
    equal = np.diff(starts, prepend=-1, append=total - 1).astype(np.float64)
    return Ranks(of_first, total * (total + 1) / 2 - of_first, float(np.sum(equal**3 - equal)))


def quantiles(values: Floats, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Gives quantiles of sorted values, between two of them by linear interpolation."""
    found = []
    for share in shares:
        place = share * (len(values) - 1)
        low = int(place)
        found.append(float(np.quantile(values[low : low + 2], place - low)))
    return tuple(found)
