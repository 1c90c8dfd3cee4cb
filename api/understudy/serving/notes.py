"""
What stands beside a spool: how far it is shipped, and how much was answered without a record.

The agent never writes into the spool of a living worker. SQLite has one writer at a time, so that
predictions would wait for the agent's deletions, and wait long where it has stepped back. It writes
a small file instead, and the worker clears its spool itself, a little with every append. What the
worker could not record it counts in another such file, since the spool cannot be written then.
"""

import os
import struct
from pathlib import Path

SHIPPED, LOST = ".shipped", ".lost"
_NUMBER_AND_COMPLEMENT = struct.Struct("<qq")


class Note:
    """
    A number in a file of sixteen bytes, 0 at first.

    It is written over in place, which needs no room on the disk and outlives the process.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
        self._file = os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)
        if create:
            try:
                self.write(0)
            except OSError:
                self.close()
                raise

    @classmethod
    def find(cls, path: Path) -> "Note | None":
        """Return the note that the owner of a spool made; earlier versions made none."""
        try:
            return cls(path, create=False)
        except FileNotFoundError:
            return None

    def write(self, number: int) -> None:
        """Write the number; raises OSError."""
        os.pwrite(self._file.fileno(), _NUMBER_AND_COMPLEMENT.pack(number, ~number), 0)

    def read(self) -> int:
        """Return the number; 0 where none is written, or what is written is damaged."""
        written = os.pread(self._file.fileno(), _NUMBER_AND_COMPLEMENT.size, 0)
        if len(written) < _NUMBER_AND_COMPLEMENT.size:
            return 0
        number, complement = _NUMBER_AND_COMPLEMENT.unpack(written)
        return int(number) if complement == ~number and number > 0 else 0

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
