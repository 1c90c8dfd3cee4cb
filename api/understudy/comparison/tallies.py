"""Tallies: what the values of one column add up to, as far as a test of them needs to know."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_NEW_LEVELS = 1000
OTHERS = "\x00others"
"""Where levels are counted of which there are too many to name."""


@dataclass(frozen=True, eq=False)
class Tally:
    """
    Some values of one column, counted; tallies of other rows merge.

    `missing` of `rows` have no usable value. Of numbers: `known` are no NaN, `below` and `above`
    the training range, and either the finite `values` themselves are kept or, once merged, only
    `cells`, the counts at each edge of the column's ruler and between two edges. Of levels: how
    often each came.
    """

    rows: int = 0
    missing: int = 0
    known: int = 0
    below: int = 0
    above: int = 0
    values: Floats | None = None
    cells: Ints | None = None
    levels: Mapping[str, int] | None = None

    @property
    def present(self) -> int:
        """Rows with a usable value."""
        return self.rows - self.missing

    def merge(self, other: "Tally") -> "Tally":
        """Gives both together; their values, if any, must have been counted into cells."""
        return Tally(
            rows=self.rows + other.rows,
            missing=self.missing + other.missing,
            known=self.known + other.known,
            below=self.below + other.below,
            above=self.above + other.above,
            cells=_added(self.cells, other.cells),
            levels=_counted(self.levels, other.levels),
        )

    def to_json(self) -> dict[str, Any]:
        """Gives a merged tally as a JSON object that `from_json` reads back."""
        return {
            "rows": self.rows,
            "missing": self.missing,
            "known": self.known,
            "below": self.below,
            "above": self.above,
            "cells": None if self.cells is None else self.cells.tolist(),
            "levels": None if self.levels is None else dict(self.levels),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Reads what `to_json` gave."""
        cells = found["cells"]
        return cls(**{**found, "cells": None if cells is None else np.array(cells, np.int64)})


def _added(first: Ints | None, second: Ints | None) -> Ints | None:
    if first is None or second is None:
        return second if first is None else first
    return first + second


def _counted(
    first: Mapping[str, int] | None, second: Mapping[str, int] | None
) -> Mapping[str, int] | None:
    if first is None or second is None:
        return second if first is None else first
    return Counter(first) + Counter(second)


def shortened(levels: Mapping[str, int], training: Mapping[str, int]) -> Mapping[str, int]:
    """Names at most a thousand levels that training does not hold; the rest are counted as one."""
    new = [name for name in levels if name not in training and name != OTHERS]
    if len(new) <= MOST_NEW_LEVELS:
        return levels
    kept = sorted(new, key=lambda name: (-levels[name], name))[:MOST_NEW_LEVELS]
    dropped = set(new) - set(kept)
    rest = sum(levels[name] for name in dropped) + levels.get(OTHERS, 0)
    return {name: n for name, n in levels.items() if name not in dropped} | {OTHERS: rest}


def count_cells(values: Floats, edges: Floats) -> Ints:
    """Counts values before, at and after each edge, so that a tied value has its own cell."""
    places = np.searchsorted(edges, values, "left") + np.searchsorted(edges, values, "right")
    return np.bincount(places, minlength=2 * len(edges) + 1)


def coarser(cells: Ints, fine: Floats, coarse: Floats) -> Ints:
    """Gives the counts on a ruler whose edges all are edges of the finer one, too."""
    corners = np.empty(2 * len(fine) + 1)
    corners[1::2] = fine
    # A cell between two edges lies where anything between them would lie.
    corners[2:-1:2] = (fine[1:] + fine[:-1]) / 2
    corners[0], corners[-1] = -np.inf, np.inf
    places = np.searchsorted(coarse, corners, "left") + np.searchsorted(coarse, corners, "right")
    return np.bincount(places, weights=cells, minlength=2 * len(coarse) + 1).astype(np.int64)
