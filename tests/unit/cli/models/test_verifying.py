"""`models verify` says what was checked, and fails where a service would."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine
from tests.vetted import gates
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.canonical import canonical_json, file_sha256
from understudy.artefacts.manifest import read_manifest, write_manifest
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.vetting import GateResult, Waiver


@pytest.fixture
def folder(linear_artefact: Artefact, tmp_path: Path) -> Path:
    """Return a copy of an artefact that may be spoilt."""
    return shutil.copytree(linear_artefact.folder, tmp_path / "copy")


def checks(said: str) -> dict[str, bool | None]:
    """Return what was checked, and whether it is good, None where that is open."""
    return {check["what"]: check["is_good"] for check in json.loads(said)["checks"]}


def test_what_was_checked_is_said(understudy: CommandLine, folder: Path) -> None:
    """Files, gates, signature and quiz, for people and for programs."""
    said = understudy.good("models", "verify", folder)
    assert [line.split()[:2] for line in said.splitlines()[1:]] == [
        [what, "good"] for what in ("files", "gates", "signature", "quiz")
    ]
    assert "none, and none is asked for" in said
    said = understudy.good("models", "verify", folder, "--json")
    assert checks(said) == dict.fromkeys(("files", "gates", "signature", "quiz"), True)
    assert json.loads(said)["is_good"] is True


def test_a_stored_version_is_verified(understudy: CommandLine, linear_artefact: Artefact) -> None:
    """Fetched for the purpose."""
    understudy.good("models", "push", linear_artefact.folder)
    assert linear_artefact.digest in understudy.good("models", "verify", "tiny-houses:1.0.0")
    ending = understudy("models", "verify", "tiny-houses:9.0.0")
    assert (ending.status, "there is tiny-houses:1.0.0" in ending.err) == (70, True)


def test_a_changed_file_fails(understudy: CommandLine, folder: Path) -> None:
    """At once: nothing else of it can be believed."""
    (folder / "card.md").write_text("better than it is")
    ending = understudy("models", "verify", folder)
    assert ending.status == 70
    assert "card.md has SHA-256" in ending.err


def test_a_wrong_answer_fails(understudy: CommandLine, folder: Path) -> None:
    """The model has to answer here as it did where it was made."""
    quiz = json.loads((folder / "quiz.json").read_bytes())
    quiz[0]["expected"] += 1_000_000
    (folder / "quiz.json").write_bytes(canonical_json(quiz))
    manifest = read_manifest(folder)
    files = manifest.files | {"quiz.json": file_sha256(folder / "quiz.json")}
    write_manifest(replace(manifest, files=files), folder)
    ending = understudy("models", "verify", folder, "--json")
    assert ending.status == 70
    assert checks(ending.out) == {"files": True, "gates": True, "signature": True, "quiz": False}


def test_a_model_that_no_gate_let_through_fails(understudy: CommandLine, folder: Path) -> None:
    """A waiver is shown with its author."""
    refused = GateResult("quality", "refused", "R² is 0.2")
    manifest = read_manifest(folder)
    write_manifest(replace(manifest, gates=(refused,)), folder)
    ending = understudy("models", "verify", folder)
    assert ending.status == 70
    assert "gates      FAILED" in ending.out
    assert "the gate quality refuses it" in ending.err
    waived = replace(refused, status="waived")
    waiver = Waiver("quality", "a first try", "Ada")
    write_manifest(replace(manifest, gates=gates(waived), waivers=(waiver,)), folder)
    assert "quality waived by Ada: a first try" in understudy.good("models", "verify", folder)


def test_a_signature_is_checked_against_the_keys_that_are_trusted(
    understudy: CommandLine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the option, else those of the settings; without any it is only named."""
    private, public = make_keys(tmp_path / "mine")
    stranger = make_keys(tmp_path / "stranger")[1]
    monkeypatch.setenv("UNDERSTUDY_TRUSTED_KEYS", str(public))
    ending = understudy("models", "verify", folder)
    assert (ending.status, "it is not signed" in ending.err) == (70, True)
    key = sign(folder, private)
    assert f"made with the trusted key {key}" in understudy.good("models", "verify", folder)
    ending = understudy("models", "verify", folder, "--trusted", stranger)
    assert (ending.status, f"signed with key {key}" in ending.err) == (70, True)
    monkeypatch.delenv("UNDERSTUDY_TRUSTED_KEYS")
    said = understudy.good("models", "verify", folder)
    assert f"signature  open    signed with key {key}, not checked: no trusted keys" in said
    said = understudy.good("models", "verify", folder, "--json")
    assert json.loads(said)["is_good"] is True
    assert checks(said) == {"files": True, "gates": True, "signature": None, "quiz": True}
    (folder / "signature.json").write_text("{}")
    assert understudy("models", "verify", folder).status == 70
