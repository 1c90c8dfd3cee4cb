"""Rows in an order of their own, in two halves, with the parts they lie in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .blocks import difference, labels_differ
from .halves import is_searched
from .rows import Rows
from .slice_search import Candidate, Searched, pick, rows_of
from .slice_shapes import Slice
from .slicing import Cut

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXAMPLES = 3


@dataclass(frozen=True, eq=False)
class Panel:
    """Some rows in an order that depends on their names alone, so that sums do not differ."""

    rows: Rows
    picked: Ints
    units: Ints
    searched: Flags
    cuts: Sequence[Cut]

    @property
    def count(self) -> int:
        """Number of units."""
        return 1 + int(self.units[-1]) if len(self.units) else 0

    def half(self, values: Floats, least: int) -> Searched:
        """Gives half A of the rows to the search."""
        inside = self.searched
        cuts = [Cut(part.column, part.codes[inside], part.parts) for part in self.cuts]
        return Searched(values[inside], self.units[inside], cuts, least)

    def confirmable(
        self, found: Sequence[Candidate], least: int
    ) -> Iterator[tuple[Candidate, Flags]]:
        """Yields those with enough units in half B too, and their rows in both halves."""
        for candidate in pick(found):
            inside = rows_of(self.cuts, candidate.places)
            units = self.units[inside & ~self.searched]
            if len(units) and 1 + np.count_nonzero(np.diff(units)) >= least:
                yield candidate, inside


def arrange_panel(
    rows: Rows, cuts: Sequence[Cut], draws: NDArray[np.uint64], chosen: Flags
) -> Panel:
    picked = np.flatnonzero(chosen)
    codes = rows.codes[picked]
    order = np.lexsort((rows.units.draws[picked], codes, draws[codes]))
    picked, codes = picked[order], codes[order]
    units = np.cumsum(np.r_[False, codes[1:] != codes[:-1]][: len(codes)])
    own = [Cut(part.column, part.codes[picked], part.parts) for part in cuts]
    return Panel(rows, picked, units, is_searched(draws)[codes], own)


def disagreement(panel: Panel) -> Floats:
    """Mean |d| where there are numbers, else whether the labels differ."""
    d = difference(panel.rows)
    wide = labels_differ(panel.rows) if d is None else np.abs(d)
    return np.zeros(0) if wide is None else wide[panel.picked].astype(np.float64)


def describe_slice(panel: Panel, candidate: Candidate, part: Flags) -> Slice:
    """Names a slice and its widest pairs; among equals the hash of the unit decides."""
    conditions = tuple(
        (panel.cuts[index].column, panel.cuts[index].parts[code])
        for index, code in candidate.places
    )
    wide = disagreement(panel)[part]
    picked = panel.picked[part]
    widest = np.argsort(-wide, kind="stable")[:EXAMPLES] if len(wide) else ()
    rows = [picked[place] for place in widest if wide[place] > 0]
    return Slice(
        name=" and ".join(f"{column} {fulfilled}" for column, fulfilled in conditions),
        conditions=conditions,
        units=len(np.unique(panel.units[part])),
        rows=int(part.sum()),
        live_loss=None,
        shadow_loss=None,
        effect=None,
        interval=None,
        p_value=None,
        p_adjusted=None,
        is_bad=False,
        disagreement=float(wide.mean()) if len(wide) else None,
        examples=tuple(_called(panel.rows, row) for row in rows),
    )


def _called(rows: Rows, row: int) -> str:
    return f"{rows.units.names[rows.codes[row]]}/{rows.names[row]}"
