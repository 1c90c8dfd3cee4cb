"""
Small trees as tables: what each interval of a column leaves within reach.

Every inner node knows, as a mask, which leaves are out of reach when its condition fails, and the
AND of the masks of a tree leaves the right leaf as its lowest bit (Lucchese et al., QuickScorer,
2015). The thresholds of a column cut it into intervals, within which all conditions on it have one
answer, so their AND is known beforehand, for all trees at once. A row then costs a search and the
AND of a whole table row for each column, instead of a comparison for each node.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.levels import codes_of
from understudy.serving.engines.plan import Forest

# The bits of a word, of which the masks of larger trees have several.
WORD = 64
# Bytes of masks held at a time: enough to drown NumPy's overhead, few enough for the cache.
CHUNK = 1 << 19
# Up to so many rows a search per row and column is cheaper than one per column.
FEW_ROWS = 6


@dataclass(frozen=True)
class _Nodes:
    """Inner nodes of all trees: arrays of equal length."""

    column: NDArray[np.intp]
    threshold: NDArray[Any]
    mask: NDArray[Any]
    tree: NDArray[np.intp]
    missing_left: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> "_Nodes":
        """Return some of the nodes."""
        return _Nodes(
            self.column[chosen],
            self.threshold[chosen],
            self.mask[chosen],
            self.tree[chosen],
            self.missing_left[chosen],
        )


class Intervals:
    """Looks up what each column leaves within reach."""

    def __init__(self, forest: Forest, arrays: dict[str, NDArray[Any]]) -> None:
        nodes = _number_nodes(arrays)
        self.columns = np.unique(nodes.column).tolist()
        self.level_columns = np.array(forest.level_columns, np.intp)
        self.codes = arrays["level_left"].shape[1]
        parts = [
            _number_table(nodes.where(nodes.column == column), forest.trees)
            for column in self.columns
        ]
        tables = [table for _, table in parts] + _level_tables(forest, arrays)
        self.edges = [edges for edges, _ in parts]
        self.lists = [edges.tolist() for edges in self.edges]
        self.starts = np.cumsum([0, *(len(table) for table in tables)])[:-1, None]
        self.words = arrays["mask"].shape[1]
        self.table = np.concatenate(tables).reshape(-1, forest.trees * self.words)
        self.rows = max(16, CHUNK // (self.table.itemsize * self.table.shape[1]))

    def leaves(self, given: NDArray[Any]) -> NDArray[np.intp]:
        """Return the number of the leaf that each row reaches in each tree: (rows, trees)."""
        places = self._places(given)
        if len(given) == 1:
            reachable = np.bitwise_and.reduce(self.table[places[:, 0]], axis=0)[None]
        else:
            reachable = self.table.take(places[0], axis=0)
            taken = np.empty_like(reachable)
            for place in places[1:]:
                # Clipping never happens; without it NumPy would check the bounds in a copy.
                self.table.take(place, axis=0, out=taken, mode="clip")
                np.bitwise_and(reachable, taken, out=reachable)
        return self._lowest(reachable)

    def _lowest(self, reachable: NDArray[Any]) -> NDArray[np.intp]:
        """Return the first leaf that is left of each tree."""
        if self.words == 1:
            return _lowest_bit(reachable).astype(np.intp)
        words = reachable.reshape(len(reachable), -1, self.words)
        first = (words != 0).argmax(axis=2)
        chosen = np.take_along_axis(words, first[:, :, None], axis=2)[:, :, 0]
        return np.asarray(_lowest_bit(chosen) + first * WORD)

    def _places(self, given: NDArray[Any]) -> NDArray[np.intp]:
        """Return the row of the table for each column and row: (columns, rows)."""
        places = np.empty((len(self.starts), len(given)), dtype=np.intp)
        count = len(self.columns)
        if len(given) <= FEW_ROWS:
            found = [self._search(row) for row in given[:, self.columns].tolist()]
            places[:count] = np.array(found, dtype=np.intp).T
        else:
            for number, column in enumerate(self.columns):
                # NaN belongs behind infinity, the last edge: the last row is for missing values.
                places[number] = self.edges[number].searchsorted(given[:, column])
        if len(self.level_columns):
            places[count:] = codes_of(given[:, self.level_columns], self.codes).T
        places += self.starts
        return places

    def _search(self, row: list[float]) -> list[int]:
        return [
            len(edges) if isnan(value) else bisect_left(edges, value)
            for edges, value in zip(self.lists, row, strict=True)
        ]


def _number_nodes(arrays: dict[str, NDArray[Any]]) -> _Nodes:
    """Return the nodes that compare numbers."""
    nodes = _Nodes(
        arrays["feature"].astype(np.intp),
        arrays["threshold"],
        arrays["mask"],
        arrays["tree"].astype(np.intp),
        arrays["missing_left"].astype(np.bool_),
    )
    compares = np.ones(len(nodes.column), dtype=np.bool_)
    compares[arrays["level_nodes"].astype(np.intp)] = False
    return nodes.where(compares)


def _number_table(nodes: _Nodes, trees: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """
    Return the upper edges of a column's intervals, and masks for each interval and for NaN.

    The table is of shape (rows, trees, words).
    """
    edges = np.unique(np.append(nodes.threshold, np.inf).astype(nodes.threshold.dtype))
    table = _open_table(len(edges) + 1, trees, nodes.mask)
    # A condition fails in all intervals above the one that its threshold closes.
    fails = edges.searchsorted(nodes.threshold) + 1
    finite = fails < len(edges)
    np.bitwise_and.at(table, (fails[finite], nodes.tree[finite]), nodes.mask[finite])
    table[:-1] = np.bitwise_and.accumulate(table[:-1], axis=0)
    right = ~nodes.missing_left
    np.bitwise_and.at(table[-1], nodes.tree[right], nodes.mask[right])
    return edges, table


def _level_tables(forest: Forest, arrays: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Return for each column of levels a row of masks per code."""
    mask, codes = arrays["mask"], arrays["level_left"].shape[1]
    tables = [_open_table(codes, forest.trees, mask) for _ in forest.level_columns]
    nodes = arrays["level_nodes"].astype(np.intp).tolist()
    slots = arrays["level_slots"].astype(np.intp).tolist()
    goes_left = arrays["level_left"].astype(np.bool_)
    for node, slot, left in zip(nodes, slots, goes_left, strict=True):
        tables[slot][~left, arrays["tree"][node]] &= mask[node]
    return tables


def _open_table(rows: int, trees: int, masks: NDArray[Any]) -> NDArray[Any]:
    """Return a table that leaves every leaf within reach."""
    everything = np.array(-1, dtype=np.int64).astype(masks.dtype)
    return np.full((rows, trees, masks.shape[1]), everything)


def _lowest_bit(masks: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the position of the lowest bit that is set."""
    # ~x & (x - 1) has ones exactly below the lowest set bit.
    return np.asarray(np.bitwise_count(~masks & (masks - 1)))
