"""Everything that is kept of a stored version, as far as it can be had."""

import shutil
from pathlib import Path

import pytest

from understudy.artefacts.artefact import SIGNATURE_FILE, Artefact, open_artefact
from understudy.artefacts.dossier import read_cached, read_dossier
from understudy.artefacts.store import ArtefactStore
from understudy.errors import ArtefactMissing


@pytest.fixture
def store(tmp_path: Path, linear_artefact: Artefact) -> ArtefactStore:
    """A store that holds tiny-houses:1.0.0."""
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(linear_artefact)
    return store


def _cached(artefact: Artefact, cache: Path) -> Path:
    return Path(
        shutil.copytree(artefact.folder, cache / f"tiny-houses-1.0.0-{artefact.digest[:12]}")
    )


def test_all_of_it_is_found(
    store: ArtefactStore, tmp_path: Path, linear_artefact: Artefact
) -> None:
    """Manifest, card and provenance; nobody signed this one."""
    found = read_dossier(store, "tiny-houses", "1.0.0", tmp_path / "cache")
    assert found.manifest == linear_artefact.manifest
    assert found.card == (linear_artefact.folder / "card.md").read_text("utf-8")
    assert found.provenance == linear_artefact.provenance()
    assert (found.signed_by, found.problem) == (None, None)


def test_without_its_archive_the_manifest_still_speaks(
    store: ArtefactStore, tmp_path: Path
) -> None:
    """What was trained on what does not stand in the archive alone."""
    (archive,) = tmp_path.glob("store/**/*.tar.gz")
    archive.unlink()
    found = read_dossier(store, "tiny-houses", "1.0.0", tmp_path / "cache")
    assert found.manifest.training.rows == 220
    assert (found.card, found.provenance) == (None, None)
    assert found.problem is not None
    assert "gone" in found.problem


def test_a_version_that_is_not_stored_is_missing(store: ArtefactStore, tmp_path: Path) -> None:
    """The caller decides what that means."""
    with pytest.raises(ArtefactMissing):
        read_dossier(store, "tiny-houses", "7.0.0", tmp_path)


@pytest.mark.parametrize(
    ("content", "key"),
    [('{"key": "abc"}', "abc"), ('{"key": 7}', None), ("[]", None), ("{}", None)],
)
def test_a_signature_names_its_key_or_nobody(
    linear_artefact: Artefact, tmp_path: Path, content: str, key: str | None
) -> None:
    """Whatever stands in the file; verifying it is the business of who takes the model."""
    folder = _cached(linear_artefact, tmp_path)
    (folder / SIGNATURE_FILE).write_text(content)
    found = read_cached(tmp_path, "tiny-houses", "1.0.0", linear_artefact.digest)
    assert found is not None
    assert found.signed_by == key


def test_what_was_fetched_earlier_is_found_by_its_digest(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """And only by its whole digest, whole and undamaged."""
    digest = linear_artefact.digest
    assert read_cached(tmp_path, "tiny-houses", "1.0.0", digest) is None
    folder = _cached(linear_artefact, tmp_path)
    found = read_cached(tmp_path, "tiny-houses", "1.0.0", digest)
    assert found is not None
    assert found.manifest == open_artefact(folder).manifest
    assert read_cached(tmp_path, "tiny-houses", "1.0.0", digest[:12] + "0" * 52) is None
    (folder / "card.md").write_text("changed")
    assert read_cached(tmp_path, "tiny-houses", "1.0.0", digest) is None


def test_a_broken_provenance_is_a_problem_and_no_crash(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """It stands outside the digest, so anything may stand in it."""
    folder = shutil.copytree(linear_artefact.folder, tmp_path / "broken")
    (folder / "provenance.json").write_text("{")
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(open_artefact(folder))
    found = read_dossier(store, "tiny-houses", "1.0.0", tmp_path / "cache")
    assert found.problem is not None
    assert found.provenance is None
