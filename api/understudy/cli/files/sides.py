"""Two files, column by column, in the form in which drift is looked for."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.cli.files.cells import Cells
from understudy.cli.files.table import Table, check_names
from understudy.comparison import Kind, Traffic
from understudy.comparison.columns import MANY
from understudy.comparison.naming import Coded
from understudy.comparison.units import Values, arrange
from understudy.errors import UsageError

Form = Literal["numbers", "levels", "presence", "absent"]
# A level that comes less often fills no cell of a test, and there may be millions of them.
_LEAST_EACH = 10
_FORMS: Mapping[Kind, Form] = {
    "numeric": "numbers", "categorical": "levels", "id": "presence", "text": "presence",
    "time": "presence",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How a person wants the columns read: forced kinds, columns left out, words for no value."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    ignored: Collection[str] = ()
    missing: Collection[str] = ("",)
    unit: str | None = None


class Side(Mapping[str, Values]):
    """
    One file as columns that are read when they are asked for, and not kept.

    `forms` says how each is read; of `rows`, if they are chosen, only these are given. A remark on
    a column that is read twice is made once.
    """

    def __init__(
        self, table: Table, forms: Mapping[str, Form], reading: Reading, remarks: dict[str, None]
    ) -> None:
        self.table = table
        self.rows: NDArray[np.int64] | None = None
        self._forms = forms
        self._reading = reading
        self._remarks = remarks

    def __len__(self) -> int:
        return len(self._forms)

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __getitem__(self, name: str) -> Values:
        form = self._forms[name]
        cells = Cells(self.table, name, self._reading.missing)
        values = _values(cells, form, self._remarks)
        return values if self.rows is None else pd.Series(values).iloc[self.rows]

    @property
    def size(self) -> int:
        """How many rows there are."""
        return self.table.rows if self.rows is None else len(self.rows)


@dataclass(frozen=True)
class Sides:
    """Both samples, one row per unit on the reference side, and the kinds known beforehand."""

    reference: Side
    current: Traffic
    sizes: tuple[int, int]
    kinds: Mapping[str, Kind]
    remarks: dict[str, None]


def open_sides(reference: Table, current: Table, reading: Reading) -> Sides:
    """
    Open both files; what the reference holds in a column decides how it is read in the other.

    `remarks` grow while columns are read. Raises UsageError for a named column that is not there.
    """
    _check_named(reference, current, reading)
    left_out = {*reading.ignored, reading.unit}
    forms: dict[str, Form] = {}
    kinds = dict(reading.kinds)
    for name in (name for name in reference.names if name not in left_out):
        forms[name], known = _form(Cells(reference, name, reading.missing), kinds.get(name))
        if known is not None:
            kinds[name] = known
    there = {name: forms.get(name, "absent") for name in current.names if name not in left_out}
    remarks = dict.fromkeys((*reference.remarks, *current.remarks))
    before = Side(reference, forms, reading, remarks)
    after = Side(current, there, reading, remarks)
    units = _choose_rows(after, reading, remarks)
    own = _choose_rows(before, reading, remarks)
    if own is not None:
        arranged = arrange(before.size, own)
        chosen = arranged.order[arranged.one_each(np.ones(before.size, dtype=bool))]
        before.rows = chosen if before.rows is None else before.rows[chosen]
    return Sides(before, Traffic(after, units), (before.size, after.size), kinds, remarks)


def _check_named(reference: Table, current: Table, reading: Reading) -> None:
    everywhere = (*reference.names, *current.names)
    check_names(reference.path, reference.names, list(reading.kinds))
    check_names(reference.path, list(dict.fromkeys(everywhere)), list(reading.ignored))
    if reading.unit is not None:
        check_names(current.path, current.names, [reading.unit])


def _form(cells: Cells, asked: Kind | None) -> tuple[Form, Kind | None]:
    """Decide how a column is read, and which kind it is if its values will not tell."""
    if asked is not None:
        if asked == "categorical" and cells.type == "nested":
            raise UsageError(f"{cells.name!r} of {cells.table.path} holds lists, not categories.")
        return _FORMS[asked], asked
    if cells.type == "number":
        return "numbers", None
    if cells.type == "time":
        return "presence", "time"
    if cells.type == "nested" or _is_prose(cells):
        return "presence", "text"
    return "levels", None


def _is_prose(cells: Cells) -> bool:
    """Tell texts and names of things: many, which come fewer than ten times on average."""
    distinct = cells.distinct()
    return distinct > MANY and distinct > (~cells.absent()).sum() / _LEAST_EACH


def _values(cells: Cells, form: Form, remarks: dict[str, None]) -> Values:
    if form == "absent":
        return np.zeros(cells.table.rows)
    if form == "levels":
        return cells.levels()
    if form == "presence":
        return np.where(cells.absent(), np.nan, 0.0)
    values, misfits = cells.numbers()
    if misfits.count:
        are = "are none and count" if misfits.count > 1 else "is none and counts"
        where = f"{cells.table.path}: {cells.name!r} is a column of numbers"
        remarks[f"{where}, but {misfits} {are} as missing."] = None
    return values


def _choose_rows(side: Side, reading: Reading, remarks: dict[str, None]) -> Coded | None:
    """Give the unit of each row; a row that belongs to none is left out of the side."""
    table = side.table
    if reading.unit is None:
        return None
    if reading.unit not in table.names:
        remarks[
            f"{table.path} has no column {reading.unit!r}: each of its rows counts by itself."
        ] = None
        return None
    units = Cells(table, reading.unit, reading.missing).names()
    lost = int(units.is_missing.sum())
    if not lost:
        return units
    remarks[f"{table.path}: {lost:,} rows have no {reading.unit!r} and are left out."] = None
    side.rows = np.flatnonzero(~units.is_missing)
    return units.take(side.rows)
