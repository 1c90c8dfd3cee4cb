"""The contract that a model's input schema turns into."""

from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest
from openapi_schema_validator import OAS30Validator

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.schema import (
    Field,
    InputSchema,
    breaking_changes,
    instance_schema,
    openapi_schema,
    served_fields,
)
from understudy.errors import ArtefactInvalid

AREA = Field("area", "number", True, False, 10.0, 90.0, description="Living area in m².")
ROOMS = Field("rooms", "integer", False, True, 1, 9, dtype="Int64")
ZONE = Field("zone", "string", False, True, categories=("North", "South"), dtype="str")
NEW = Field("new", "boolean", True, False, dtype="bool")
AGENT = Field("agent", "string", False, True, dtype="str")
SCHEMA = InputSchema((AREA, ROOMS, ZONE, NEW), (AGENT,))
GOOD = {"area": 20.5, "rooms": 3, "zone": "East", "new": True, "agent": "Ada"}


def accepts(instance: dict[str, Any], schema: InputSchema = SCHEMA, **options: Any) -> bool:
    """Tell whether both spellings of the contract accept an instance."""
    by_json = jsonschema_rs.validator_for(instance_schema(schema, **options)).is_valid(instance)
    by_openapi = OAS30Validator(openapi_schema(schema, **options)).is_valid(instance)
    assert by_json == by_openapi
    return bool(by_json)


def test_a_good_instance_is_accepted() -> None:
    """With every key, and with only those that are required."""
    assert accepts(GOOD)
    assert accepts({"area": 20, "new": False})


@pytest.mark.parametrize(
    "change",
    [
        {"area": None},
        {"area": "20"},
        {"area": True},
        {"rooms": 2.5},
        {"rooms": 2**53},
        {"rooms": -(2**53)},
        {"zone": 3},
        {"new": "yes"},
        {"new": 1},
        {"agent": 7},
        {"aera": 1.0},
    ],
)
def test_a_bad_value_is_refused(change: dict[str, Any]) -> None:
    """Types, nulls where none is allowed, integers beyond 2^53, unknown names."""
    assert not accepts(GOOD | change)


@pytest.mark.parametrize("name", ["area", "new"])
def test_a_required_feature_must_be_there(name: str) -> None:
    """Absence is a null, and these may not be null."""
    assert not accepts({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("name", ["rooms", "zone", "agent"])
def test_a_nullable_field_may_be_null_or_absent(name: str) -> None:
    """Both mean a missing value."""
    assert accepts(GOOD | {name: None})
    assert accepts({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("change", [{"area": 91.0}, {"rooms": 0}, {"zone": "East"}])
def test_expectations_refuse_only_when_told(change: dict[str, Any]) -> None:
    """What training never saw is served, unless a setting says otherwise."""
    usual = GOOD | {"zone": "North"}
    assert accepts(usual | change)
    assert accepts(usual, expectations="refuse")
    assert not accepts(usual | change, expectations="refuse")


STRICT = InputSchema(
    (replace(AREA, outside="refuse"), replace(ROOMS, outside="refuse"), ZONE, NEW), (AGENT,)
)


@pytest.mark.parametrize(
    ("change", "is_accepted"),
    [
        ({"area": 9.9}, False),
        ({"area": 10}, True),
        ({"area": 90.5}, False),
        ({"rooms": 10}, False),
        ({"rooms": None}, True),
        ({"zone": "East"}, True),
    ],
)
def test_one_field_can_refuse_what_lies_outside(
    change: dict[str, Any], *, is_accepted: bool
) -> None:
    """Its range is part of the contract then, whatever the service does with other fields."""
    assert accepts(GOOD | change, schema=STRICT) == is_accepted


def test_levels_of_one_field_can_be_all_there_are() -> None:
    """A null is still a null."""
    strict = InputSchema((replace(ZONE, outside="refuse"),))
    assert accepts({"zone": "South"}, schema=strict)
    assert accepts({"zone": None}, schema=strict)
    assert not accepts({"zone": "East"}, schema=strict)


def test_what_a_shadow_refuses_is_served_by_live() -> None:
    """Live traffic is not held to the range of a field that only a shadow knows."""
    pool = Field("pool", "number", True, False, 0.0, 5.0, outside="refuse")
    assert accepts(GOOD | {"pool": 300.0}, extra=[pool])
    assert served_fields(SCHEMA, [pool])[-1].outside == "serve"


def test_a_null_is_no_unseen_level() -> None:
    """A nullable category may be null even where levels are part of the contract."""
    assert accepts(GOOD | {"zone": None}, expectations="refuse")


def test_what_only_a_shadow_needs_is_optional() -> None:
    """The live model's contract gains a field and demands nothing more."""
    pool = Field("pool", "number", True, False)
    assert not accepts(GOOD | {"pool": 3.0})
    assert accepts(GOOD | {"pool": 3.0}, extra=[pool])
    assert accepts(GOOD, extra=[pool])
    assert accepts(GOOD | {"pool": None}, extra=[pool])
    assert served_fields(SCHEMA, [AREA, pool])[-1] == pool.as_optional()


def test_the_contract_describes_what_is_expected() -> None:
    """Ranges and levels are for the reader."""
    content: Any = openapi_schema(SCHEMA)
    properties = content["properties"]
    assert properties["area"]["description"] == (
        "Living area in m². In training between 10 and 90."
    )
    assert properties["zone"]["description"] == "In training one of North, South."
    assert "description" not in properties["agent"]
    assert "required" not in openapi_schema(InputSchema((ROOMS,)))


@pytest.mark.parametrize(
    ("field", "description"),
    [
        (
            replace(AREA, outside="refuse", unit="m²", description=""),
            "Always between 10 and 90 m².",
        ),
        (replace(AREA, minimum=None), "Living area in m². In training at most 90."),
        (replace(AREA, maximum=None, description=""), "In training at least 10."),
        (Field("depth", "number", True, False, unit="m"), "In m."),
        (replace(ZONE, outside="refuse"), "Always one of North, South."),
    ],
)
def test_the_description_has_units_and_open_ends(field: Field, description: str) -> None:
    """And says whether what is expected is also demanded."""
    content: Any = openapi_schema(InputSchema((field,)))
    assert content["properties"][field.name]["description"] == description


def test_a_schema_survives_json() -> None:
    """What is written can be read."""
    import json

    for schema in (SCHEMA, STRICT):
        assert InputSchema.from_json(json.loads(json.dumps(schema.to_json()))) == schema
    with pytest.raises(ArtefactInvalid, match="input_schema"):
        InputSchema.from_json({"features": [{"name": "x"}]})


def test_the_same_contract_breaks_nothing(
    linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Two versions of the tiny houses understand the same instances."""
    old, new = linear_artefact.manifest.input_schema, boosting_artefact.manifest.input_schema
    assert breaking_changes(old, new) == []
    validator = jsonschema_rs.validator_for(instance_schema(new))
    assert all(validator.is_valid(_plain(instance)) for instance in tiny.make_instances(50))


def _plain(instance: dict[str, Any]) -> dict[str, Any]:
    return {k: v.item() if hasattr(v, "item") else v for k, v in instance.items()}


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (InputSchema((AREA, ROOMS, ZONE, NEW)), "agent is no longer known"),
        (InputSchema((AREA, replace(ROOMS, nullable=False, required=True), ZONE, NEW), (AGENT,)),
         "rooms becomes required"),
        (InputSchema((AREA, replace(ROOMS, nullable=False), ZONE, NEW), (AGENT,)),
         "rooms may no longer be null"),
        (InputSchema((replace(AREA, type="integer"), ROOMS, ZONE, NEW), (AGENT,)),
         "area changes from number to integer"),
        (InputSchema((*SCHEMA.features, Field("pool", "number", True, False)), (AGENT,)),
         "pool becomes required"),
    ],
)  # fmt: skip
def test_a_narrower_contract_is_told(new: InputSchema, reason: str) -> None:
    """Whatever would be refused tomorrow and is accepted today has a reason."""
    assert breaking_changes(SCHEMA, new) == [reason]


def strict(field: Field, **changes: Any) -> InputSchema:
    """Return a schema of one field that refuses what lies outside."""
    return InputSchema((replace(field, outside="refuse", **changes),))


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        (InputSchema((AREA,)), strict(AREA),
         ["area may no longer be below 10", "area may no longer be above 90"]),
        (strict(AREA), strict(AREA, minimum=20.0), ["area may no longer be below 20"]),
        (strict(AREA), strict(AREA, maximum=80.0), ["area may no longer be above 80"]),
        (strict(AREA), strict(AREA, minimum=5.0, maximum=None), []),
        (strict(AREA), InputSchema((AREA,)), []),
        (InputSchema((ROOMS,)), strict(ROOMS, type="number"),
         ["rooms may no longer be below 1", "rooms may no longer be above 9"]),
        (InputSchema((ZONE,)), strict(ZONE), ["zone may no longer be anything but North, South"]),
        (strict(ZONE), strict(ZONE, categories=("North",)), ["zone may no longer be South"]),
        (strict(ZONE), strict(ZONE, categories=("East", "North", "South")), []),
        (strict(ZONE), InputSchema((ZONE,)), []),
        (strict(ZONE, categories=None), strict(ZONE, categories=tuple("abcdefg")),
         ["zone may no longer be anything but a, b, c, d, e and 2 more"]),
    ],
)  # fmt: skip
def test_a_narrower_range_is_told(old: InputSchema, new: InputSchema, reasons: list[str]) -> None:
    """A field that refuses what lies outside narrows what was accepted, unless it widens."""
    assert breaking_changes(old, new) == reasons


def test_a_wider_contract_breaks_nothing() -> None:
    """More may be null, integers may become numbers, new fields may be optional."""
    wider = InputSchema(
        (replace(AREA, nullable=True, required=False), replace(ROOMS, type="number"), ZONE, NEW),
        (AGENT, Field("pool", "number", False, True)),
    )
    assert breaking_changes(SCHEMA, wider) == []
