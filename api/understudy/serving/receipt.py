"""
How far a spool is shipped: the agent's word to the worker that owns it.

The agent never writes into the spool of a living worker. SQLite has one writer at a time, so that
predictions would wait for the agent's deletions, and wait long where it has stepped back. It writes
this small file instead, and the worker clears its spool itself, a little with every append.
"""

import os
import struct
from pathlib import Path

SUFFIX = ".shipped"
_NUMBER_AND_COMPLEMENT = struct.Struct("<qq")


class Receipt:
    """The last number that is in Postgres, of one spool; 0 before the first."""

    def __init__(self, spool: Path, *, create: bool = True) -> None:
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
        file = os.open(spool.with_suffix(SUFFIX), flags, 0o600)
        self._file = os.fdopen(file, "r+b", buffering=0)

    @classmethod
    def find(cls, spool: Path) -> "Receipt | None":
        """Return the receipt that the owner of a spool made; earlier versions made none."""
        try:
            return cls(spool, create=False)
        except FileNotFoundError:
            return None

    def write(self, up_to: int) -> None:
        """Let the owner clear the requests up to and including `up_to`."""
        os.pwrite(self._file.fileno(), _NUMBER_AND_COMPLEMENT.pack(up_to, ~up_to), 0)

    def read(self) -> int:
        """Return the number; 0 where none is written, or what is written is damaged."""
        written = os.pread(self._file.fileno(), _NUMBER_AND_COMPLEMENT.size, 0)
        if len(written) < _NUMBER_AND_COMPLEMENT.size:
            return 0
        up_to, complement = _NUMBER_AND_COMPLEMENT.unpack(written)
        return int(up_to) if complement == ~up_to and up_to > 0 else 0

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
