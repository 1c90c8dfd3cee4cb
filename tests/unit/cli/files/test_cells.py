"""What the cells of a column are taken for."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.cli.files.cells import Cells
from understudy.cli.files.table import open_table

MANY = ["1", "2.5", "-3e4", "inf"] * 10


@pytest.fixture
def spelled(tmp_path: Path) -> "Spelled":
    """A maker of CSV columns."""
    return Spelled(tmp_path)


class Spelled:
    """Writes texts as the column of a CSV file, beside another one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, texts: list[str], delimiter: str = ",") -> Cells:
        """Return the column as it is read back."""
        path = self._folder / "rows.csv"
        rows = "\n".join(f'"{text}"{delimiter}0' for text in texts)
        path.write_text(f"x{delimiter}other\n{rows}\n")
        return Cells(open_table(path), "x")


def declared(folder: Path, values: Any) -> Cells:
    """Return values as the column of a Parquet file."""
    path = folder / "rows.parquet"
    pq.write_table(pa.table({"x": values}), path)
    return Cells(open_table(path), "x")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (MANY, "number"),
        ([*MANY, "", "NA", "n/a"], "number"),
        ([*MANY, "oops"], "number"),
        (["1", "2", "oops"], "text"),
        (["01234", "98765"], "text"),
        (["TRUE", "false", ""], "boolean"),
        (["2026-01-31", "2026-02-01T10:00:00Z"], "time"),
        (["31/01/2026", "1.2.26 10:15"], "time"),
        (["NA", "", "None"], "text"),
        (["", ""], "text"),
        (["1,234.5", "2", "3"], "number"),
    ],
)
def test_the_type_is_read_off_the_cells(spelled: Spelled, texts: list[str], found: str) -> None:
    """One bad cell among many numbers is a bad cell; a leading nought is a code."""
    assert spelled(texts).type == found


def test_cells_that_are_no_numbers_are_counted_and_quoted(spelled: Spelled) -> None:
    """Words for nothing are nothing; everything else is told, the most frequent first."""
    cells = spelled([*MANY, "", "NA", "oops", " oops ", "hm", "4"])
    values, misfits = cells.numbers()
    np.testing.assert_array_equal(values[-6:], [np.nan, np.nan, np.nan, np.nan, np.nan, 4.0])
    assert (misfits.count, misfits.examples) == (3, ("oops", "hm"))
    assert str(misfits) == "3 cells ('oops', 'hm', …)"


def test_decimal_commas_are_read_where_the_comma_divides_no_columns(spelled: Spelled) -> None:
    """What is 1,5 in a file with semicolons is one and a half."""
    np.testing.assert_array_equal(spelled(["1,5", "1.234,5"], ";").numbers()[0], [1.5, 1234.5])
    np.testing.assert_array_equal(spelled(["1,500", "1.5"]).numbers()[0], [1500.0, 1.5])


def test_labels_are_compared_by_what_they_say(spelled: Spelled, tmp_path: Path) -> None:
    """1 and 1.0 are one label, TRUE is true, in CSV as in Parquet."""
    assert list(spelled(["1", "1.0", "2"]).levels()) == ["1", "1", "2"]
    assert list(spelled(["TRUE", "true"]).levels()) == ["true", "true"]
    assert list(declared(tmp_path, [1.0, 1.0, 2.0]).levels()) == ["1", "1", "2"]
    assert list(declared(tmp_path, [True, False]).levels()) == ["true", "false"]
    assert list(declared(tmp_path, [" a", "a", ""]).levels())[:2] == ["a", "a"]
    assert list(declared(tmp_path, [" a", "a", "1.0"]).names().texts()) == ["a", "a", "1.0"]
    assert list(spelled(["1", "1.0", "2"]).names().texts()) == ["1", "1", "2"]


def test_every_declared_type_is_known(tmp_path: Path) -> None:
    """Nothing that Parquet can hold ends in a traceback."""
    columns: list[tuple[str, Any, list[float]]] = [
        ("number", [1, None], [1.0, np.nan]),
        ("number", [Decimal("1.5"), None], [1.5, np.nan]),
        ("number", pa.array([2**60, 1]), [float(2**60), 1.0]),
        ("boolean", [True, None], [1.0, np.nan]),
        ("text", ["7", None], [7.0, np.nan]),
        ("text", pa.array(["7", None]).dictionary_encode(), [7.0, np.nan]),
        ("text", pa.nulls(2), [np.nan, np.nan]),
        ("time", [dt.date(2026, 1, 1), None], [np.nan, np.nan]),
        ("nested", [[1], None], [np.nan, np.nan]),
        ("nested", [{"a": 1}, None], [np.nan, np.nan]),
    ]
    for found, values, numbers in columns:
        cells = declared(tmp_path, values)
        assert cells.type == found
        np.testing.assert_array_equal(cells.numbers()[0], numbers)
        assert cells.absent()[1] == np.isnan(numbers[1])


@pytest.mark.parametrize(
    "values",
    [
        ["1970-01-02", "1970-01-03 00:00:00"],
        ["02/01/1970", "13/01/1970"],
        [86_400, 172_800],
        [dt.date(1970, 1, 2), dt.date(1970, 1, 3)],
        pa.array([86_400_000, 172_800_000], pa.timestamp("ms", "UTC")),
    ],
)
def test_times_are_seconds_since_1970(tmp_path: Path, values: Any) -> None:
    """Dates as text, as numbers and as what Parquet calls a timestamp are the same moments."""
    found, misfits = declared(tmp_path, values).times()
    assert (found[0], misfits.count) == (86_400.0, 0)


def test_milliseconds_are_known_by_their_size(tmp_path: Path) -> None:
    """Nobody means the year 50,000."""
    for factor in (1, 1000, 10**6, 10**9):
        times, _ = declared(tmp_path, [1_700_000_000 * factor]).times()
        np.testing.assert_allclose(times, 1_700_000_000)


def test_what_is_no_time_is_told(tmp_path: Path) -> None:
    """A bad cell is a bad cell; a column of times of the day holds no moments."""
    times, misfits = declared(tmp_path, ["2026-01-01", "soon", None]).times()
    assert np.isnan(times[1:]).all()
    assert misfits.examples == ("soon",)
    assert declared(tmp_path, [dt.time(1)]).times()[1].count == 1
