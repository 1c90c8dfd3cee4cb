"""Fingerprints: the same for the same rows, whoever wrote them down and however."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import tiny
from understudy.artefacts.schema import Field
from understudy.packaging.fingerprints import row_fingerprints
from understudy.packaging.inference import infer_schema

HOUSES = tiny.make_houses(200)
FIELDS = infer_schema(HOUSES, features=tiny.FEATURES).features
PRICES = HOUSES["price"].to_numpy()


def of_column(
    values: Sequence[Any], kind: str = "number", dtype: str = "float64", column_dtype: Any = None
) -> list[int]:
    """Return the fingerprints of rows of one field and the target 1."""
    field = Field("x", kind, required=False, nullable=True, dtype=dtype)  # type: ignore[arg-type]
    frame = pd.DataFrame({"x": pd.Series(values, dtype=column_dtype)})
    return row_fingerprints(frame, np.ones(len(values)), [field]).tolist()


def of_target(values: Sequence[Any], dtype: Any = None) -> list[int]:
    """Return the fingerprints of rows without fields."""
    target = np.array(values, dtype=dtype)
    return row_fingerprints(pd.DataFrame(index=range(len(target))), target, []).tolist()


def test_every_different_row_has_a_number_of_its_own() -> None:
    """Two hundred made houses differ."""
    found = row_fingerprints(HOUSES, PRICES, FIELDS)
    assert found.shape == (200,)
    assert found.dtype == np.uint64
    assert len(np.unique(found)) == 200


def test_the_numbers_never_change() -> None:
    """They are kept in artefacts and compared years later, under other library versions."""
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", None], "c": [True, False]})
    fields = infer_schema(frame, features=["a", "b", "c"]).features
    found = row_fingerprints(frame, np.array([10, 20]), fields)
    assert found.tolist() == [1842771651429153300, 879816135092888316]


def test_the_order_of_rows_and_fields_does_not_matter() -> None:
    """A row is known wherever it stands."""
    order = np.random.default_rng(0).permutation(200)
    found = row_fingerprints(HOUSES, PRICES, FIELDS)
    shuffled = row_fingerprints(HOUSES.iloc[order], PRICES[order], FIELDS[::-1])
    assert shuffled.tolist() == found[order].tolist()


@pytest.mark.parametrize("name", [*tiny.FEATURES, "price"])
def test_another_value_anywhere_is_another_row(name: str) -> None:
    """Features and target all count."""
    changed = HOUSES.copy()
    changed[name] = changed[name].to_numpy()[::-1]
    found = row_fingerprints(changed, changed["price"].to_numpy(), FIELDS)
    differs = (changed[name] != HOUSES[name]) & ~(changed[name].isna() & HOUSES[name].isna())
    assert ((found != row_fingerprints(HOUSES, PRICES, FIELDS)) == differs).all()


def test_values_that_change_places_make_another_row() -> None:
    """Which field holds a value matters as much as the value."""
    fields = [Field(name, "number", required=True, nullable=False) for name in ("a", "b")]
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 1.0, 3.0]})
    assert len(set(row_fingerprints(frame, np.zeros(3), fields).tolist())) == 3


def test_one_number_in_many_dtypes_is_one_number() -> None:
    """1 and 1.0, and both zeros; true stands for itself in whatever pandas made of it."""
    one = of_column([1.0, 0.0])
    assert of_column([1, 0]) == one
    assert of_column([1, -0.0]) == one
    assert of_column([1, 0], column_dtype="Int64") == one
    assert of_column([1.0, 0.0], column_dtype="float32") == one
    flags = of_column([True, False], "boolean", "bool")
    assert of_column([True, False], "boolean", column_dtype=object) == flags
    assert of_column([True, False], "boolean", column_dtype="boolean") == flags


def test_a_missing_value_is_one_whatever_it_is_called() -> None:
    """NaN, None and NA, in numbers, booleans and text."""
    (nan,) = of_column([np.nan])
    assert of_column([None], column_dtype=object) == [nan]
    assert of_column([pd.NA], column_dtype="Int64") == [nan]
    assert of_column([None, True], "boolean", column_dtype=object)[0] == nan
    for dtype in (object, "str", "string", "category"):
        assert of_column([None, "a"], "string", column_dtype=dtype)[0] == nan
    assert of_column(["", "nan", "None"], "string") != [nan] * 3


def test_text_in_many_dtypes_is_one_text() -> None:
    """Objects, strings and categories."""
    texts = of_column(["a", "b", "a"], "string", column_dtype=object)
    assert texts[0] == texts[2] != texts[1]
    for dtype in ("str", "string", "category"):
        assert of_column(["a", "b", "a"], "string", column_dtype=dtype) == texts
    assert of_column(["1"], "string") != of_column([1.0])


def test_single_precision_is_kept_where_training_had_it() -> None:
    """The same table in double precision holds the same rows."""
    exact = [0.1, 1 / 3]
    single = np.array(exact, dtype=np.float32)
    assert of_column(list(single), dtype="float32") == of_column(exact, dtype="float32")
    assert of_column(list(single)) != of_column(exact)


def test_a_class_is_spelt_as_predictions_spell_it() -> None:
    """Whether labels came as numbers, as text or as booleans."""
    numbers = of_target([0, 1])
    assert of_target([0.0, 1.0]) == numbers
    assert of_target(["0", "1"]) == numbers
    assert of_target(["0", "1"], object) == numbers
    assert of_target([False, True]) == of_target(["false", "true"])
    assert of_target(["01", "1e0"]) != numbers
    assert of_target(["yes", "no"])[0] != of_target(["yes", "no"])[1]


def test_text_that_is_no_valid_unicode_has_a_number_too() -> None:
    """A lone surrogate comes from files that were decoded carelessly."""
    assert len(of_column(["\ud800"], "string", column_dtype=object)) == 1


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=8))
def test_equal_numbers_and_no_others_are_alike(values: list[float]) -> None:
    """A law over all floats, subnormal and infinite ones included."""
    found = of_column(values)
    for a, first in zip(values, found, strict=True):
        for b, second in zip(values, found, strict=True):
            assert (first == second) == (a == b)


def test_ten_times_the_rows_cost_about_ten_times_as_much() -> None:
    """Twenty columns; a million rows must not make anybody wait."""
    random, rows = np.random.default_rng(0), 100_000
    numbers = {f"n{i}": random.normal(size=rows) for i in range(12)}
    texts = {f"t{i}": random.choice(["a", "b", "c"], rows) for i in range(8)}
    frame = pd.DataFrame(numbers | texts)
    fields = infer_schema(frame, features=list(frame.columns)).features
    target = random.normal(size=rows)
    costs = []
    for some in (rows // 10, rows):
        start = time.process_time()
        found = row_fingerprints(frame[:some], target[:some], fields)
        costs.append(time.process_time() - start)
    assert costs[1] < 30 * costs[0]
    assert len(np.unique(found)) == rows
