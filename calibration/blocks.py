"""Part 3: windows of ninety unchanged days, tested block by block."""

from functools import partial

import numpy as np
import pandas as pd

from understudy.comparison.windows import (
    WEEK,
    Block,
    WindowLook,
    conclude_windows,
    week_before,
    window_look,
)

from .case import LEVEL, Case, Run
from .mixed_columns import columns

DAY = 86_400.0
DAYS = 90
ALARM = "any alarm in 90 days"
START = 20_000 * DAY
FEW = ("normal 0", "lognormal 0", "sparse 0", "discrete 0", "few 0", "zipf 0")
REFERENCE = 2000


def unchanged_days(
    rng: np.random.Generator, length: int, units: int, is_wide: bool, alpha: float = LEVEL
) -> Run:
    """Closes block after block of the same traffic, each against training and a week before."""
    names = slice(None) if is_wide else list(FEW)

    def sample(rows: int) -> pd.DataFrame:
        return columns(rng, rows).loc[:, names]

    reference = sample(REFERENCE)
    starts = START + DAY * np.arange(0, DAYS - length + 1, length)
    blocks = [Block(start, start + length * DAY, units) for start in starts.tolist()]
    traffic: dict[Block, pd.DataFrame] = {}
    looks: list[WindowLook] = []
    for block in blocks:
        traffic[block] = sample(units)
        before = week_before(block, blocks)
        earlier = None if before is None else traffic[before]
        looks.append(window_look(block, traffic[block], reference, earlier, alpha=alpha))
        if conclude_windows(looks).is_alarming:
            return Run({ALARM: True})
        for old in [other for other in traffic if other.start < block.start - WEEK]:
            del traffic[old]
    return Run({ALARM: False})


def _case(length: int, is_wide: bool, effort: float) -> Case:
    width, days = (30 if is_wide else len(FEW)), "day" if length == 1 else "days"
    return Case(
        3,
        f"windows, {width} columns, blocks of {length} {days} and 1,000 units",
        partial(unchanged_days, length=length, units=1000, is_wide=is_wide),
        {ALARM: LEVEL},
        effort=effort,
    )


CASES = (
    _case(30, is_wide=True, effort=0.1),
    _case(7, is_wide=False, effort=0.15),
    _case(1, is_wide=False, effort=0.05),
)
