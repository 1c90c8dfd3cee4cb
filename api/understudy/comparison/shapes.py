"""Shapes: how two samples are distributed, as shares ready to be drawn over each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import Kind, encode, numbers

Floats = NDArray[np.float64]

FEW = 12
OTHERS = "others"
TAIL = 0.005


@dataclass(frozen=True, eq=False)
class Shape:
    """
    The shares of two samples in the same cells, of the present values.

    Cells are the bins between `edges`, or `levels`. The outermost bins also hold what lies beyond
    them, and the level "others" holds the rare ones.
    """

    edges: Floats | None
    levels: tuple[str, ...] | None
    reference: Floats
    current: Floats


def shape_of(
    reference: "pd.Series[Any]", current: "pd.Series[Any]", kind: Kind, bins: int = 24
) -> Shape | None:
    """Gives the two samples of a column as shares, or None if one of them has no present value."""
    if kind != "numeric":
        return _levels(reference, current)
    before, after = (side[np.isfinite(side)] for side in (numbers(reference), numbers(current)))
    if not len(before) or not len(after):
        return None
    if len(np.unique(np.concatenate([before, after]))) <= FEW:
        return _levels(pd.Series(before), pd.Series(after), is_ordered=True)
    return binned(before, after, bins)


def binned(before: Floats, after: Floats, bins: int = 24) -> Shape:
    """Counts two samples of finite numbers in equal bins over what both of them mostly span."""
    lows, highs = zip(
        *(np.quantile(side, (TAIL, 1 - TAIL)) for side in (before, after)), strict=True
    )
    low, high = float(min(lows)), float(max(highs))
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    shares = [np.histogram(np.clip(s, low, high), edges)[0] / len(s) for s in (before, after)]
    return Shape(edges, None, shares[0], shares[1])


def _levels(
    reference: "pd.Series[Any]", current: "pd.Series[Any]", is_ordered: bool = False
) -> Shape | None:
    left, right, names = encode(reference, current)
    counts = np.array([np.bincount(c[c >= 0], minlength=len(names)) for c in (left, right)])
    if not counts.sum(axis=1).all():
        return None
    shares = counts / counts.sum(axis=1, keepdims=True)
    order = (
        sorted(range(len(names)), key=lambda place: float(names[place]))
        if is_ordered
        else list(np.argsort(-shares.sum(axis=0), kind="stable"))
    )
    kept, rest = order[:FEW], order[FEW:]
    cells = [*(names[place] for place in kept), *([OTHERS] if rest else [])]
    columns = shares[:, kept]
    if rest:
        columns = np.hstack([columns, shares[:, rest].sum(axis=1, keepdims=True)])
    return Shape(None, tuple(cells), columns[0], columns[1])


def quantile_pairs(live: Floats, shadow: Floats, points: int = 99) -> tuple[Floats, Floats]:
    """Gives the same quantiles of two samples, from 1 % to 99 % unless there are more points."""
    at = np.arange(1, points + 1) / (points + 1)
    return np.quantile(live, at), np.quantile(shadow, at)
