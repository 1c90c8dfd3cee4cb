"""What lies in a store can be looked at, also where something in it is broken."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.artefacts.artefact import PROVENANCE_FILE, Artefact
from understudy.artefacts.dossier import Dossier
from understudy.artefacts.schema import Field, InputSchema
from understudy.artefacts.vetting import Compared, Waiver
from understudy.cli.models.description import describe

Run = Callable[..., str]


def test_the_versions_of_a_store_are_listed_with_their_gates(run: Run, store: str) -> None:
    """One line per version, in order."""
    lines = run("list", "--store", store).splitlines()
    assert lines[0].split() == ["model", "task", "engine", "rows", "gates", "digest"]
    titles = [line.split()[0] for line in lines[1:]]
    assert titles == ["tiny-dear:1.0.0", "tiny-houses:1.0.0", "tiny-houses:2.0.0"]
    assert " passed" in lines[1]
    assert " skipped" not in lines[1]


def test_one_name_may_be_asked_for(run: Run, store: str, linear_artefact: Artefact) -> None:
    """As JSON, with how the gates went."""
    found = json.loads(run("list", "tiny-houses", "--store", store, "--json"))
    assert [one["version"] for one in found] == ["1.0.0", "2.0.0"]
    assert found[0]["digest"] == linear_artefact.digest
    assert found[0]["rows"] == 220
    assert sum(found[0]["gates"].values()) == len(linear_artefact.manifest.gates)


def test_an_empty_store_says_so(run: Run, tmp_path: Path, store: str) -> None:
    """With its address, because the wrong one is the likely reason."""
    assert f"No version is stored in {tmp_path}" in run("list", "--store", tmp_path / "empty")
    assert "No version of other is stored" in run("list", "other", "--store", store)


def test_a_broken_manifest_does_not_hide_the_others(run: Run, store: str) -> None:
    """It is named with what is wrong with it."""
    Path(store, "tiny-houses", "1.0.0", "manifest.json").write_text('{"format_version": 1}')
    said = run("list", "--store", store)
    assert "tiny-houses:2.0.0" in said
    assert "tiny-houses:1.0.0 cannot be read: The manifest has format_version 1" in said
    found = json.loads(run("list", "--store", store, "--json"))
    assert [("problem" in one) for one in found] == [False, True, False]


@pytest.mark.parametrize("place", ["store", "folder"])
def test_a_version_is_shown_with_all_that_is_known(
    run: Run, store: str, linear_artefact: Artefact, place: str
) -> None:
    """From the store or from a folder: facts, origin, costs, metrics, gates, features."""
    model = "tiny-houses:1.0.0" if place == "store" else linear_artefact.folder
    said = run("show", model, "--store", store)
    for part in (
        linear_artefact.digest, "price EUR", "220 rows, sold 2006 to 2009", "agent ",
        "signature  none", "packaged", "revision", "ms at 1, ", "mae", "reproducible", "frontage",
    ):  # fmt: skip
        assert part in said
    assert all(len(line) <= 100 for line in said.splitlines())


def test_fields_are_shown_with_what_is_expected_of_them(
    linear_artefact: Artefact, capsys: pytest.CaptureFixture[str]
) -> None:
    """Yes and no, ranges with units, levels, what is refused beyond; carried fields have types."""
    fields = (
        Field("area", "number", True, False, 20.0, 300.0, unit="m²"),
        Field("rent", "number", False, True, unit="EUR"),
        Field("zone", "string", True, False, categories=tuple("abcdefg"), outside="refuse"),
        Field("none", "string", True, True, categories=()),
    )
    schema = InputSchema(fields, (Field("sold", "integer", False, True),))
    describe(Dossier(replace(linear_artefact.manifest, input_schema=schema)))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    for line in (
        "area number yes no between 20 and 300 m²",
        "rent number no yes in EUR",
        "zone string yes no a, b, c, d, e and 2 more; else refused",
        "none string yes yes nothing",
        "carried type required nullable expected",
        "sold integer no yes",
    ):
        assert line in lines, line
    describe(Dossier(replace(linear_artefact.manifest, input_schema=InputSchema(fields))))
    assert "carried" not in capsys.readouterr().out


def test_a_version_is_shown_as_json(run: Run, store: str, linear_artefact: Artefact) -> None:
    """The manifest, and what is kept beside it."""
    found = json.loads(run("show", "tiny-houses:1.0.0", "--store", store, "--json"))
    assert found["digest"] == linear_artefact.digest
    assert found["provenance"] == linear_artefact.provenance()
    assert found["signed_by"] is None
    assert found["problem"] is None
    assert found["gates"][0]["status"]


def test_a_version_whose_archive_is_gone_is_still_shown(run: Run, store: str) -> None:
    """The manifest lies in the store by itself."""
    for archive in Path(store, "tiny-houses", "1.0.0").glob("*.tar.gz"):
        archive.unlink()
    said = run("show", "tiny-houses:1.0.0", "--store", store)
    assert "nothing but the manifest can be read" in said
    assert "frontage" in said


def test_what_is_neither_a_version_nor_a_folder_is_refused(run: Run, store: str) -> None:
    """With the right exit status for a script."""
    assert "neither NAME:VERSION nor the folder" in run("show", "nonsense", status=64)
    said = run("show", "tiny-houses:9.9.9", "--store", store, status=70)
    assert "tiny-houses:9.9.9 is not in the artefact store" in said


def test_waivers_reasons_and_signers_are_told(
    linear_artefact: Artefact, capsys: pytest.CaptureFixture[str]
) -> None:
    """No sign of them is obeyed by a terminal."""
    manifest = replace(
        linear_artefact.manifest,
        description="Prices \x1b[31m of houses",
        waivers=(Waiver("live", "the board wanted it", "Ada"),),
        compared_with=Compared("tiny-houses", "0.9.0", "abcdef0123456789"),
        engine_reasons={"compiled": "no plan for SVR"},
    )
    source = {"revision": "abc", "dirty": False}
    told: dict[str, object] = {"source": source, "cpu_ms_per_row": {"1": "fast", "32": 0.5}}
    describe(Dossier(manifest, provenance=told, signed_by="0123456789abcdef"))
    said = capsys.readouterr().out
    for part in (
        "Prices \\x1b[31m of houses", "WAIVED        live by Ada: the board wanted it",
        "tiny-houses:0.9.0, digest abcdef012345", "compiled was not chosen: no plan for SVR",
        "names the key 0123456789abcdef, not verified here", "revision abc\n",
        "fast at 1, 0.5 ms at 32",
    ):  # fmt: skip
        assert part in said
    describe(Dossier(manifest, provenance={"cpu_ms_per_row": 5}))
    assert "not under version control" in capsys.readouterr().out


def test_a_folder_without_provenance_is_shown_nevertheless(
    run: Run, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """The provenance is no part of what the manifest names."""
    shutil.copytree(linear_artefact.folder, tmp_path / "copy")
    (tmp_path / "copy" / PROVENANCE_FILE).unlink()
    said = run("show", tmp_path / "copy")
    assert "nothing but the manifest can be read" in said
    assert "frontage" in said
