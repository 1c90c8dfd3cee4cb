"""Rows held against the schema: what they hold that it does not allow."""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from understudy.artefacts.schema import LARGEST_INTEGER, Field, describe_range
from understudy.packaging.given import Given, Refusals

Bools = NDArray[np.bool_]
Column: TypeAlias = "pd.Series[Any]"

WANTED = {
    "number": "no finite number",
    "integer": "no whole number within 2^53",
    "string": "no text",
    "boolean": "neither true nor false",
}


def refuse_rows(given: Given, refusals: Refusals) -> None:
    """Note what the rows hold that the schema does not allow, before any of them is scored."""
    for problem in broken_rows(given):
        refusals.add_if(True, f"schema: {problem}")


def broken_rows(given: Given) -> list[str]:
    """
    Return what training and test rows hold that the schema does not allow, a sentence for each.

    Training rows keep to the ranges and categories that a person may have declared; test rows only
    to those that clients must keep to as well. Row numbers count from 0.
    """
    problems = []
    for field in given.schema.fields:
        train, test = given.train[field.name], given.test[field.name]
        problems += _broken(train, field, "training", keeps_to_range=True)
        problems += _broken(test, field, "test", keeps_to_range=field.outside == "refuse")
    return problems


def _broken(column: Column, field: Field, title: str, *, keeps_to_range: bool) -> list[str]:
    if isinstance(column.dtype, pd.SparseDtype):
        return [f"{field.name} is sparse in the {title} rows; make it dense: to_dense()"]
    rows = f"of {len(column)} {title} rows"
    missing = column.isna().to_numpy()
    problems = []
    if missing.any() and not field.nullable:
        problems.append(
            f"{field.name} is missing in {missing.sum()} {rows}, first in row {missing.argmax()},"
            " but may not be null; if the model has an answer then, declare it nullable in"
            " schema_overrides"
        )
    wrong = _mask(column, ~missing, lambda present: ~_has_type(present, field))
    if wrong.any():
        return [*problems, _told(column, wrong, f"hold {WANTED[field.type]} in", rows, field)]
    if keeps_to_range:
        beyond = _mask(column, ~missing, lambda present: _is_outside(present, field))
        if beyond.any():
            problems.append(_told(column, beyond, f"are not {_expected(field)} in", rows, field))
    return problems


def _mask(column: Column, present: Bools, judge: Callable[[Column], Bools]) -> Bools:
    """Judge the values that are present; the others are not judged."""
    mask = np.zeros(len(column), dtype=np.bool_)
    if present.any():
        mask[present] = judge(column[present])
    return mask


def _has_type(present: Column, field: Field) -> Bools:
    if field.type == "string":
        # A time is carried as text.
        if types.is_datetime64_any_dtype(present):
            return np.full(len(present), field.dtype.startswith("str"))
        return np.array([isinstance(value, str) for value in present], dtype=np.bool_)
    if field.type == "boolean":
        return np.array([isinstance(value, bool) for value in present.tolist()], dtype=np.bool_)
    numbers = _numbers(present)
    if field.type == "number":
        return np.isfinite(numbers)
    return np.asarray((numbers == np.floor(numbers)) & (np.abs(numbers) <= LARGEST_INTEGER))


def _numbers(present: Column) -> NDArray[np.float64]:
    """Return the numbers among the values, NaN for anything else."""
    if types.is_integer_dtype(present) or types.is_float_dtype(present):
        return present.to_numpy(dtype=np.float64)
    return np.array([_number(value) for value in present], dtype=np.float64)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _is_outside(present: Column, field: Field) -> Bools:
    outside = np.zeros(len(present), dtype=np.bool_)
    if field.categories is not None:
        return np.asarray(~present.isin(list(field.categories)))
    if field.minimum is not None:
        outside |= present.to_numpy(dtype=np.float64) < field.minimum
    if field.maximum is not None:
        outside |= present.to_numpy(dtype=np.float64) > field.maximum
    return outside


def _expected(field: Field) -> str:
    return describe_range(field) or "one of the declared categories"


def _told(column: Column, wrong: Bools, verb: str, rows: str, field: Field) -> str:
    row = int(wrong.argmax())
    value = column.iloc[row]
    value = value.item() if isinstance(value, np.generic) else value
    return f"{wrong.sum()} {rows} {verb} {field.name}, first {value!r} in row {row}"
