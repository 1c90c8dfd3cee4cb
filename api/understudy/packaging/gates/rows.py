"""Rows held against the schema: what they hold that it does not allow."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
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
    """
    Note what keeps the rows from being scored: missing values, sparse columns and other types.

    Then nothing else is asked, so all that stands outside of the schema is noted as well. Where
    nothing keeps them from it, that is left to the gate `schema`. Row numbers count from 0.
    """
    parts = list(_parts(given))
    if not any(part.missing() or part.clashes() for part in parts):
        return
    for part in parts:
        for problem in [*part.missing(), *(part.clashes() or part.outside())]:
            refusals.add_if(True, f"schema: {problem}")


def outside_rows(given: Given) -> list[str]:
    """
    Return what rows of the right types hold outside of the schema, a sentence for each.

    Training rows keep to the ranges and categories that a person may have declared; test rows only
    to those that clients must keep to as well. Row numbers count from 0.
    """
    return [problem for part in _parts(given) for problem in part.outside()]


def outside_of(column: Column, field: Field) -> Bools:
    """Tell which values, of the type of the field, are present but out of range or unknown."""
    return _mask(column, column.notna().to_numpy(), lambda present: _is_outside(present, field))


@dataclass(frozen=True)
class _Part:
    """A field in the training or the test rows; each answer is a sentence, or none at all."""

    column: Column
    field: Field
    title: str
    keeps_to_range: bool

    @cached_property
    def absent(self) -> Bools:
        return self.column.isna().to_numpy()

    @property
    def rows(self) -> str:
        return f"of {len(self.column)} {self.title} rows"

    def missing(self) -> list[str]:
        if not self.absent.any() or self.field.nullable or self.is_sparse:
            return []
        return [
            f"{self.field.name} is missing in {self.absent.sum()} {self.rows}, first in row"
            f" {self.absent.argmax()}, but may not be null; if the model has an answer then,"
            " declare it nullable in schema_overrides"
        ]

    @property
    def is_sparse(self) -> bool:
        return isinstance(self.column.dtype, pd.SparseDtype)

    @cached_property
    def _wrong(self) -> Bools:
        return _mask(self.column, ~self.absent, lambda present: ~_has_type(present, self.field))

    def clashes(self) -> list[str]:
        if self.is_sparse:
            return [
                f"{self.field.name} is sparse in the {self.title} rows; make it dense: to_dense()"
            ]
        return self._told(self._wrong, f"hold {WANTED[self.field.type]} in")

    def outside(self) -> list[str]:
        if not self.keeps_to_range:
            return []
        expected = describe_range(self.field) or "one of the declared categories"
        return self._told(outside_of(self.column, self.field), f"are not {expected} in")

    def _told(self, wrong: Bools, verb: str) -> list[str]:
        if not wrong.any():
            return []
        row = int(wrong.argmax())
        value = self.column.iloc[row]
        value = value.item() if isinstance(value, np.generic) else value
        count = f"{wrong.sum()} {self.rows}"
        return [f"{count} {verb} {self.field.name}, first {value!r} in row {row}"]


def _parts(given: Given) -> Iterator[_Part]:
    for field in given.schema.fields:
        yield _Part(given.train[field.name], field, "training", keeps_to_range=True)
        demands = field.outside == "refuse"
        yield _Part(given.test[field.name], field, "test", keeps_to_range=demands)


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
