"""What a file system's client raises becomes one error in one line, without a secret."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import fsspec
import pytest

from tests.s3 import ACCESS_KEY, SECRET_KEY, S3Server
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.storage import Storage
from understudy.artefacts.store import ArtefactStore
from understudy.errors import ArtefactInvalid, StoreUnavailable, UnderstudyError


@pytest.fixture(autouse=True)
def _new_clients() -> None:
    """Let no test use the connection of another, which has other credentials."""
    with suppress(ImportError):
        from s3fs import S3FileSystem

        S3FileSystem.clear_instance_cache()


def every_way_in(url: str, artefact: Artefact, folder: Path) -> list[Callable[[], object]]:
    """Return all that can be asked of a store."""
    store = ArtefactStore(url)
    return [
        store.list,
        lambda: store.manifest("tiny-houses", "1.0.0"),
        lambda: store.pull("tiny-houses", "1.0.0", folder),
        lambda: store.push(artefact),
    ]


def complaints(ways: list[Callable[[], object]]) -> list[str]:
    """Return what each way in says of an unavailable store."""
    said = []
    for ask in ways:
        with pytest.raises(StoreUnavailable) as refusal:
            ask()
        said.append(str(refusal.value))
    assert all("\n" not in line for line in said)
    assert all(ACCESS_KEY not in line and SECRET_KEY not in line for line in said)
    return said


def test_a_store_that_lets_nobody_in_is_unavailable(
    s3: S3Server, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Wrong keys are named as such, wherever they are noticed."""
    url = f"s3://{s3.make_bucket()}/models"
    with s3.locked():
        said = complaints(every_way_in(url, linear_artefact, tmp_path))
    assert all("access is denied" in line for line in said)
    assert ArtefactStore(url).list() == []


def test_keys_that_are_missing_are_named(
    s3: S3Server, linear_artefact: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forgot to log in is told so."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    said = complaints(every_way_in("s3://bucket/models", linear_artefact, tmp_path))
    assert all("no credentials are found" in line for line in said)


def test_a_store_that_is_away_is_unavailable(
    s3: S3Server, linear_artefact: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody listens, the address is named, and the options of the URL count."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        url = f"s3://bucket/models?endpoint_url={endpoint}"
        said = complaints(every_way_in(url, linear_artefact, tmp_path))
    assert all("EndpointConnectionError" in line for line in said)


def test_a_folder_that_may_not_be_read_is_unavailable(
    linear_artefact: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file system's own refusals are translated like those of a server."""

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    store = Storage(str(tmp_path))
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(StoreUnavailable, match="access is denied"):
        store.find()


def test_a_file_appears_once(tmp_path: Path) -> None:
    """Whoever comes second is told, and leaves nothing."""
    storage = Storage(str(tmp_path))
    assert storage.create("a/b", b"first")
    assert not storage.create("a/b", b"second")
    assert storage.read("a/b", 10) == b"first"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_server_refuses_to_replace_what_is_there(s3: S3Server) -> None:
    """The condition reaches the server: it is its answer, not a look beforehand."""
    storage = Storage(f"s3://{s3.make_bucket()}")
    assert storage.create("a/b", b"first")
    assert not storage.create("a/b", b"second")
    assert storage.read("a/b", 10) == b"first"


def test_a_download_ends_at_its_limit(tmp_path: Path) -> None:
    """A server that sends more than it said fills no disk."""
    files = fsspec.filesystem("memory")
    files.pipe_file("/limits/large", bytes(1000))
    try:
        with pytest.raises(ArtefactInvalid, match="stopped at its limit of 10 bytes"):
            Storage("memory://limits").fetch("large", tmp_path / "large", 10, lambda _: None)
    finally:
        files.store.clear()


def test_an_unknown_bucket_is_told_from_one_that_hides(s3: S3Server) -> None:
    """Not everybody who may use a store may look at its bucket."""
    storage = Storage("s3://nowhere-at-all/models")
    with s3.locked():
        storage.check_bucket()
    with pytest.raises(StoreUnavailable, match="there is no bucket 'nowhere-at-all'"):
        storage.check_bucket()
    Storage("memory://nowhere").check_bucket()


def test_errors_keep_their_cause(s3: S3Server) -> None:
    """Whoever debugs finds the client's own words."""
    storage = Storage(f"s3://{s3.make_bucket()}/models")
    with s3.locked(), pytest.raises(UnderstudyError) as refusal:
        storage.read("a", 10)
    assert isinstance(refusal.value.__cause__, PermissionError)
