"""The file of keys between the agent and the api workers."""

import stat
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
