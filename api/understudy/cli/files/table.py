"""A file of rows as named columns, read one at a time, so that a large file never stands whole."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from understudy.errors import UsageError

MOST_NAMES = 12
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"


class Table(Protocol):
    """
    A file of rows.

    `is_typed` tells whether the file itself says what a column holds; in a CSV file all is text.
    `unreadable` rows stand in no column; `remarks` say what a person should know of the reading.
    """

    path: Path
    names: tuple[str, ...]
    rows: int
    unreadable: int
    is_typed: bool
    has_decimal_comma: bool
    remarks: tuple[str, ...]

    def column(self, name: str) -> Any:
        """Give one column as an Arrow chunked array."""


def open_table(path: Path, encoding: str | None = None, only: Collection[str] = ()) -> Table:
    """
    Open a CSV (also gzipped, also with semicolons or tabs) or Parquet file by what it holds.

    With `only`, other columns may be left unread. Raises UsageError for a file that cannot be read,
    holds no rows, has two columns of one name, or lacks a column of `only`.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UsageError(f"{path} is empty.")
    table: Table
    if start == _PARQUET:
        table = ParquetTable(path, only)
    else:
        from understudy.cli.files.delimited import DelimitedTable

        table = DelimitedTable(path, encoding, only, is_gzipped=start[:2] == _GZIP)
    if not table.rows:
        lost = f"; {table.unreadable} cannot be read" if table.unreadable else ""
        raise UsageError(f"{path} holds no rows{lost}.")
    return table


def check_names(path: Path, names: Collection[str], only: Collection[str]) -> None:
    """Raise UsageError for a wanted column that is not there, or is there twice."""
    for wanted in only:
        if wanted not in names:
            raise UsageError(_absent(path, wanted, names))
    doubled = [name for name, count in Counter(names).items() if count > 1]
    for name in doubled:
        if not only or name in only:
            raise UsageError(
                f"{path} has two columns named {name!r}: rename one, as nobody can say which is"
                " meant."
            )


def _absent(path: Path, wanted: str, names: Collection[str]) -> str:
    folded = {name.casefold(): name for name in reversed(list(names))}
    near = get_close_matches(wanted.casefold(), folded, n=1, cutoff=0.5)
    if near:
        return f"{path} has no column {wanted!r}. Is {folded[near[0]]!r} meant?"
    listed = ", ".join(list(names)[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{path} has no column {wanted!r}; its columns are {listed}{more}."


def share_memory() -> None:
    """Let Arrow return at once to the system what is let go; a pool of its own would keep it."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def release_memory() -> None:
    """Return to the system what lies idle between the pieces that are in use."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


class ParquetTable:
    """A Parquet file, whose columns are decoded when they are asked for."""

    is_typed = True
    has_decimal_comma = False
    unreadable = 0
    remarks: tuple[str, ...] = ()

    def __init__(self, path: Path, only: Collection[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        self._one_reader = Lock()
        with _told_by(path):
            schema = pq.read_schema(path)
            texts = [
                field.name
                for field in schema
                if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
            ]
            # Texts arrive as numbers into the list of distinct ones: a column is mostly repetition.
            self._file = pq.ParquetFile(path, read_dictionary=texts)
        self.names = tuple(schema.names)
        check_names(path, self.names, only)
        self.rows = int(self._file.metadata.num_rows)

    def column(self, name: str) -> Any:
        """Give one column as an Arrow chunked array."""
        with self._one_reader, _told_by(self.path):
            release_memory()  # what the column before needed
            return self._file.read(columns=[name]).column(name)


@contextmanager
def _told_by(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{path} cannot be read as Parquet: {error}.") from error
