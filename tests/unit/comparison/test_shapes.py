"""Shapes are shares of both samples in the same cells."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.comparison.shapes import OTHERS, binned, quantile_pairs, shape_of

finite = st.floats(-1e6, 1e6)


@settings(max_examples=40, deadline=None)
@given(st.lists(finite, min_size=1, max_size=60), st.lists(finite, min_size=1, max_size=60))
def test_shares_add_up_to_one_whatever_the_values(left: list[float], right: list[float]) -> None:
    """No value is lost outside the bins, for constants and outliers too."""
    shape = binned(np.array(left), np.array(right))
    assert shape.edges is not None
    assert np.all(np.diff(shape.edges) > 0)
    assert shape.reference.sum() == pytest.approx(1)
    assert shape.current.sum() == pytest.approx(1)


def test_few_numbers_are_levels_in_their_order() -> None:
    """Rooms from 1 to 11 are bars, and 10 comes after 9."""
    shape = shape_of(pd.Series([9, 10, 2]), pd.Series([2, 11, 11]), "numeric")
    assert shape is not None
    assert shape.levels == ("2", "9", "10", "11")
    assert shape.current.tolist() == pytest.approx([1 / 3, 0, 0, 2 / 3])


def test_rare_levels_are_put_together() -> None:
    """Fifty categories give twelve bars and one for the others."""
    names = pd.Series([f"level {n:02d}" for n in range(50) for _ in range(n + 1)])
    shape = shape_of(names, names, "categorical")
    assert shape is not None
    assert shape.levels is not None
    assert len(shape.levels) == 13
    assert shape.levels[0] == "level 49"
    assert shape.levels[-1] == OTHERS
    assert shape.reference.sum() == pytest.approx(1)


def test_one_category_is_one_bar() -> None:
    """A constant column can be drawn."""
    shape = shape_of(pd.Series(["a", "a"]), pd.Series(["a", None]), "categorical")
    assert shape is not None
    assert shape.levels == ("a",)


@pytest.mark.parametrize("kind", ["numeric", "categorical"])
def test_a_side_without_values_has_no_shape(kind: str) -> None:
    """There is nothing to draw over each other."""
    known = pd.Series([1.0, 2.0] if kind == "numeric" else ["a", "b"])
    empty = pd.Series([None, None], dtype=object)
    assert shape_of(known, empty, kind) is None  # type: ignore[arg-type]


def test_quantiles_of_the_same_sample_are_the_same() -> None:
    """And they rise."""
    live, shadow = quantile_pairs(np.arange(100.0), np.arange(100.0))
    assert len(live) == 99
    np.testing.assert_array_equal(live, shadow)
    assert np.all(np.diff(live) > 0)
