"""
Sums over units that merge, so that a comparison need not read its first pairs again.

What is kept are the central moments of a unit's sum and of its number of instances, up to the third
order, and merged after Pébay (2008, "Formulas for robust, one-pass parallel computation of
covariances and arbitrary-order statistical moments"). Those of one lot of units are summed exactly,
so that neither their order nor the processor shows.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .exact import exact_mean
from .sequences import Moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ORDERS = ((2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))
_POSITIVE_NOISE = 1e-15


@dataclass(frozen=True)
class UnitSums:
    """
    The moments of some units: `units` of them, with `rows` instances in all.

    `total` and `size` are the means of a unit's sum and of its number of instances, `central` their
    central moments per unit, in the order of `_ORDERS`. Sums are in multiples of `scale`, a power
    of two, so that cubes of huge values do not overflow. Where the mean is a million times the
    spread, the spread is lost: such units count as saying the same.
    """

    units: int = 0
    rows: int = 0
    scale: float = 1.0
    total: float = 0.0
    size: float = 0.0
    central: tuple[float, ...] = (0.0,) * len(_ORDERS)

    def merge(self, other: "UnitSums") -> "UnitSums":
        """Gives the moments of both together, which must be of different units."""
        if not self.units or not other.units:
            return self if self.units else other
        scale = max(self.scale, other.scale)
        left, right = self._at(scale), other._at(scale)
        units = left.units + right.units
        share = right.units / units
        step = (right.total - left.total, right.size - left.size)
        return UnitSums(
            units=units,
            rows=left.rows + right.rows,
            scale=scale,
            total=left.total + share * step[0],
            size=left.size + share * step[1],
            central=tuple(
                _merged(order, (left.central, right.central), step, share) for order in _ORDERS
            ),
        )

    def _at(self, scale: float) -> "UnitSums":
        factor = self.scale / scale
        if factor == 1.0:
            return self
        central = tuple(
            value * factor**power for value, (power, _) in zip(self.central, _ORDERS, strict=True)
        )
        return UnitSums(self.units, self.rows, scale, self.total * factor, self.size, central)

    @property
    def moments(self) -> Moments:
        """The mean over instances and the spread of its units."""
        if not self.units:
            return Moments(0, 0, 0.0, 0.0, 0.0)
        mean = self.total / self.size
        c20, c11, c02, c30, c21, c12, c03 = self.central
        square = c20 - 2 * mean * c11 + mean**2 * c02
        noise = _POSITIVE_NOISE * (c20 + mean**2 * c02)
        if square <= noise:
            return Moments(self.units, self.rows, mean * self.scale, 0.0, 0.0)
        cube = c30 - 3 * mean * c21 + 3 * mean**2 * c12 - mean**3 * c03
        sd = math.sqrt(square)
        return Moments(
            self.units, self.rows, mean * self.scale, sd / self.size * self.scale, cube / sd**3
        )

    def to_json(self) -> list[Any]:
        """Gives the moments as a JSON array that `from_json` reads back, to the last bit."""
        return [self.units, self.rows, self.scale, self.total, self.size, *self.central]

    @classmethod
    def from_json(cls, found: Sequence[Any]) -> "UnitSums":
        """Reads what `to_json` gave."""
        units, rows, scale, total, size, *central = found
        return cls(units, rows, scale, total, size, tuple(central))


def _merged(
    order: tuple[int, int],
    sides: tuple[tuple[float, ...], tuple[float, ...]],
    step: tuple[float, float],
    share: float,
) -> float:
    """
    Gives a central moment of two samples together.

    Each side's moment about the common mean is a binomial sum over its own central moments.
    """
    offsets = (
        (-share * step[0], -share * step[1]),
        ((1 - share) * step[0], (1 - share) * step[1]),
    )
    moved = [_moved(order, side, offset) for side, offset in zip(sides, offsets, strict=True)]
    return (1 - share) * moved[0] + share * moved[1]


def _moved(
    order: tuple[int, int], central: tuple[float, ...], offset: tuple[float, float]
) -> float:
    known = dict(zip(_ORDERS, central, strict=True)) | {(0, 0): 1.0, (1, 0): 0.0, (0, 1): 0.0}
    p, q = order
    return sum(
        math.comb(p, i)
        * math.comb(q, j)
        * known[i, j]
        * offset[0] ** (p - i)
        * offset[1] ** (q - j)
        for i in range(p + 1)
        for j in range(q + 1)
    )


def unit_sums(values: Floats, codes: Ints) -> UnitSums:
    """Sums up values per unit; `codes` number the units, in any order and with gaps."""
    if not len(values):
        return UnitSums()
    first = int(codes.min())
    counts = np.bincount(codes - first)
    present = counts > 0
    sizes = counts[present].astype(np.float64)
    totals = np.bincount(codes - first, weights=values.astype(np.float64))[present]
    largest = float(np.abs(totals).max())
    scale = 2.0 ** math.frexp(largest)[1] if largest and math.isfinite(largest) else 1.0
    total, size = exact_mean(totals / scale), len(values) / len(sizes)
    a, b = totals / scale - total, sizes - size
    return UnitSums(
        units=len(totals),
        rows=len(values),
        scale=scale,
        total=total,
        size=size,
        central=tuple(_central(a, b, p, q) for p, q in _ORDERS),
    )


def _central(a: Floats, b: Floats, p: int, q: int) -> float:
    """Multiplies step by step: a power's last bit depends on the processor."""
    factors = [a] * p + [b] * q
    if q and not b.any():
        return 0.0
    return exact_mean(reduce(np.multiply, factors))


def merged(parts: Iterable[UnitSums]) -> UnitSums:
    """Gives the moments of all parts together."""
    return reduce(UnitSums.merge, parts, UnitSums())
