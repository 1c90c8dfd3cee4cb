"""The local file by which the agent tells the api workers of one machine which keys are good."""

from dataclasses import asdict
from pathlib import Path

import orjson

from understudy.errors import KeysUnreadable
from understudy.keys import Key, KeyBook
from understudy.serving.replacing import replace_file


def write(path: Path, book: KeyBook) -> None:
    """Replace the file in one step."""
    replace_file(path, orjson.dumps(asdict(book), default=sorted, option=orjson.OPT_INDENT_2))


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
