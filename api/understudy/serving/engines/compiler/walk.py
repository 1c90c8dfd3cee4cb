"""Trees of any size as one long array of nodes, to be walked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.tree import Tree, pad_levels


def walk_arrays(trees: list[Tree], slots: dict[int, int]) -> dict[str, NDArray[Any]]:
    """Return the arrays of `engines.walk`; `children` holds right and left child of every node."""
    sizes = [len(tree.left) for tree in trees]
    roots = np.cumsum([0, *sizes[:-1]])
    children = [_children(tree, int(root)) for tree, root in zip(trees, roots, strict=True)]
    level_counts = np.cumsum([0, *(len(tree.level_left) for tree in trees)])
    level_table = [
        np.where(tree.level_row >= 0, tree.level_row + start, -1)
        for tree, start in zip(trees, level_counts, strict=False)
    ]
    level_slots = [
        slots[int(feature)] for tree in trees for feature in tree.feature[tree.level_row >= 0]
    ]
    leaf = np.concatenate([tree.left < 0 for tree in trees])
    return {
        "feature": np.concatenate([tree.feature for tree in trees]).astype(np.int32),
        "threshold": np.concatenate([tree.threshold for tree in trees]),
        "children": np.concatenate(children).astype(np.int32),
        "roots": roots,
        "leaf": np.where(leaf, np.cumsum(leaf) - 1, 0).astype(np.int32),
        "values": np.concatenate([tree.value for tree in trees])[leaf],
        # The numbers of the leaves are global already.
        "first": np.zeros(len(trees), dtype=np.int64),
        "level_table": np.concatenate(level_table),
        "level_slots": np.array(level_slots, dtype=np.int64),
        "level_left": pad_levels(trees),
    }


def _children(tree: Tree, root: int) -> NDArray[np.int64]:
    """Return right and left child of every node in turn; a leaf is its own children."""
    own = np.arange(len(tree.left))
    left = np.where(tree.left < 0, own, tree.left)
    right = np.where(tree.right < 0, own, tree.right)
    return np.column_stack([right, left]).ravel() + root
