"""A person may know better than the training frame shows, within reason."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import tiny
from understudy.artefacts.schema import Field
from understudy.packaging.inference import infer_schema
from understudy.packaging.schema_overrides import FieldUnfit, read_overrides

HOUSES = tiny.make_houses()


def overridden(overrides: Any, frame: pd.DataFrame = HOUSES) -> dict[str, Field]:
    """Return the fields of the tiny houses by name, with something overridden."""
    names = [name for name in frame.columns if name not in {"price", "agent"}]
    carried = ["agent"] if "agent" in frame else []
    schema = infer_schema(frame, features=names, carried=carried, overrides=overrides)
    return {field.name: field for field in schema.fields}


def test_a_person_may_know_better(tmp_path: Path) -> None:
    """From a YAML file; nullable means not required unless said otherwise."""
    (tmp_path / "schema.yaml").write_text(
        "area: {nullable: true, minimum: 5, unit: m², description: Living area}\n"
        "zone: {categories: [North, South], outside: refuse}\n"
        "rooms: {nullable: true, required: true}\n"
        "agent: {description: Who sold it}\n"
    )
    fields = overridden(read_overrides(tmp_path / "schema.yaml"))
    area, zone, rooms = fields["area"], fields["zone"], fields["rooms"]
    assert (area.nullable, area.required, area.minimum, area.unit) == (True, False, 5.0, "m²")
    assert area.description == "Living area"
    assert (zone.categories, zone.outside) == (("North", "South"), "refuse")
    assert (rooms.nullable, rooms.required) == (True, True)
    assert fields["agent"].description == "Who sold it"
    assert fields["built"] == overridden({})["built"]


def test_nothing_is_overridden_by_nothing(tmp_path: Path) -> None:
    """An empty file is no mistake."""
    (tmp_path / "empty.yaml").write_text("")
    assert read_overrides(str(tmp_path / "empty.yaml")) == {}
    assert read_overrides(None) == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("area: {minimum: 5", "cannot be read as YAML"),
        ("- area", "not a mapping from fields"),
        ("area: 5", "has 5 for area, which is not a mapping"),
        (b"\xff\xfe\xff", "cannot be read as YAML"),
    ],
)
def test_a_file_of_another_form_is_refused(
    content: str | bytes, reason: str, tmp_path: Path
) -> None:
    """One clear line, whatever was in it."""
    path = tmp_path / "schema.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(FieldUnfit, match=reason):
        read_overrides(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(FieldUnfit, match=r"nowhere\.yaml"):
        read_overrides(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"aera": {}}, "names aera"),
        ({"area": {"nulable": True}}, "nulable"),
        ({"area": {"dtype": "int64"}}, "dtype"),
        ({"area": {"nullable": "yes"}}, "nullable"),
        ({"area": {"type": "text"}}, "type"),
        ({"area": {"type": "string"}}, "training holds it as number"),
        ({"garage": {"type": "integer"}}, "training holds it as boolean"),
        ({"area": {"type": "integer"}}, r"which is no integer"),
        ({"area": {"minimum": 9, "maximum": 5}}, "minimum 9 is above the maximum 5"),
        ({"area": {"minimum": 1e9}}, "minimum 1e\\+09 is above"),
        ({"area": {"maximum": float("inf")}}, "must be finite"),
        ({"area": {"minimum": float("nan")}}, "must be finite"),
        ({"rooms": {"maximum": 1e17}}, "beyond 2\\^53"),
        ({"zone": {"minimum": 1}}, "a string has no range"),
        ({"garage": {"maximum": 1}}, "a boolean has no range"),
        ({"area": {"categories": ["1"]}}, "a number has no categories"),
        ({"zone": {"categories": []}}, "categories are none"),
        ({"zone": {"categories": ["North", "North"]}}, "one twice"),
        ({"zone": {"categories": "North"}}, "not a list"),
        ({"zone": {"categories": [False]}}, "not text"),
        ({"zone": {"outside": "warn"}}, "outside"),
        ({"garage": {"outside": "refuse"}}, "neither a range nor categories"),
        ({"zone": {"categories": None, "outside": "refuse"}}, "neither a range nor categories"),
        ({"area": {"minimum": 9, "maximum": 5}, "zone": {"minimum": 1}},
         r"above the maximum 5; .*no range"),
    ],
)  # fmt: skip
def test_an_override_of_nothing_or_nonsense_is_refused(overrides: Any, reason: str) -> None:
    """A typo in an override is an error, not a wish."""
    with pytest.raises(FieldUnfit, match=reason):
        overridden(overrides)


def test_numbers_can_be_declared_whole_and_the_other_way_round() -> None:
    """Counts with missing values are floats to pandas, but clients send integers."""
    frame = pd.DataFrame({"floors": [1.0, np.nan, 3.0], "rooms": [1, 2, 3]})
    fields = overridden({"floors": {"type": "integer"}, "rooms": {"type": "number"}}, frame)
    assert (fields["floors"].type, fields["rooms"].type) == ("integer", "number")


def test_the_levels_of_a_pandas_category_stay() -> None:
    """The model was trained with them, in their order."""
    frame = HOUSES.astype({"zone": "category"})
    levels = overridden({}, frame)["zone"].categories
    same = {"zone": {"categories": list(levels or ()), "outside": "refuse"}}
    assert overridden(same, frame)["zone"].outside == "refuse"
    with pytest.raises(FieldUnfit, match="those of the pandas column"):
        overridden({"zone": {"categories": ["North"]}}, frame)
