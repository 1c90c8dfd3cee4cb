"""What two manifests tell is put side by side, changes only where there are any."""

from dataclasses import replace

import pytest

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import FeatureSummary, Manifest, Metric
from understudy.artefacts.schema import Field, InputSchema
from understudy.artefacts.vetting import Compared, GateResult, Waiver
from understudy.packaging.contrast.schemas import FieldChange, contrast_schemas
from understudy.packaging.contrast.training import LevelShift, contrast_features
from understudy.packaging.contrast.vetting import (
    Pair,
    contrast_facts,
    contrast_gates,
    contrast_libraries,
    contrast_metrics,
)


@pytest.fixture
def manifest(linear_artefact: Artefact) -> Manifest:
    """Return a manifest to be changed."""
    return linear_artefact.manifest


def schema(*fields: Field, carried: tuple[Field, ...] = ()) -> InputSchema:
    """Return a schema of these features."""
    return InputSchema(fields, carried)


AREA = Field("area", "number", True, False, 1.0, 9.0)
ZONE = Field("zone", "string", False, True, categories=("N", "S"))


def test_equal_schemas_have_no_difference() -> None:
    """Other ranges and levels are no change of the contract."""
    found = contrast_schemas(schema(AREA, ZONE), schema(replace(AREA, maximum=20.0), ZONE))
    assert (found.added, found.removed, found.changed, found.breaking) == ((), (), (), ())


def test_every_change_of_a_field_is_named() -> None:
    """With what it was and what it becomes, and whether a client would notice."""
    after = schema(
        replace(AREA, type="integer", nullable=True, unit="m²"), Field("new", "number", True, False)
    )
    found = contrast_schemas(schema(AREA, ZONE), after)
    assert found.added == ("new",)
    assert found.removed == ("zone",)
    assert found.changed == (
        FieldChange("area", "type", "number", "integer"),
        FieldChange("area", "nullable", False, True),
        FieldChange("area", "unit", "", "m²"),
    )
    assert any("new becomes required" in reason for reason in found.breaking)
    assert any("zone is no longer known" in reason for reason in found.breaking)


def test_ranges_and_levels_that_are_refused_are_part_of_the_contract() -> None:
    """From the moment that one version refuses what is outside."""
    after = schema(AREA, replace(ZONE, outside="refuse", categories=("N",)))
    changed = contrast_schemas(schema(AREA, ZONE), after).changed
    assert [change.aspect for change in changed] == ["outside", "categories"]
    assert changed[1].after == ("N",)


def test_a_carried_field_that_becomes_a_feature_changes_its_role() -> None:
    """Clients send it as before, but now it counts."""
    found = contrast_schemas(schema(AREA, carried=(ZONE,)), schema(AREA, ZONE))
    assert found.changed == (FieldChange("zone", "role", "carried", "used"),)
    assert not found.added


def test_fields_are_ordered_by_how_far_they_moved(manifest: Manifest) -> None:
    """Means and ends by the width of the range, levels by the shares that changed."""
    before = {
        "still": FeatureSummary(0.0, 5, 0.0, 10.0, 5.0),
        "mean": FeatureSummary(0.0, 5, 0.0, 10.0, 5.0),
        "end": FeatureSummary(0.0, 5, 0.0, 10.0, 5.0),
        "missing": FeatureSummary(0.1, 5, 0.0, 10.0, 5.0),
        "levels": FeatureSummary(0.0, 2, levels={"a": 50, "b": 50}),
        "constant": FeatureSummary(0.0, 1, 3.0, 3.0, 3.0),
        "gone": FeatureSummary(0.0, 1),
        "free text": FeatureSummary(0.0, 5000),
    }
    after = {
        "still": FeatureSummary(0.0, 9, 0.0, 10.0, 5.0),
        "mean": FeatureSummary(0.0, 5, 0.0, 10.0, 6.0),
        "end": FeatureSummary(0.0, 5, 0.0, 35.0, 5.0),
        "missing": FeatureSummary(0.15, 5, 0.0, 10.0, 5.0),
        "levels": FeatureSummary(0.0, 3, levels={"a": 20, "b": 50, "c": 30}),
        "constant": FeatureSummary(0.0, 1, 4.0, 4.0, 4.0),
        "new": FeatureSummary(0.0, 1),
        "free text": FeatureSummary(0.0, 5000),
    }
    fields = tuple(Field(name, "number", True, False) for name in {**before, **after})
    manifest = replace(manifest, input_schema=InputSchema(fields))
    shifts = contrast_features(
        replace(manifest, features=before), replace(manifest, features=after)
    )
    assert [(shift.field, round(shift.size, 6)) for shift in shifts] == [
        ("end", 2.5), ("constant", 1.0), ("levels", 0.3), ("mean", 0.1), ("missing", 0.05),
    ]  # fmt: skip
    assert shifts[2].levels == (LevelShift("a", 0.5, 0.2), LevelShift("c", 0.0, 0.3))
    assert shifts[4].missing == (0.1, 0.15)
    assert shifts[0].maximum == (10.0, 35.0)


def test_texts_that_people_wrote_are_no_levels(manifest: Manifest) -> None:
    """Every one is new, and none of them is quoted."""
    field = Field("text", "string", True, False)
    sides = [
        replace(
            manifest,
            input_schema=InputSchema((field,)),
            features={"text": FeatureSummary(0.0, 2, levels={f"Dear {name}": 2, "Hello": 2})},
        )
        for name in ("Ada", "Ben")
    ]
    assert contrast_features(*sides) == ()
    known = InputSchema((replace(field, categories=("Hello",)),))
    assert contrast_features(*(replace(side, input_schema=known) for side in sides)) != ()


def test_metrics_that_only_one_has_are_shown_too(manifest: Manifest) -> None:
    """The other side is empty then."""
    first = replace(manifest, metrics={"mae": Metric(1, 0, 2), "r2": Metric(0.5, 0.4, 0.6)})
    second = replace(manifest, metrics={"mae": Metric(3, 2, 4), "rmse": Metric(5, 4, 6)})
    found = {pair.name: (pair.before, pair.after) for pair in contrast_metrics(first, second)}
    assert found["mae"] == (Metric(1, 0, 2), Metric(3, 2, 4))
    assert found["r2"][1] is None
    assert found["rmse"][0] is None


def test_a_gate_is_changed_by_status_summary_or_waiver(manifest: Manifest) -> None:
    """And by being asked of one version only."""
    first = replace(
        manifest,
        gates=(GateResult("quiz", "passed", "x"), GateResult("live", "waived", "y"),
               GateResult("cost", "passed", "z"), GateResult("old", "passed", "")),
        waivers=(Waiver("live", "because", "Ada"),),
    )  # fmt: skip
    second = replace(
        manifest,
        gates=(GateResult("quiz", "passed", "x"), GateResult("live", "waived", "y"),
               GateResult("cost", "warned", "z")),
        waivers=(Waiver("live", "because", "Ben"),),
    )  # fmt: skip
    found = {pair.gate: pair for pair in contrast_gates(first, second)}
    assert {gate for gate, pair in found.items() if pair.is_changed} == {"live", "cost", "old"}
    assert found["live"].waivers[1] == Waiver("live", "because", "Ben")
    assert found["old"].after is None


def test_only_facts_that_differ_are_told(manifest: Manifest) -> None:
    """Engine, why no faster one, whom it was held against, what a person said, libraries."""
    after = replace(
        manifest, engine="exact", engine_reasons={"compiled": "no plan"}, seed=None,
        compared_with=Compared("m", "1.0.0", "abcdef0123456789"), intended_use="Estimates.",
        libraries=manifest.libraries | {"numpy": "99.0", "xgboost": "1"},
    )  # fmt: skip
    assert contrast_facts(manifest, after) == (
        Pair("engine", "compiled", "exact"),
        Pair("held against", "", "m:1.0.0 abcdef012345"),
        Pair("seed", "0", ""),
        Pair("intended use", "", "Estimates."),
        Pair("not compiled", None, "no plan"),
    )
    libraries = {pair.name: pair.after for pair in contrast_libraries(manifest, after)}
    assert libraries == {"numpy": "99.0", "xgboost": "1"}
    assert contrast_facts(manifest, manifest) == ()
