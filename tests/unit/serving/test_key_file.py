"""The file of keys between the agent and the api workers."""

import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.errors import KeysUnreadable
from understudy.keys import Key, KeyBook
from understudy.serving import key_file

BOOK = KeyBook(
    asks=True,
    keys=(
        Key("aaaaaaaa", "shop", "d" * 64, frozenset({"predict", "read"}), 2.5, 1_900_000_000.5),
        Key("bbbbbbbb", "ann", "e" * 64, frozenset({"deploy"})),
    ),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Every value comes back, and only the owner may read the file."""
    path = tmp_path / "data" / "keys.json"
    for book in (BOOK, KeyBook(), KeyBook(asks=True)):
        key_file.write(path, book)
        assert key_file.read(path) == book
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_file_nobody_is_asked(tmp_path: Path) -> None:
    """A service that never had a key is open."""
    assert key_file.read(tmp_path / "keys.json") == KeyBook()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"asks": true, "keys": [{}]}', "\xff"])
def test_what_is_something_else_is_named(tmp_path: Path, text: str) -> None:
    """A damaged file is an error, never an open door."""
    path = tmp_path / "keys.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(KeysUnreadable, match=r"keys\.json"):
        key_file.read(path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB, which only root may mount."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.promise("access", "A key is revoked on a full disk, too")
def test_a_full_disk_keeps_no_revoked_key(small_disk: Path) -> None:
    """The file is written over where it lies; what does not fit there changes nothing."""
    path = small_disk / "keys.json"
    key_file.write(path, BOOK)
    _fill(small_disk)
    revoked = replace(BOOK, keys=BOOK.keys[1:])
    key_file.write(path, revoked)
    assert key_file.read(path) == revoked
    more = replace(BOOK, keys=BOOK.keys * 5)
    with pytest.raises(OSError, match="No space left"):
        key_file.write(path, more)
    assert key_file.read(path) == revoked
    with pytest.raises(OSError, match="No space left"):
        key_file.write(small_disk / "another.json", BOOK)
    assert sorted(one.name for one in small_disk.iterdir()) == ["filling", "keys.json"]


def _fill(disk: Path) -> None:
    with (disk / "filling").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    assert os.statvfs(disk).f_bavail == 0
