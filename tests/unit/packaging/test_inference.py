"""The schema is read off the training frame, and a person may know better."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import tiny
from understudy.packaging.inference import infer_field, infer_schema
from understudy.packaging.schema_overrides import FieldUnfit

HOUSES = tiny.make_houses()


def test_every_kind_of_column_is_described() -> None:
    """Types, nullability, ranges and levels."""
    schema = infer_schema(HOUSES, features=tiny.FEATURES, carried=tiny.CARRIED)
    found = {f.name: (f.type, f.required, f.nullable) for f in schema.fields}
    assert found == {
        "area": ("number", True, False),
        "frontage": ("number", False, True),
        "rooms": ("integer", True, False),
        "built": ("integer", True, False),
        "zone": ("string", True, False),
        "alley": ("string", False, True),
        "garage": ("boolean", True, False),
        "agent": ("string", False, True),
        "sold": ("integer", False, True),
    }
    fields = {field.name: field for field in schema.fields}
    assert (fields["rooms"].minimum, fields["rooms"].maximum) == (1, 8)
    assert fields["zone"].categories == tuple(sorted(tiny.ZONES))


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pd.Series(["a", 1], dtype=object), "types int, str"),
        (pd.Series([1, 2]).astype("category"), "types int"),
        (pd.Series(pd.to_datetime(["2020-01-01"])), "JSON cannot carry.*; or drop it before"),
        (pd.Series([1.0, np.inf]), "infinite"),
        (pd.Series([1, 2**60]), "2\\^53"),
        (pd.Series([[1], [2]], dtype=object), "types list"),
        (pd.Series(pd.arrays.SparseArray([0.0, 1.0])), "make it dense"),
        (pd.Series([1, 10**400], dtype=object), "no float can hold"),
    ],
)
def test_a_column_that_json_cannot_carry_is_refused(column: Any, reason: str) -> None:
    """The reason says what would help."""
    with pytest.raises(FieldUnfit, match=reason):
        infer_field(column.rename("x"))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([True, None], "boolean"),
        ([1, None], "integer"),
        ([1, 2.5], "number"),
        ([None, None], "string"),
    ],
)
def test_objects_are_known_by_their_values(values: list[Any], kind: str) -> None:
    """An object column holds one type of value."""
    assert infer_field(pd.Series(values, dtype=object, name="x")).type == kind


def test_a_column_without_any_number_has_no_range() -> None:
    """There is nothing to expect."""
    field = infer_field(pd.Series([np.nan, np.nan], name="x"))
    assert (field.type, field.minimum, field.maximum) == ("number", None, None)


def test_free_text_has_no_levels() -> None:
    """Nothing can be unseen among thousands of different texts."""
    texts = pd.Series([f"text {i}" for i in range(1001)], name="x")
    assert infer_field(texts).categories is None


@pytest.mark.parametrize(
    ("levels", "repeats", "is_free"),
    [(50, 1, False), (51, 1, True), (60, 2, False), (60, 1, True), (1001, 9, True)],
)
def test_text_of_which_most_values_differ_is_free(
    levels: int, repeats: int, *, is_free: bool
) -> None:
    """Only where there are more than fifty: a small sample of few levels proves nothing."""
    texts = pd.Series([f"text {i}" for i in range(levels)] * repeats, name="x")
    assert (infer_field(texts).categories is None) == is_free


def test_missing_texts_do_not_count() -> None:
    """What is missing is neither alike nor different."""
    texts = pd.Series([f"text {i}" for i in range(60)] + [None] * 200, dtype=object, name="x")
    assert infer_field(texts).categories is None


def test_a_pandas_category_keeps_its_levels() -> None:
    """However many they are: the dtype of training cannot be made again without them."""
    texts = pd.Series([f"text {i}" for i in range(60)], name="x").astype("category")
    assert len(infer_field(texts).categories or ()) == 60


def test_a_carried_time_has_no_levels() -> None:
    """It is text for people, and the next one is always new."""
    frame = pd.DataFrame({"when": pd.to_datetime(["2020-01-01", "2020-01-02"])})
    (field,) = infer_schema(frame, features=[], carried=["when"]).carried
    assert (field.type, field.categories) == ("string", None)


def test_every_unfit_column_is_named_at_once() -> None:
    """Nobody has to ask again for each of them."""
    frame = pd.DataFrame({"one": [np.inf], "two": [2**60], "three": [1.0]})
    with pytest.raises(FieldUnfit, match=r"one holds infinite.*; two holds integers"):
        infer_schema(frame, features=["one", "three"], carried=["two"])


def test_what_stood_for_missing_is_remembered() -> None:
    """NaN wherever there is any: it is what imputers look for."""
    none = pd.Series(["a", None], dtype=object, name="x")
    both = pd.Series(["a", None, np.nan], dtype=object, name="x")
    assert infer_field(none).missing == "none"
    assert infer_field(both).missing == "nan"
    assert infer_field(both.astype("str")).missing == "nan"
