"""Small trees as masks over their leaves."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.tree import Tree
from understudy.serving.engines.forest import CODES


def mask_arrays(trees: list[Tree], slots: dict[int, int]) -> dict[str, NDArray[Any]]:
    """
    Return the arrays of `forest._Masks`: one entry per inner node, node by node, tree by tree.

    Every tree is padded to the same number of nodes by ones whose mask lets everything through.
    """
    kind = _mask_type(max(tree.leaves for tree in trees))
    everything = np.array(-1, dtype=np.int64).astype(kind)
    height = max(1, max(tree.leaves for tree in trees) - 1)
    feature = np.zeros((height, len(trees)), dtype=np.int32)
    threshold = np.full((height, len(trees)), np.inf)
    mask = np.full((height, len(trees)), everything, dtype=kind)
    level_nodes, level_slots, level_left = [], [], []
    values = []
    for number, tree in enumerate(trees):
        inner, reach, leaves = _reach(tree)
        for row, node in enumerate(inner):
            feature[row, number] = tree.feature[node]
            threshold[row, number] = tree.threshold[node]
            mask[row, number] = np.uint64(int(everything) & ~reach[row]).astype(kind)
            if tree.level_row[node] >= 0:
                level_nodes.append(row * len(trees) + number)
                level_slots.append(slots[int(tree.feature[node])])
                level_left.append(tree.level_left[tree.level_row[node]])
        values.append(tree.value[leaves])
    sizes = [len(value) for value in values]
    return {
        "feature": feature.ravel(),
        "threshold": threshold.ravel(),
        "mask": mask.ravel(),
        "values": np.concatenate(values),
        "first": np.cumsum([0, *sizes[:-1]]),
        "level_nodes": np.array(level_nodes, dtype=np.int64),
        "level_slots": np.array(level_slots, dtype=np.int64),
        "level_left": np.array(level_left, dtype=np.bool_).reshape(-1, CODES),
    }


def _mask_type(leaves: int) -> type[np.unsignedinteger[Any]]:
    kinds: dict[int, type[np.unsignedinteger[Any]]] = {8: np.uint8, 16: np.uint16, 32: np.uint32}
    return next((kind for most, kind in kinds.items() if leaves <= most), np.uint64)


def _reach(tree: Tree) -> tuple[list[int], list[int], list[int]]:
    """
    Return the inner nodes, the leaves to the left of each as bits, and all leaves from left on.

    When the condition of a node fails, the leaves to its left are out of reach.
    """
    leaves: list[int] = []
    left_bits: dict[int, int] = {}

    def visit(node: int) -> int:
        if tree.left[node] < 0:
            leaves.append(node)
            return 1 << (len(leaves) - 1)
        left_bits[node] = visit(int(tree.left[node]))
        return left_bits[node] | visit(int(tree.right[node]))

    visit(0)
    return list(left_bits), list(left_bits.values()), leaves
