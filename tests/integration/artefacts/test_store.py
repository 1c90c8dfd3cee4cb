"""Killed at any moment, a push or a pull leaves nothing half-visible; of two pushers one wins."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from tests import tiny
from tests.s3 import S3Server
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.canonical import file_sha256
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.store import ArtefactStore
from understudy.errors import ArtefactMissing

MOVER = Path(__file__).with_name("mover.py")
MIB = 1024**2

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["folder", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store: a folder, then a bucket."""
    if request.param == "folder":
        return str(tmp_path / "store")
    return f"s3://{request.getfixturevalue('s3').make_bucket()}/models"


@pytest.fixture
def start() -> Iterator[Start]:
    """Return how a process is started that moves artefacts; none of them outlives the test."""
    started = []

    def _start(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, str(MOVER), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield _start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def large(linear_artefact: Artefact, tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return the linear model with 12 MiB beside it that cannot be compressed."""
    return padded(linear_artefact, tmp_path_factory.mktemp("large") / "artefact", 12)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return another model under the name and version of the linear one."""
    folder = tmp_path_factory.mktemp("other")
    return tiny.package_houses(tiny.boosting_pipeline(), folder, "1.0.0")


def padded(artefact: Artefact, folder: Path, mebibytes: int) -> Artefact:
    """Return a copy of an artefact with so many random bytes in one more file."""
    copytree(artefact.folder, folder)
    with (folder / "padding.bin").open("wb") as file:
        for number in range(mebibytes):
            file.write(np.random.default_rng(number).bytes(MIB))
    files = artefact.manifest.files | {"padding.bin": file_sha256(folder / "padding.bin")}
    write_manifest(replace(artefact.manifest, files=files), folder)
    return open_artefact(folder)


def wait_until_there(process: "subprocess.Popen[str]") -> None:
    """Wait until a process has come to where it stops."""
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"


def go_on(process: "subprocess.Popen[str]") -> str:
    """Let a process go on to its end, and return its last word."""
    out, _ = process.communicate("\n" * 1000, timeout=60)
    return str(out).split()[-1]


@pytest.mark.parametrize(
    ("url", "where"),
    [("folder", "copying"), ("folder", "manifest"), ("s3", "uploading"), ("s3", "manifest")],
    indirect=["url"],
)
def test_a_killed_push_is_invisible(
    url: str, where: str, large: Artefact, linear_artefact: Artefact, start: Start, tmp_path: Path
) -> None:
    """Amid the archive, and between archive and manifest; the next push, even of another, works."""
    store = ArtefactStore(url)
    process = start("push", url, large.folder, where)
    wait_until_there(process)
    process.kill()
    process.wait()
    assert store.list() == []
    with pytest.raises(ArtefactMissing, match="there is nothing"):
        store.pull("tiny-houses", "1.0.0", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
    store.push(linear_artefact)
    assert store.list() == [("tiny-houses", "1.0.0")]
    assert store.pull("tiny-houses", "1.0.0", tmp_path / "cache").digest == linear_artefact.digest


@pytest.mark.parametrize("where", ["downloading", "unpacked"])
def test_a_killed_pull_is_invisible(
    url: str, where: str, linear_artefact: Artefact, start: Start, tmp_path: Path
) -> None:
    """Nobody sees a folder under the version's name before it is whole; the next pull works."""
    store, cache = ArtefactStore(url), tmp_path / "cache"
    store.push(linear_artefact)
    process = start("pull", url, cache, where)
    wait_until_there(process)
    process.kill()
    process.wait()
    assert all(path.name.startswith(".arriving-") for path in cache.iterdir())
    assert store.pull("tiny-houses", "1.0.0", cache).digest == linear_artefact.digest


@pytest.mark.parametrize("where", ["start", "manifest"])
def test_of_two_processes_that_push_at_once_one_wins(
    url: str, where: str, linear_artefact: Artefact, other: Artefact, start: Start, tmp_path: Path
) -> None:
    """Also if both have found the place free, uploaded, and are about to write the manifest."""
    processes = {
        artefact.digest: start("push", url, artefact.folder, where)
        for artefact in (linear_artefact, other)
    }
    for process in processes.values():
        wait_until_there(process)
    for process in processes.values():
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    words = {digest: go_on(process) for digest, process in processes.items()}
    stored = ArtefactStore(url).pull("tiny-houses", "1.0.0", tmp_path / "cache").digest
    assert words == {digest: digest if digest == stored else "refused" for digest in words}


def test_two_processes_may_push_the_same_at_once(
    url: str, linear_artefact: Artefact, start: Start, tmp_path: Path
) -> None:
    """Both are content, and what is stored is whole."""
    processes = [start("push", url, linear_artefact.folder, "manifest") for _ in range(2)]
    for process in processes:
        wait_until_there(process)
    assert {go_on(process) for process in processes} == {linear_artefact.digest}
    assert ArtefactStore(url).pull("tiny-houses", "1.0.0", tmp_path).digest == (
        linear_artefact.digest
    )


def test_a_large_artefact_is_never_in_memory_whole(
    url: str, linear_artefact: Artefact, start: Start, tmp_path: Path
) -> None:
    """Neither pushing nor pulling takes what the artefact takes."""
    large = padded(linear_artefact, tmp_path / "large", 110)
    for action, folder in (("push", large.folder), ("pull", tmp_path / "cache")):
        took = int(go_on(start(action, url, folder, "measured")))
        assert MIB < took < 80 * MIB


def test_a_store_is_what_the_settings_say(
    s3: S3Server, linear_artefact: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket and a prefix in one variable, credentials where every client finds them."""
    from understudy.settings import read_settings

    url = f"s3://{s3.make_bucket()}/{uuid.uuid4().hex}?endpoint_url={s3.endpoint}"
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", url)
    store = ArtefactStore(read_settings(dict(os.environ)).artefacts_url)
    store.push(linear_artefact)
    assert store.pull("tiny-houses", "1.0.0", tmp_path).digest == linear_artefact.digest
