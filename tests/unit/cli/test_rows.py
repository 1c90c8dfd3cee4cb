"""Rows of every kind of file become the instances that the contract asks for."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from understudy.cli.rows import Shaper, count_rows, parse_number, read_column, read_rows
from understudy.errors import UsageError

TYPES = {"area": "number", "rooms": "integer", "zone": "string", "garage": "boolean"}
ROWS: list[dict[str, Any]] = [
    {"area": 51.5, "rooms": 3, "zone": "North, by the sea", "garage": True},
    {"area": 80, "rooms": None, "zone": None, "garage": False},
]


@pytest.fixture(params=[".csv", ".jsonl", ".parquet"])
def rows_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same two rows in each kind of file."""
    path = tmp_path / f"rows{request.param}"
    frame = pd.DataFrame(ROWS)
    if request.param == ".csv":
        frame.to_csv(path, index=False)
    elif request.param == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        frame.to_parquet(path)
    return path


def test_every_kind_of_file_gives_the_same_instances(rows_file: Path) -> None:
    """Numbers are numbers, gaps are null, and integers with gaps stay integers."""
    shaper = Shaper(TYPES)
    found = [shaper.shape(row) for row in read_rows(rows_file)]
    assert found == ROWS
    assert isinstance(found[0]["rooms"], int)
    assert found[0]["garage"] is True
    assert count_rows(rows_file) == 2


def test_unknown_columns_are_left_out_and_named(rows_file: Path) -> None:
    """A column the contract does not know is not sent, and the person is told; unless dropped."""
    shaper = Shaper({"area": "number", "garage": "boolean"}, drop=["zone", "garage"])
    assert list(map(shaper.shape, read_rows(rows_file))) == [{"area": 51.5}, {"area": 80}]
    assert shaper.unknown == {"rooms"}


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "12", 12),
        ("number", "1e3", 1000.0),
        ("number", "1e400", "1e400"),
        ("number", "nan", "nan"),
        ("number", "twelve", "twelve"),
        ("integer", "12.0", 12),
        ("integer", "12.5", 12.5),
        ("integer", 7.0, 7),
        ("number", 7.0, 7.0),
        ("number", float("inf"), "inf"),
        ("number", float("nan"), None),
        ("boolean", "TRUE", True),
        ("boolean", "yes", "yes"),
        ("boolean", True, True),
        ("string", "12", "12"),
        ("string", pd.Timestamp("2020-01-02").to_pydatetime(), "2020-01-02 00:00:00"),
        ("string", "", None),
    ],
)
def test_a_cell_is_typed_as_the_contract_asks(kind: str, cell: object, value: object) -> None:
    """What does not fit stays as it is, so that the api refuses it by name."""
    assert Shaper({"x": kind}).shape({"x": cell}) == {"x": value}


def test_what_means_missing_can_be_said() -> None:
    """A file that writes NA for nothing is sent with nulls, if asked to."""
    shaper = Shaper({"x": "string", "y": "number"}, missing=("NA",))
    assert shaper.shape({"x": "NA", "y": "NA"}) == {"x": None, "y": None}
    assert shaper.shape({"x": "", "y": "1"}) == {"x": "", "y": 1}


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("rows.csv", b"a,b\n1,2\n3\n", "Line 3 of"),
        ("rows.csv", b"a,b\n\n1,2,3\n", "Line 3 of"),
        ("rows.csv", b"a,b,a\n1,2,3\n", "has two columns named a"),
        ("rows.jsonl", b'{"a": 1, "a": 2}\n', "has two columns named a"),
        ("rows.csv", b"a\n\xff\n", "is not CSV in UTF-8"),
        ("rows.csv", b'a\n"x"y\n', "is not CSV in UTF-8"),
        ("rows.jsonl", b'{"a": 1}\n{"a": \n', "Line 2 of"),
        ("rows.jsonl", b"[1]\n", "is not a JSON object"),
        ("rows.parquet", b"no parquet at all", "is not Parquet"),
        ("rows.xlsx", b"", "must end in .csv, .jsonl, .parquet"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    """The person hears which line or kind of file it is."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError, match=complaint):
        list(read_rows(path))


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    """Files of spreadsheet programs begin with one."""
    path = tmp_path / "rows.csv"
    path.write_bytes(b"\xef\xbb\xbfa\n1\n")
    assert list(read_rows(path)) == [{"a": "1"}]


def test_a_missing_column_is_named(rows_file: Path) -> None:
    """The message lists the columns there are."""
    with pytest.raises(UsageError, match="its columns are area, rooms, zone, garage"):
        list(read_column(rows_file, "price"))
    assert next(read_column(rows_file, "zone")) == "North, by the sea"


def test_numbers_are_finite() -> None:
    """What JSON cannot say is no number."""
    assert [parse_number(text) for text in ("1", "-1.5", "1e400", "nan", "x", "")] == [
        1, -1.5, None, None, None, None,
    ]  # fmt: skip
