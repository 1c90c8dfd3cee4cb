"""Training and test rows from files, as the frames that a model is packaged with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from understudy.cli.rows import check_columns, read_rows
from understudy.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DataFiles:
    """Where the rows are, which column is to be predicted, and which cells of CSV mean null."""

    train: Path
    test: Path
    target: str
    missing: Collection[str] = ("",)

    def read(self, overrides: Mapping[str, Mapping[str, object]]) -> dict[str, Any]:
        """
        Return the frames and targets under the names that `package_model` gives them.

        A CSV column is text if `overrides` of the schema say so or a cell is neither a number nor
        a boolean; test rows have text where training rows have it. Raises UsageError for a file
        that cannot be read or lacks the target.
        """
        texts = [name for name, changes in overrides.items() if changes.get("type") == "string"]
        train = read_table(self.train, self.missing, texts)
        test = read_table(self.test, self.missing, [*texts, *_texts(train)])
        for path, table in ((self.train, train), (self.test, test)):
            if self.target not in table.columns:
                columns = ", ".join(map(str, table.columns)) or "none"
                raise UsageError(
                    f"{path} has no column {self.target!r}; its columns are {columns}."
                )
        return {
            "X_train": train.drop(columns=self.target),
            "y_train": train[self.target],
            "X_test": test.drop(columns=self.target),
            "y_test": test[self.target],
            "target": self.target,
        }


def read_table(path: Path, missing: Collection[str], texts: Collection[str]) -> "pd.DataFrame":
    """Read a CSV, JSONL or Parquet file as a frame; Parquet and JSONL have types of their own."""
    import pandas as pd

    if not path.is_file():
        raise UsageError(f"There is no file {path}.")
    if path.suffix == ".parquet":
        return _read_parquet(path)
    if path.suffix == ".csv":
        return _read_csv(path, missing, texts)
    return pd.DataFrame(list(read_rows(path)))


def _read_csv(path: Path, missing: Collection[str], texts: Collection[str]) -> "pd.DataFrame":
    import pandas as pd

    # Pandas fills up short rows in silence; this reader names them.
    if not sum(1 for _ in read_rows(path)):
        raise UsageError(f"{path} has no rows.")
    return pd.read_csv(
        path,
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values=list(missing),
        dtype=dict.fromkeys(texts, "str"),
        low_memory=False,
    )


def _read_parquet(path: Path) -> "pd.DataFrame":
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        check_columns(path, pq.read_schema(path).names)
        return pd.read_parquet(path)
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path} is not Parquet: {error}.") from error


def _texts(table: "pd.DataFrame") -> list[str]:
    from pandas.api.types import is_string_dtype

    return [str(name) for name in table.columns if is_string_dtype(table[name].dropna())]
