"""Infers the input schema from a training frame, and applies what a person overrides."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
from pandas.api import types

from understudy.artefacts.parsing import parse
from understudy.artefacts.schema import LARGEST_INTEGER, Field, FieldType, InputSchema
from understudy.errors import ArtefactInvalid

# A text column with more levels than this is free text: nothing can be "unseen" in it.
MOST_CATEGORIES = 1000

Overrides = Mapping[str, Mapping[str, object]]


class FieldUnfit(ValueError):
    """A column cannot be part of an instance; the message says why and what would help."""


def infer_schema(
    frame: pd.DataFrame,
    *,
    features: Sequence[str],
    carried: Sequence[str] = (),
    overrides: Overrides | None = None,
) -> InputSchema:
    """
    Describe the columns of a training frame.

    A feature with missing values is nullable and may be absent; any other is required. Carried
    fields are never required and always nullable. `overrides` maps a field to the attributes of
    `Field` that a person knows better. Raises FieldUnfit for a column that JSON cannot carry.
    """
    inferred = InputSchema(
        tuple(infer_field(frame[name]) for name in features),
        tuple(_carried_field(frame[name]) for name in carried),
    )
    return _override(inferred, overrides or {})


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
    """Carried fields are for people and slices, so a time is fine there: as text."""
    if types.is_datetime64_any_dtype(column):
        column = column.astype("str")
    return infer_field(column).as_optional()


def _field_type(column: "pd.Series[Any]") -> FieldType:
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
    raise FieldUnfit(
        f"{column.name} has the dtype {column.dtype}, which JSON cannot carry;"
        " turn it into numbers or text before training"
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
    values = column.dropna().to_numpy(dtype=np.float64)
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
    return tuple(map(str, levels)) if len(levels) <= MOST_CATEGORIES else None


def _missing_is_none(column: "pd.Series[Any]") -> bool:
    """Only an object column can hold None; where both stand, NaN is what imputers look for."""
    if not types.is_object_dtype(column.dtype):
        return False
    missing = column[column.isna()].tolist()
    return bool(missing) and all(value is None for value in missing)


def _override(schema: InputSchema, overrides: Overrides) -> InputSchema:
    known = {field.name for field in schema.fields}
    if unknown := sorted(set(overrides) - known):
        raise FieldUnfit(f"schema_overrides names {', '.join(unknown)}, which no column is called")
    return InputSchema(
        tuple(_overridden(field, overrides.get(field.name, {})) for field in schema.features),
        tuple(_overridden(field, overrides.get(field.name, {})) for field in schema.carried),
    )


def _overridden(field: Field, changes: Mapping[str, object]) -> Field:
    if not changes:
        return field
    allowed = {spec.name for spec in dataclass_fields(Field)} - {"name", "dtype", "missing"}
    if unknown := sorted(set(changes) - allowed):
        raise FieldUnfit(
            f"schema_overrides sets {', '.join(unknown)} of {field.name};"
            f" known are {', '.join(sorted(allowed))}"
        )
    content = {name: changes[name] for name in changes}
    if "nullable" in changes and "required" not in changes:
        content["required"] = not changes["nullable"]
    current = {spec.name: getattr(field, spec.name) for spec in dataclass_fields(Field)}
    merged = {**current, **content}
    if merged["categories"] is not None:
        merged["categories"] = list(cast(Sequence[str], merged["categories"]))
    try:
        return replace(parse(Field, merged, f"schema_overrides.{field.name}"))
    except ArtefactInvalid as error:
        raise FieldUnfit(str(error)) from error
