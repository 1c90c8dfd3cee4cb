"""One column of the training data: what is known of it, and how current values are counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import Codes, Floats, Kind, Range, level_name, numbers
from .tallies import Tally, coarser, count_cells, shortened

FEW_LEVELS = 20
TIED_SHARE = 0.05
BINS = 20
FINE = 1000

Prefix = Callable[[int], Tally]


@dataclass(frozen=True, eq=False)
class Column:
    """A reference column, with what the whole training data are known to hold."""

    name: str
    kind: Kind
    reference: "pd.Series[Any]"
    range: Range | None = None
    levels: Mapping[str, int] | None = None

    @cached_property
    def numbers(self) -> Floats:
        """The reference as numbers, with NaN for what is none."""
        return numbers(self.reference)

    @cached_property
    def finite(self) -> Floats:
        """The present numbers of the reference."""
        return self.numbers[np.isfinite(self.numbers)]

    @cached_property
    def known_range(self) -> Range:
        """The range of all training rows, or of the reference if nothing else is known."""
        values = self.finite
        return self.range or Range(float(values.min()), float(values.max()), len(values))

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How often each level stands in the reference."""
        return count_levels(self.reference)

    @cached_property
    def training_levels(self) -> Mapping[str, int]:
        """How often each level came in all training rows, or in the reference."""
        return self.levels or self.counts

    @property
    def absent(self) -> int:
        """Rows of the reference without a usable value."""
        if self.kind == "numeric":
            return len(self.reference) - len(self.finite)
        if self.kind == "categorical":
            return len(self.reference) - sum(self.counts.values())
        return int(self.reference.isna().sum())

    @cached_property
    def shape(self) -> "Shape":
        """Which distribution test fits a numeric column."""
        return Shape.of(self.finite)

    def tally(self, values: "pd.Series[Any]") -> Tally:
        """Counts values so that the tally merges with others of this column."""
        tally = self.tallier(values)(len(values))
        if tally.levels is not None:
            return Tally(
                tally.rows, tally.missing, levels=shortened(tally.levels, self.training_levels)
            )
        if tally.values is None:
            return tally
        cells = count_cells(tally.values, self.shape.ruler)
        known = tally.known, tally.below, tally.above
        return Tally(tally.rows, tally.missing, *known, cells=cells)

    def tallier(self, values: "pd.Series[Any]") -> Prefix:
        """Returns what counts the first of these values, as many as it is told."""
        if self.kind == "numeric":
            return self._count_numbers(numbers(values))
        if self.kind == "categorical":
            return _count_names(values)
        missing = values.isna().to_numpy()
        return lambda rows: Tally(rows, int(np.sum(missing[:rows])))

    def _count_numbers(self, values: Floats) -> Prefix:
        finite = np.isfinite(values)
        known = self.known_range if len(self.finite) else None

        def first(rows: int) -> Tally:
            now = values[:rows]
            kept = now[finite[:rows]]
            below = 0 if known is None else int(np.sum(now < known.low))
            above = 0 if known is None else int(np.sum(now > known.high))
            there = int(np.sum(~np.isnan(now)))
            return Tally(rows, rows - len(kept), there, below, above, values=kept)

        return first


@dataclass(frozen=True, eq=False)
class Shape:
    """
    How a numeric reference is distributed, as far as it decides which test fits.

    `is_sparse`: more than 5 % are nought, and the rest has more than a few levels. `edges` are
    those of the chi-square table where ties would spoil the test of D, else None.
    """

    is_sparse: bool
    values: Floats
    edges: Floats | None

    @classmethod
    def of(cls, present: Floats) -> "Shape":
        """Looks at the present reference values."""
        levels, counts = np.unique(present, return_counts=True)
        if not len(levels):
            return cls(False, present, None)
        if len(levels) <= FEW_LEVELS and len(levels) <= len(present) / 2:
            return cls(False, present, levels)
        if levels[counts.argmax()] == 0 and counts.max() > TIED_SHARE * len(present):
            rest = cls.of(present[present != 0])
            return cls(True, rest.values, rest.edges)
        if counts.max() > TIED_SHARE * len(present):
            return cls(False, present, _bins(present, levels))
        return cls(False, present, None)

    @cached_property
    def ruler(self) -> Floats:
        """The edges at which merged values are counted: fine enough for D, and for the table."""
        if not len(self.values):
            return np.zeros(1)
        fine = np.quantile(self.values, np.linspace(0, 1, FINE + 1), method="inverted_cdf")
        table = () if self.edges is None else self.edges
        return np.unique(np.concatenate([fine, table, [0.0] if self.is_sparse else []]))

    def zeros(self, tally: Tally) -> int:
        """Counts the noughts of a sparse column."""
        if tally.values is not None:
            return int(np.sum(tally.values == 0))
        cells = np.zeros(0) if tally.cells is None else tally.cells
        return int(cells[2 * int(np.searchsorted(self.ruler, 0.0)) + 1]) if len(cells) else 0

    def without_zeros(self, tally: Tally) -> Tally:
        """Takes the noughts of a sparse column out of a tally."""
        if not self.is_sparse:
            return tally
        if tally.values is not None:
            return Tally(tally.rows, values=tally.values[tally.values != 0])
        if tally.cells is None:
            return tally
        cells = tally.cells.copy()
        cells[2 * int(np.searchsorted(self.ruler, 0.0)) + 1] = 0
        return Tally(tally.rows, cells=cells)

    def table(self, tally: Tally, edges: Floats) -> Codes:
        """Gives the 2×K table of reference and current values on the coarse edges."""
        before = count_cells(self.values, edges)
        if tally.values is not None:
            return np.stack([before, count_cells(tally.values, edges)])
        cells = tally.cells if tally.cells is not None else count_cells(np.zeros(0), self.ruler)
        return np.stack([before, coarser(cells, self.ruler, edges)])


def _bins(present: Floats, levels: Floats) -> NDArray[np.float64]:
    if len(levels) <= FEW_LEVELS:
        return levels
    return np.unique(np.quantile(present, np.linspace(0, 1, BINS + 1), method="inverted_cdf"))


def count_levels(values: "pd.Series[Any]") -> Mapping[str, int]:
    """Counts levels by what they say; missing ones are left out."""
    return _count_names(values)(len(values)).levels or {}


def _count_names(values: "pd.Series[Any]") -> Prefix:
    codes, uniques = pd.factorize(values)
    names = [level_name(value) for value in uniques]

    def first(rows: int) -> Tally:
        now = codes[:rows]
        found: dict[str, int] = {}
        for name, n in zip(names, np.bincount(now[now >= 0], minlength=len(names)), strict=True):
            if name is not None and n:
                found[name] = found.get(name, 0) + int(n)
        return Tally(rows, rows - sum(found.values()), levels=found)

    return first
