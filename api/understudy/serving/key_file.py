"""The local file by which the agent tells the api workers of one machine which keys are good."""

import errno
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import orjson

from understudy.errors import KeysUnreadable
from understudy.keys import Key, KeyBook
from understudy.serving.replacing import replace_file

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def write(path: Path, book: KeyBook) -> None:
    """
    Replace the file in one step; on a full disk write over it, unless it would grow.

    A key that is revoked must not stay good for as long as a disk is full. Raises OSError.
    """
    content = asdict(book)
    try:
        replace_file(path, orjson.dumps(content, default=sorted, option=orjson.OPT_INDENT_2))
    except OSError as error:
        dense = orjson.dumps(content, default=sorted)
        if error.errno not in _NO_ROOM or not _write_over(path, dense):
            raise


def _write_over(path: Path, content: bytes) -> bool:
    """Write over a file as it lies there; false if there is none, or none as long."""
    with suppress(OSError), path.open("r+b", buffering=0) as file:
        room = os.fstat(file.fileno()).st_size
        if len(content) <= room:
            file.write(content.ljust(room))
            os.fsync(file.fileno())
            return True
    return False


def read(path: Path) -> KeyBook:
    """
    Return which keys are good; none, and none is asked for, where the file is missing.

    Raises KeysUnreadable if the file is not what `write` writes, or cannot be read.
    """
    try:
        found = orjson.loads(path.read_bytes())
        keys = [Key(**{**key, "scopes": frozenset(key["scopes"])}) for key in found["keys"]]
        return KeyBook(bool(found["asks"]), tuple(keys))
    except FileNotFoundError:
        return KeyBook()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysUnreadable(path, str(error)) from error
