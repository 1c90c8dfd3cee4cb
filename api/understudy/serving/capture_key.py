"""The key of the capture policy's hashes: a file that its owner alone may read."""

import os
import secrets
import stat
from pathlib import Path

from understudy.errors import CaptureKeyUnusable

_LEAST, _MOST = 32, 64  # bytes; blake2b takes no longer key


def make_key(path: Path) -> bool:
    """Write a new key, unless the file is there already; say whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(file, "w") as key:
        key.write(secrets.token_hex(_MOST // 2) + "\n")
    return True


def read_key(path: Path) -> bytes:
    """Return the key. Raises CaptureKeyUnusable, which never tells what is in the file."""
    try:
        mode = path.stat().st_mode
        key = path.read_bytes().strip()
    except OSError as error:
        raise CaptureKeyUnusable(path, error.strerror or type(error).__name__) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CaptureKeyUnusable(path, "others than its owner may read it (chmod 600 mends that)")
    if not _LEAST <= len(key) <= _MOST:
        raise CaptureKeyUnusable(path, f"a key has {_LEAST} to {_MOST} bytes, and not {len(key)}")
    return key
