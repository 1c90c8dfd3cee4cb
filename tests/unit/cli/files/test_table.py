"""Files of rows as people have them, and what is said of those that cannot be read."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.cli.files.table import Table, open_table
from understudy.errors import UsageError

TEXT = "name;größe\nä;1,5\nb;2\n"


@pytest.fixture
def written(tmp_path: Path) -> "Written":
    """A writer of files."""
    return Written(tmp_path)


class Written:
    """Writes a file and opens it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, content: bytes, *, encoding: str | None = None) -> Table:
        """Write the bytes and open them as a table."""
        path = self._folder / "rows.csv"
        path.write_bytes(content)
        return open_table(path, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_however_they_are_written(written: Written, encoding: str) -> None:
    """UTF-8 with and without a mark, UTF-16 and what Windows writes are told apart."""
    table = written(TEXT.encode(encoding))
    assert table.names == ("name", "größe")
    assert table.column("name").to_pylist() == ["ä", "b"]
    assert bool(table.remarks) == (encoding == "cp1252")


def test_a_named_encoding_is_believed(written: Written) -> None:
    """What the first bytes cannot tell, a person may."""
    assert written(TEXT.encode("cp437"), encoding="cp437").column("name")[0].as_py() == "ä"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(written: Written, delimiter: str) -> None:
    """Whatever divides the header divides the rows; a gzipped file is no different."""
    text = f'\r\n"a b"{delimiter} c \r\n1{delimiter}"x\ny"\r\n'
    for content in (text.encode(), gzip.compress(text.encode(), mtime=0)):
        table = written(content)
        assert table.names == ("a b", "c")
        assert table.column("c").to_pylist() == ["x\ny"]


def test_a_bad_row_takes_no_other_with_it(written: Written) -> None:
    """A row with too many or too few cells is counted and quoted; the others are there."""
    table = written(b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert table.column("a").to_pylist() == ["1", "7"]
    assert (table.rows, table.unreadable) == (2, 2)
    assert "2 rows that cannot be read; the first is row 3" in table.remarks[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a,b\n", "holds no rows"),
        (b"a,b", "nothing below its first line"),
        (b'a,b\n"1,2\n', "holds no rows; 1 cannot be read"),
        (b"a,b,a\n1,2,3\n", "two columns named 'a'"),
        (b"PAR1 and then nothing", "cannot be read as Parquet"),
        (b"\x1f\x8b and then nothing", "cannot be read as CSV"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-9], "cannot be read as CSV"),
        (b"\x00\x01\xff\xfe" * 99, "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_its_name(
    written: Written, content: bytes, said: str
) -> None:
    """Empty, cut short, binary, ambiguous: one line says which."""
    with pytest.raises(UsageError, match=said) as error:
        written(content)
    assert "rows.csv" in str(error.value)


def test_an_unknown_encoding_is_refused(written: Written) -> None:
    """A name that Python does not know is no traceback."""
    with pytest.raises(UsageError, match="klingon"):
        written(b"a,b\n1,2\n", encoding="klingon")


def test_a_parquet_file_is_known_by_its_content(tmp_path: Path) -> None:
    """The ending of the name does not matter; columns come one at a time, in order."""
    path = tmp_path / "rows.data"
    pq.write_table(pa.table({"a.b": [1, 2], "c": ["x", None]}), path)
    table = open_table(path)
    assert table.names == ("a.b", "c")
    assert table.column("a.b").to_pylist() == [1, 2]
    assert table.column("c").to_pylist() == ["x", None]


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    """A typo is answered by what was meant, anything else by what there is."""
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"Lot Area": [1], "price": [2]}), path)
    with pytest.raises(UsageError, match=r"no column 'lot_area'\. Is 'Lot Area' meant"):
        open_table(path, only=["lot_area"])
    with pytest.raises(UsageError, match="its columns are Lot Area, price"):
        open_table(path, only=["zzz"])


def test_doubled_columns_matter_only_if_they_are_asked_for(tmp_path: Path) -> None:
    """A column that nobody reads may stand twice."""
    path = tmp_path / "rows.csv"
    path.write_text("a,b,b\n1,2,3\n")
    assert open_table(path, only=["a"]).column("a").to_pylist() == ["1"]
    with pytest.raises(UsageError, match="two columns named 'b'"):
        open_table(path, only=["b"])
