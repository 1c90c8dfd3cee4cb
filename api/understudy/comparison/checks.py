"""
The list of checks of one column, fixed by the reference before any current value is seen.

A check measures a prefix of the current rows, so that earlier looks can be taken again from the
same arrays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import Codes, Floats, Kind, Range, encode, numbers
from .finding import Finding
from .independent import chi_square, kolmogorov_smirnov
from .shares import beyond_range, share_change

FEW_LEVELS = 20
TIED_SHARE = 0.05
BINS = 20

Flags = NDArray[np.bool_]
Measure = Callable[[int, float], Finding]


@dataclass(frozen=True)
class Sizes:
    """From which size on a change matters, per kind of effect."""

    gap: float = 0.10
    level_share: float = 0.05
    share: float = 0.02
    tail: float = 0.01


@dataclass(frozen=True)
class Check:
    """One line of the family: what is measured, and from which size on it matters."""

    column: str
    kind: str
    finding: str
    size: float
    measure: Measure

    def at(self, rows: int, level: float) -> Finding:
        """Measures the first current rows with an interval at this level."""
        found = self.measure(rows, level)
        return replace(found, column=self.column, kind=self.kind, finding=self.finding)


@dataclass(frozen=True)
class Column:
    """One column of both sides, with what the whole training data are known to hold."""

    name: str
    kind: Kind
    reference: "pd.Series[Any]"
    current: "pd.Series[Any]"
    range: Range | None = None
    levels: Mapping[str, int] | None = None


def checks_of(column: Column, sizes: Sizes) -> list[Check]:
    """Lists the checks that fit a column."""
    if column.kind == "numeric":
        return _numeric(column, sizes)
    if column.kind == "categorical":
        return _categorical(column, sizes)
    absent = column.reference.isna().to_numpy(), column.current.isna().to_numpy()
    return [_missing(column, *absent, sizes)]


def _missing(column: Column, absent: Flags, current_absent: Flags, sizes: Sizes) -> Check:
    k, n = int(np.sum(absent)), len(absent)

    def measure(rows: int, level: float) -> Finding:
        return share_change(k, n, int(np.sum(current_absent[:rows])), rows, level)

    return Check(column.name, column.kind, "missing", sizes.share, measure)


def _numeric(column: Column, sizes: Sizes) -> list[Check]:
    before, after = numbers(column.reference), numbers(column.current)
    checks = [_missing(column, ~np.isfinite(before), ~np.isfinite(after), sizes)]
    present = before[np.isfinite(before)]
    if not len(present):
        return checks
    known = column.range or Range(float(present.min()), float(present.max()), len(present))
    return [
        *checks,
        *_distribution(column, present, after, sizes),
        _tail(column, after, known, sizes),
    ]


def _distribution(column: Column, present: Floats, after: Floats, sizes: Sizes) -> list[Check]:
    levels, counts = np.unique(present, return_counts=True)
    if len(levels) <= FEW_LEVELS and len(levels) <= len(present) / 2:
        return [_discrete(column, present, after, sizes)]
    if levels[counts.argmax()] == 0 and counts.max() > TIED_SHARE * len(present):
        zeros = _non_zero(column, present, after, sizes)
        filled = np.where(after == 0, np.nan, after)
        return [zeros, *_distribution(column, present[present != 0], filled, sizes)]
    if counts.max() > TIED_SHARE * len(present):
        return [_discrete(column, present, after, sizes)]

    def measure(rows: int, level: float) -> Finding:
        return kolmogorov_smirnov(present, _finite(after[:rows]), level)

    return [Check(column.name, "numeric", "distribution", sizes.gap, measure)]


def _discrete(column: Column, present: Floats, after: Floats, sizes: Sizes) -> Check:
    """Takes the p-value of chi-square, because ties spoil that of D, and D as the effect."""
    levels = np.unique(present)
    if len(levels) > FEW_LEVELS:
        levels = np.unique(np.quantile(present, np.linspace(0, 1, BINS + 1)))

    def measure(rows: int, level: float) -> Finding:
        now = _finite(after[:rows])
        gap = kolmogorov_smirnov(present, now, level)
        found = chi_square(_table(present, now, levels), level)
        return replace(
            gap,
            test=found.test,
            statistic=found.statistic,
            p_value=found.p_value,
            assumption=found.assumption,
            details={**found.details, **gap.details, "ks_p_value": gap.p_value},
        )

    return Check(column.name, "numeric", "distribution", sizes.gap, measure)


def _table(before: Floats, after: Floats, edges: Floats) -> Codes:
    """Counts values at each edge and between two edges, so that a tied value has its own cell."""
    cells = 2 * len(edges) + 1
    return np.stack(
        [
            np.bincount(
                np.searchsorted(edges, side, "left") + np.searchsorted(edges, side, "right"),
                minlength=cells,
            )
            for side in (before, after)
        ]
    )


def _non_zero(column: Column, present: Floats, after: Floats, sizes: Sizes) -> Check:
    k, n = int(np.count_nonzero(present)), len(present)

    def measure(rows: int, level: float) -> Finding:
        now = _finite(after[:rows])
        return share_change(k, n, int(np.count_nonzero(now)), len(now), level)

    return Check(column.name, "sparse", "non-zero", sizes.share, measure)


def _tail(column: Column, after: Floats, known: Range, sizes: Sizes) -> Check:
    def measure(rows: int, level: float) -> Finding:
        now = after[:rows]
        below, above = int(np.sum(now < known.low)), int(np.sum(now > known.high))
        return beyond_range(known.rows, below, above, int(np.sum(~np.isnan(now))), level)

    return Check(column.name, "numeric", "tail", sizes.tail, measure)


def _finite(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _categorical(column: Column, sizes: Sizes) -> list[Check]:
    before, after, names = encode(column.reference, column.current)
    checks = [_missing(column, before < 0, after < 0, sizes)]
    counts = np.bincount(before[before >= 0], minlength=len(names))
    if not counts.sum():
        return checks

    def measure(rows: int, level: float) -> Finding:
        now = after[:rows]
        table = np.stack([counts, np.bincount(now[now >= 0], minlength=len(names))])
        return chi_square(table, level)

    distribution = Check(column.name, "categorical", "distribution", sizes.level_share, measure)
    return [*checks, distribution, _never_seen(column, counts, after, names, sizes)]


def _never_seen(
    column: Column, counts: Codes, after: Codes, names: tuple[str, ...], sizes: Sizes
) -> Check:
    """
    Share of rows whose level training does not hold, against what leaving one row out would show.

    A column with many rare levels always meets new ones. How often is known from the reference:
    the share of its rows whose level occurs once (Good and Turing), which is nought if all levels
    are frequent.
    """
    training = column.levels or dict(zip(names, counts.tolist(), strict=True))
    known = np.array([training.get(name, 0) > 0 for name in names], dtype=bool) | (counts > 0)
    n, once = sum(training.values()), sum(count == 1 for count in training.values())

    def measure(rows: int, level: float) -> Finding:
        now = after[:rows]
        now = now[now >= 0]
        return share_change(once, n, int(np.sum(~known[now])), len(now), level)

    return Check(column.name, "categorical", "never seen", sizes.share, measure)
