"""Sums that are exact: the same bits in any order of the values, on every processor."""

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Elementwise = Callable[[Floats], Floats]

FEW = 500
"""Up to so many values plain `math.fsum` is quicker than several passes over arrays."""
_HUGE = 2.0**960
_STEP = 1 << 15
"""So many values at a time stay in the cache of a processor through all passes over them."""


def exact_sum(values: Floats, of: Elementwise | None = None) -> float:
    """
    Gives the correctly rounded sum, as `math.fsum` does, at the speed of numpy.

    With `of`, the sum of what it makes of each value, a few at a time. Infinite and missing values
    are passed on; a sum beyond all floats is infinite.
    """
    made = of or np.asarray
    if len(values) <= FEW:
        return _fsum(made(values))
    parts: list[float] = []
    for start in range(0, len(values), _STEP):
        some = made(values[start : start + _STEP])
        if not float(np.abs(some).max()) < _HUGE:
            return _fsum(made(values))
        parts.extend(_exact_parts(some))
    return math.fsum(parts)


def _exact_parts(values: Floats) -> Iterator[float]:
    """
    Yields a few numbers whose sum is exactly that of the values.

    Each pass takes off the leading bits of all values: multiples of one power of two, so few bits
    that adding them up rounds nowhere (Demmel and Nguyen 2013, "Fast reproducible floating-point
    summation").
    """
    room = len(values).bit_length()
    rest = values
    while largest := float(np.abs(rest).max()):
        step = math.ldexp(1.5, math.frexp(largest)[1] + room)
        leading = (rest + step) - step
        yield float(leading.sum())
        rest = rest - leading


def exact_mean(values: Floats, of: Elementwise | None = None) -> float:
    """Gives the exact sum over the number of values, of which there must be one."""
    return exact_sum(values, of) / len(values)


def _fsum(values: Floats) -> float:
    try:
        return math.fsum(values.tolist())
    except (OverflowError, ValueError):  # beyond all floats on the way, or inf − inf
        with np.errstate(over="ignore", invalid="ignore"):
            return float(values.sum())
