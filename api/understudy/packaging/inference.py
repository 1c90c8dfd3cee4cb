"""Infers the input schema from a training frame, and applies what a person overrides."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from understudy.artefacts.schema import LARGEST_INTEGER, Field, FieldType, InputSchema
from understudy.packaging.schema_overrides import FieldUnfit, SchemaOverrides, apply_overrides

# A text column with more levels than this is free text: nothing can be "unseen" in it.
MOST_CATEGORIES = 1000
# So is one with more than these of which most values are different from one another.
MANY_CATEGORIES = 50


def infer_schema(
    frame: pd.DataFrame,
    *,
    features: Sequence[str],
    carried: Sequence[str] = (),
    overrides: SchemaOverrides | None = None,
) -> InputSchema:
    """
    Describe the columns of a training frame.

    A feature with missing values is nullable and may be absent; any other is required. Carried
    fields are never required and always nullable. `overrides` maps a field to the attributes of
    `Field` that a person knows better. Raises FieldUnfit naming every column that JSON cannot
    carry and every override that cannot be.
    """
    problems: list[str] = []
    found = _described(frame, features, infer_field, problems)
    others = _described(frame, carried, _carried_field, problems)
    if problems:
        raise FieldUnfit("; ".join(problems))
    return apply_overrides(InputSchema(found, others), overrides or {}, frame)


def _described(
    frame: pd.DataFrame,
    names: Sequence[str],
    describe: "Callable[[pd.Series[Any]], Field]",
    problems: list[str],
) -> tuple[Field, ...]:
    found = []
    for name in names:
        try:
            found.append(describe(frame[name]))
        except FieldUnfit as error:
            problems.append(str(error))
    return tuple(found)


def infer_field(column: "pd.Series[Any]") -> Field:
    """Describe one column: its type, whether it may be missing, and what it held."""
    kind = _field_type(column)
    missing = bool(column.isna().any())
    low, high = _range(column, kind)
    return Field(
        name=str(column.name),
        type=kind,
        required=not missing,
        nullable=missing,
        minimum=low,
        maximum=high,
        categories=_categories(column) if kind == "string" else None,
        dtype=str(column.dtype),
        missing="none" if _missing_is_none(column) else "nan",
    )


def _carried_field(column: "pd.Series[Any]") -> Field:
    """Carried fields are for people and slices, so a time is fine there: as text, no level."""
    if types.is_datetime64_any_dtype(column):
        return replace(infer_field(column.astype("str")).as_optional(), categories=None)
    return infer_field(column).as_optional()


def _field_type(column: "pd.Series[Any]") -> FieldType:
    if isinstance(column.dtype, pd.SparseDtype):
        raise FieldUnfit(f"{column.name} is sparse; make it dense: column.sparse.to_dense()")
    if types.is_bool_dtype(column.dtype):
        return "boolean"
    if types.is_integer_dtype(column.dtype):
        return "integer"
    if types.is_float_dtype(column.dtype):
        return "number"
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _type_of_values(column, column.dtype.categories.tolist())
    if types.is_string_dtype(column.dtype) or types.is_object_dtype(column.dtype):
        return _type_of_values(column, column.dropna().tolist())
    remedy = "turn it into numbers or text before training"
    if types.is_datetime64_any_dtype(column.dtype):
        remedy += "; or drop it before training, and name it in `carried` or as the time column"
    raise FieldUnfit(
        f"{column.name} has the dtype {column.dtype}, which JSON cannot carry; {remedy}"
    )


def _type_of_values(column: "pd.Series[Any]", values: list[object]) -> FieldType:
    found = {type(value) for value in values}
    is_category = isinstance(column.dtype, pd.CategoricalDtype)
    if found <= {str}:
        return "string"
    if found == {bool} and not is_category:
        return "boolean"
    if found == {int} and not is_category:
        return "integer"
    if found <= {int, float} and not is_category:
        return "number"
    names = ", ".join(sorted(kind.__name__ for kind in found))
    raise FieldUnfit(
        f"{column.name} ({column.dtype}) holds values of the types {names};"
        " use text for categories, and one type per column"
    )


def _range(column: "pd.Series[Any]", kind: FieldType) -> tuple[float | None, float | None]:
    if kind not in ("number", "integer"):
        return None, None
    try:
        values = column.dropna().to_numpy(dtype=np.float64)
    except OverflowError as error:
        raise FieldUnfit(f"{column.name} holds an integer that no float can hold") from error
    if not len(values):
        return None, None
    if not np.isfinite(values).all():
        raise FieldUnfit(f"{column.name} holds infinite values, which JSON cannot carry")
    if kind == "integer" and np.abs(values).max() > LARGEST_INTEGER:
        raise FieldUnfit(f"{column.name} holds integers beyond 2^53; JSON readers would round them")
    return float(values.min()), float(values.max())


def _categories(column: "pd.Series[Any]") -> tuple[str, ...] | None:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(column.dtype.categories)
    levels = sorted(column.dropna().unique())
    return None if is_free_text(len(levels), int(column.count())) else tuple(map(str, levels))


def is_free_text(distinct: int, present: int) -> bool:
    """Tell whether a text column with so many values holds texts rather than levels."""
    return distinct > MOST_CATEGORIES or (distinct > MANY_CATEGORIES and 2 * distinct > present)


def _missing_is_none(column: "pd.Series[Any]") -> bool:
    """Only an object column can hold None; where both stand, NaN is what imputers look for."""
    if not types.is_object_dtype(column.dtype):
        return False
    missing = column[column.isna()].tolist()
    return bool(missing) and all(value is None for value in missing)
