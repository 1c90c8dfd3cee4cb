"""The bootstrap varies as new rows would, for few rows and for very many."""

import math
import time

import numpy as np
import pytest
from scipy import stats

from understudy.packaging import resampling
from understudy.packaging.resampling import (
    RESAMPLES,
    bootstrap_intervals,
    resampled_means,
    wilson_interval,
)

Floats = np.typing.NDArray[np.float64]


def interval(values: Floats, seed: int = 0) -> tuple[float, float]:
    """Return the interval of the mean of some values."""
    return bootstrap_intervals(values[:, None], {"mean": lambda m: m[:, 0]}, seed)["mean"]


@pytest.mark.parametrize("rows", [50, 1000, 40_000])
def test_means_vary_as_they_would_for_other_rows(rows: int) -> None:
    """By the standard error; so do those of groups of rows."""
    terms = np.random.default_rng(1).exponential(size=(rows, 2))
    means = resampled_means(terms, seed=0)
    assert means.shape == (RESAMPLES, 2)
    assert means.mean(axis=0) == pytest.approx(terms.mean(axis=0), rel=0.02)
    assert means.std(axis=0) == pytest.approx(terms.std(axis=0) / math.sqrt(rows), rel=0.06)


def test_groups_of_rows_keep_the_skewness_of_the_mean() -> None:
    """The third moment of sums adds up as the second does."""
    random = np.random.default_rng(0)
    terms = (random.random((30_000, 1)) < 0.001) * 1000.0
    means = resampled_means(terms, seed=0)[:, 0]
    expected = stats.skew(terms[:, 0]) / math.sqrt(len(terms))
    assert stats.skew(means) == pytest.approx(expected, abs=0.1)


def test_groups_of_unequal_size_do_not_shift_the_mean() -> None:
    """Rows that do not divide evenly still count once each."""
    terms = np.full((10_007, 1), 3.0)
    assert resampled_means(terms, seed=0) == pytest.approx(3.0)


def test_memory_is_bounded_by_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks only bound how much is held at once; each still draws all rows."""
    terms = np.random.default_rng(0).normal(size=(100, 1))
    monkeypatch.setattr(resampling, "CHUNK_ROWS", 350)
    means = resampled_means(terms, seed=0)
    assert means.std() == pytest.approx(0.1, rel=0.15)
    assert len(np.unique(means)) > 1900


def test_a_million_rows_cost_little_more_than_ten_thousand() -> None:
    """Packaging asks for half a dozen intervals: many rows are drawn as groups."""
    terms = np.random.default_rng(0).normal(size=(1_000_000, 1))
    costs = []
    for some in (10_000, 1_000_000):
        start = time.process_time()
        low, high = bootstrap_intervals(terms[:some], {"mean": lambda m: m[:, 0]}, 0)["mean"]
        costs.append(time.process_time() - start)
    assert costs[1] < 10 * costs[0]
    assert low < terms.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 1000, rel=0.06)


@pytest.mark.parametrize("rows", [5, 12, 30, 200])
def test_the_interval_of_normal_rows_is_about_students(rows: int) -> None:
    """Also for few rows, where plain percentiles are too narrow."""
    ratios = []
    for seed in range(20):
        values = np.random.default_rng(seed).normal(size=rows)
        low, high = interval(values, seed)
        reach = stats.t.ppf(0.975, rows - 1) * values.std(ddof=1) / math.sqrt(rows)
        ratios.append((high - low) / 2 / reach)
    assert 0.93 < np.mean(ratios) < 1.2


def test_one_row_leaves_everything_open() -> None:
    """And none at all too."""
    assert interval(np.array([1.0])) == (-math.inf, math.inf)
    assert interval(np.empty(0)) == (-math.inf, math.inf)


def test_the_seed_decides() -> None:
    """The same seed gives the same interval."""
    values = np.random.default_rng(0).normal(size=50)
    assert interval(values, 1) == interval(values, 1) != interval(values, 2)


def test_a_share_without_any_case_has_an_interval() -> None:
    """None of thirty may still be one in nine."""
    low, high = wilson_interval(0, 30)
    assert (low, high) == (pytest.approx(0, abs=1e-9), pytest.approx(0.1135, abs=1e-3))
