"""Instances become the frame that training had, and rows become instances."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import tiny
from understudy.artefacts.frames import (
    array_dtype,
    array_of,
    array_of_frame,
    frame_of,
    instances_of,
    texts_of,
)
from understudy.packaging.inference import infer_schema

COLUMNS: dict[str, Any] = {
    "float64": pd.Series([1.5, None, 3.0]),
    "float32": pd.Series([1.5, None, 3.0], dtype="float32"),
    "float16": pd.Series([1.5, None, 3.0], dtype="float16"),
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


ARROW: dict[str, Any] = {
    "double": pd.Series([1.5, None, 3.0], dtype="double[pyarrow]"),
    "int64": pd.Series([1, 2, 3], dtype="int64[pyarrow]"),
    "string": pd.Series(["a", None, "b"], dtype=pd.ArrowDtype(pa.string())),
    "bool": pd.Series([True, None, False], dtype="bool[pyarrow]"),
}


@pytest.mark.parametrize("kind", ARROW)
def test_a_column_of_arrow_comes_back_as_one_of_pandas(kind: str) -> None:
    """With the same values, and without what only Arrow knows."""
    frame = pd.DataFrame({"x": ARROW[kind]})
    fields = infer_schema(frame, features=["x"]).features
    instances = instances_of(frame, fields)
    back = frame_of(instances, fields)
    assert instances_of(back, fields) == instances
    assert "pyarrow" not in str(back["x"].dtype)


ARRAYS: dict[str, Any] = {
    "float64": np.array([[1.5, np.nan], [2.5, 3.5]]),
    "float32": np.array([[1.5, np.nan], [2.5, 3.5]], dtype=np.float32),
    "float16": np.array([[1.5, np.nan], [2.5, 3.5]], dtype=np.float16),
    "int64": np.array([[1, 2], [3, 4]]),
    "int8": np.array([[1, 2], [3, 4]], dtype=np.int8),
    "bool": np.array([[True, False], [False, True]]),
    "object": np.array([["a", 1.5], [None, 2.5]], dtype=object),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_an_array_comes_back_in_its_dtype(kind: str) -> None:
    """From instances as from the frame that was made of it."""
    array = ARRAYS[kind]
    frame = pd.DataFrame(array, columns=["a", "b"], dtype=object if kind == "object" else None)
    fields = infer_schema(frame, features=["a", "b"]).features
    for back in (array_of(instances_of(frame, fields), fields), array_of_frame(frame, fields)):
        assert back.dtype == ("int64" if kind == "int8" else kind)
        assert back.flags.c_contiguous
        np.testing.assert_array_equal(back, array)
    assert array_of([], fields).shape == (0, 2)


def test_an_array_has_one_dtype_with_room_for_all() -> None:
    """Numbers and flags together are numbers, and with text among them anything."""
    houses = tiny.make_houses(20)

    def of(*names: str) -> str:
        return str(array_dtype(infer_schema(houses, features=names).features))

    assert [of("rooms", "area"), of("garage", "rooms"), of("garage"), of("rooms", "built")] == [
        "float64", "float64", "bool", "int64",
    ]  # fmt: skip
    assert of("zone", "area") == of("zone") == "object"
    fields = infer_schema(houses, features=["garage", "rooms"]).features
    np.testing.assert_array_equal(
        array_of([{"garage": True, "rooms": None}], fields), [[1, np.nan]]
    )


def test_a_null_in_an_array_without_room_for_it_has_a_place() -> None:
    """Whole numbers become floats, flags objects, and None stays what it was in training."""
    houses = tiny.make_houses(20)
    rooms = infer_schema(houses, features=["rooms"]).features
    assert array_of([{"rooms": 1}, {}], rooms).dtype == np.float64
    flags = infer_schema(houses, features=["garage"]).features
    assert array_of([{"garage": True}, {}], flags).tolist()[0] == [True]
    alley = infer_schema(houses.astype({"alley": object}), features=["alley"]).features
    known = [replace(alley[0], missing=missing) for missing in ("none", "nan")]
    found = [array_of([{"alley": None}], [field])[0, 0] for field in known]
    assert found[0] is None
    assert np.isnan(found[1])


def test_texts_come_as_a_series() -> None:
    """As the vectoriser of a text model takes them."""
    fields = infer_schema(pd.DataFrame({"t": ["a", "b"]}), features=["t"]).features
    texts = texts_of([{"t": "b"}, {"t": ""}], fields[0])
    assert (texts.tolist(), texts.dtype) == (["b", ""], object)


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
