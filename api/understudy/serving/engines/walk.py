"""Trees of any size, walked one step at a time, all trees and rows together."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.levels import codes_of
from understudy.serving.engines.plan import Forest

# Steps held in memory at a time: enough to drown NumPy's overhead, few enough for the cache.
CHUNK = 1 << 16
# After so many steps those that have arrived are looked for, and after as many again.
PATIENCE = 3
# From this share of arrivals on it pays to go on without them.
ARRIVED = 0.2

Places = NDArray[np.intp]


class Walk:
    """Steps from node to node."""

    def __init__(self, forest: Forest, arrays: dict[str, NDArray[Any]]) -> None:
        self.depth = forest.depth
        self.feature = arrays["feature"].astype(np.intp)
        self.threshold = arrays["threshold"]
        self.children = arrays["children"].astype(np.intp)
        self.roots = arrays["roots"].astype(np.intp)
        self.leaf = arrays["leaf"].astype(np.intp)
        # A leaf is its own two children.
        self.inner = self.children[::2] != np.arange(len(self.feature))
        self.rows = max(1, CHUNK // len(self.roots))
        self.missing_left = np.array(forest.missing_left, np.intp)
        self.level_columns = np.array(forest.level_columns, np.intp)
        self.level_table = arrays["level_table"].astype(np.intp)
        self.level_slots = arrays["level_slots"].astype(np.intp)
        self.level_left = arrays["level_left"].astype(np.bool_)

    def leaves(self, given: NDArray[Any]) -> Places:
        """Return the number of the leaf that each row reaches in each tree: (rows, trees)."""
        rows, trees = len(given), len(self.roots)
        row = np.repeat(np.arange(rows), trees)
        node = np.tile(self.roots, rows)
        ask = _Question(self, given)
        arrived, going = node, None
        for step in range(1, self.depth + 1):
            node = self.children.take(2 * node + ask.goes_left(node, row))
            if step % PATIENCE == 0 and step < self.depth:
                left = np.flatnonzero(self.inner.take(node))
                if len(left) <= (1 - ARRIVED) * len(node):
                    arrived, going = _settled(arrived, going, node, left)
                    node, row = node.take(left), row.take(left)
        arrived, _ = _settled(arrived, going, node, np.empty(0, dtype=np.intp))
        return self.leaf.take(arrived).reshape(rows, trees)


def _settled(
    arrived: Places, going: Places | None, node: Places, left: Places
) -> tuple[Places, Places]:
    """Put down where all are now, and return the places of those with steps left."""
    if going is None:
        return node, left
    arrived[going] = node
    return arrived, going.take(left)


class _Question:
    """What the nodes ask about a batch of rows."""

    def __init__(self, walk: Walk, given: NDArray[Any]) -> None:
        self.walk = walk
        self.codes: Places | None = None
        if len(walk.level_columns):
            self.codes = codes_of(given[:, walk.level_columns], walk.level_left.shape[1])
        if len(walk.missing_left):
            # Columns that are needed a second time, with NaN going left.
            left = given[:, walk.missing_left]
            left[np.isnan(left)] = -np.inf
            given = np.concatenate([given, left], axis=1)
        self.width = given.shape[1]
        self.flat = np.ascontiguousarray(given).ravel()

    def goes_left(self, node: Places, row: Places) -> NDArray[np.bool_]:
        """Tell for pairs of a node and a row where the row goes."""
        walk = self.walk
        value = self.flat.take(row * self.width + walk.feature.take(node))
        left = value <= walk.threshold.take(node)
        if self.codes is not None:
            asked = walk.level_table.take(node)
            pairs = np.flatnonzero(asked >= 0)
            asked = asked.take(pairs)
            codes = self.codes[row.take(pairs), walk.level_slots.take(asked)]
            left[pairs] = walk.level_left[asked, codes]
        return np.asarray(left)
