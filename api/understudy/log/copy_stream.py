"""COPY from lines that are made while Postgres takes those before."""

import io
from collections.abc import Iterable, Iterator

from understudy.log.database import Connection, driver

_CHUNK_BYTES = 65_536  # well below what a socket holds: one is taken while the next is made


def copy_lines(connection: Connection, statement: str, lines: Iterable[bytes]) -> None:
    """
    Send lines to a `COPY … FROM STDIN`, asking for them one by one.

    Raises psycopg2.Error, and whatever making a line raises; the transaction is then to be given
    up, as COPY has taken the lines before.
    """
    stream = _Stream(iter(lines))
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(statement, stream)
    if stream.error is not None:
        raise stream.error


class _Stream(io.RawIOBase):
    """The file that COPY reads."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        super().__init__()
        self._lines = lines
        self.error: Exception | None = None

    def read(self, _: int = -1, /) -> bytes:
        """Return some lines; none at the end, and where making one failed."""
        chunk: list[bytes] = []
        size = 0
        try:
            for line in self._lines:
                chunk.append(line)
                size += len(line)
                if size >= _CHUNK_BYTES:
                    break
        except Exception as error:  # noqa: BLE001 - psycopg2 would tell Postgres' log what it says
            self.error = error
            return b""
        return b"".join(chunk)
