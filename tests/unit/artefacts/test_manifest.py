"""A manifest is read strictly and spelt in one way."""

import json
from pathlib import Path
from typing import Any

import pytest

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.canonical import canonical_json
from understudy.artefacts.manifest import (
    parse_manifest,
    read_manifest,
    read_manifest_bytes,
    write_manifest,
)
from understudy.errors import ArtefactInvalid, ArtefactMissing


@pytest.fixture
def content(linear_artefact: Artefact) -> dict[str, Any]:
    """Return the JSON of a good manifest."""
    decoded: dict[str, Any] = json.loads(linear_artefact.manifest.to_bytes())
    return decoded


def test_a_manifest_survives_the_disk(linear_artefact: Artefact, tmp_path: Path) -> None:
    """Reading gives what was written, with the same digest."""
    write_manifest(linear_artefact.manifest, tmp_path)
    read = read_manifest(tmp_path)
    assert read == linear_artefact.manifest
    assert read.digest == linear_artefact.digest
    assert read.title == "tiny-houses:1.0.0"


def test_it_tells_what_a_person_asks(linear_artefact: Artefact) -> None:
    """Training rows and time, metrics with intervals, distributions, libraries."""
    manifest = linear_artefact.manifest
    assert manifest.training.rows == 220
    assert (manifest.training.time_column, manifest.training.start) == ("sold", "2006")
    assert (
        manifest.metrics["mae"].low < manifest.metrics["mae"].value < manifest.metrics["mae"].high
    )
    assert set(manifest.metrics) == {"mae", "rmse", "r2"}
    assert manifest.features["frontage"].missing_share == pytest.approx(0.2, abs=0.08)
    assert manifest.features["zone"].levels is not None
    assert sum(manifest.features["zone"].levels.values()) == 220
    assert {"python", "numpy", "scikit-learn"} <= set(manifest.libraries)
    assert manifest.output.unit == "EUR"
    assert manifest.output.target == "price"
    assert manifest.output.quantiles is not None
    assert len(manifest.output.quantiles) == 21


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"format_version": 99}, "format_version"),
        ({"name": "Tiny Houses"}, "Tiny Houses"),
        ({"version": "1"}, "'1'"),
        ({"task": "ranking"}, "manifest.task"),
        ({"seed": "zero"}, "manifest.seed"),
        ({"seed": True}, "manifest.seed"),
        ({"secret": 1}, "secret"),
        ({"files": {"../etc/passwd": "0"}}, "passwd"),
        ({"files": []}, "manifest.files"),
        ({"metrics": {"mae": {"value": "low", "low": 1, "high": 2}}}, r"metrics\.mae\.value"),
        ({"input_schema": {"features": {}}}, "features"),
    ],
)
def test_a_wrong_value_is_named(content: dict[str, Any], change: Any, place: str) -> None:
    """The error says where the manifest is wrong."""
    with pytest.raises(ArtefactInvalid, match=place):
        parse_manifest(content | change)


def test_a_missing_part_is_named(content: dict[str, Any]) -> None:
    """What has no default must be there."""
    del content["training"]
    with pytest.raises(ArtefactInvalid, match="training"):
        parse_manifest(content)


def test_what_is_no_object_is_refused() -> None:
    """A list is no manifest."""
    with pytest.raises(ArtefactInvalid, match="an object"):
        parse_manifest([])


def test_another_spelling_is_refused(content: dict[str, Any]) -> None:
    """An edited manifest is not the one that was digested."""
    with pytest.raises(ArtefactInvalid, match="canonical"):
        read_manifest_bytes(json.dumps(content).encode())
    with pytest.raises(ArtefactInvalid, match="not JSON"):
        read_manifest_bytes(b"{")


@pytest.mark.parametrize(
    "trick",
    [
        "[" * 100_000,
        '{"a":' * 500 + "1" + "}" * 500,
        "NaN",
        "1e999",
        '"\\ud800"',
        "1" * 5000,
        "1" * 400,
    ],
    ids=["deep", "rather deep", "no number", "infinite", "half a letter", "long number",
         "beyond every double"],
)  # fmt: skip
def test_json_that_is_made_to_hurt_is_refused(content: dict[str, Any], trick: str) -> None:
    """Whatever stands in a manifest that somebody else wrote, it ends in a refusal."""
    content["gates"] = [
        {"gate": "g", "status": "passed", "summary": "", "figures": {"x": "HERE"}, "rows": []}
    ]
    content["metrics"]["mae"] = {"value": "HERE", "low": 1.0, "high": 2.0}
    spelled = json.dumps(content).replace('"HERE"', trick)
    with pytest.raises(ArtefactInvalid):
        read_manifest_bytes(spelled.encode())


def test_a_folder_without_a_manifest_is_no_artefact(tmp_path: Path) -> None:
    """The error says so."""
    with pytest.raises(ArtefactMissing, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_canonical_json_knows_no_order_and_no_nan() -> None:
    """Equal content has equal bytes; what JSON cannot hold is refused."""
    assert canonical_json({"b": 0.1, "a": [1, "ä"]}) == canonical_json({"a": [1, "ä"], "b": 0.1})
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": float("nan")})
