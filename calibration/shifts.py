"""Part 4: how often drift is seen at the standard shifts, each in one of thirty columns."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.comparison import drift

from .case import Case, Run
from .mixed_columns import columns, lacking

REFERENCE = 10_000
Floats = NDArray[np.float64]
Shift = Callable[[np.random.Generator, Floats], Floats]


def _add_quarter(rng: np.random.Generator, values: Floats) -> Floats:
    return values + 0.25


def _add_half(rng: np.random.Generator, values: Floats) -> Floats:
    return values + 0.5


def _scale(rng: np.random.Generator, values: Floats) -> Floats:
    return values * 1.5


def _wrong_unit(rng: np.random.Generator, values: Floats) -> Floats:
    return np.where(rng.random(len(values)) < 0.02, values * 100, values)


def _lose(rng: np.random.Generator, values: Floats) -> Floats:
    return lacking(rng, values, 0.03)


SHIFTS: dict[str, Shift] = {
    "mean +0.25 sd": _add_quarter,
    "mean +0.5 sd": _add_half,
    "scale ×1.5": _scale,
    "missing 1 → 3 %": _lose,
    "2 % of rows ×100": _wrong_unit,
}


def shifted(rng: np.random.Generator, units: int) -> Run:
    """Shifts five of thirty columns, each in its own way, and tells which of them alarm."""
    before, after = columns(rng, REFERENCE), columns(rng, units)
    names = [f"normal {number}" for number in range(len(SHIFTS))]
    for name, (title, shift) in zip(names, SHIFTS.items(), strict=True):
        before[name], after[name] = rng.normal(size=REFERENCE), rng.normal(size=units)
        if title.startswith("missing"):
            before[name] = pd.Series(lacking(rng, before[name].to_numpy(), 0.01))
        after[name] = pd.Series(shift(rng, after[name].to_numpy()))
    alarmed = {finding.column for finding in drift(before, after, looks=True).alarms}
    seen = zip(names, SHIFTS, strict=True)
    return Run({f"alarm: {title}": name in alarmed for name, title in seen})


def _case(units: int, at_least: dict[str, float], effort: float) -> Case:
    return Case(
        4,
        f"drift seen, {units:,} units",
        partial(shifted, units=units),
        at_least={f"alarm: {title}": share for title, share in at_least.items()},
        effort=effort,
    )


CASES = (
    _case(1000, {}, 0.1),
    _case(10_000, dict.fromkeys(SHIFTS, 0.8), 0.06),
)
