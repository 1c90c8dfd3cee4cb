"""Instances become the frame that training had, and rows become instances."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import tiny
from understudy.artefacts.frames import frame_of, instances_of
from understudy.packaging.inference import infer_schema

COLUMNS: dict[str, Any] = {
    "float64": pd.Series([1.5, None, 3.0]),
    "float32": pd.Series([1.5, None, 3.0], dtype="float32"),
    "int64": pd.Series([1, 2, 3]),
    "int8": pd.Series([1, 2, 3], dtype="int8"),
    "Int64": pd.Series([1, None, 3], dtype="Int64"),
    "bool": pd.Series([True, False, True]),
    "boolean": pd.Series([True, None, False], dtype="boolean"),
    "object bool": pd.Series([True, None, False], dtype=object),
    "str": pd.Series(["a", None, "b"], dtype="str"),
    "string": pd.Series(["a", None, "b"], dtype="string"),
    "object": pd.Series(["a", None, "b"], dtype=object),
    "category": pd.Series(["a", None, "b"], dtype="category"),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_comes_back_in_its_dtype(kind: str) -> None:
    """Missing values included; only small integers are widened."""
    frame = pd.DataFrame({"x": COLUMNS[kind]})
    fields = infer_schema(frame, features=["x"]).features
    back = frame_of(instances_of(frame, fields), fields)
    expected = frame.astype("int64") if kind == "int8" else frame
    pd.testing.assert_frame_equal(back, expected)


def test_instances_are_what_json_holds() -> None:
    """Null for missing, and Python's own types."""
    frame = pd.DataFrame(COLUMNS)
    fields = infer_schema(frame, features=list(frame.columns)).features
    row = instances_of(frame, fields)[1]
    assert [name for name, value in row.items() if value is not None] == ["int64", "int8", "bool"]
    assert {type(value) for value in row.values()} == {int, bool, type(None)}


def test_a_null_that_training_never_saw_has_a_place() -> None:
    """An override may allow nulls in a column that had no room for them."""
    frame = pd.DataFrame({"n": [1, 2], "b": [True, False]})
    fields = infer_schema(frame, features=["n", "b"]).features
    back = frame_of([{"n": None, "b": None}, {}], fields)
    assert back.isna().all(axis=None)


def test_a_whole_number_may_come_as_a_float() -> None:
    """JSON has one kind of number."""
    fields = infer_schema(pd.DataFrame({"n": [1, 2]}), features=["n"]).features
    assert frame_of([{"n": 3.0}], fields)["n"].tolist() == [3]


@given(st.integers(1, 30), st.integers(0, 50))
def test_rows_survive_the_way_there_and_back(count: int, seed: int) -> None:
    """One row in, one row out, in order."""
    houses = tiny.make_houses(count, seed)
    fields = infer_schema(tiny.make_houses(), features=tiny.FEATURES).features
    instances = instances_of(houses, fields)
    assert len(instances) == count
    assert instances_of(frame_of(instances, fields), fields) == instances
