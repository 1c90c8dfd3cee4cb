"""Both ways of finding leaves end where walking from node to node by hand does."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.serving.engines.compiler.masks import MOST_LEAVES, fit_tables, mask_arrays
from understudy.serving.engines.compiler.tree import Tree
from understudy.serving.engines.compiler.walk import walk_arrays
from understudy.serving.engines.forest import ForestRunner
from understudy.serving.engines.plan import Forest

# Numbers are compared in the first columns, levels in the last two.
NUMBERS, COLUMNS = 4, 6
GRID = np.array([-np.inf, -1.5, -1.0, -5e-324, 0.0, 5e-324, 0.5, 1.0, 2.0, np.inf])


def random_tree(random: np.random.Generator, leaves: int, codes: int) -> Tree:
    """Return a tree grown leaf by leaf, whose nodes ask for anything."""
    left, right = [-1], [-1]
    while left.count(-1) < leaves:
        node = int(random.choice(np.flatnonzero(np.array(left) < 0)))
        left[node], right[node] = len(left), len(left) + 1
        left += [-1, -1]
        right += [-1, -1]
    inner = np.array(left) >= 0
    feature = np.where(inner, random.integers(COLUMNS, size=len(left)), 0)
    asks = inner & (feature >= NUMBERS)
    return Tree(
        feature=feature.astype(np.int64),
        threshold=random.choice(GRID[1:], len(left)),
        left=np.array(left),
        right=np.array(right),
        value=random.normal(size=len(left)),
        missing_left=inner & ~asks & (random.random(len(left)) < 0.5),
        level_row=np.where(asks, np.cumsum(asks) - 1, -1),
        level_left=[random.random(codes + 2) < 0.5 for _ in range(asks.sum())],
    )


def by_hand(tree: Tree, row: Any) -> float:
    """Return the value of the leaf that a row reaches."""
    node = 0
    while tree.left[node] >= 0:
        value = row[tree.feature[node]]
        if tree.level_row[node] >= 0:
            table = tree.level_left[tree.level_row[node]]
            known = 0 <= value < len(table) - 2
            left = table[-1 if np.isnan(value) else int(value) if known else -2]
        else:
            left = tree.missing_left[node] if np.isnan(value) else value <= tree.threshold[node]
        node = int((tree.left if left else tree.right)[node])
    return float(tree.value[node])


def forest_of(trees: list[Tree], layout: Any) -> ForestRunner:
    """Return trees ready to run, of which each is an output of its own."""
    slots = {column: column - NUMBERS for column in range(NUMBERS, COLUMNS)}
    second = tuple(range(NUMBERS)) if layout == "steps" else ()
    if layout == "steps":
        trees = [
            replace(tree, feature=np.where(tree.missing_left, tree.feature + COLUMNS, tree.feature))
            for tree in trees
        ]
    forest = Forest(
        layout=layout,
        trees=len(trees),
        outputs=len(trees),
        single=False,
        accepts_missing=True,
        mean=False,
        depth=max(tree.depth for tree in trees),
        missing_left=second,
        level_columns=tuple(slots),
    )
    arrays = (walk_arrays if layout == "steps" else mask_arrays)(trees, slots)
    return ForestRunner(forest, arrays | {"base": np.zeros(len(trees))})


def random_rows(random: np.random.Generator, count: int) -> Any:
    """Return rows of edge values, some missing, and levels of which some are unknown."""
    numbers = random.choice([*GRID, -7.0, 0.75, np.nan], (count, NUMBERS))
    levels = random.choice([0.0, 1.0, 2.0, 6.0, 7.0, 300.0, -1.0, np.nan], (count, 2))
    return np.concatenate([numbers, levels], axis=1)


@pytest.mark.parametrize("layout", ["tables", "steps"])
@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.sampled_from([2, 3, 8, 9, 31, 64, 65, 130]), min_size=1, max_size=4),
    rows=st.sampled_from([1, 2, 6, 7, 40]),
)
@settings(max_examples=60, deadline=None)
def test_the_leaf_found_is_the_leaf_of_the_tree(
    layout: str, seed: int, sizes: list[int], rows: int
) -> None:
    """For trees of all sizes, with missing values, unknown levels and edges hit exactly."""
    random = np.random.default_rng(seed)
    trees = [random_tree(random, size, codes=random.integers(1, 8)) for size in sizes]
    matrix = random_rows(random, rows)
    expected = [[by_hand(tree, row) for tree in trees] for row in matrix]
    np.testing.assert_array_equal(forest_of(trees, layout).run(matrix), expected)


@pytest.mark.parametrize("layout", ["tables", "steps"])
def test_a_batch_larger_than_a_chunk_is_put_together_in_order(layout: str) -> None:
    """Rows are done in pieces, and nobody can tell."""
    random = np.random.default_rng(0)
    runner = forest_of([random_tree(random, 20, 5) for _ in range(3)], layout)
    matrix = random_rows(random, 50)
    whole = runner.run(matrix)
    runner.rows = 7
    np.testing.assert_array_equal(runner.run(matrix), whole)


def chain(leaves: int, features: int) -> Tree:
    """Return a tree that goes right at every node but the last, over many features."""
    inner = leaves - 1
    return Tree(
        feature=np.append(np.arange(inner) % features, np.zeros(leaves, dtype=np.int64)),
        threshold=np.arange(inner + leaves, dtype=np.float64),
        left=np.append(np.arange(inner) + inner, np.full(leaves, -1)),
        right=np.append(np.append(np.arange(1, inner), inner + leaves - 1), np.full(leaves, -1)),
        value=np.arange(inner + leaves, dtype=np.float64),
        missing_left=np.zeros(inner + leaves, dtype=np.bool_),
        level_row=np.full(inner + leaves, -1),
        level_left=[],
    )


@pytest.mark.parametrize(
    ("trees", "fits"),
    [
        ([chain(31, 10)], True),
        ([chain(MOST_LEAVES, 10)], True),
        ([chain(MOST_LEAVES + 1, 10)], False),
        # So many columns that walking is cheaper.
        ([chain(2, 1)] * 100, True),
        ([replace(chain(2, 1), feature=np.array([i, 0, 0])) for i in range(100)], False),
        # So many thresholds in so many trees that memory would run out.
        ([replace(chain(60, 10), threshold=np.arange(119) + i / 999) for i in range(400)], False),
        # Nothing to ask at all.
        ([random_tree(np.random.default_rng(0), 1, 1)], False),
    ],
)
def test_tables_are_made_where_they_pay(trees: list[Tree], fits: bool) -> None:
    """Small trees on few columns go into tables, the others are walked."""
    assert fit_tables(trees) == fits
