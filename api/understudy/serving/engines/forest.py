"""
Many decision trees, evaluated for many rows at once.

Small trees are kept as masks: every inner node knows which leaves are out of reach when its
condition fails, and the AND of these masks over a tree leaves the right leaf as its lowest bit
(Lucchese et al., QuickScorer, 2015). So a tree needs no walk, and all nodes of all trees are
compared in one call. Trees with more than 64 leaves are walked, all trees and rows one step at a
time.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.plan import Forest

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Comparisons held in memory at a time: enough to drown NumPy's overhead, few enough for the cache.
CHUNK = 1 << 19
# One more than the largest code of a level that a histogram tree knows.
CODES = 257


class ForestRunner:
    """Trees, ready to run."""

    def __init__(self, forest: Forest, arrays: dict[str, NDArray[Any]]) -> None:
        self.forest = forest
        self.values: Floats = arrays["values"]
        self.first: NDArray[np.intp] = arrays["first"].astype(np.intp)
        self.base: Floats = arrays["base"]
        self.missing_left = np.array(forest.missing_left, np.intp)
        self.level_columns = np.array(forest.level_columns, np.intp)
        evaluator = _Masks if forest.layout == "masks" else _Walk
        self.evaluator = evaluator(forest, arrays)
        self.rows = max(1, CHUNK // self.evaluator.width)

    def run(self, matrix: Floats) -> Floats:
        """Return the raw outputs, of shape (rows, outputs); NaN where there is no answer."""
        parts = [
            self._run(matrix[start : start + self.rows])
            for start in range(0, len(matrix), self.rows)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _run(self, matrix: Floats) -> Floats:
        given, codes = self._prepare(matrix)
        leaves = self.evaluator.leaves(given, codes)
        leaves += self.first
        outputs = self._sum(leaves)
        if not self.forest.accepts_missing:
            finite = np.isfinite(given)
            if not finite.all():
                outputs[~finite.all(axis=1)] = np.nan
        return outputs

    def _prepare(self, matrix: Floats) -> tuple[NDArray[Any], NDArray[np.intp] | None]:
        codes = None
        if len(self.level_columns):
            levels = matrix[:, self.level_columns]
            known = (levels >= 0) & (levels < CODES - 1)
            codes = np.where(known, levels, CODES - 1).astype(np.intp)
        if len(self.missing_left):
            left = matrix[:, self.missing_left]
            left[np.isnan(left)] = -np.inf
            matrix = np.concatenate([matrix, left], axis=1)
        return (matrix.astype(np.float32) if self.forest.single else matrix), codes

    def _sum(self, leaves: NDArray[np.intp]) -> Floats:
        """Add up the leaves of every row in one order, whatever the size of the batch."""
        forest = self.forest
        if self.values.ndim == 2:
            # Vectors in the leaves: shape (rows, trees, outputs).
            chosen = self.values[leaves].transpose(0, 2, 1)
        else:
            chosen = self.values.take(leaves).reshape(len(leaves), -1, forest.outputs)
            chosen = chosen.transpose(0, 2, 1)
        total = np.ascontiguousarray(chosen).sum(axis=2)
        return np.asarray((total / forest.trees if forest.mean else total) + self.base)


class _Masks:
    """Small trees as masks, node by node and tree by tree."""

    def __init__(self, forest: Forest, arrays: dict[str, NDArray[Any]]) -> None:
        self.trees = forest.trees
        self.feature = arrays["feature"].astype(np.intp)
        self.threshold = arrays["threshold"]
        self.mask = arrays["mask"]
        self.all = np.array(-1, dtype=np.int64).astype(self.mask.dtype)
        self.width = len(self.feature)
        self.level_nodes = arrays["level_nodes"].astype(np.intp)
        self.level_slots = arrays["level_slots"].astype(np.intp)
        self.level_left: Bools = arrays["level_left"].astype(np.bool_).ravel()
        self.level_starts = np.arange(len(self.level_nodes)) * CODES

    def leaves(self, given: NDArray[Any], codes: NDArray[np.intp] | None) -> NDArray[np.intp]:
        """Return the number of the leaf that each row reaches in each tree: (rows, trees)."""
        if len(given) == 1:
            return self._one(given[0], None if codes is None else codes[0])[None]
        went_left = given.T.take(self.feature, axis=0) <= self.threshold[:, None]
        if codes is not None and len(self.level_nodes):
            places = codes.T.take(self.level_slots, axis=0) + self.level_starts[:, None]
            went_left[self.level_nodes] = self.level_left.take(places)
        reachable = np.where(went_left, self.all, self.mask[:, None])
        nodes = reachable.reshape(-1, self.trees, len(given))
        return _lowest_bit(np.bitwise_and.reduce(nodes, axis=0)).T.astype(np.intp, order="C")

    def _one(self, row: NDArray[Any], codes: NDArray[np.intp] | None) -> NDArray[np.intp]:
        """Do the same for a single row, without the cost of two dimensions."""
        went_left = row.take(self.feature) <= self.threshold
        if codes is not None and len(self.level_nodes):
            places = codes.take(self.level_slots) + self.level_starts
            went_left[self.level_nodes] = self.level_left.take(places)
        reachable = np.where(went_left, self.all, self.mask).reshape(-1, self.trees)
        return _lowest_bit(np.bitwise_and.reduce(reachable, axis=0)).astype(np.intp)


class _Walk:
    """Trees of any size, walked one step at a time."""

    def __init__(self, forest: Forest, arrays: dict[str, NDArray[Any]]) -> None:
        self.depth = forest.depth
        self.feature = arrays["feature"].astype(np.intp)
        self.threshold = arrays["threshold"]
        self.children = arrays["children"].astype(np.intp)
        self.roots = arrays["roots"].astype(np.intp)
        self.leaf = arrays["leaf"].astype(np.intp)
        self.width = max(1, len(self.roots) * 8)
        self.level_table = arrays["level_table"].astype(np.intp)
        self.level_slots = arrays["level_slots"].astype(np.intp)
        self.level_left: Bools = arrays["level_left"].astype(np.bool_).ravel()

    def leaves(self, given: NDArray[Any], codes: NDArray[np.intp] | None) -> NDArray[np.intp]:
        """Return the number of the leaf that each row reaches in each tree: (rows, trees)."""
        starts = (np.arange(len(given)) * given.shape[1])[:, None]
        flat = np.ascontiguousarray(given).ravel()
        node = np.repeat(self.roots[None], len(given), axis=0)
        for _ in range(self.depth):
            went_left = flat.take(starts + self.feature.take(node)) <= self.threshold.take(node)
            if codes is not None and len(self.level_left):
                self._levels(went_left, node, codes)
            # A leaf is its own two children, so that short branches wait for the long ones.
            node = self.children.take(2 * node + went_left)
        return self.leaf.take(node)

    def _levels(self, went_left: Bools, node: NDArray[np.intp], codes: NDArray[np.intp]) -> None:
        """Overwrite the answers of nodes that ask for levels."""
        rows, trees = np.nonzero(self.level_table.take(node) >= 0)
        asked = self.level_table[node[rows, trees]]
        places = asked * CODES + codes[rows, self.level_slots[asked]]
        went_left[rows, trees] = self.level_left[places]


def _lowest_bit(masks: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the position of the lowest bit that is set."""
    # ~x & (x - 1) has ones exactly below the lowest set bit.
    return np.asarray(np.bitwise_count(~masks & (masks - 1)))
