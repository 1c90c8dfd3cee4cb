"""Every store keeps the same contract: complete, immutable, verified."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import fsspec
import pytest

from tests import tiny
from understudy.artefacts.archive import pack
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.store import ArtefactStore
from understudy.errors import (
    ArtefactCorrupt,
    ArtefactImmutable,
    ArtefactInvalid,
    ArtefactMissing,
)


@pytest.fixture(params=["folder", "url", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArtefactStore]:
    """Return an empty store of every kind in turn."""
    urls = {
        "folder": str(tmp_path / "store"),
        "url": f"file://{tmp_path}/store",
        "memory": f"memory://{uuid.uuid4().hex}",
    }
    yield ArtefactStore(urls[request.param])
    fsspec.filesystem("memory").store.clear()


@pytest.fixture(scope="module")
def other_content(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return another model under the name and version of the linear one."""
    folder = tmp_path_factory.mktemp("other")
    return tiny.package_houses(tiny.boosting_pipeline(), folder, "1.0.0")


def files_in(store: ArtefactStore) -> list[str]:
    """Return every file behind a store."""
    files, root = fsspec.url_to_fs(store.url)
    return [str(path) for path in files.find(root)] if files.exists(root) else []


def test_what_is_pushed_can_be_pulled(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Verified, under a name that holds its digest."""
    digest = store.push(linear_artefact)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    assert pulled.digest == digest == linear_artefact.digest
    assert pulled.folder.name == f"tiny-houses-1.0.0-{digest[:12]}"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [pulled.folder.name]


def test_versions_are_listed_in_order(
    store: ArtefactStore, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """An empty store lists nothing."""
    assert store.list() == []
    store.push(boosting_artefact)
    store.push(linear_artefact)
    assert store.list() == [("tiny-houses", "1.0.0"), ("tiny-houses", "2.0.0")]
    assert store.manifest("tiny-houses", "2.0.0") == boosting_artefact.manifest


def test_a_stray_folder_in_the_store_is_no_version(
    tmp_path: Path, linear_artefact: Artefact
) -> None:
    """What somebody else left behind neither shows up nor breaks the list."""
    store = ArtefactStore(str(tmp_path))
    store.push(linear_artefact)
    stray = tmp_path / "tiny-houses" / "hidden"
    stray.mkdir()
    (stray / "manifest.json").write_text("{}")
    assert store.list() == [("tiny-houses", "1.0.0")]


def test_the_same_again_changes_nothing(store: ArtefactStore, linear_artefact: Artefact) -> None:
    """A push may be repeated."""
    store.push(linear_artefact)
    before = files_in(store)
    store.push(linear_artefact)
    assert files_in(store) == before


def test_another_content_under_the_same_version_is_refused(
    store: ArtefactStore, linear_artefact: Artefact, other_content: Artefact, tmp_path: Path
) -> None:
    """A version is immutable, and the first stays."""
    store.push(linear_artefact)
    with pytest.raises(ArtefactImmutable, match="new version"):
        store.push(other_content)
    assert store.pull("tiny-houses", "1.0.0", tmp_path).digest == linear_artefact.digest


def test_what_is_not_there_is_named_with_what_is(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A typo finds its correction."""
    with pytest.raises(ArtefactMissing, match="nothing"):
        store.manifest("tiny-houses", "1.0.0")
    store.push(linear_artefact)
    with pytest.raises(ArtefactMissing, match=r"tiny-houses:1\.0\.0"):
        store.pull("tiny-houses", "9.0.0", tmp_path)


@pytest.mark.parametrize("version", ["../1.0.0", "latest", ""])
def test_a_version_that_is_none_is_not_looked_up(store: ArtefactStore, version: str) -> None:
    """No name leads out of the store."""
    with pytest.raises(ArtefactMissing):
        store.manifest("tiny-houses", version)


def test_an_interrupted_push_is_invisible(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive without a manifest does not exist, and the next push completes it."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ArtefactStore, "_publish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.push(linear_artefact)
    assert files_in(store)
    assert store.list() == []
    with pytest.raises(ArtefactMissing):
        store.pull("tiny-houses", "1.0.0", tmp_path)
    store.push(linear_artefact)
    assert store.list() == [("tiny-houses", "1.0.0")]


def test_of_two_who_push_at_once_one_wins(
    tmp_path: Path, linear_artefact: Artefact, other_content: Artefact
) -> None:
    """The other is told, and what is stored is whole."""
    store = ArtefactStore(str(tmp_path / "store"))
    refused: list[Exception] = []
    barrier = threading.Barrier(2)

    def push(artefact: Artefact) -> None:
        barrier.wait()
        try:
            store.push(artefact)
        except ArtefactImmutable as error:
            refused.append(error)

    threads = [threading.Thread(target=push, args=[a]) for a in (linear_artefact, other_content)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert store.manifest("tiny-houses", "1.0.0").digest in {
        linear_artefact.digest,
        other_content.digest,
    }


def test_a_changed_archive_is_not_pulled(
    store: ArtefactStore, linear_artefact: Artefact, other_content: Artefact, tmp_path: Path
) -> None:
    """Neither a spoilt archive nor that of another model passes for the right one."""
    store.push(linear_artefact)
    files, _ = fsspec.url_to_fs(store.url)
    (archive,) = [path for path in files_in(store) if path.endswith(".tar.gz")]
    files.pipe_file(archive, b"garbage")
    with pytest.raises(ArtefactInvalid):
        store.pull("tiny-houses", "1.0.0", tmp_path)
    files.pipe_file(archive, pack(other_content.folder))
    with pytest.raises(ArtefactCorrupt):
        store.pull("tiny-houses", "1.0.0", tmp_path)
    files.rm_file(archive)
    with pytest.raises(ArtefactInvalid, match="gone"):
        store.pull("tiny-houses", "1.0.0", tmp_path)
    assert list(tmp_path.glob("*-1.0.0-*")) == []
    assert list(tmp_path.glob(".arriving*")) == []


def test_a_manifest_of_another_model_is_noticed(
    store: ArtefactStore, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """A file in the wrong place does not change a model's version."""
    store.push(linear_artefact)
    files, _ = fsspec.url_to_fs(store.url)
    (path,) = [path for path in files_in(store) if path.endswith("manifest.json")]
    files.pipe_file(path, boosting_artefact.manifest.to_bytes())
    with pytest.raises(ArtefactInvalid, match="another model"):
        store.manifest("tiny-houses", "1.0.0")


def test_a_spoilt_folder_is_not_pushed(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """What changed since packaging stays out of the store."""
    folder = copytree(linear_artefact.folder, tmp_path / "copy")
    (folder / "card.md").write_text("better than it is")
    with pytest.raises(ArtefactCorrupt):
        store.push(Artefact(folder, linear_artefact.manifest))
    assert store.list() == []


def test_a_spoilt_cache_is_fetched_again(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A machine that lost power while it pulled heals itself."""
    store.push(linear_artefact)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path)
    assert store.pull("tiny-houses", "1.0.0", tmp_path).folder == pulled.folder
    (pulled.folder / "model.npz").write_bytes(b"")
    again = store.pull("tiny-houses", "1.0.0", tmp_path)
    assert open_artefact(again.folder).digest == linear_artefact.digest
