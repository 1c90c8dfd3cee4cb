"""Drift of tables that do not fit into memory: one column of both sides at a time, in one look."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .checks import checks_of
from .columns import Kind, infer_kind
from .drift import Counts, DriftReport, report, schema_findings
from .family import Family
from .finding import Finding
from .looks import ONLY, Look
from .reference import Column
from .traffic import Traffic
from .units import Values, arrange

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@np.errstate(over="ignore", invalid="ignore")
def drift_by_column(
    reference: Mapping[str, Values],
    current: Traffic,
    rows: tuple[int, int],
    *,
    kinds: Mapping[str, Kind] | None = None,
    alpha: float = 0.05,
) -> DriftReport:
    """
    Gives what `drift` gives without looks, asking both mappings for one column at a time.

    `rows` are those of the reference and of the current side. A column of the reference is asked
    for twice: the family has to be known before anything is measured.
    """
    before, after = rows
    there = [str(name) for name in current.columns]  # a mapping may read a column to say it has it
    shells, size = {}, 0
    for name in reference:
        column = _column(name, reference[name], kinds)
        shells[name] = _shell(column)
        size += len(checks_of(column)) if name in there else 0
    units, picked = _one_per_unit(current, after)
    level = alpha / max(1, size)

    seen: Hashes = np.zeros(after, np.uint64)
    adding = Lock()

    def measure(place: int) -> list[Finding]:
        name = there[place]
        values = _series(current.columns[name])
        with adding:
            np.add(seen, _hashes(values, place), out=seen)
        if name not in shells:
            return []
        column = _column(name, reference[name], {name: shells[name].kind})
        values = _prepared(values, picked, column.kind)
        tally = column.tallier(values)(units)
        return [check.at(tally, level) for check in checks_of(column)]

    with ThreadPoolExecutor(max_workers=2) as pool:  # sorting needs no lock; memory is for two
        futures = [pool.submit(copy_context().run, measure, place) for place in range(len(there))]
        findings = [finding for future in futures for finding in future.result()]
    seen.sort()
    return report(
        Family(shells, before),
        (Look(ONLY, units, tuple(findings)),),
        Counts(units, after, int(np.sum(seen[1:] == seen[:-1]))),
        absent=schema_findings(list(reference), there, before, units),
        alpha=alpha,
    )


def _series(values: Values) -> "pd.Series[Any]":
    return values if isinstance(values, pd.Series) else pd.Series(values)


def _column(name: str, values: Values, kinds: Mapping[str, Kind] | None) -> Column:
    """Reads a reference column; numbers are put in order, which every test of them asks for."""
    series = _series(values)
    kind = (kinds or {}).get(name) or infer_kind(series)
    if kind == "numeric" and series.dtype == np.float64:
        series = pd.Series(np.sort(series.to_numpy()))
    return Column(name, kind, series)


def _shell(column: Column) -> Column:
    """Keeps what a column is called and what kind it is, without its values."""
    return Column(column.name, column.kind, column.reference.iloc[:0])


def _one_per_unit(current: Traffic, rows: int) -> tuple[int, Ints | None]:
    if current.units is None:
        return rows, None
    units = arrange(rows, current.units, current.instances, current.served_at)
    return units.count, units.order[units.one_each(np.ones(rows, dtype=bool))]


def _prepared(values: "pd.Series[Any]", picked: Ints | None, kind: Kind) -> "pd.Series[Any]":
    """Takes one row of each unit and puts numbers in order, which every test of them asks for."""
    if picked is not None:
        values = values.iloc[picked]
    if kind == "numeric" and values.dtype == np.float64:
        values = pd.Series(np.sort(values.to_numpy()))
    return values


def _hashes(values: "pd.Series[Any]", place: int) -> Hashes:
    """Hashes values so that those of all columns may be added up, in whichever order."""
    found = np.array(pd.util.hash_pandas_object(values, index=False), np.uint64)
    found *= _FACTOR * np.uint64(2 * place + 1)
    return found
