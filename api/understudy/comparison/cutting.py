"""Cuts rows to some of their units, which keep their order of arrival."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .rows import Rows
from .units import Units

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def keep_units(rows: Rows, kept: Flags) -> tuple[Rows, Ints]:
    """Gives the rows of the units that are kept, and where these rows stood."""
    places = np.flatnonzero(kept[rows.codes])
    numbers = np.cumsum(kept) - 1
    units = rows.units
    cut = Units(
        order=units.order[places],
        codes=numbers[units.codes[places]],
        part_codes=units.part_codes[places],
        instances=units.instances,
        served_at=units.served_at[kept],
        called=units.called.take(np.flatnonzero(kept)),
        is_as_given=False,
    )
    columns: dict[str, Any] = {
        field.name: value[places]
        for field in fields(rows)
        if isinstance(value := getattr(rows, field.name), np.ndarray)
    }
    return replace(rows, units=cut, **columns), places


def arrival_of_outcomes(rows: Rows) -> NDArray[np.float64]:
    """Gives when each unit's last known outcome came, +inf where none has; without times: 0."""
    known = rows.compared & rows.known
    came = np.zeros(len(known)) if rows.outcome_at is None else rows.outcome_at
    arrived = np.full(rows.units.count, -np.inf)
    np.maximum.at(arrived, rows.codes[known], came[known])
    arrived[np.isneginf(arrived)] = np.inf
    return arrived


def first_units(arrived: NDArray[np.float64], count: int) -> Flags:
    """Tells which units are among the first so many to arrive; of equals the earlier served."""
    kept = np.zeros(len(arrived), dtype=bool)
    kept[np.argsort(arrived, kind="stable")[:count]] = True
    return kept
