"""
What is promised of single statistics, simulated; the gate as a whole is `tests/unit/calibration`'s.

Each rate may exceed what is promised by two standard errors of the simulation. The seeds are fixed.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from understudy.comparison import drift
from understudy.comparison.sequences import mean_sequence, unit_moments

Arrays = dict[str, NDArray[Any]]

pytestmark = pytest.mark.no_cover


def _allowed(runs: int) -> float:
    return runs * (0.05 + 2 * math.sqrt(0.05 * 0.95 / runs))


def _columns(rng: np.random.Generator, n: int) -> Arrays:
    return {
        "normal": rng.normal(size=n),
        "skewed": np.exp(rng.normal(size=n)),
        "few": rng.poisson(2, n).astype(float),
        "sparse": np.where(rng.random(n) < 0.8, 0.0, rng.exponential(size=n)),
        "gaps": np.where(rng.random(n) < 0.05, np.nan, rng.normal(size=n)),
        "level": rng.choice(["a", "b", "c", "d"], n, p=[0.6, 0.25, 0.1, 0.05]),
        "rare": rng.zipf(1.6, n).astype(str),
    }


def test_the_sequence_holds_where_a_textbook_interval_breaks() -> None:
    """The simulation can fail: looking ten times, t-intervals miss the truth far too often."""
    rng = np.random.default_rng(22)
    runs, looks = 300, range(200, 2001, 200)
    missed, missed_by_t = 0, 0
    for _ in range(runs):
        values = rng.exponential(size=2000)
        always = (mean_sequence(unit_moments(values[:n]), 0.05, 1000) for n in looks)
        missed += any(ends is not None and not ends[0] <= 1 <= ends[1] for ends in always)
        tests = (stats.ttest_1samp(values[:n], 1.0).pvalue < 0.05 for n in looks)
        missed_by_t += any(tests)
    assert missed <= _allowed(runs) < missed_by_t


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("mean +0.5 sd", {"normal": lambda x: x + 0.5}),
        ("scale ×1.5", {"normal": lambda x: x * 1.5}),
        ("2 % of rows ×100", {"normal": lambda x: np.where(np.arange(len(x)) % 50 == 0, 100.0, x)}),
        ("missing 5 → 12 %", {"gaps": lambda x: np.where(np.arange(len(x)) % 13 == 0, np.nan, x)}),
    ],
)
def test_the_standard_shifts_are_found(
    name: str, change: dict[str, Callable[[NDArray[Any]], NDArray[Any]]]
) -> None:
    """A shift that matters raises the alarm within 1600 units, in the column where it is."""
    rng = np.random.default_rng(23)
    found = 0
    for _ in range(5):
        after = _columns(rng, 1600)
        after |= {column: shift(after[column]) for column, shift in change.items()}
        report = drift(_columns(rng, 2000), after, looks=True)
        found += {alarm.column for alarm in report.alarms} == set(change)
    assert found >= 4, name
