"""The schema is read off the training frame, and a person may know better."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import tiny
from understudy.packaging.given import read_overrides
from understudy.packaging.inference import FieldUnfit, infer_field, infer_schema

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
        (pd.Series(pd.to_datetime(["2020-01-01"])), "JSON cannot carry"),
        (pd.Series([1.0, np.inf]), "infinite"),
        (pd.Series([1, 2**60]), "2\\^53"),
        (pd.Series([[1], [2]], dtype=object), "types list"),
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


def test_what_stood_for_missing_is_remembered() -> None:
    """NaN wherever there is any: it is what imputers look for."""
    none = pd.Series(["a", None], dtype=object, name="x")
    both = pd.Series(["a", None, np.nan], dtype=object, name="x")
    assert infer_field(none).missing == "none"
    assert infer_field(both).missing == "nan"
    assert infer_field(both.astype("str")).missing == "nan"


def test_a_person_may_know_better(tmp_path: Path) -> None:
    """From a mapping or from a YAML file; nullable means not required unless said otherwise."""
    (tmp_path / "schema.yaml").write_text(
        "area: {nullable: true, minimum: 5, description: Living area}\n"
        "zone: {categories: [North, South]}\n"
        "agent: {description: Who sold it}\n"
    )
    schema = infer_schema(
        HOUSES, features=tiny.FEATURES, carried=["agent"],
        overrides=read_overrides(tmp_path / "schema.yaml"),
    )  # fmt: skip
    fields = {field.name: field for field in schema.fields}
    area = fields["area"]
    assert (area.nullable, area.required, area.minimum) == (True, False, 5.0)
    assert area.description == "Living area"
    assert fields["zone"].categories == ("North", "South")
    assert fields["agent"].description == "Who sold it"
    (tmp_path / "empty.yaml").write_text("")
    assert read_overrides(str(tmp_path / "empty.yaml")) == {}


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"aera": {}}, "aera"),
        ({"area": {"nulable": True}}, "nulable"),
        ({"area": {"dtype": "int64"}}, "dtype"),
        ({"area": {"nullable": "yes"}}, "nullable"),
        ({"area": {"type": "text"}}, "type"),
    ],
)
def test_an_override_of_nothing_is_refused(overrides: Any, reason: str) -> None:
    """A typo in an override is an error, not a wish."""
    with pytest.raises(FieldUnfit, match=reason):
        infer_schema(HOUSES, features=tiny.FEATURES, overrides=overrides)
