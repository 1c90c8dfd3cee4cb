"""Rows from files have the types that a person expects."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.cli.models.table import DataFiles, read_table
from understudy.errors import UsageError

CSV = "area,zone,zip,garage,rooms,price\n1.5,North,01234,true,3,10\n,NA,99999,False,,20\n"


@pytest.fixture
def train(tmp_path: Path) -> Path:
    """Return a CSV file with a column of each kind."""
    path = tmp_path / "train.csv"
    path.write_text(CSV)
    return path


def kinds(table: pd.DataFrame) -> dict[str, str]:
    """Return the dtype of each column."""
    return {str(name): str(dtype) for name, dtype in table.dtypes.items()}


def test_the_cells_of_a_csv_file_decide_the_types(train: Path) -> None:
    """Numbers, booleans and text are told apart; only an empty cell is null."""
    table = read_table(train, ("",), ())
    assert kinds(table) == {
        "area": "float64", "zone": "str", "zip": "int64", "garage": "bool", "rooms": "float64",
        "price": "int64",
    }  # fmt: skip
    assert table["zone"].tolist() == ["North", "NA"]
    assert table.isna().sum().sum() == 2


def test_another_cell_can_mean_null(train: Path) -> None:
    """As with `understudy send`, what is said replaces the empty cell."""
    table = read_table(train, ("", "NA"), ())
    assert table["zone"].isna().tolist() == [False, True]


def test_the_schema_can_say_that_digits_are_text(train: Path) -> None:
    """A code keeps its leading zeros."""
    data = DataFiles(train, train, "price").read({"zip": {"type": "string"}, "area": {}})
    assert data["X_train"]["zip"].tolist() == ["01234", "99999"]


def test_test_rows_have_text_where_training_rows_have_it(train: Path) -> None:
    """A level that looks like a number stays the level that training knows."""
    test = train.with_name("test.csv")
    test.write_text("zone,price\n7,10\n8,20\n")
    data = DataFiles(train, test, "price").read({})
    assert data["X_test"]["zone"].tolist() == ["7", "8"]
    assert (data["target"], data["y_test"].tolist()) == ("price", [10, 20])
    assert "price" not in data["X_train"].columns


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_other_files_keep_their_own_types(tmp_path: Path, ending: str) -> None:
    """JSON lines and Parquet tell numbers from text by themselves."""
    made = pd.DataFrame({"a": [1, 2], "b": ["1", None], "c": [True, False]})
    path = tmp_path / f"rows.{ending}"
    if ending == "jsonl":
        made.to_json(path, orient="records", lines=True)
    else:
        made.to_parquet(path)
    table = read_table(path, ("1",), ())
    assert kinds(table) == {"a": "int64", "b": "str", "c": "bool"}
    assert table["b"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", "", "not a file of rows"),
        ("a.csv", "", "has no rows"),
        ("a.csv", "x,y\n", "has no rows"),
        ("a.csv", "x,y\n1\n", "Line 2 of"),
        ("a.csv", "x,y,x\n1,2,3\n", r"a\.csv has two columns named x\."),
        ("a.jsonl", '{"x": 1, "x": 2}', r"a\.jsonl has two columns named x\."),
        ("a.jsonl", "{", "is not JSON"),
        ("a.parquet", "", "is not Parquet"),
        (None, "", "There is no file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str | None, content: str, says: str
) -> None:
    """With what is wrong with it."""
    path = tmp_path / (name or "nothing.csv")
    if name is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=says):
        read_table(path, ("",), ())


def test_a_parquet_file_with_a_doubled_column_is_refused(tmp_path: Path) -> None:
    """Nobody can tell which of the two is meant."""
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["x", "x"]), path)
    with pytest.raises(UsageError, match=r"rows\.parquet has two columns named x\."):
        read_table(path, ("",), ())


def test_a_missing_target_is_told_with_the_columns_there_are(train: Path) -> None:
    """So that a typo is seen at once."""
    with pytest.raises(UsageError, match="has no column 'prise'; its columns are area, zone"):
        DataFiles(train, train, "prise").read({})
