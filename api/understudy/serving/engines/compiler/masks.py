"""Small trees as masks over their leaves, to be put into tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.tree import Tree, pad_levels
from understudy.serving.engines.intervals import WORD

# A mask has one bit per leaf, in words of at most 64 bits.
MOST_LEAVES = 4 * WORD
# The most memory that tables may take.
MOST_BYTES = 1 << 26
# What a step from node to node costs, in bytes of masks (measured, see docs/adr/0006).
BYTES_PER_STEP = 48


def fit_tables(trees: Sequence[Tree]) -> bool:
    """Tell whether tables of the masks are small enough, and cheaper than walking the trees."""
    leaves = max(tree.leaves for tree in trees)
    if not 1 < leaves <= MOST_LEAVES:
        return False
    inner = [tree.left >= 0 for tree in trees]
    asked = {
        pair
        for tree, chosen in zip(trees, inner, strict=True)
        for pair in zip(tree.feature[chosen].tolist(), tree.threshold[chosen].tolist(), strict=True)
    }
    columns = len({feature for feature, _ in asked})
    words, kind = _mask_type(leaves)
    width = words * np.dtype(kind).itemsize
    # At worst every column has a row for each code.
    rows = len(asked) + columns * pad_levels(trees).shape[1]
    cheap = columns * (width + 1) <= BYTES_PER_STEP * max(tree.depth for tree in trees)
    return cheap and rows * len(trees) * width <= MOST_BYTES


def mask_arrays(trees: Sequence[Tree], slots: dict[int, int]) -> dict[str, NDArray[Any]]:
    """Return the arrays of `engines.intervals`: one entry per inner node, tree by tree."""
    words, kind = _mask_type(max(tree.leaves for tree in trees))
    reached = [_reach(tree) for tree in trees]
    pairs = [(tree, inner) for tree, (inner, _, _) in zip(trees, reached, strict=True)]
    rows_before = np.cumsum([0, *(len(tree.level_left) for tree in trees)])
    level_row = np.concatenate(
        [
            np.where(tree.level_row[inner] >= 0, tree.level_row[inner] + start, -1)
            for (tree, inner), start in zip(pairs, rows_before, strict=False)
        ]
    )
    feature = np.concatenate([tree.feature[inner] for tree, inner in pairs])
    level_nodes = np.flatnonzero(level_row >= 0)
    sizes = [len(leaves) for _, _, leaves in reached]
    return {
        "feature": feature.astype(np.int32),
        "threshold": np.concatenate([tree.threshold[inner] for tree, inner in pairs]),
        "missing_left": np.concatenate([tree.missing_left[inner] for tree, inner in pairs]),
        "mask": np.concatenate([_masks(bits, words, kind) for _, bits, _ in reached]),
        "tree": np.repeat(np.arange(len(trees)), [len(inner) for _, inner in pairs]),
        "values": np.concatenate(
            [tree.value[leaves] for tree, (_, _, leaves) in zip(trees, reached, strict=True)]
        ),
        "first": np.cumsum([0, *sizes[:-1]]),
        "level_nodes": level_nodes,
        "level_slots": np.array([slots[int(f)] for f in feature[level_nodes]], dtype=np.int64),
        "level_left": pad_levels(trees)[level_row[level_nodes]],
    }


def _mask_type(leaves: int) -> tuple[int, type[np.unsignedinteger[Any]]]:
    """Return how many words a mask has, and of which type."""
    kinds: dict[int, type[np.unsignedinteger[Any]]] = {8: np.uint8, 16: np.uint16, 32: np.uint32}
    kind = next((kind for most, kind in kinds.items() if leaves <= most), np.uint64)
    return -(-leaves // WORD), kind


def _masks(
    bits: Sequence[int], words: int, kind: type[np.unsignedinteger[Any]]
) -> NDArray[np.unsignedinteger[Any]]:
    """Return a row of words for each number, all ones but for its bits, the lowest word first."""
    lowest = 2**WORD - 1
    split = [[number >> WORD * word & lowest for word in range(words)] for number in bits]
    return (~np.array(split, dtype=np.uint64)).astype(kind).reshape(-1, words)


def _reach(tree: Tree) -> tuple[NDArray[np.int64], list[int], list[int]]:
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
    return np.array(list(left_bits), dtype=np.int64), list(left_bits.values()), leaves
