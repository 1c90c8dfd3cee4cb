"""Blocks: what neighbouring units, in order of arrival, add to the guards of the pairs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .policy import Policy
from .rows import Rows
from .sums import UnitSums, unit_sums

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PARTS = 80
"""A multiple of four, so that the quarters of the units are whole blocks."""


@dataclass(frozen=True)
class Count:
    """Of some units, how many show an event."""

    events: int = 0
    units: int = 0

    def merge(self, other: "Count") -> "Count":
        """Gives both counts together."""
        return Count(self.events + other.events, self.units + other.units)

    @property
    def share(self) -> float | None:
        """The share of units with the event, None without units."""
        return self.events / self.units if self.units else None


@dataclass(frozen=True)
class Block:
    """
    Some units next to each other in order of arrival, summed up; blocks of other units merge.

    `units` arrived, `compared` of them with `pairs`; the last was first served at `until`. The
    counts take one instance per unit: `failures` of those due, `beyond` the tolerance and
    `differing` labels of those compared. What the models do not give is None.
    """

    units: int = 0
    compared: int = 0
    pairs: int = 0
    until: float | None = None
    is_identical: bool = True
    failures: Count = Count()
    beyond: Count | None = None
    differing: Count | None = None
    difference: UnitSums | None = None

    def merge(self, other: "Block") -> "Block":
        """Gives this block and a later one together."""
        return Block(
            units=self.units + other.units,
            compared=self.compared + other.compared,
            pairs=self.pairs + other.pairs,
            until=self.until if other.until is None else other.until,
            is_identical=self.is_identical and other.is_identical,
            failures=self.failures.merge(other.failures),
            beyond=_together(self.beyond, other.beyond),
            differing=_together(self.differing, other.differing),
            difference=_together(self.difference, other.difference),
        )

    def to_json(self) -> dict[str, Any]:
        """Gives the block as a JSON object that `from_json` reads back."""
        found: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("failures", "beyond", "differing"):
            count = found[name]
            found[name] = None if count is None else [count.events, count.units]
        found["difference"] = None if self.difference is None else self.difference.to_json()
        return found

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Reads what `to_json` gave."""
        read = dict(found)
        for name in ("failures", "beyond", "differing"):
            read[name] = None if read[name] is None else Count(*read[name])
        if read["difference"] is not None:
            read["difference"] = UnitSums.from_json(read["difference"])
        return cls(**read)


def _together(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return second if first is None else first
    return first.merge(second)


def merged(blocks: Iterable[Block]) -> Block:
    """Gives all blocks together."""
    return reduce(Block.merge, blocks, Block())


def blocks_of(rows: Rows, policy: Policy, parts: int = PARTS) -> tuple[Block, ...]:
    """
    Sums up the rows in so many parts with equally many units, fewer where units are few.

    `policy` must have its defaults filled: what is beyond the tolerance is counted here.
    """
    seen = _Seen(rows, policy)
    count = rows.units.count
    ends = np.unique([-(-count * (part + 1) // parts) for part in range(parts)])
    starts = [0, *ends[:-1]]
    return tuple(seen.block(int(start), int(end)) for start, end in zip(starts, ends, strict=True))


def nothing_yet(*, has_numbers: bool, has_labels: bool) -> Block:
    """Gives the block of no units, which says what the models will give."""
    return Block(
        beyond=Count() if has_numbers else None,
        difference=UnitSums() if has_numbers else None,
        differing=Count() if has_labels else None,
    )


def grouped(blocks: Sequence[Block], parts: int) -> tuple[Block, ...]:
    """Merges neighbours to exactly so many parts of about equally many units, some maybe empty."""
    total = max(1, sum(block.units for block in blocks))
    groups = [Block() for _ in range(parts)]
    before = 0
    for block in blocks:
        place = min(parts - 1, int((before + block.units / 2) * parts / total))
        groups[place] = groups[place].merge(block)
        before += block.units
    return tuple(groups)


class _Seen:
    """The rows with everything that is looked at, worked out once for all blocks."""

    def __init__(self, rows: Rows, policy: Policy) -> None:
        self._rows = rows
        self._d = difference(rows)
        self._compared = np.flatnonzero(rows.compared)
        self._one_each = rows.units.one_each(rows.compared)
        self._due = rows.units.one_each(rows.compared | rows.failed)
        self._differing = labels_differ(rows)
        self._tolerance = policy.tolerance

    def block(self, start: int, end: int) -> Block:
        """Sums up the units from `start` to before `end`."""
        compared, one_each, due = (
            self._of_units(rows, start, end) for rows in (self._compared, self._one_each, self._due)
        )
        d, differing = self._d, self._differing
        served = self._rows.units.served_at
        has_time = self._rows.served_at is not None and end > start
        return Block(
            units=end - start,
            compared=len(one_each),
            pairs=len(compared),
            until=float(served[end - 1]) if has_time else None,
            is_identical=self._is_identical(compared),
            failures=Count(int(self._rows.failed[due].sum()), len(due)),
            beyond=self._beyond(one_each),
            differing=None
            if differing is None
            else Count(int(differing[one_each].sum()), len(one_each)),
            difference=None if d is None else unit_sums(d[compared], self._rows.codes[compared]),
        )

    def _of_units(self, rows: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
        # Rows stand in order of their units, and those chosen in order of the rows.
        first, last = np.searchsorted(self._rows.codes, (start, end))
        return rows[np.searchsorted(rows, first) : np.searchsorted(rows, last)]

    def _beyond(self, one_each: NDArray[np.int64]) -> Count | None:
        if self._d is None or self._tolerance is None:
            return None
        return Count(int((np.abs(self._d[one_each]) > self._tolerance).sum()), len(one_each))

    def _is_identical(self, compared: NDArray[np.int64]) -> bool:
        same_numbers = self._d is None or not np.any(self._d[compared])
        return same_numbers and (self._differing is None or not np.any(self._differing[compared]))


def difference(rows: Rows) -> Floats | None:
    """
    Gives each row's difference as a number, NaN where not compared, or None without numbers.

    Regression: shadow − live. Binary: the same of P(positive). Multiclass: total variation
    ½Σ|p − q| over the union of the classes, which has no sign.
    """
    if rows.task == "multiclass":
        if rows.live_shares is None or rows.shadow_shares is None:
            return None
        return np.asarray(np.abs(rows.live_shares - rows.shadow_shares).sum(axis=1) / 2)
    if rows.live is None or rows.shadow is None:
        return None
    with np.errstate(invalid="ignore"):
        return rows.shadow - rows.live


def labels_differ(rows: Rows) -> Flags | None:
    """Tells for each row whether the two labels differ, or gives None without labels."""
    if rows.live_labels is None or rows.shadow_labels is None:
        return None
    return np.asarray(rows.live_labels != rows.shadow_labels, dtype=bool)
