"""Part 1: thirty columns, nothing changed, somebody looks again and again."""

from functools import partial

import numpy as np

from understudy.comparison import Traffic, drift

from .asking import FIRST_ASK, asks
from .case import LEVEL, CalibrationBroken, Case, Run
from .mixed_columns import columns, requests

ALARM = "any alarm over all asks"
ONE_LOOK = "any alarm in one look"
AUDITED, AUDITED_ASKS = 0.05, 12
SIZE, CORRELATION = 20, 0.2


def unchanged(rng: np.random.Generator, reference: int, current: int, alpha: float = 0.05) -> Run:
    """
    Compares two samples of the same thirty columns.

    A look is taken at fixed numbers of units and an alarm stays, so that the last ask knows of
    every alarm that an earlier one raised; in some runs earlier asks are made to see that.
    """
    before, after = columns(rng, reference), columns(rng, current)
    last = drift(before, after, looks=True, alpha=alpha)
    if rng.random() < AUDITED:
        ever = any(
            drift(before, after.iloc[:rows], looks=True, alpha=alpha).alarms
            for rows in asks(current, AUDITED_ASKS)
        )
        if ever != bool(last.alarms):
            raise CalibrationBroken("An alarm that an earlier ask raised is not there at the last.")
    once = drift(before, after, alpha=alpha)
    return Run({ALARM: bool(last.alarms), ONE_LOOK: bool(once.alarms)})


def unchanged_requests(
    rng: np.random.Generator, reference: int, units: int, is_by_unit: bool = True
) -> Run:
    """The same for requests of twenty alike rows: only one row of each request may count."""
    before = columns(rng, reference)
    after = requests(rng, units, SIZE, CORRELATION)
    names = np.repeat(np.arange(units), SIZE).astype(str)
    traffic = Traffic(after, np.char.zfill(names, 6) if is_by_unit else None)
    return Run({ALARM: bool(drift(before, traffic, looks=True).alarms)})


def _case(reference: int, current: int, effort: float) -> Case:
    return Case(
        1,
        f"30 columns, reference {reference:,}, current {current:,}",
        partial(unchanged, reference=reference, current=current),
        {ALARM: LEVEL, ONE_LOOK: LEVEL},
        effort=effort,
    )


CASES = (
    _case(1000, FIRST_ASK, 0.5),
    _case(1000, 1000, 0.3),
    _case(2000, 3000, 0.2),
    _case(1000, 10_000, 0.15),
    _case(10_000, 10_000, 0.06),
    Case(
        1,
        f"30 columns, reference 1,000, 500 requests of {SIZE}",
        partial(unchanged_requests, reference=1000, units=500),
        {ALARM: LEVEL},
        effort=0.15,
    ),
)
