"""
The list of checks of one column, fixed by the reference before any current value is seen.

A check measures a tally of current rows, whether their values are at hand or were merged long ago.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .finding import Finding
from .independent import chi_square, kolmogorov_smirnov, kolmogorov_smirnov_of_cells
from .reference import Column, Shape
from .shares import beyond_range, share_change
from .tallies import Tally, count_cells

Measure = Callable[[Tally, float], Finding]


@dataclass(frozen=True)
class Check:
    """One line of the family: of which column, what is found, and how it is measured."""

    column: str
    kind: str
    finding: str
    measure: Measure

    def at(self, tally: Tally, level: float) -> Finding:
        """Measures a tally with an interval at this level."""
        found = self.measure(tally, level)
        return replace(found, column=self.column, kind=self.kind, finding=self.finding)


def checks_of(column: Column) -> list[Check]:
    """Lists the checks that fit a column."""
    if column.kind == "numeric":
        return _numeric(column)
    if column.kind == "categorical":
        return _categorical(column)
    return [_missing(column)]


def _missing(column: Column) -> Check:
    k, n = column.absent, len(column.reference)

    def measure(tally: Tally, level: float) -> Finding:
        return share_change(k, n, tally.missing, tally.rows, level)

    return Check(column.name, column.kind, "missing", measure)


def _numeric(column: Column) -> list[Check]:
    checks = [_missing(column)]
    if not len(column.finite):
        return checks
    if column.shape.is_sparse:
        checks.append(_non_zero(column))
    return [*checks, _distribution(column), _tail(column)]


def _distribution(column: Column) -> Check:
    """Takes the p-value of chi-square where ties would spoil that of D; D is the effect anyway."""
    shape = column.shape

    def measure(tally: Tally, level: float) -> Finding:
        now = shape.without_zeros(tally)
        gap = _gap(shape, now, level)
        if shape.edges is None:
            return gap
        found = chi_square(shape.table(now, shape.edges), level)
        return replace(
            gap,
            test=found.test,
            statistic=found.statistic,
            p_value=found.p_value,
            assumption=found.assumption,
            details={**found.details, **gap.details, "ks_p_value": gap.p_value},
        )

    return Check(column.name, "numeric", "distribution", measure)


def _gap(shape: Shape, tally: Tally, level: float) -> Finding:
    if tally.values is not None:
        return kolmogorov_smirnov(shape.values, tally.values, level)
    cells = count_cells(np.zeros(0), shape.ruler) if tally.cells is None else tally.cells
    return kolmogorov_smirnov_of_cells(shape.values, shape.ruler, cells, level)


def _non_zero(column: Column) -> Check:
    k, n = int(np.count_nonzero(column.finite)), len(column.finite)

    def measure(tally: Tally, level: float) -> Finding:
        return share_change(k, n, tally.present - column.shape.zeros(tally), tally.present, level)

    return Check(column.name, "sparse", "non-zero", measure)


def _tail(column: Column) -> Check:
    rows = column.known_range.rows

    def measure(tally: Tally, level: float) -> Finding:
        return beyond_range(rows, tally.below, tally.above, tally.known, level)

    return Check(column.name, "numeric", "tail", measure)


def _categorical(column: Column) -> list[Check]:
    checks = [_missing(column)]
    if not column.counts:
        return checks

    def measure(tally: Tally, level: float) -> Finding:
        before, after = column.counts, tally.levels or {}
        names = sorted({*before, *after})
        table = [[side.get(name, 0) for name in names] for side in (before, after)]
        return chi_square(np.array(table, np.int64), level)

    return [
        *checks,
        Check(column.name, "categorical", "distribution", measure),
        _never_seen(column),
    ]


def _never_seen(column: Column) -> Check:
    """
    Share of rows whose level training does not hold, against what leaving one row out would show.

    A column with many rare levels always meets new ones. How often is known from the reference:
    the share of its rows whose level occurs once (Good and Turing), which is nought if all levels
    are frequent.
    """
    training = column.training_levels
    known = {name for name, n in training.items() if n > 0} | set(column.counts)
    n, once = sum(training.values()), sum(count == 1 for count in training.values())

    def measure(tally: Tally, level: float) -> Finding:
        after = tally.levels or {}
        new = sum(count for name, count in after.items() if name not in known)
        return share_change(once, n, new, sum(after.values()), level)

    return Check(column.name, "categorical", "never seen", measure)
