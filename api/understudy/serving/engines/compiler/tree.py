"""One fitted tree of scikit-learn as flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tree:
    """
    One tree: arrays over its nodes, of which the first is the root.

    `left` is -1 at a leaf. `value` is what a leaf gives, of shape (nodes,) or (nodes, outputs).
    `level_left` has for each node that asks for levels a row over their codes, then whether an
    unknown level and a missing one go left; `level_row` says which row (-1: the node compares
    numbers).
    """

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[Any]
    missing_left: NDArray[np.bool_]
    level_row: NDArray[np.int64]
    level_left: Sequence[NDArray[np.bool_]]

    @property
    def leaves(self) -> int:
        """How many leaves there are."""
        return int((self.left < 0).sum())

    @property
    def depth(self) -> int:
        """How many conditions stand between the root and the farthest leaf."""
        depth, nodes = 0, np.array([0])
        while len(inner := nodes[self.left[nodes] >= 0]):
            depth, nodes = depth + 1, np.concatenate([self.left[inner], self.right[inner]])
        return depth


def plain_tree(tree: Any, factor: float) -> Tree:
    """Return a tree of the classical kind, its leaves multiplied by `factor`."""
    value = tree.value[:, 0, :] * factor
    nodes = tree.node_count
    return Tree(
        feature=np.maximum(tree.feature, 0).astype(np.int64),
        threshold=_as_single(tree.threshold),
        left=tree.children_left.astype(np.int64),
        right=tree.children_right.astype(np.int64),
        value=value[:, 0] if value.shape[1] == 1 else value,
        missing_left=np.asarray(tree.missing_go_to_left).astype(np.bool_),
        level_row=np.full(nodes, -1, dtype=np.int64),
        level_left=[],
    )


def pad_levels(trees: Sequence[Tree]) -> NDArray[np.bool_]:
    """Return the tables of several trees as one, whose rows know equally many codes."""
    rows = [row for tree in trees for row in tree.level_left]
    width = max((len(row) for row in rows), default=2)
    padded = [np.insert(row, len(row) - 2, [row[-2]] * (width - len(row))) for row in rows]
    return np.array(padded, dtype=np.bool_).reshape(-1, width)


def _as_single(threshold: Floats) -> Floats:
    """Return the largest 32-bit number up to each threshold: x <= it says the same of 32-bit x."""
    single = threshold.astype(np.float32)
    above = single.astype(np.float64) > threshold
    single[above] = np.nextafter(single[above], np.float32(-np.inf))
    return single.astype(np.float64)


def histogram_tree(predictor: Any, known: Any, slots: Any) -> Tree:
    """Return a tree of histogram gradient boosting, which may ask for levels."""
    nodes = predictor.nodes
    leaf = nodes["is_leaf"].astype(np.bool_)
    asks = ~leaf & nodes["is_categorical"].astype(np.bool_)
    level_row = np.where(asks, np.cumsum(asks) - 1, -1)
    rows = [_level_row(predictor.raw_left_cat_bitsets, known, slots, node) for node in nodes[asks]]
    return Tree(
        feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int64),
        threshold=nodes["num_threshold"].astype(np.float64),
        left=np.where(leaf, -1, nodes["left"].astype(np.int64)),
        right=np.where(leaf, -1, nodes["right"].astype(np.int64)),
        value=nodes["value"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(np.bool_) & ~asks,
        level_row=level_row,
        level_left=rows,
    )


def _level_row(left: Any, known: Any, slots: Any, node: Any) -> NDArray[np.bool_]:
    """Return which codes go left; unknown ones go where missing ones go."""
    goes_left = bits_of(left[node["bitset_idx"]])
    is_known = bits_of(known[slots[node["feature_idx"]]])
    missing = bool(node["missing_go_to_left"])
    row = np.where(goes_left, True, np.where(is_known, False, missing))
    return np.append(row, [missing, missing])


def bits_of(words: Any) -> NDArray[np.bool_]:
    """Return the bits of 32-bit words, the lowest first."""
    little = np.ascontiguousarray(words, dtype="<u4").view(np.uint8)
    return np.unpackbits(little, bitorder="little").astype(np.bool_)
