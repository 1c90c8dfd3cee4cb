"""Two files, column by column, in the form in which drift is looked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from understudy.cli.files.cells import Cells
from understudy.cli.files.table import Table, check_names
from understudy.comparison import Kind, Traffic
from understudy.comparison.columns import MANY
from understudy.comparison.traffic import Columns
from understudy.comparison.units import Values
from understudy.errors import UsageError

Form = Literal["numbers", "levels", "presence"]
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


@dataclass(frozen=True)
class Sides:
    """Both samples, what is known of their columns, and remarks on the reading."""

    reference: Columns
    current: Traffic
    kinds: Mapping[str, Kind]
    remarks: tuple[str, ...]


def read_sides(reference: Table, current: Table, reading: Reading) -> Sides:
    """
    Read both files; what the reference holds in a column decides how it is read in the other.

    Raises UsageError for a named column that is not there.
    """
    _check_named(reference, current, reading)
    left_out = {*reading.ignored, reading.unit}
    before: dict[str, Values] = {}
    after: dict[str, Values] = {}
    kinds, remarks = dict(reading.kinds), [*reference.remarks, *current.remarks]
    for name in (name for name in reference.names if name not in left_out):
        cells = Cells(reference, name, reading.missing)
        form, known = _form(cells, kinds.get(name))
        if known is not None:
            kinds[name] = known
        before[name] = _values(cells, form, remarks)
        if name in current.names:
            after[name] = _values(Cells(current, name, reading.missing), form, remarks)
    for name in current.names:
        if name not in reference.names and name not in left_out:
            after[name] = np.zeros(current.rows)
    traffic = _of_units(current, after, reading, remarks)
    training = _of_units(reference, before, reading, remarks)
    one_each: Columns = training.columns if training.units is None else training.one_per_unit()
    return Sides(one_each, traffic, kinds, tuple(remarks))


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
    """Tell free text by what `infer_kind` tells it: many texts, mostly unique."""
    distinct = cells.distinct()
    return distinct > MANY and distinct > (~cells.absent()).sum() / 2


def _values(cells: Cells, form: Form, remarks: list[str]) -> Values:
    if form == "levels":
        return cells.levels()
    if form == "presence":
        return np.where(cells.absent(), np.nan, 0.0)
    values, misfits = cells.numbers()
    if misfits.count:
        are = "are none and count" if misfits.count > 1 else "is none and counts"
        where = f"{cells.table.path}: {cells.name!r} is a column of numbers"
        remarks.append(f"{where}, but {misfits} {are} as missing.")
    return values


def _of_units(
    table: Table, columns: dict[str, Values], reading: Reading, remarks: list[str]
) -> Traffic:
    """Say which unit each row belongs to; a row that belongs to none is left out."""
    if reading.unit is None:
        return Traffic(columns)
    if reading.unit not in table.names:
        remarks.append(
            f"{table.path} has no column {reading.unit!r}: each of its rows counts by itself."
        )
        return Traffic(columns)
    units = Cells(table, reading.unit, reading.missing).levels()
    known = units.notna().to_numpy()
    if not known.all():
        lost = int((~known).sum())
        remarks.append(f"{table.path}: {lost:,} rows have no {reading.unit!r} and are left out.")
        columns = {name: pd.Series(values)[known] for name, values in columns.items()}
    return Traffic(columns, units[known])
