"""
Many decision trees, evaluated for many rows at once.

Small trees on few columns are looked up in tables (`intervals`), others are walked, all trees and
rows one step at a time (`walk`). Either finds the leaves; the sums are taken here.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.intervals import Intervals
from understudy.serving.engines.plan import Forest
from understudy.serving.engines.walk import Walk

Floats = NDArray[np.float64]


class LeafFinder(Protocol):
    """One way to find the leaves that rows reach."""

    @property
    def rows(self) -> int:
        """How many rows are best done at a time."""
        ...

    def leaves(self, given: NDArray[Any]) -> NDArray[np.intp]:
        """Return the number of the leaf that each row reaches in each tree: (rows, trees)."""
        ...


class ForestRunner:
    """Trees, ready to run."""

    def __init__(self, forest: Forest, arrays: dict[str, NDArray[Any]]) -> None:
        self.forest = forest
        self.values: NDArray[Any] = arrays["values"]
        self.first: NDArray[np.intp] = arrays["first"].astype(np.intp)
        self.base: NDArray[Any] = arrays["base"]
        finder = Intervals if forest.layout == "tables" else Walk
        self.finder: LeafFinder = finder(forest, arrays)
        self.rows = self.finder.rows

    def run(self, matrix: Floats) -> NDArray[Any]:
        """
        Return the raw outputs, of shape (rows, outputs); NaN where there is no answer.

        Sums of 32-bit leaves are 32-bit numbers.
        """
        parts = [
            self._run(matrix[start : start + self.rows])
            for start in range(0, len(matrix), self.rows)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _run(self, matrix: Floats) -> NDArray[Any]:
        given = matrix.astype(np.float32) if self.forest.single else matrix
        leaves = self.finder.leaves(given)
        leaves += self.first
        outputs = self._sum(leaves)
        if not self.forest.accepts_missing:
            finite = np.isfinite(given)
            if not finite.all():
                outputs[~finite.all(axis=1)] = np.nan
        return outputs

    def _sum(self, leaves: NDArray[np.intp]) -> NDArray[Any]:
        """Add up the leaves of every row in one order, whatever the size of the batch."""
        forest = self.forest
        if self.values.ndim == 2:
            # Vectors in the leaves: shape (rows, trees, outputs).
            chosen = self.values[leaves].transpose(0, 2, 1)
        else:
            chosen = self.values.take(leaves).reshape(len(leaves), -1, forest.outputs)
            chosen = chosen.transpose(0, 2, 1)
        chosen = np.ascontiguousarray(chosen)
        if forest.sums == "ordered":
            # Not `sum`, which adds in pairs: in 32 bits the order shows.
            chosen[:, :, 0] += self.base
            return np.add.accumulate(chosen, axis=2)[:, :, -1]
        total = chosen.sum(axis=2)
        return np.asarray((total / forest.trees if forest.mean else total) + self.base)
