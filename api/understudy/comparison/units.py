"""Units: what is counted. A request, or whatever else a policy names; never a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import EvidenceInvalid

Values: TypeAlias = Sequence[Any] | NDArray[Any] | pd.Series
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Units:
    """
    Rows put in the order in which their units arrived.

    `order` takes the caller's rows to this order; `codes` numbers the unit of each ordered row from
    0, `parts` names the instance, `draws` decides which instance of a unit is looked at;
    `served_at` is when each unit was first served, `names` what it is called.
    """

    order: Ints
    codes: Ints
    parts: NDArray[np.str_]
    draws: NDArray[np.uint64]
    served_at: NDArray[np.float64]
    names: NDArray[np.str_]

    @property
    def count(self) -> int:
        """Number of units."""
        return len(self.served_at)

    def one_each(self, eligible: Flags) -> Ints:
        """Picks one eligible ordered row per unit, the one with the smallest hash."""
        rows = np.flatnonzero(eligible)
        rows = rows[np.lexsort((self.draws[rows], self.codes[rows]))]
        codes = self.codes[rows]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = codes[1:] != codes[:-1]
        return rows[first]


def arrange(
    rows: int,
    units: Values | None = None,
    instances: Values | None = None,
    served_at: Values | None = None,
) -> Units:
    """
    Orders rows by when their unit was first served, then by the names of unit and instance.

    Without `units` every row is its own unit; without `served_at` rows arrived as they stand.
    Raises EvidenceInvalid when lengths differ or a pair of unit and instance occurs twice.
    """
    for name, given in (("units", units), ("instances", instances), ("served_at", served_at)):
        if given is not None and len(given) != rows:
            raise EvidenceInvalid(f"{name} has {len(given)} entries for {rows} rows.")
    times = np.arange(rows) if served_at is None else np.asarray(served_at)
    times = _seconds(times)
    if units is None:
        order = np.argsort(times, kind="stable")
        own = np.arange(rows)
        parts = _parts(own, instances)[order]
        draws = np.zeros(rows, np.uint64)
        return Units(order, own, parts, draws, times[order], order.astype(str))
    codes, names = pd.factorize(np.asarray(units, dtype=str), sort=True)
    first = np.full(len(names), np.inf)
    np.minimum.at(first, codes, times)
    ranked = np.argsort(first, kind="stable")
    place = np.empty(len(names), dtype=np.int64)
    place[ranked] = np.arange(len(names))
    parts = _parts(codes, instances)
    order = np.lexsort((parts, place[codes]))
    arranged = place[codes][order]
    _refuse_doubles(arranged, parts[order], np.asarray(names[ranked], dtype=str))
    labels = np.asarray(names[ranked], dtype=str)
    draws = _draws(arranged, parts[order], labels)
    return Units(order, arranged, parts[order], draws, first[ranked], labels)


def _seconds(times: NDArray[np.generic]) -> NDArray[np.float64]:
    if times.dtype.kind == "M":
        return times.astype("datetime64[us]").astype(np.float64) / 1e6
    seconds = times.astype(np.float64)
    if np.isnan(seconds).any():
        raise EvidenceInvalid("served_at has missing times: every row needs one.")
    return seconds


def _parts(codes: Ints, instances: Values | None) -> NDArray[np.str_]:
    if instances is not None:
        return np.asarray(instances, dtype=str)
    return pd.Series(codes).groupby(codes).cumcount().to_numpy().astype(str)


def _refuse_doubles(codes: Ints, parts: NDArray[np.str_], names: NDArray[np.str_]) -> None:
    double = np.flatnonzero((codes[1:] == codes[:-1]) & (parts[1:] == parts[:-1]))
    if len(double):
        at = double[0]
        raise EvidenceInvalid(
            f"{len(double)} instances stand more than once in the evidence;"
            f" the first is {parts[at]} of unit {names[codes[at]]}."
        )


def _draws(codes: Ints, parts: NDArray[np.str_], names: NDArray[np.str_]) -> NDArray[np.uint64]:
    draws = np.zeros(len(codes), dtype=np.uint64)
    for row in np.flatnonzero(np.bincount(codes)[codes] > 1):
        seed = f"{names[codes[row]]}\x1f{parts[row]}".encode()
        draws[row] = int.from_bytes(blake2b(seed, digest_size=8).digest(), "big")
    return draws
