"""Units: what is counted. A request, or whatever else a policy names; never a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import EvidenceInvalid

from .naming import Coded, Names, draw_pairs, named

Values: TypeAlias = Sequence[Any] | NDArray[Any] | pd.Series
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Units:
    """
    Rows put in the order in which their units arrived.

    `order` takes the caller's rows to this order (`is_as_given`: it leaves them as they are);
    `codes` numbers the unit of each ordered row from 0, `part_codes` its instance among
    `instances`; `served_at` is when each unit was first served, `called` what it is called.
    """

    order: Ints
    codes: Ints
    part_codes: Ints
    instances: Names
    served_at: Floats
    called: Names
    is_as_given: bool

    @property
    def count(self) -> int:
        """Number of units."""
        return len(self.served_at)

    @cached_property
    def names(self) -> NDArray[np.str_]:
        """What each unit is called."""
        return self.called.texts()

    @cached_property
    def parts(self) -> NDArray[np.str_]:
        """What each ordered row is called within its unit."""
        return self.instances.texts()[self.part_codes]

    @cached_property
    def draws(self) -> NDArray[np.uint64]:
        """A hash of unit and instance per ordered row, noughts where every unit has one row."""
        if self._has_one_each:
            return np.zeros(len(self.codes), np.uint64)
        return draw_pairs(self.called, self.codes, self.instances, self.part_codes)

    @property
    def _has_one_each(self) -> bool:
        return len(self.codes) == self.count

    def arrange(self, values: NDArray[Any]) -> NDArray[Any]:
        """Puts the caller's values into the order of the rows."""
        return values if self.is_as_given else values[self.order]

    def keep(self, kept: Flags) -> "Units":
        """Cuts the rows to those of the units that are kept, which stay in order."""
        places = np.flatnonzero(kept[self.codes])
        return Units(
            order=self.order[places],
            codes=(np.cumsum(kept) - 1)[self.codes[places]],
            part_codes=self.part_codes[places],
            instances=self.instances,
            served_at=self.served_at[kept],
            called=self.called.take(np.flatnonzero(kept)),
            is_as_given=False,
        )

    def one_each(self, eligible: Flags) -> Ints:
        """Picks one eligible ordered row per unit, the one with the smallest hash."""
        rows = np.flatnonzero(eligible)
        if self._has_one_each or not len(rows):
            return rows
        codes, draws = self.codes[rows], self.draws[rows]
        starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
        least = np.minimum.reduceat(draws, starts)
        sizes = np.diff(np.append(starts, len(rows)))
        drawn = np.flatnonzero(draws == np.repeat(least, sizes))
        same = codes[drawn]
        first: Flags = np.concatenate([[True], same[1:] != same[:-1]])
        return rows[drawn[first]]


def arrange(
    rows: int,
    units: Values | Coded | None = None,
    instances: Values | None = None,
    served_at: Values | None = None,
) -> Units:
    """
    Orders rows by when their unit was first served, then by the names of unit and instance.

    Without `units` every row is its own unit; without `served_at` rows arrived as they stand, and
    without `instances` those of a unit are numbered as they stand. Raises EvidenceInvalid when
    lengths differ or a pair of unit and instance occurs twice.
    """
    for name, given in (("units", units), ("instances", instances), ("served_at", served_at)):
        if given is not None and len(given) != rows:
            raise EvidenceInvalid(f"{name} has {len(given)} entries for {rows} rows.")
    times = None if served_at is None else _seconds(np.asarray(served_at))
    if units is None:
        return _alone(rows, instances, times)
    codes, called = named(units)
    first = _first_served(codes, len(called), times)
    if times is not None:
        ranked = called.order_after(first)
        place = np.empty(len(called), dtype=np.int64)
        place[ranked] = np.arange(len(called))
        codes, called, first = place[codes], called.take(ranked), first[ranked]
    if instances is None:
        order, codes = _in_order(codes, len(called))
        parts, names = _numbered(codes, len(called))
    else:
        parts, names = _named_parts(instances)
        order = np.lexsort((parts, codes))
        codes, parts = codes[order], parts[order]
    is_as_given = bool(np.all(order[1:] > order[:-1]))
    found = Units(order, codes, parts, names, first, called, is_as_given)
    if instances is not None:
        _refuse_doubles(found)
    return found


def _alone(rows: int, instances: Values | None, times: Floats | None) -> Units:
    own = np.arange(rows)
    order = own if times is None else np.argsort(times, kind="stable")
    if instances is None:
        parts, names = np.broadcast_to(np.int64(0), rows), Names(1)
    else:
        found, names = named(instances)
        parts = found[order]
    served_at = own.astype(np.float64) if times is None else times[order]
    called = Names(rows) if times is None else Names(rows, order)
    return Units(order, own, parts, names, served_at, called, times is None)


def _seconds(times: NDArray[np.generic]) -> Floats:
    if times.dtype.kind == "M":
        return times.astype("datetime64[us]").astype(np.float64) / 1e6
    seconds = times.astype(np.float64)
    if np.isnan(seconds).any():
        raise EvidenceInvalid("served_at has missing times: every row needs one.")
    return seconds


def _first_served(codes: Ints, count: int, times: Floats | None) -> Floats:
    """Gives when each unit was first served; units are numbered as they first appear."""
    if times is None:
        newest = np.maximum.accumulate(codes)
        is_new = np.concatenate([[True], newest[1:] > newest[:-1]])[: len(codes)]
        return np.flatnonzero(is_new).astype(np.float64)
    first = np.full(count, np.inf)
    np.minimum.at(first, codes, times)
    return first


def _in_order(codes: Ints, count: int) -> tuple[Ints, Ints]:
    """
    Sorts rows by their unit, those of a unit as they stand; gives their places and ordered units.

    Unit and place are sorted as one number, which takes a tenth of a stable sort of places. Assumes
    that the product of both counts is below 2⁶³.
    """
    places = np.arange(len(codes))
    if count == len(codes):
        order = np.empty(count, dtype=np.int64)
        order[codes] = places
        return order, places
    bits = len(codes).bit_length()
    both = (codes << bits) | places
    both.sort()
    return both & ((1 << bits) - 1), both >> bits


def _numbered(codes: Ints, count: int) -> tuple[Ints, Names]:
    """Numbers the ordered rows of each unit as they stand."""
    sizes = np.bincount(codes, minlength=count)
    parts = np.arange(len(codes)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return parts, Names(int(sizes.max(initial=0)))


def _named_parts(instances: Values) -> tuple[Ints, Names]:
    """Numbers the instances in the order of their names."""
    found, names = named(instances)
    ranked = names.order_after(np.zeros(len(names)))
    place = np.empty(len(names), dtype=np.int64)
    place[ranked] = np.arange(len(names))
    return place[found], names.take(ranked)


def _refuse_doubles(units: Units) -> None:
    codes, parts = units.codes, units.part_codes
    double = np.flatnonzero((codes[1:] == codes[:-1]) & (parts[1:] == parts[:-1]))
    if len(double):
        at = double[0]
        raise EvidenceInvalid(
            f"{len(double)} instances stand more than once in the evidence;"
            f" the first is {units.parts[at]} of unit {units.names[codes[at]]}."
        )
