"""Slicing: the traffic cut by each column into named parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import PolicyInvalid

from .columns import MANY, Kind, infer_kind, level_name, numbers

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

FEW = 10
"""Numbers with at most so many values are cut value by value, like levels."""

LOOKED_AT = 5_000
QUARTILES = (0.25, 0.5, 0.75)
MISSING = "is missing"


@dataclass(frozen=True, eq=False)
class Cut:
    """A column as parts: the part of each row, −1 for none, and what a row of a part fulfils."""

    column: str
    codes: Codes
    parts: tuple[str, ...]


def cut(
    columns: pd.DataFrame,
    reference: pd.DataFrame | None,
    searched: Flags,
    wanted: Sequence[str] | None,
) -> list[Cut]:
    """
    Cuts every suitable column, or those wanted, into levels, quartile bins and missing.

    Quartiles come from the reference where it has the column, else from the rows `searched`; the
    hundred most frequent levels from the latter. Ids, free texts and times are left out unless they
    are asked for by name. Raises PolicyInvalid for a wanted column that is not there.
    """
    for name in wanted or ():
        if name not in columns:
            known = ", ".join(map(str, columns.columns)) or "none"
            raise PolicyInvalid("slices", name, f"the columns there are: {known}")
    cuts = []
    for name in sorted(wanted or columns.columns):
        values = columns[name]
        basis = values[searched]
        if reference is not None and name in reference and reference[name].notna().any():
            basis = reference[name]
        kind = infer_kind(basis.iloc[:LOOKED_AT])
        if wanted is None and kind not in ("numeric", "categorical"):
            continue
        cuts.append(_cut_one(str(name), values, basis, kind, searched))
    return cuts


def _cut_one(
    name: str, values: "pd.Series[Any]", basis: "pd.Series[Any]", kind: Kind, searched: Flags
) -> Cut:
    if kind in ("numeric", "id"):
        known = numbers(basis)
        known = known[np.isfinite(known)]
        if _are_many(known):
            return _bins(name, numbers(values), known)
    return cut_levels(name, values, searched)


def _are_many(known: Floats) -> bool:
    """Looks at a few first: sorting millions of different numbers only to count them is slow."""
    return any(len(np.unique(part)) > FEW for part in (known[:LOOKED_AT], known))


def _bins(name: str, values: Floats, basis: Floats) -> Cut:
    edges = np.unique(np.quantile(basis, QUARTILES))
    told = [number_name(edge, basis) for edge in edges]
    between = [f"in {low} to {high}" for low, high in pairwise(told)]
    parts = (f"below {told[0]}", *between, f"from {told[-1]}", MISSING)
    if len(edges) == 1:  # more than half of the rows say the same
        edges = np.array([edges[0], np.nextafter(edges[0], np.inf)])
        parts = (f"below {told[0]}", f"= {told[0]}", f"above {told[0]}", MISSING)
    codes = np.searchsorted(edges, values, side="right").astype(np.int64)
    codes[~np.isfinite(values)] = len(edges) + 1
    return Cut(name, codes, parts)


def number_name(value: float, basis: Floats) -> str:
    """Writes a boundary as people write such numbers: 12,500, but the year 1998."""
    are_years = bool(np.all((basis >= 1000) & (basis < 2200) & (basis == np.floor(basis))))
    if are_years and np.median(basis) >= 1700:
        return f"{value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def cut_levels(name: str, values: "pd.Series[Any]", searched: Flags) -> Cut:
    """Cuts into levels by their names; of more than a hundred the most frequent of `searched`."""
    raw, uniques = pd.factorize(values)
    names = [level_name(value) for value in uniques]
    there = sorted({level for level in names if level is not None})
    place = {level: index for index, level in enumerate(there)}
    missing = len(there)
    targets = [missing if level is None else place[level] for level in names]
    codes = np.array([*targets, missing], dtype=np.int64)[raw]
    counts = np.bincount(codes[searched], minlength=missing + 1)[:missing]
    kept = np.sort(np.argsort(-counts, kind="stable")[:MANY])
    renamed = np.full(missing + 1, -1, dtype=np.int64)
    renamed[kept] = np.arange(len(kept))
    renamed[missing] = len(kept)
    return Cut(name, renamed[codes], (*(f"= {there[index]}" for index in kept), MISSING))
