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
    present = values.dropna()
    inferred = pd.api.types.infer_dtype(present, skipna=True)
    if inferred in _NUMBERS:
        return "id" if _looks_like_ids(present) else "numeric"
    if inferred in {"datetime", "date", "datetime64", "timedelta", "timedelta64"}:
        return "time"
    distinct = present.astype(str).nunique()
    return "text" if distinct > MANY and distinct > len(present) / 2 else "categorical"


def _looks_like_ids(present: "pd.Series[Any]") -> bool:
    if len(present) < MANY:
        return False
    values = numbers(present)
    whole = bool(np.all(np.isfinite(values) & (values == np.floor(values))))
    return whole and len(np.unique(values)) == len(values)


def numbers(values: "pd.Series[Any]") -> Floats:
    """Gives a column as floats; what is no number becomes NaN, infinities stay."""
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
