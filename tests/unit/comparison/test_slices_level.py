"""The search for slices as a whole: how often it is wrong, and how often it finds what is there."""

import math

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from understudy.comparison import Evidence, Policy
from understudy.comparison.halves import is_searched, unit_draws
from understudy.comparison.rows import read_rows
from understudy.comparison.slice_search import Searched, by_t, search
from understudy.comparison.slices import conclude_slices, slice_look
from understudy.comparison.slicing import cut

# Simulated or compared at length, which tracing every line would make dear.
pytestmark = pytest.mark.no_cover

Floats = NDArray[np.float64]

POLICY = Policy().with_defaults(20.0, 16.0)
LOOKS = {3: 400, 4: 800, 5: 1600}
UNITS = 1600
RUNS = 16


@pytest.fixture(scope="module")
def columns() -> pd.DataFrame:
    """Return sixteen columns without any meaning, and one that marks a fifth of the traffic."""
    rng = np.random.default_rng(0)
    letters = {f"letter {i}": rng.choice(list("abcd"), UNITS) for i in range(12)}
    figures = {f"figure {i}": rng.normal(0, 1, UNITS) for i in range(4)}
    part = rng.choice(["inside", "outside"], UNITS, p=[0.2, 0.8])
    return pd.DataFrame({**letters, **figures, "part": part})


def _bad(columns: pd.DataFrame, live: Floats, shadow: Floats, seed: int) -> set[str]:
    """Take all looks at these losses and return the slices that were ever confirmed as bad."""
    looks = []
    names = np.array([f"request-{seed}-{unit:05d}" for unit in range(UNITS)])
    for number, units in LOOKS.items():
        evidence = Evidence(
            live=live[:units],
            shadow=shadow[:units],
            outcomes=np.zeros(units),
            units=names[:units],
            served_at=np.arange(units),
        )
        rows = read_rows(evidence)
        looks.append(slice_look(rows, columns.iloc[:units], None, POLICY, number, units))
    return {part.name for part in conclude_slices(looks, POLICY).bad}


def _losses(rng: np.random.Generator, kind: str) -> tuple[Floats, Floats]:
    """Return losses of which the shadow's are exactly 10 % higher on the average."""
    if kind == "normal":
        return np.abs(rng.normal(0, 1, UNITS)), 1.1 * np.abs(rng.normal(0, 1, UNITS))
    return rng.lognormal(0, 1, UNITS), np.full(UNITS, 1.1 * math.exp(0.5))


def _naive(columns: pd.DataFrame, z: Floats) -> int:
    """Count the slices that a t-test on all of the traffic calls worse at 5 %."""
    everything = np.ones(UNITS, dtype=bool)
    cuts = cut(columns, None, everything, None)
    found = search(Searched(z, np.arange(UNITS), cuts, 100), by_t)
    return sum(candidate.score > 1.645 for candidate in found)


@pytest.mark.parametrize("kind", ["normal", "even shadow"])
def test_at_the_margin_a_slice_is_called_bad_in_five_per_cent(
    columns: pd.DataFrame, kind: str
) -> None:
    """Over all looks and some 200 slices; the naive rule calls some bad in nearly all runs."""
    alarms = naive = 0
    for seed in range(RUNS):
        live, shadow = _losses(np.random.default_rng(seed), kind)
        alarms += bool(_bad(columns, live, shadow, seed))
        naive += _naive(columns, shadow - 1.1 * live) > 0
    assert alarms <= RUNS * 0.05 + 2 * math.sqrt(RUNS * 0.05 * 0.95)
    assert naive > 0.8 * RUNS


def test_a_slice_that_is_worse_is_found(columns: pd.DataFrame) -> None:
    """A fifth of the traffic with 60 % more error is found by 1,600 units in most runs."""
    found = 0
    for seed in range(6):
        live, shadow = _losses(np.random.default_rng(seed), "normal")
        worse = np.where(columns["part"] == "inside", 1.6 / 1.1, 1 / 1.1)
        found += any("part = inside" in name for name in _bad(columns, live, shadow * worse, seed))
    assert found >= 4


def test_half_a_alone_would_not_do(columns: pd.DataFrame) -> None:
    """What the search picks looks worse there than it is: the reason for the second half."""
    names = np.array([f"request-{unit:05d}" for unit in range(UNITS)])
    searched = is_searched(unit_draws(names))
    cuts = cut(columns[searched].reset_index(drop=True), None, np.ones(searched.sum(), bool), None)
    picked = []
    for seed in range(RUNS):
        live, shadow = _losses(np.random.default_rng(seed), "normal")
        z = (shadow - 1.1 * live)[searched]
        picked.append(search(Searched(z, np.arange(len(z)), cuts, 100), by_t)[0].score)
    assert np.mean(np.array(picked) > 1.645) > 0.8
