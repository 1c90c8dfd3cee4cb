"""Artefacts travel from a folder to a store, from store to store, and back into a folder."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.cli.conftest import CommandLine
from tests.s3 import SECRET_KEY, S3Server
from tests.vetted import gates
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.store import ArtefactStore
from understudy.artefacts.vetting import GateResult
from understudy.cli.models import storing
from understudy.cli.progress import progress


def test_folders_are_pushed(
    understudy: CommandLine, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """Several at once, into the store of the settings, and again without harm."""
    folders = linear_artefact.folder, boosting_artefact.folder
    for _ in range(2):
        said = understudy.good("models", "push", *folders)
        assert "tiny-houses:1.0.0 is stored" in said
        assert f"is stored with digest {boosting_artefact.digest}, not signed." in said
    store = ArtefactStore(str(tmp_path / "data" / "artefacts"))
    assert store.list() == [("tiny-houses", "1.0.0"), ("tiny-houses", "2.0.0")]


def test_a_version_is_copied_from_store_to_store(
    understudy: CommandLine, linear_artefact: Artefact, s3: S3Server, tmp_path: Path
) -> None:
    """With its signature, to a bucket and from there."""
    bucket, other = f"s3://{s3.make_bucket()}/a", f"s3://{s3.make_bucket()}/b"
    folder = shutil.copytree(linear_artefact.folder, tmp_path / "folder")
    key = sign(folder, make_keys(tmp_path / "mine")[0])
    understudy.good("models", "push", folder)
    there = ("--from", tmp_path / "data" / "artefacts")
    understudy.good("models", "push", "tiny-houses:1.0.0", *there, "--store", bucket)
    said = understudy.good(
        "models", "push", "tiny-houses:1.0.0", "--from", bucket, "--store", other, "--json"
    )
    assert json.loads(said) == [
        {"name": "tiny-houses", "version": "1.0.0", "digest": linear_artefact.digest,
         "store": other, "signed_by": key}
    ]  # fmt: skip
    said = understudy.good("models", "pull", "tiny-houses:1.0.0", tmp_path, "--store", other)
    assert open_artefact(Path(said.strip())).digest == linear_artefact.digest


def test_a_version_without_a_source_is_no_push(understudy: CommandLine) -> None:
    """A name alone does not say where the files are."""
    ending = understudy("models", "push", "tiny-houses:1.0.0")
    assert ending.status == 64
    assert "--from URL" in ending.err
    ending = understudy("models", "push", "nonsense")
    assert ending.status == 64
    assert "neither NAME:VERSION nor the folder" in ending.err


def test_another_content_is_refused(
    understudy: CommandLine, linear_artefact: Artefact, folder: Path
) -> None:
    """In one line, with the status of an error."""
    understudy.good("models", "push", linear_artefact.folder)
    manifest = json.loads((folder / "manifest.json").read_bytes()) | {"description": "other"}
    spelled = json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(spelled)
    ending = understudy("models", "push", folder)
    assert ending.status == 70
    assert ending.err.startswith("Error: tiny-houses:1.0.0 is already stored")
    assert ending.err.count("\n") == 1


def test_what_may_never_be_deployed_is_not_stored(
    understudy: CommandLine, linear_artefact: Artefact, folder: Path, tmp_path: Path
) -> None:
    """Neither by a push nor on the way to a deployment: it would take its version for good."""
    refused = gates(GateResult("quality", "refused", "R² is 0.2"))
    for results, why in (((), "no gate has looked"), (refused, "the gate quality refuses it")):
        write_manifest(replace(linear_artefact.manifest, gates=results), folder)
        for command in (("models", "push", folder), ("deploy", folder, "--live")):
            ending = understudy(*command)
            assert (ending.status, why in ending.err) == (70, True)
            assert ending.err.count("\n") == 1
    assert ArtefactStore(str(tmp_path / "data" / "artefacts")).list() == []


@pytest.fixture
def folder(linear_artefact: Artefact, tmp_path: Path) -> Path:
    """Return a copy of an artefact that may be changed."""
    return shutil.copytree(linear_artefact.folder, tmp_path / "copy")


def test_a_signature_that_does_not_fit_is_said(
    understudy: CommandLine, linear_artefact: Artefact, folder: Path, tmp_path: Path
) -> None:
    """The same training packaged again has another provenance."""
    understudy.good("models", "push", linear_artefact.folder)
    (folder / "provenance.json").write_text("{}")
    sign(folder, make_keys(tmp_path / "mine")[0])
    ending = understudy("models", "push", folder)
    assert ending.status == 0
    assert "not signed" in ending.out
    assert "understudy models sign tiny-houses:1.0.0" in ending.err


def test_a_folder_is_pulled_like_a_version(
    understudy: CommandLine, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A verified copy under the same name, once."""
    understudy.good("models", "push", linear_artefact.folder)
    stored = understudy.good("models", "pull", "tiny-houses:1.0.0", tmp_path / "a")
    for _ in range(2):
        copied = understudy.good("models", "pull", linear_artefact.folder, tmp_path / "b", "--json")
    content = json.loads(copied)
    assert Path(content.pop("folder")).name == Path(stored.strip()).name
    assert content == {"name": "tiny-houses", "version": "1.0.0", "digest": linear_artefact.digest}
    assert len(list((tmp_path / "b").iterdir())) == 1


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("s3://not-there/models", 70, "there is no bucket 'not-there'"),
        ("nope://bucket", 64, "nothing is known of the protocol"),
        (f"s3://bucket?secret={SECRET_KEY}", 64, "looks like a secret"),
    ],
)
def test_a_store_that_is_none_is_one_line(
    understudy: CommandLine, s3: S3Server, linear_artefact: Artefact, url: str, status: int,
    words: str,
) -> None:  # fmt: skip
    """Neither a traceback nor a secret, whatever is asked of it."""
    for command in (
        ("push", linear_artefact.folder),
        ("pull", "tiny-houses:1.0.0", "into"),
        ("verify", "tiny-houses:1.0.0"),
    ):
        ending = understudy("models", *command, "--store", url)
        assert ending.status == status
        assert words in ending.err
        assert ending.err.count("\n") == 1
        assert SECRET_KEY not in ending.err


def test_a_transfer_is_shown_in_kibibytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No piece is lost to rounding."""
    seen: list[object] = []

    class Bar:
        def __init__(self, label: str, total: int) -> None:
            seen.append((label, total))

        def __enter__(self) -> object:
            return seen.append

        def __exit__(self, *_: object) -> None:
            """Nothing to end."""

    monkeypatch.setattr(storing, "progress", Bar)
    with storing.transfer("pushing", 10_000) as hear:
        for _ in range(10):
            hear(1000)
    assert seen[0] == ("pushing, KiB", 9)
    assert sum(step for step in seen[1:] if isinstance(step, int)) == 9
    assert callable(progress)
