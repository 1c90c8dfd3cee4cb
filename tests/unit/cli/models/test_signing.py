"""Keys are made and artefacts signed, in a folder or where they are stored."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine
from understudy.artefacts.artefact import Artefact


@pytest.fixture
def folder(linear_artefact: Artefact, tmp_path: Path) -> Path:
    """Return a copy of an artefact that may be signed."""
    return shutil.copytree(linear_artefact.folder, tmp_path / "copy")


def test_a_pair_of_keys_is_made(understudy: CommandLine, tmp_path: Path) -> None:
    """Where they lie is told, and the private one is nobody else's."""
    made = json.loads(understudy.good("models", "keys", tmp_path / "mine", "--json"))
    assert made["private"] == str(tmp_path / "mine.key")
    assert stat.S_IMODE((tmp_path / "mine.key").stat().st_mode) == 0o600
    assert "PRIVATE" not in (tmp_path / "mine.pub").read_text()
    said = understudy.good("models", "keys", tmp_path)
    assert str(tmp_path / "understudy.key") in said
    assert "UNDERSTUDY_TRUSTED_KEYS" in said
    ending = understudy("models", "keys", tmp_path / "mine")
    assert ending.status == 64
    assert "keys are not replaced" in ending.err


def test_a_folder_is_signed(understudy: CommandLine, folder: Path, tmp_path: Path) -> None:
    """Then it can be verified with the public key."""
    key = json.loads(understudy.good("models", "keys", tmp_path / "mine", "--json"))["key"]
    said = understudy.good("models", "sign", folder, "--key", tmp_path / "mine.key")
    assert said == f"tiny-houses:1.0.0 is signed with key {key}.\n"
    said = understudy.good("models", "verify", folder, "--trusted", tmp_path / "mine.pub")
    assert f"made with the trusted key {key}" in said


def test_a_stored_version_is_signed_where_it_is(
    understudy: CommandLine, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Its content stays, and everybody who pulls it from then on has the signature."""
    understudy.good("models", "push", linear_artefact.folder)
    understudy.good("models", "keys", tmp_path / "mine")
    signed = json.loads(
        understudy.good(
            "models", "sign", "tiny-houses:1.0.0", "--key", tmp_path / "mine.key", "--json"
        )
    )
    assert (signed["name"], signed["version"]) == ("tiny-houses", "1.0.0")
    trusted = ("--trusted", tmp_path / "mine.pub")
    assert signed["key"] in understudy.good("models", "verify", "tiny-houses:1.0.0", *trusted)


def test_a_key_that_others_may_read_signs_nothing(
    understudy: CommandLine, folder: Path, tmp_path: Path
) -> None:
    """The command says how to put it right."""
    understudy.good("models", "keys", tmp_path / "mine")
    (tmp_path / "mine.key").chmod(0o644)
    ending = understudy("models", "sign", folder, "--key", tmp_path / "mine.key")
    assert ending.status == 64
    assert "chmod 600" in ending.err
    ending = understudy("models", "sign", folder, "--key", tmp_path / "mine.pub")
    assert ending.status == 64
    assert "it is the public key" in ending.err
    assert "chmod" not in ending.err
    assert not (folder / "signature.json").exists()
