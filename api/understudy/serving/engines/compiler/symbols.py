"""Columns as symbols: what a column holds, in terms of the fields of an instance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from understudy.artefacts.manifest import InputForm
from understudy.artefacts.schema import Field, InputSchema
from understudy.serving.engines.plan import Operation

# Stand for every level, or number, that a table does not list.
UNSEEN_LEVEL = "\x00unseen"
UNSEEN_NUMBER = -1.2345678901234567e290


class NotCompilable(Exception):
    """A model has a part that the compiled engine does not know."""


@dataclass(frozen=True)
class Table:
    """A column that depends on one field only, through a table of its levels."""

    field: Field
    values: Mapping[object, object]
    missing: object
    unknown: object

    def knowing(self, levels: list[object]) -> "Table":
        """Return the same table with further levels, if unknown ones still stand for themselves."""
        if self.unknown not in (UNSEEN_LEVEL, UNSEEN_NUMBER):
            return self
        new = {level: level for level in levels if level not in self.values}
        return replace(self, values={**self.values, **new})

    def is_numeric(self) -> bool:
        """Tell whether every entry is a number, NaN included."""
        entries = [*self.values.values(), self.missing, self.unknown]
        return all(isinstance(entry, float | int) for entry in entries)


@dataclass(frozen=True)
class Raw:
    """The number in a field, as it is sent."""

    field: Field


@dataclass(frozen=True)
class Computed:
    """A number computed from others."""

    op: Operation
    operands: tuple["Register", ...]


@dataclass(frozen=True, eq=False)
class LookedUp:
    """A number that is looked up."""

    table: Table


# Steps whose result is missing where the number was, and nowhere else.
KEEPING_MISSING = (
    "subtract", "divide", "multiply", "add", "at_least", "at_most", "trunc", "single", "double",
)  # fmt: skip

Register = Raw | Computed | LookedUp
Steps = tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class Number:
    """A numeric column: a register and the steps it goes through."""

    register: Register
    steps: Steps = field(default=())

    def then(self, kind: str, number: float | None = None) -> "Number":
        """Return the column after one step more."""
        return replace(self, steps=(*self.steps, (kind, number)))

    @property
    def is_single(self) -> bool:
        """Whether training had the column in 32 bits."""
        precisions = [kind for kind, _ in self.steps if kind in ("single", "double")]
        return precisions[-1:] == ["single"]


Symbol = Table | Number


@dataclass(frozen=True)
class Named:
    """A column with the name it has in a frame."""

    name: str
    symbol: Symbol


def starting_columns(schema: InputSchema, form: InputForm) -> list[Named]:
    """Return the columns of the training frame."""
    if form == "series":
        raise NotCompilable("a single column that is passed as a vector")
    if form == "array" and any(item.type == "string" for item in schema.features):
        raise NotCompilable("text in an array without column names")
    # A frame has a precision for each column, an array has one.
    alike = form == "frame" or all(item.dtype == "float32" for item in schema.features)
    return [Named(item.name, _starting_symbol(item, alike)) for item in schema.features]


def _starting_symbol(item: Field, keeps_single: bool) -> Symbol:
    if item.type != "string":
        number = Number(Raw(item))
        return number.then("single") if item.dtype == "float32" and keeps_single else number
    missing = missing_value(item)
    levels: dict[object, object] = {level: level for level in item.categories or ()}
    # A level that a pandas category does not list becomes a missing value.
    unknown = missing if item.dtype == "category" else UNSEEN_LEVEL
    return Table(item, levels, missing, unknown)


def missing_value(item: Field) -> float | None:
    """Return what stood for a missing value in training."""
    return None if item.dtype == "object" and item.missing == "none" else math.nan


def is_nan(value: object) -> bool:
    """Tell whether a value is NaN: what scikit-learn takes for missing; None is not."""
    return isinstance(value, float) and math.isnan(value)


def has_numbers(symbol: Symbol) -> bool:
    """Tell whether a column holds numbers, rather than the levels of a category."""
    return isinstance(symbol, Number) or symbol.is_numeric()


def category_of(symbol: Symbol) -> Table:
    """Return a column that is a pandas category; raises NotCompilable for any other."""
    if isinstance(symbol, Number) or symbol.field.dtype != "category":
        raise NotCompilable("text that is not of the pandas type category reaches the model")
    return symbol


def code_levels(category: Table, learnt: Sequence[object]) -> Table:
    """
    Return a pandas category as the codes of its levels, NaN for a missing or an unknown one.

    `learnt` are the levels in the order in which training numbered them.
    """
    numbers = {level: float(code) for code, level in enumerate(learnt)}
    codes: dict[object, object] = {level: numbers.get(level, math.nan) for level in category.values}
    return Table(category.field, codes, math.nan, math.nan)


def may_be_missing(symbol: Symbol) -> bool:
    """Tell whether a numeric column can hold NaN for an instance that the contract accepts."""
    if isinstance(symbol, Table):
        return _table_may_be_missing(symbol)
    missing = _register_may_be_missing(symbol.register)
    for kind, _ in symbol.steps:
        if kind in ("fill", "isnan"):
            missing = False
        elif kind not in KEEPING_MISSING:
            # A function such as the logarithm has no answer everywhere.
            missing = True
    return missing


def _register_may_be_missing(register: Register) -> bool:
    if isinstance(register, Raw):
        return register.field.nullable
    if isinstance(register, LookedUp):
        return _table_may_be_missing(register.table)
    # Even a sum can have no finite result.
    return register.op != "is_missing"


def _table_may_be_missing(table: Table) -> bool:
    entries = [*table.values.values(), table.unknown]
    return any(map(is_nan, entries)) or (table.field.nullable and is_nan(table.missing))
