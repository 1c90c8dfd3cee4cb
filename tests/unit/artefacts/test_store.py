"""Every store keeps the same contract: complete, immutable, verified."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import fsspec
import pytest

from tests.s3 import S3Server
from tests.unit.artefacts.conftest import files_in
from understudy.artefacts import archive
from understudy.artefacts import store as store_module
from understudy.artefacts.admission import admit
from understudy.artefacts.archive import pack
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.storage import Advance, Storage
from understudy.artefacts.store import ArtefactStore
from understudy.errors import (
    ArtefactCorrupt,
    ArtefactImmutable,
    ArtefactInvalid,
    ArtefactMissing,
    StoreUnavailable,
)


def test_what_is_pushed_can_be_pulled(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Verified, under a name that holds its digest."""
    digest = store.push(linear_artefact)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    assert pulled.digest == digest == linear_artefact.digest
    assert pulled.provenance() == linear_artefact.provenance()
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


@pytest.mark.parametrize(
    "stray",
    [
        "README.md",
        "manifest.json",
        "tiny-houses/manifest.json",
        "tiny-houses/hidden/manifest.json",
        "tiny-houses/9.0.0/manifest.json/deeper",
        "backup/tiny-houses/3.0.0/manifest.json",
        "Somebody Else/4.0.0/manifest.json",
    ],
)
def test_what_somebody_else_left_in_a_store_is_no_version(
    store: ArtefactStore, linear_artefact: Artefact, stray: str
) -> None:
    """It neither shows up nor breaks the list."""
    store.push(linear_artefact)
    files, root = fsspec.url_to_fs(store.url)
    files.makedirs(f"{root}/{stray}".rpartition("/")[0], exist_ok=True)
    files.pipe_file(f"{root}/{stray}", b"{}")
    assert store.list() == [("tiny-houses", "1.0.0")]
    with pytest.raises(ArtefactMissing, match="there is tiny-houses:1"):
        store.manifest("tiny-houses", "9.0.0")


def test_the_same_again_changes_nothing(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A push may be repeated, also of the same training packaged again at another time."""
    store.push(linear_artefact)
    before = files_in(store)
    store.push(linear_artefact)
    again = copytree(linear_artefact.folder, tmp_path / "again")
    (again / "provenance.json").write_text('{"packaged_by": "somebody else"}')
    assert store.push(open_artefact(again)) == linear_artefact.digest
    assert files_in(store) == before
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path)
    assert pulled.provenance() == linear_artefact.provenance()


def test_another_content_under_the_same_version_is_refused(
    store: ArtefactStore, linear_artefact: Artefact, other_content: Artefact, tmp_path: Path
) -> None:
    """A version is immutable, and the first stays."""
    store.push(linear_artefact)
    before = files_in(store)
    with pytest.raises(ArtefactImmutable, match="new version"):
        store.push(other_content)
    assert files_in(store) == before
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


def test_only_the_newest_of_many_are_named(linear_artefact: Artefact, tmp_path: Path) -> None:
    """Whoever mistypes a version does not get a thousand others."""
    store = ArtefactStore(str(tmp_path))
    for number in range(25):
        place = tmp_path / "tiny-houses" / f"1.0.{number}"
        place.mkdir(parents=True)
        (place / "manifest.json").write_text("{}")
    with pytest.raises(ArtefactMissing, match=r"there is 5 others and tiny-houses:1\.0\.5, .*24\."):
        store.manifest("tiny-houses", "2.0.0")


@pytest.mark.parametrize("version", ["../1.0.0", "latest", ""])
def test_a_version_that_is_none_is_not_looked_up(store: ArtefactStore, version: str) -> None:
    """No name leads out of the store."""
    with pytest.raises(ArtefactMissing):
        store.manifest("tiny-houses", version)


@pytest.mark.parametrize("step", ["put", "create"])
def test_an_interrupted_push_is_invisible(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:  # fmt: skip
    """Wherever it ends, there is no version without a manifest, and the next push completes it."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Storage, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.push(linear_artefact)
    assert bool(files_in(store)) == (step == "create")
    assert store.list() == []
    with pytest.raises(ArtefactMissing):
        store.pull("tiny-houses", "1.0.0", tmp_path)
    store.push(linear_artefact)
    assert store.list() == [("tiny-houses", "1.0.0")]
    store.pull("tiny-houses", "1.0.0", tmp_path)


@pytest.mark.parametrize("step", ["fetch", "read"])
def test_an_interrupted_pull_leaves_nothing(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:  # fmt: skip
    """What was fetched by half is never seen, and the next pull starts anew."""
    store.push(linear_artefact)
    cache = tmp_path / "cache"
    real = getattr(Storage, step)

    def interrupted(self: Storage, path: str, *rest: object) -> object:
        if path.endswith(("manifest.json", "stored.json")):
            return real(self, path, *rest)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Storage, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.pull("tiny-houses", "1.0.0", cache)
    assert list(cache.iterdir()) == []
    assert store.pull("tiny-houses", "1.0.0", cache).digest == linear_artefact.digest


def test_of_many_who_push_at_once_one_wins(
    store: ArtefactStore, linear_artefact: Artefact, other_content: Artefact, tmp_path: Path
) -> None:
    """The others are told, and what is stored is whole."""
    refused: list[Artefact] = []
    artefacts = [linear_artefact, other_content] * 2
    barrier = threading.Barrier(len(artefacts))

    def push(artefact: Artefact) -> None:
        own = ArtefactStore(store.url)
        barrier.wait()
        try:
            own.push(artefact)
        except ArtefactImmutable:
            refused.append(artefact)

    threads = [threading.Thread(target=push, args=[artefact]) for artefact in artefacts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    digest = store.pull("tiny-houses", "1.0.0", tmp_path).digest
    assert {artefact.digest for artefact in refused} == {
        artefact.digest for artefact in artefacts if artefact.digest != digest
    }
    assert len(refused) == 2


def test_a_store_that_was_overwritten_meanwhile_is_noticed(
    linear_artefact: Artefact, other_content: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Some servers know no conditions: so what is there is read again after writing."""
    store = ArtefactStore(str(tmp_path))

    def overwrite(self: Storage, path: str, content: bytes) -> bool:
        (tmp_path / path).write_bytes(other_content.manifest.to_bytes())
        return True

    monkeypatch.setattr(Storage, "create", overwrite)
    with pytest.raises(ArtefactImmutable):
        store.push(linear_artefact)


def test_a_changed_archive_is_not_pulled(
    store: ArtefactStore, linear_artefact: Artefact, other_content: Artefact, tmp_path: Path
) -> None:
    """Neither a spoilt archive nor that of another model passes for the right one."""
    store.push(linear_artefact)
    files, _ = fsspec.url_to_fs(store.url)
    (path,) = [path for path in files_in(store) if path.endswith(".tar.gz")]
    whole = files.cat_file(path)
    cache = tmp_path / "cache"
    for spoilt in (b"", b"garbage", whole[:-300], whole[: len(whole) // 2]):
        files.pipe_file(path, spoilt)
        with pytest.raises(ArtefactInvalid):
            store.pull("tiny-houses", "1.0.0", cache)
    pack(other_content.folder, tmp_path / "other.tar.gz")
    files.pipe_file(path, (tmp_path / "other.tar.gz").read_bytes())
    with pytest.raises(ArtefactCorrupt):
        store.pull("tiny-houses", "1.0.0", cache)
    files.rm_file(path)
    with pytest.raises(ArtefactInvalid, match="gone"):
        store.pull("tiny-houses", "1.0.0", cache)
    assert list(cache.iterdir()) == []


def test_a_changed_manifest_is_refused(
    store: ArtefactStore, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Cut, empty, edited, or that of another model: nobody reads it, and nobody replaces it."""
    store.push(linear_artefact)
    files, _ = fsspec.url_to_fs(store.url)
    (path,) = [path for path in files_in(store) if path.endswith("manifest.json")]
    whole = files.cat_file(path)
    for spoilt in (b"", whole[:-100], whole.replace(b"\n", b"\r\n")):
        files.pipe_file(path, spoilt)
        with pytest.raises(ArtefactInvalid):
            store.manifest("tiny-houses", "1.0.0")
        with pytest.raises(ArtefactInvalid):
            store.push(linear_artefact)
    files.pipe_file(path, boosting_artefact.manifest.to_bytes())
    with pytest.raises(ArtefactInvalid, match="another model"):
        store.manifest("tiny-houses", "1.0.0")


def test_no_more_is_fetched_than_an_artefact_may_have(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A store that was made to hold something huge fills no disk and no memory."""
    store.push(linear_artefact)
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "MAX_PACKED_BYTES", 1000)
        with pytest.raises(ArtefactInvalid, match="no more than 1000 are fetched"):
            store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
        assert list((tmp_path / "cache").iterdir()) == []
        patch.setattr(store_module, "MAX_MANIFEST_BYTES", 1000)
        with pytest.raises(ArtefactInvalid, match=r"manifest\.json .* no more than 1000"):
            store.manifest("tiny-houses", "1.0.0")
    assert store.pull("tiny-houses", "1.0.0", tmp_path / "cache").digest == linear_artefact.digest


def test_what_could_not_be_pulled_is_not_pushed(
    store: ArtefactStore, linear_artefact: Artefact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sides have the same limit."""
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(ArtefactInvalid, match="more than 100 files or 1000 bytes"):
        store.push(linear_artefact)
    assert files_in(store) == []


def test_a_spoilt_folder_is_not_pushed(
    store: ArtefactStore, linear_artefact: Artefact, folder: Path
) -> None:
    """What changed since packaging stays out of the store."""
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


def test_two_who_pull_at_once_share_what_came_first(
    linear_artefact: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds the folder there when it wants to move its own in."""
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(linear_artefact)
    real = store_module.unpack

    def slow(packed: Path, folder: Path) -> None:
        real(packed, folder)
        with monkeypatch.context() as patch:
            patch.setattr(store_module, "unpack", real)
            ArtefactStore(store.url).pull("tiny-houses", "1.0.0", tmp_path / "cache")

    monkeypatch.setattr(store_module, "unpack", slow)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [pulled.folder.name]


def test_what_killed_pulls_left_behind_goes_in_time(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A machine whose pulls are killed again and again does not fill its disk."""
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(linear_artefact)
    cache = tmp_path / "cache"
    for name, age_s in ((".arriving-old", 2 * 86400), (".arriving-new", 60)):
        (cache / name / "unpacked").mkdir(parents=True)
        os.utime(cache / name, times=(time.time() - age_s, time.time() - age_s))
    (cache / ".arriving-file").write_text("half a signature")
    os.utime(cache / ".arriving-file", times=(0, 0))
    store.pull("tiny-houses", "1.0.0", cache)
    assert {path.name for path in cache.glob(".arriving*")} == {".arriving-new"}


def test_a_transfer_can_be_watched(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Whoever waits sees all bytes go by, in both directions."""
    seen: dict[str, list[int]] = {}

    @contextmanager
    def watch(label: str, total: int) -> Iterator[Advance]:
        seen[label] = [total, 0]

        def advance(size: int) -> None:
            seen[label][1] += size

        yield advance

    store.push(linear_artefact, watch)
    store.pull("tiny-houses", "1.0.0", tmp_path, watch)
    assert set(seen) == {"pushing tiny-houses:1.0.0", "pulling tiny-houses:1.0.0"}
    assert all(total == done > 1000 for total, done in seen.values())


def test_a_bucket_that_is_not_there_is_named_and_not_made(
    s3: S3Server, linear_artefact: Artefact
) -> None:
    """A typo in the bucket is neither an empty store nor a new bucket."""
    store = ArtefactStore("s3://no-such-bucket/models")
    for ask in (
        lambda: store.push(linear_artefact),
        store.list,
        lambda: store.manifest("tiny-houses", "1.0.0"),
    ):
        with pytest.raises(StoreUnavailable, match="there is no bucket 'no-such-bucket'"):
            ask()


def test_a_folder_that_is_none_is_unavailable(linear_artefact: Artefact, tmp_path: Path) -> None:
    """A file where the store should be is an error in one line."""
    (tmp_path / "store").write_text("a file")
    store = ArtefactStore(str(tmp_path / "store"))
    with pytest.raises(StoreUnavailable, match="store cannot be used"):
        store.push(linear_artefact)
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        store.list()


def packaged_again(artefact: Artefact, folder: Path) -> Artefact:
    """Return the same training, packaged by somebody else at another time."""
    copytree(artefact.folder, folder)
    (folder / "provenance.json").write_text('{"packaged_by": "somebody else"}')
    return open_artefact(folder)


def test_a_late_push_of_another_packaging_changes_nothing(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It saw an empty place, and meanwhile a signed packaging of the same training came first."""
    first = open_artefact(copytree(linear_artefact.folder, tmp_path / "first"))
    private, public = make_keys(tmp_path / "mine")
    sign(first.folder, private)
    late = packaged_again(linear_artefact, tmp_path / "late")
    real = store_module.pack

    def overtaken(folder: Path, packed: Path) -> None:
        real(folder, packed)
        with monkeypatch.context() as patch:
            patch.setattr(store_module, "pack", real)
            ArtefactStore(store.url).push(first)

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "pack", overtaken)
        assert store.push(late) == first.digest
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    assert pulled.provenance() == first.provenance()
    admit(pulled, public)
    assert store.signature("tiny-houses", "1.0.0") == (first.folder / "signature.json").read_bytes()


@pytest.mark.parametrize("killed_at", ["stored.json", "manifest.json"])
def test_a_killed_push_leaves_no_signature_on_another_packaging(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, killed_at: str,
) -> None:  # fmt: skip
    """Archive and signature always fit: whoever was killed last of all still came first."""
    first = open_artefact(copytree(linear_artefact.folder, tmp_path / "first"))
    private, public = make_keys(tmp_path / "mine")
    sign(first.folder, private)
    second = packaged_again(linear_artefact, tmp_path / "second")
    real = Storage.create

    def killed(self: Storage, path: str, content: bytes) -> bool:
        if path.endswith(killed_at):
            raise KeyboardInterrupt
        return real(self, path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Storage, "create", killed)
        with pytest.raises(KeyboardInterrupt):
            store.push(first)
    assert store.list() == []
    store.push(second)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    if killed_at == "manifest.json":
        admit(pulled, public)
        return
    assert pulled.provenance() == second.provenance()
    assert store.signature("tiny-houses", "1.0.0") is None
    sign(second.folder, private)
    store.push(second)
    admit(store.pull("tiny-houses", "1.0.0", tmp_path / "cache"), public)


def test_a_cached_folder_that_holds_another_artefact_is_fetched_again(
    store: ArtefactStore, linear_artefact: Artefact, other_content: Artefact, tmp_path: Path
) -> None:
    """Whole as it may be, it is not what the store says; nor is another packaging."""
    store.push(linear_artefact)
    place = f"tiny-houses-1.0.0-{linear_artefact.digest[:12]}"
    again = packaged_again(linear_artefact, tmp_path / "again")
    for number, wrong in enumerate((other_content, again)):
        cache = tmp_path / f"cache-{number}"
        copytree(wrong.folder, cache / place)
        pulled = store.pull("tiny-houses", "1.0.0", cache)
        assert pulled.folder == cache / place
        assert open_artefact(pulled.folder).digest == linear_artefact.digest
        assert pulled.provenance() == linear_artefact.provenance()
        assert [path.name for path in cache.iterdir()] == [place]


def test_a_spoilt_cache_stays_while_the_archive_cannot_be_had(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """What a worker may be reading goes when there is something better, not before."""
    store.push(linear_artefact)
    pulled = store.pull("tiny-houses", "1.0.0", tmp_path)
    (pulled.folder / "card.md").write_text("changed")
    files, _ = fsspec.url_to_fs(store.url)
    (path,) = [path for path in files_in(store) if path.endswith(".tar.gz")]
    files.rm_file(path)
    with pytest.raises(ArtefactInvalid, match="gone"):
        store.pull("tiny-houses", "1.0.0", tmp_path)
    assert (pulled.folder / "card.md").read_text() == "changed"


def test_an_archive_with_another_provenance_is_not_pulled(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Somebody changed the store by other means."""
    store.push(linear_artefact)
    again = packaged_again(linear_artefact, tmp_path / "again")
    pack(again.folder, tmp_path / "again.tar.gz")
    files, _ = fsspec.url_to_fs(store.url)
    (path,) = [path for path in files_in(store) if path.endswith(".tar.gz")]
    files.pipe_file(path, (tmp_path / "again.tar.gz").read_bytes())
    with pytest.raises(ArtefactInvalid, match="provenance it was stored with"):
        store.pull("tiny-houses", "1.0.0", tmp_path / "cache")


def test_a_version_without_the_record_of_its_archive_is_told_and_healed(
    store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Garbage in the record is told as well, and is nobody's to replace."""
    store.push(linear_artefact)
    files, _ = fsspec.url_to_fs(store.url)
    (path,) = [path for path in files_in(store) if path.endswith(".stored.json")]
    whole = files.cat_file(path)
    files.rm_file(path)
    for ask in (
        lambda: store.pull("tiny-houses", "1.0.0", tmp_path),
        lambda: store.signature("tiny-houses", "1.0.0"),
    ):
        with pytest.raises(ArtefactInvalid, match=r"gone: .* Push it again"):
            ask()
    store.push(linear_artefact)
    assert files.cat_file(path) == whole
    store.pull("tiny-houses", "1.0.0", tmp_path)
    for garbage in (b"", b"[]", b'{"content": "../../etc"}', whole[:-5]):
        files.pipe_file(path, garbage)
        with pytest.raises(ArtefactInvalid, match="which archive is that of tiny-houses:1"):
            store.pull("tiny-houses", "1.0.0", tmp_path)
        with pytest.raises(ArtefactInvalid, match="which archive"):
            store.push(linear_artefact)
