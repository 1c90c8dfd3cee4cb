"""
House sales as a frame with declared types, from a file with either header.

The assessor's file writes `Lot Area` and `Year Remod/Add`, the Kaggle edition `LotArea` and
`YearRemodAdd`; both become the latter. Only `NA` and an empty cell are null: `None` is a kind of
masonry. Text is kept as objects with NaN for null, numbers as float64, whole numbers as int64.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from house_prices.config import Column, Config
from house_prices.errors import DataInvalid, DataUnreadable, SourceUnreachable

NULLS = ["NA", ""]
ELSEWHERE = {"Order": "Id"}
LARGEST_INTEGER = 2**53


@dataclass(frozen=True)
class Split:
    """The sales of the training years and those of the serving years, each in order of time."""

    train: pd.DataFrame
    serve: pd.DataFrame


def load_sales(path: Path | str, config: Config, *, needs_target: bool = True) -> pd.DataFrame:
    """
    Reads a CSV file of sales; the index is the row's place in the file, from 0.

    Raises DataUnreadable if it is no table, and DataInvalid naming the column that is missing or
    the value that is not what its column holds. Without `needs_target` prices may be lacking.
    """
    try:
        text = _read(Path(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).strip().rstrip(".")
        raise DataUnreadable(path, " ".join(reason.split())) from error
    return _type_sales(text, config, needs_target=needs_target)


def load_openml(config: Config) -> pd.DataFrame:
    """Fetches the Kaggle edition from OpenML; raises SourceUnreachable without the internet."""
    from sklearn.datasets import fetch_openml

    try:
        fetched = fetch_openml(name="house_prices", as_frame=True).frame
    except (OSError, ValueError) as error:
        raise SourceUnreachable(str(error) or type(error).__name__) from error
    return retyped_sales(fetched, config)


def retyped_sales(sales: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Sends a frame through text, so that it cannot differ from the same sales in a file."""
    written = io.StringIO(sales.to_csv(index=False, na_rep="NA"))
    return _type_sales(_read(written), config)


def _read(source: Path | io.StringIO) -> pd.DataFrame:
    return pd.read_csv(
        source, dtype=str, keep_default_na=False, na_values=NULLS, encoding="utf-8-sig"
    )


def _type_sales(text: pd.DataFrame, config: Config, *, needs_target: bool = True) -> pd.DataFrame:
    """Gives a frame of text the names, the order and the types of the configuration."""
    named = text.rename(columns=canonical_name)
    _check_names(list(named.columns), config, needs_target=needs_target)
    named = named.apply(lambda column: column.str.strip().replace("", np.nan))
    columns = {
        name: _typed(named[name], name, column)
        for name, column in config.columns.items()
        if name in named
    }
    target = config.target.name
    if target in named:
        columns[target] = _prices(named[target], target, needs_target=needs_target)
    sales = pd.DataFrame(columns)
    _check_months(sales[config.time.month], config.time.month)
    return sales


def canonical_name(name: str) -> str:
    """The Kaggle spelling of a column's name."""
    short = name.strip().replace(" ", "").replace("/", "")
    return ELSEWHERE.get(short, short)


def sale_dates(sales: pd.DataFrame, config: Config) -> "pd.Series[pd.Timestamp]":
    """The first day of the month of each sale: the files say no more than the month."""
    parts = {"year": sales[config.time.year], "month": sales[config.time.month], "day": 1}
    return pd.to_datetime(pd.DataFrame(parts))


def split_sales(sales: pd.DataFrame, config: Config) -> Split:
    """
    Parts the sales by year and sorts both parts by month; sales of one month keep their order.

    Raises DataInvalid if a year belongs to neither part or a part is empty.
    """
    years = sales[config.time.year]
    train, serve = (
        years.isin(config.split.train_years),
        years.isin(config.split.serve_years),
    )
    strange = years[~(train | serve)]
    if len(strange) > 0:
        raise DataInvalid(
            f"{len(strange)} sales are of years that are neither trained on nor served"
            f" (the first: {strange.iloc[0]} in data row {strange.index[0] + 1})."
        )
    for part, wanted in ((train, config.split.train_years), (serve, config.split.serve_years)):
        if not part.any():
            raise DataInvalid(f"There is no sale of the years {', '.join(map(str, wanted))}.")
    order = [config.time.year, config.time.month]
    return Split(
        *(sales[part].sort_values(order, kind="stable") for part in (train, serve)),
    )


def write_sales(sales: pd.DataFrame, path: Path) -> None:
    """Writes sales as CSV, or as JSON lines, which keep the types, if the name ends so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in (".jsonl", ".ndjson"):
        lines = (json.dumps(record, allow_nan=False) for record in to_instances(sales))
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    else:
        sales.to_csv(path, index=False, na_rep="NA", lineterminator="\n")


def to_instances(sales: pd.DataFrame) -> list[dict[str, object]]:
    """The sales as a client sends them: one mapping each, None for every null."""
    plain = sales.astype(object)
    return [
        {str(name): value for name, value in record.items()}
        for record in plain.where(plain.notna(), None).to_dict(orient="records")
    ]


def feature_frame(instances: Sequence[Mapping[str, object]], config: Config) -> pd.DataFrame:
    """The features of instances as the typed frame a pipeline was fitted on; absent means null."""
    columns = {
        name: pd.Series([instance.get(name) for instance in instances], dtype=object)
        for name in config.features
    }
    return pd.DataFrame(
        {name: _fitting(column, config.columns[name]) for name, column in columns.items()}
    )


def _fitting(column: "pd.Series[Any]", declared: Column) -> "pd.Series[Any]":
    if declared.kind == "category":
        return column.where(column.notna(), np.nan)
    return column.astype("int64" if declared.kind == "integer" else "float64")


def _check_names(names: Sequence[str], config: Config, *, needs_target: bool) -> None:
    target = config.target.name
    for name in names:
        if name not in config.columns and name != target:
            raise DataInvalid(f"The column {name!r} is not one of the Ames file.")
        if names.count(name) > 1:
            raise DataInvalid(f"Two columns are called {name!r}.")
    wanted = [*config.features, config.time.year, config.time.month]
    missing = [name for name in wanted + [target] * needs_target if name not in names]
    if missing:
        raise DataInvalid(f"The column {missing[0]!r} is missing ({len(missing)} in all).")


def _typed(column: "pd.Series[Any]", name: str, declared: Column) -> "pd.Series[Any]":
    if declared.kind == "category":
        return _level(column, name).astype(object)
    numbers = _numbers(column, name)
    if declared.kind == "number":
        return numbers
    _refuse(numbers.isna() | (numbers % 1 != 0), column, name, "an integer is wanted")
    _refuse(numbers.abs() > LARGEST_INTEGER, column, name, "a smaller integer is wanted")
    return numbers.astype("int64")


def _level(column: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    # The assessor writes the class of a building as 020, Kaggle as 20.
    return column.str.lstrip("0") if name == "MSSubClass" else column


def _prices(column: "pd.Series[Any]", name: str, *, needs_target: bool) -> "pd.Series[Any]":
    prices = _numbers(column, name)
    if needs_target:
        _refuse(prices.isna(), column, name, "a price is wanted")
    _refuse(prices <= 0, column, name, "a price above zero is wanted")
    return prices


def _numbers(column: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    _refuse(column.notna() & ~np.isfinite(numbers), column, name, "a number is wanted")
    return numbers


def _check_months(months: "pd.Series[int]", name: str) -> None:
    _refuse(~months.between(1, 12), months, name, "a month from 1 to 12 is wanted")


def _refuse(
    wrong: "pd.Series[bool]", column: "pd.Series[str] | pd.Series[int]", name: str, wanted: str
) -> None:
    if wrong.any():
        row = int(np.flatnonzero(wrong.to_numpy())[0])
        value = column.iloc[row]
        found = "empty" if pd.isna(value) else repr(value if isinstance(value, str) else int(value))
        raise DataInvalid(f"{name} in data row {row + 1} is {found}; {wanted}.")
