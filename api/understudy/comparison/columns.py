"""What a column holds: numbers, levels, or names that no test should touch."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Kind = Literal["numeric", "categorical", "id", "text", "time"]
Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

KINDS: tuple[Kind, ...] = ("numeric", "categorical", "id", "text", "time")
MANY = 100
FEW = 10_000
_NUMBERS = {"integer", "floating", "mixed-integer-float", "decimal"}


@dataclass(frozen=True)
class Range:
    """The least and the greatest value of a training column, and the rows they come from."""

    low: float
    high: float
    rows: int


def infer_kind(values: "pd.Series[Any]") -> Kind:
    """
    Tells from a reference column which tests fit it.

    Whole numbers that never repeat in a hundred rows or more are taken for ids, and strings that
    are mostly unique for free text: both get the missing share only.
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return "categorical"
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "time"
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _kind_of_levels(values)
    present = values.dropna()
    is_number = pd.api.types.is_float_dtype(values.dtype) or pd.api.types.is_integer_dtype(
        values.dtype
    )
    inferred = "floating" if is_number else pd.api.types.infer_dtype(present, skipna=True)
    if inferred in _NUMBERS:
        return "id" if _looks_like_ids(present) else "numeric"
    if inferred in {"datetime", "date", "datetime64", "timedelta", "timedelta64"}:
        return "time"
    distinct = present.astype(str).nunique()
    return "text" if distinct > MANY and distinct > len(present) / 2 else "categorical"


def _kind_of_levels(values: "pd.Series[Any]") -> Kind:
    """Tells categories as if they stood spelt out in the rows, without spelling them out."""
    counts = np.bincount(values.cat.codes.to_numpy() + 1, minlength=len(values.cat.categories) + 1)
    distinct = len({str(name) for name in values.cat.categories[counts[1:] > 0]})
    return "text" if distinct > MANY and distinct > counts[1:].sum() / 2 else "categorical"


def _looks_like_ids(present: "pd.Series[Any]") -> bool:
    """Looks at a few first: ten million numbers are rarely ids, and counting them takes a while."""
    values = numbers(present)
    return len(values) >= MANY and _are_distinct(values[:FEW]) and _are_distinct(values)


def _are_distinct(values: Floats) -> bool:
    whole = bool(np.all(np.isfinite(values) & (values == np.floor(values))))
    return whole and len(np.unique(values)) == len(values)


def numbers(values: "pd.Series[Any]") -> Floats:
    """Gives a column as floats; what is no number becomes NaN, infinities stay."""
    if values.dtype == np.float64:
        return np.asarray(values.to_numpy(), dtype=np.float64)
    coerced = pd.to_numeric(values, errors="coerce")
    return np.asarray(coerced.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def encode(
    reference: "pd.Series[Any]", current: "pd.Series[Any]"
) -> tuple[Codes, Codes, tuple[str, ...]]:
    """
    Gives two columns as codes into the sorted union of their levels, −1 for missing.

    Levels are compared by what they say: true is "true", and 1 and 1.0 are both "1".
    """
    left, right = _named(reference), _named(current)
    names = sorted({name for name in (*left[1], *right[1]) if name is not None})
    place = {name: index for index, name in enumerate(names)}
    return _placed(left, place), _placed(right, place), tuple(names)


def _named(values: "pd.Series[Any]") -> tuple[Codes, list[str | None]]:
    codes, uniques = pd.factorize(values)
    return codes.astype(np.int64), [level_name(value) for value in uniques]


def _placed(side: tuple[Codes, list[str | None]], place: dict[str, int]) -> Codes:
    codes, names = side
    targets = [-1 if name is None else place[name] for name in names]
    return np.array([*targets, -1], dtype=np.int64)[codes]


def level_name(value: object) -> str | None:
    """Gives the name under which a value counts as a level, or None if it is missing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            return None
        return str(int(value)) if value == int(value) else repr(float(value))
    return str(value)
