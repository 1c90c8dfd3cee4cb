"""CSV files as people write them: any usual delimiter, encoding and line end, gzipped or not."""

import codecs
import csv
import gzip
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from understudy.cli.files.table import check_names
from understudy.errors import UsageError

_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_BLOCK = 1 << 24
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What Arrow says, and what a person understands.
_REASONS = {
    "straddl": "a quotation mark is opened and never closed, or this is no text",
    "Could not skip": "there is nothing below its first line",
}
_MOST_SHOWN = 40


class DelimitedTable:
    """
    A CSV file, read once, of which every cell stays text.

    A row with too many or too few cells is counted and passed over; the others are kept.
    """

    is_typed = False

    def __init__(
        self, path: Path, encoding: str | None, only: Collection[str], *, is_gzipped: bool
    ) -> None:
        self.path = path
        self._is_gzipped = is_gzipped
        self._bad: list[tuple[int | None, int, int, str]] = []
        with _told_by(path):
            self._encoding, remark = self._find_encoding(encoding)
            self.names, self._delimiter, self._header_lines = self._header()
            check_names(path, self.names, only)
            wanted = [place for place, name in enumerate(self.names) if not only or name in only]
            self._columns = self._read(wanted)
        self.rows = len(next(iter(self._columns.values()))) if self._columns else 0
        self.unreadable = len(self._bad)
        self.has_decimal_comma = self._delimiter != ","
        self.remarks = (*remark, *self._told_of_bad())

    def column(self, name: str) -> Any:
        """Give one column as an Arrow chunked array of texts."""
        return self._columns[name]

    def _open(self) -> BinaryIO:
        if self._is_gzipped:
            return gzip.open(self.path, "rb")  # type: ignore[return-value] # reads like one
        return self.path.open("rb")

    def _find_encoding(self, asked: str | None) -> tuple[str, tuple[str, ...]]:
        if asked is not None:
            return asked, ()
        with self._open() as file:
            start = file.read(4)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name, ()
        if self._decodes_as("utf-8"):
            return "utf-8", ()
        name = "cp1252" if self._decodes_as("cp1252") else "latin-1"
        remark = f"{self.path} is not UTF-8: it was read as {name}; --encoding names another."
        return name, (remark,)

    def _decodes_as(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with self._open() as file:
                for chunk in iter(lambda: file.read(_CHUNK), b""):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _header(self) -> tuple[tuple[str, ...], str, int]:
        with self._open() as raw, codecs.getreader(self._encoding)(raw) as file:
            lines = (line for line in file)
            first = next((line for line in lines if line.strip()), "")
        delimiter = max(
            _DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign)))
        )
        with self._open() as raw, codecs.getreader(self._encoding)(raw) as file:
            reader = csv.reader(file, delimiter=delimiter)
            cells = next((row for row in reader if any(cell.strip() for cell in row)), [])
            return tuple(name.strip() for name in cells), delimiter, reader.line_num

    def _read(self, wanted: list[int]) -> dict[str, Any]:
        import pyarrow as pa
        import pyarrow.csv as pa_csv

        places = [str(place) for place in range(len(self.names))]
        kept = [str(place) for place in wanted]
        text = pa.dictionary(pa.int32(), pa.string())
        with self._open() as file:
            table = pa_csv.read_csv(
                file,
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    column_names=places,
                    encoding=self._encoding,
                    skip_rows=self._header_lines,
                    block_size=_BLOCK,
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self._delimiter,
                    newlines_in_values=True,
                    invalid_row_handler=self._pass_over,
                ),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=kept, column_types=dict.fromkeys(kept, text)
                ),
            )
        return {self.names[int(place)]: table.column(place) for place in kept}

    def _pass_over(self, row: Any) -> str:
        shown = row.text if len(row.text) <= _MOST_SHOWN else row.text[:_MOST_SHOWN] + "…"
        self._bad.append((row.number, row.actual_columns, row.expected_columns, shown))
        return "skip"

    def _told_of_bad(self) -> tuple[str, ...]:
        if not self._bad:
            return ()
        number, found, wanted, shown = self._bad[0]
        at = "" if number is None else f" is row {number} of the file, which"
        count = len(self._bad)
        return (
            f"{self.path} has {count} row{'s' if count > 1 else ''} that cannot be read; the first"
            f"{at} has {found} cells instead of {wanted}: {shown!r}.",
        )


@contextmanager
def _told_by(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, EOFError, csv.Error, LookupError, UnicodeError) as error:
        reasons = (why for sign, why in _REASONS.items() if sign in str(error))
        raise UsageError(f"{path} cannot be read as CSV: {next(reasons, error)}.") from error
