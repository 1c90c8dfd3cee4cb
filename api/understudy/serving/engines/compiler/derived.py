"""Columns that a transformer derives from others, declared as data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from understudy.serving.engines.compiler.symbols import (
    UNSEEN_LEVEL,
    Computed,
    LookedUp,
    Named,
    NotCompilable,
    Number,
    Register,
    Symbol,
    Table,
    is_nan,
)


def derive_columns(plan: Sequence[Mapping[str, Any]], columns: list[Named]) -> list[Named]:
    """
    Return the columns with those of a `plan_columns()` appended, in order; every null is NaN.

    An entry has a `name`, an `op` and the names of its `inputs`, which may be earlier entries:
    subtract, add, multiply, divide and log1p (without a finite result: null), map (with `levels`;
    what is not listed: null), is_missing.
    """
    made = [Named(column.name, _settled(column.symbol)) for column in columns]
    for entry in plan:
        known = {column.name: column.symbol for column in made}
        lacking = [name for name in entry["inputs"] if name not in known]
        if lacking:
            raise NotCompilable(f"{entry['name']} is derived from the unknown {lacking[0]}")
        symbol = _derive(entry, [known[name] for name in entry["inputs"]])
        made = [column for column in made if column.name != entry["name"]]
        made.append(Named(str(entry["name"]), symbol))
    return made


def _settled(symbol: Symbol) -> Symbol:
    if isinstance(symbol, Table) and symbol.missing is None:
        return replace(symbol, missing=math.nan)
    return symbol


def _derive(entry: Mapping[str, Any], inputs: list[Symbol]) -> Symbol:
    op = entry["op"]
    if op in ("subtract", "divide") and len(inputs) == 2:
        return Number(Computed(op, (_register(inputs[0]), _register(inputs[1]))))
    if op in ("add", "multiply"):
        registers = map(_register, inputs)
        return Number(reduce(lambda left, right: Computed(op, (left, right)), registers))
    if op == "log1p":
        return Number(Computed(op, (_register(inputs[0]),)))
    if op == "map":
        return _mapped(entry["levels"], inputs[0])
    if op == "is_missing":
        return _is_missing(inputs[0])
    raise NotCompilable(f"{entry['name']} is derived by {op!r} of {len(inputs)} columns")


def _mapped(levels: Mapping[Any, Any], symbol: Symbol) -> Symbol:
    if not isinstance(symbol, Table):
        raise NotCompilable("a map of numbers")
    known = symbol.knowing(list(levels))
    values = {level: _mapped_entry(levels, entry) for level, entry in known.values.items()}
    missing = _mapped_entry(levels, known.missing)
    return Table(known.field, values, missing, _mapped_entry(levels, known.unknown))


def _mapped_entry(levels: Mapping[Any, Any], entry: object) -> float:
    if entry == UNSEEN_LEVEL or entry not in levels:
        return math.nan
    return float(levels[entry])


def _is_missing(symbol: Symbol) -> Symbol:
    if isinstance(symbol, Number):
        return Number(Computed("is_missing", (_register(symbol),)))
    flag = {level: float(_missing(entry)) for level, entry in symbol.values.items()}
    return Table(
        symbol.field, flag, float(_missing(symbol.missing)), float(_missing(symbol.unknown))
    )


def _missing(entry: object) -> bool:
    return entry is None or is_nan(entry)


def _register(symbol: Symbol) -> Register:
    """Return what arithmetic can use: a number as it is sent, looked up, or computed before."""
    if isinstance(symbol, Table):
        if not symbol.is_numeric():
            raise NotCompilable(f"arithmetic with the text in {symbol.field.name}")
        return LookedUp(symbol)
    if symbol.steps:
        raise NotCompilable("arithmetic with columns that went through other steps")
    return symbol.register
