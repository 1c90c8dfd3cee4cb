"""Every example does what the documentation says of it."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.artefacts.artefact import Artefact
from understudy.cli.models.training_code import run_training
from understudy.errors import ArtefactRefused
from understudy.packaging.gates.limits import Limits, read_limits
from understudy.packaging.package import package_model

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ROW = re.compile(r"\| \[([a-z_/]+)\]\(\.\./examples/")


def table(name: str) -> dict[str, list[str]]:
    """Return the cells of a generated table of the documentation, by example."""
    text = (ROOT / "docs" / "packaging.md").read_text(encoding="utf-8")
    lines = text.partition(f"<!-- {name} -->")[2].partition("<!-- end of")[0].splitlines()
    return {found[1]: line.split(" | ")[1:] for line in lines if (found := ROW.match(line))}


def packaged(example: str, out: Path, **more: Any) -> Artefact:
    """Package an example as the command does."""
    given: Any = run_training(f"{EXAMPLES / example}.py:train")
    return package_model(**{**given, "out": out, **more})


def shown(artefact: Artefact) -> str:
    """Say what the gates found as the table does."""
    found: dict[str, list[str]] = {}
    for result in artefact.manifest.gates:
        found.setdefault(result.status, []).append(result.gate)
    skipped = f"; {len(found.pop('skipped'))} skipped" if "skipped" in found else ""
    passed = f"{len(found.pop('passed', []))} passed"
    rest = [f"{status}: {', '.join(names)}" for status, names in found.items()]
    return "; ".join([passed, *rest]) + skipped


@pytest.fixture(scope="module")
def diabetes(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return the version that serves as the live one."""
    return packaged("diabetes", tmp_path_factory.mktemp("live"))


def names(folder: Path) -> list[str]:
    """Name the examples of a folder."""
    paths = [path for path in sorted(folder.glob("*.py")) if path.name != "run_all.py"]
    return [path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in paths]


@pytest.mark.parametrize("example", names(EXAMPLES))
def test_an_example_is_packaged_as_its_row_says(example: str, tmp_path: Path) -> None:
    """In the engine of the table, with the gates of the table, or refused as the table says."""
    about, engine, why, *_, gates = table("examples")[example]
    if engine == "**refused**":
        with pytest.raises(ArtefactRefused) as refusal:
            packaged(example, tmp_path)
        assert why == refusal.value.reasons[-1]
        return
    manifest = (artefact := packaged(example, tmp_path)).manifest
    assert about.startswith(f"{manifest.task}: ")
    assert manifest.engine == engine
    assert all(f"{name}: " in why for name in manifest.engine_reasons)
    assert shown(artefact) == gates.removesuffix(" |")


@pytest.mark.parametrize("example", names(EXAMPLES / "refused"))
def test_a_bad_example_is_refused_for_its_own_reason(
    example: str, diabetes: Artefact, tmp_path: Path
) -> None:
    """By the gate that the table names, and by no other."""
    live = {"live": diabetes} if example == "refused/worse" else {}
    with pytest.raises(ArtefactRefused) as refusal:
        packaged(example, tmp_path, **live)
    refused = [reason.partition(": ")[0] for reason in refusal.value.reasons]
    assert re.findall(r"\*\*([a-z]+)\*\*", table("refusals")[example][1]) == refused
    assert len(refused) == 1


def test_every_example_has_a_row_and_every_row_an_example() -> None:
    """A new example is not forgotten in the documentation."""
    assert set(table("examples")) == set(names(EXAMPLES))
    assert set(table("refusals")) == set(names(EXAMPLES / "refused"))


def test_the_file_of_limits_holds_every_limit_with_its_default() -> None:
    """So that it does not rot."""
    path = EXAMPLES / "gates.yaml"
    assert read_limits(path) == Limits()
    known = {
        section.name: {spec.name for spec in dataclasses.fields(getattr(Limits(), section.name))}
        for section in dataclasses.fields(Limits)
    }
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {name: set(section) for name, section in content.items()} == known


def test_the_file_of_the_schema_fits_its_example(tmp_path: Path) -> None:
    """And an instance outside of a declared range is refused by the contract."""
    artefact = packaged("diabetes", tmp_path, schema_overrides=EXAMPLES / "schema.yaml")
    age, sex, *_ = artefact.manifest.input_schema.features
    assert (age.unit, age.minimum, age.maximum, age.outside) == ("years", 18, 110, "refuse")
    assert (sex.type, sex.outside) == ("integer", "refuse")
