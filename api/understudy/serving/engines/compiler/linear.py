"""Fitted linear models: weights, with the scaling before them folded in."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.layout import lay_out
from understudy.serving.engines.compiler.symbols import NotCompilable, Number, Symbol, Table
from understudy.serving.engines.plan import Document, Head, Plan

Floats = NDArray[np.float64]


def compile_linear(estimator: Any, symbols: Sequence[Symbol], head: Head) -> Plan:
    """Return the plan of a linear model on columns."""
    weights = np.atleast_2d(np.asarray(estimator.coef_, dtype=np.float64))
    base = np.atleast_1d(np.asarray(estimator.intercept_, dtype=np.float64))
    base = np.broadcast_to(base, (len(weights),)).copy()
    if weights.shape[1] != len(symbols):
        raise NotCompilable(f"{weights.shape[1]} weights for {len(symbols)} columns")
    if len(weights) == 1:
        symbols, single, offset = _fold(symbols, weights[0])
        weights, base = single[None], base + offset
    layout = lay_out(symbols)
    arranged = np.empty_like(weights)
    arranged[:, list(layout.places)] = weights
    return Plan(Document(layout.columns, head), {"weights": arranged, "base": base})


def _fold(symbols: Sequence[Symbol], weights: Floats) -> tuple[list[Symbol], Floats, float]:
    """
    Return fewer columns with the same weighted sum, and what is to be added to it.

    All tables of one field become one table of weighted sums. Subtractions and divisions before a
    weight go into the weight.
    """
    folded: list[Symbol] = []
    kept: list[float] = []
    offset = 0.0
    for symbol, weight in zip(symbols, weights.tolist(), strict=True):
        if isinstance(symbol, Number):
            number, factor, shift = _without_scaling(symbol)
            folded.append(number)
            kept.append(weight * factor)
            offset += weight * shift
    tables = _merge_tables(symbols, weights)
    return folded + list(tables), np.array(kept + [1.0] * len(tables)), offset


def _without_scaling(number: Number) -> tuple[Number, float, float]:
    """Return a column without its last affine steps, and the factor and shift they amount to."""
    factor, shift = 1.0, 0.0
    if number.is_single:
        # Folded sums are of 64 bits.
        return number, factor, shift
    steps = list(number.steps)
    # The column is worth factor * x + shift; x is what remains after taking the last step off.
    while steps and steps[-1][0] in ("subtract", "add", "multiply", "divide"):
        kind, operand = steps.pop()
        value = math.nan if operand is None else operand
        if kind in ("subtract", "add"):
            shift += factor * (value if kind == "add" else -value)
        else:
            factor = factor * value if kind == "multiply" else factor / value
    return replace(number, steps=tuple(steps)), factor, shift


def _merge_tables(symbols: Sequence[Symbol], weights: Floats) -> list[Table]:
    merged: dict[tuple[str, tuple[object, ...]], Table] = {}
    for symbol, weight in zip(symbols, weights.tolist(), strict=True):
        if not isinstance(symbol, Table):
            continue
        if not symbol.is_numeric():
            raise NotCompilable(f"text in {symbol.field.name} reaches the model")
        key = (symbol.field.name, tuple(symbol.values))
        weighted = _weighted(symbol, weight)
        merged[key] = _sum(merged[key], weighted) if key in merged else weighted
    return list(merged.values())


def _weighted(table: Table, weight: float) -> Table:
    def times(entry: Any) -> float:
        return float(entry * weight)

    return replace(
        table,
        values={level: times(entry) for level, entry in table.values.items()},
        missing=times(table.missing),
        unknown=times(table.unknown),
    )


def _sum(left: Any, right: Any) -> Table:
    return Table(
        left.field,
        {level: left.values[level] + right.values[level] for level in left.values},
        left.missing + right.missing,
        left.unknown + right.unknown,
    )
