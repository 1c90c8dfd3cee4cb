"""Rows of CSV, JSONL and Parquet files, as the instances that a contract asks for."""

import csv
import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from understudy.errors import UsageError

Row = dict[str, Any]
_CHUNK = 1 << 20
_WORDS = {"true": True, "false": False}


def read_rows(path: Path) -> Iterator[Row]:
    """
    Read a file row by row; the cells of a CSV file stay text.

    Raises UsageError for a file of another kind, and for a line that cannot be read.
    """
    return (row for _, row in numbered_rows(path))


def numbered_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """
    Read a file as `read_rows` does, each row with its line as an editor counts them.

    Parquet has no lines: there the rows are counted, from 0.
    """
    return _reader(path)(path)


def check_columns(path: Path, names: Iterable[str | None]) -> None:
    """Raise UsageError if two columns of a file have one name: one of them would be lost."""
    seen: set[str | None] = set()
    for name in names:
        if name in seen:
            raise UsageError(f"{path} has two columns named {name or repr(name)}.")
        seen.add(name)


def count_rows(path: Path) -> int:
    """Count the rows of a file for a progress bar: quick, and exact but for quoted line ends."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.ParquetFile(path).metadata.num_rows)
    with path.open("rb") as file:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))
    return max(0, lines - 1) if path.suffix == ".csv" else lines


def read_column(path: Path, column: str) -> Iterator[Any]:
    """Read one column; raises UsageError, naming the columns there are, if it is not there."""
    for number, row in enumerate(read_rows(path)):
        if column not in row:
            raise UsageError(
                f"Row {number} of {path} has no {column!r}; its columns are {', '.join(row)}."
            )
        yield row[column]


@dataclass
class Shaper:
    """
    Makes rows into instances: what the contract names, typed as it asks.

    `types` maps the contract's fields to their JSON types. Cells equal to one of `missing` become
    null, columns in `drop` are left out. `unknown` collects the columns that the contract does not
    know, which are left out as well.
    """

    types: Mapping[str, str]
    missing: Collection[str] = ("",)
    drop: Collection[str] = ()
    unknown: set[str] = field(default_factory=set)

    def shape(self, row: Row) -> Row:
        """Return the instance of one row."""
        self.unknown.update(row.keys() - self.types.keys() - set(self.drop))
        return {
            name: self._value(self.types[name], value)
            for name, value in row.items()
            if name in self.types and name not in self.drop
        }

    def _value(self, kind: str, value: Any) -> Any:
        if isinstance(value, str):
            return None if value in self.missing else _parse(kind, value)
        if isinstance(value, float):
            if math.isnan(value):
                return None
            if math.isinf(value):
                return str(value)  # JSON has no such number: the api refuses the text by name
            # A column of integers with gaps is stored as floats by most tools.
            return int(value) if kind == "integer" and value.is_integer() else value
        return value if isinstance(value, int | list | dict | None) else str(value)


def parse_number(text: str) -> int | float | None:
    """Return the finite number that a text spells, or None."""
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else None
    return None


def _parse(kind: str, text: str) -> Any:
    """Type a cell; one that does not fit stays text, for the api to refuse by name."""
    if kind == "boolean":
        return _WORDS.get(text.lower(), text)
    if kind == "string":
        return text
    number = parse_number(text)
    if number is None:
        return text
    is_whole = isinstance(number, float) and number.is_integer()
    return int(number) if kind == "integer" and is_whole else number


def _reader(path: Path) -> Callable[[Path], Iterator[tuple[int, Row]]]:
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".parquet": _read_parquet}
    if path.suffix not in readers:
        raise UsageError(f"{path} is not a file of rows: it must end in {', '.join(readers)}.")
    return readers[path.suffix]


def _read_csv(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            check_columns(path, reader.fieldnames or ())
            for row in reader:
                line = reader.line_num
                if None in row or None in row.values():
                    raise UsageError(f"Line {line} of {path} has not as many cells as the header.")
                yield line, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise UsageError(f"{path} is not CSV in UTF-8: {error}.") from error


def _read_jsonl(path: Path) -> Iterator[tuple[int, Row]]:
    def unique(pairs: list[tuple[str, Any]]) -> Row:
        check_columns(path, (name for name, _ in pairs))
        return dict(pairs)

    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line, object_pairs_hook=unique)
            except ValueError as error:
                raise UsageError(f"Line {number} of {path} is not JSON: {error}.") from error
            if not isinstance(row, dict):
                raise UsageError(f"Line {number} of {path} is not a JSON object.")
            yield number, row


def _read_parquet(path: Path) -> Iterator[tuple[int, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            check_columns(path, file.schema_arrow.names)
            batches = file.iter_batches(batch_size=1000)
            yield from enumerate(row for batch in batches for row in batch.to_pylist())
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path} is not Parquet: {error}.") from error
