"""Numeric steps on columns, in the precision that training had them in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from understudy.serving.engines.compiler.symbols import Named, Number, Symbol, Table
from understudy.serving.engines.matrix import run_step

Columns = list[Named]


def step_column(symbol: Symbol, kind: str, number: float | None = None) -> Symbol:
    """Return a column after one numeric step; a table is computed here and now."""
    if isinstance(symbol, Number):
        return symbol.then(kind, number)

    def compute(entry: object) -> object:
        if not isinstance(entry, float | int):
            # What is no number cannot be reached, or makes the fitted pipeline raise as well.
            return float("nan")
        numbers = np.array([] if number is None else [number])
        with np.errstate(all="ignore"):
            return float(run_step(kind, numbers, np.array([[float(entry)]]))[0, 0])

    return map_table(symbol, compute)


def map_table(table: Table, compute: Callable[[object], object]) -> Table:
    return replace(
        table,
        values={level: compute(entry) for level, entry in table.values.items()},
        missing=compute(table.missing),
        unknown=compute(table.unknown),
    )


def step_columns(columns: Columns, kind: str, numbers: Sequence[float] | None) -> Columns:
    if numbers is None:
        return columns
    return [
        Named(column.name, step_column(column.symbol, kind, float(number)))
        for column, number in zip(columns, numbers, strict=True)
    ]


def rounded_for(columns: Columns, numbers: Any) -> Any:
    """Return fitted numbers in the precision of the columns they are for."""
    singles = [isinstance(c.symbol, Number) and c.symbol.is_single for c in columns]
    return numbers.astype(np.float32) if numbers is not None and any(singles) else numbers


def levelled(columns: Columns) -> Columns:
    """Return columns of one precision, as an array of them has it."""
    singles = [isinstance(c.symbol, Number) and c.symbol.is_single for c in columns]
    if not any(singles) or all(singles):
        return columns
    return [
        Named(column.name, column.symbol.then("double"))
        if isinstance(column.symbol, Number) and column.symbol.is_single
        else column
        for column in columns
    ]
