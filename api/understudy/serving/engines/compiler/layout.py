"""Decides how the matrix of a compiled model is put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.registers import Registers, entry_of
from understudy.serving.engines.compiler.symbols import LookedUp, Number, Symbol, Table
from understudy.serving.engines.plan import Columns, Group, Lookup, OneHots, Step

Floats = NDArray[np.float64]

# From this many columns of one field on, switching one on is cheaper than looking each up.
FEWEST_ONE_HOTS = 3


@dataclass(frozen=True)
class Layout:
    """How the matrix is built, and where each column asked for ended up in it."""

    columns: Columns
    places: tuple[int, ...]


@dataclass(frozen=True)
class _OneHot:
    """The columns that depend on one field and of which it switches on at most one."""

    members: list[int]
    tables: list[Table]
    on: list[float]
    off: list[float]

    def position_lookup(self, start: int, nowhere: int) -> Lookup:
        """Return where each level switches a column on; `nowhere` if it switches none."""

        def position(entries: list[float]) -> float:
            switched = np.flatnonzero(_differ(np.array(entries), np.array(self.off))).tolist()
            return float(start + switched[0] if switched else nowhere)

        levels = tuple(self.tables[0].values)
        values = [position(entries) for entries in _rows(self.tables)]
        return Lookup(self.tables[0].field.name, levels, tuple(values[:-2]), values[-2], values[-1])


def lay_out(symbols: Sequence[Symbol]) -> Layout:
    """Arrange columns so that reading and computing them takes few calls of NumPy."""
    one_hots = _find_one_hots(symbols)
    switched = {member for one_hot in one_hots for member in one_hot.members}
    numbers = {
        place: _as_number(symbol) for place, symbol in enumerate(symbols) if place not in switched
    }
    width = len(switched)
    starts = np.cumsum([0, *(len(one_hot.members) for one_hot in one_hots)]).tolist()
    positions = [
        item.position_lookup(start, width) for item, start in zip(one_hots, starts, strict=False)
    ]
    registers = Registers([number.register for number in numbers.values()], positions)
    groups, places = _group(numbers, registers)
    for one_hot, start in zip(one_hots, starts, strict=False):
        for offset, member in enumerate(one_hot.members):
            places[member] = len(numbers) + start + offset
    block = None
    if one_hots:
        on = tuple(entry_of(value) for item in one_hots for value in item.on)
        off = tuple(entry_of(value) for item in one_hots for value in item.off)
        block = OneHots(registers.first_position, len(one_hots), width, on, off)
    columns = Columns(registers.numbers, registers.lookups, registers.derived, groups, block)
    return Layout(columns, tuple(places[place] for place in range(len(symbols))))


def _as_number(symbol: Symbol) -> Number:
    return Number(LookedUp(symbol)) if isinstance(symbol, Table) else symbol


def _group(
    numbers: dict[int, Number], registers: Registers
) -> tuple[tuple[Group, ...], dict[int, int]]:
    """Put columns together that go through steps of the same kinds."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, number in numbers.items():
        alike.setdefault(tuple(kind for kind, _ in number.steps), []).append(place)
    groups: list[Group] = []
    places: dict[int, int] = {}
    for kinds, members in alike.items():
        steps = []
        for position, kind in enumerate(kinds):
            given = [numbers[member].steps[position][1] for member in members]
            steps.append(Step(kind, tuple(value for value in given if value is not None)))
        take = tuple(registers.place(numbers[member].register) for member in members)
        for member in members:
            places[member] = len(places)
        groups.append(Group(take, tuple(steps)))
    return tuple(groups), places


def _find_one_hots(symbols: Sequence[Symbol]) -> list[_OneHot]:
    """Find the fields of which each level switches on at most one of several columns."""
    of_field: dict[str, list[int]] = {}
    for place, symbol in enumerate(symbols):
        if isinstance(symbol, Table) and symbol.is_numeric():
            of_field.setdefault(symbol.field.name, []).append(place)
    found = []
    for members in of_field.values():
        tables = [symbol for symbol in (symbols[m] for m in members) if isinstance(symbol, Table)]
        alike = all(list(table.values) == list(tables[0].values) for table in tables)
        if len(members) >= FEWEST_ONE_HOTS and alike:
            on_off = _on_and_off(np.array(_rows(tables)))
            if on_off is not None:
                found.append(_OneHot(members, tables, *on_off))
    return found


def _rows(tables: Sequence[Table]) -> list[list[float]]:
    """Return the entries of several tables, one row for each level, then missing and unknown."""
    columns = [
        [*table.values.values(), _reachable_missing(table), table.unknown] for table in tables
    ]
    return [[float(entry) for entry in row] for row in zip(*columns, strict=True)]


def _reachable_missing(table: Table) -> object:
    """A missing value that the contract refuses may be answered like an unknown level."""
    return table.missing if table.field.nullable else table.unknown


def _on_and_off(rows: Floats) -> tuple[list[float], list[float]] | None:
    """Return the value of each column when switched on and off; None if that is not the pattern."""
    off = np.array([_commonest(column) for column in rows.T])
    differs = _differ(rows, off)
    if (differs.sum(axis=1) > 1).any():
        return None
    on = off.copy()
    for place, column in enumerate(rows.T):
        values = np.unique(column[differs[:, place]])
        if len(values) > 1:
            return None
        if len(values):
            on[place] = values[0]
    return on.tolist(), off.tolist()


def _differ(entries: Floats, off: Floats) -> NDArray[np.bool_]:
    """Tell which entries are not the value when switched off; NaN is one value."""
    return np.asarray((entries != off) & ~(np.isnan(entries) & np.isnan(off)))


def _commonest(column: Floats) -> float:
    values, counts = np.unique(column, return_counts=True)
    return float(values[counts.argmax()])
