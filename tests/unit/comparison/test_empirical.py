"""The walk through two samples gives what scipy and numpy give."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from understudy.comparison import empirical, independent, one_look
from understudy.comparison.empirical import gaps, in_order, quantiles, ranks

Floats = NDArray[np.float64]
few = st.lists(st.integers(-4, 4).map(float), min_size=1, max_size=30)


@given(few, few)
@settings(max_examples=200, deadline=None)
def test_gap_and_area_are_those_of_scipy(first: list[float], second: list[float]) -> None:
    """Ties within and between the samples included."""
    found = gaps(np.sort(first), np.sort(second))
    with np.errstate(all="ignore"):  # scipy's p-value of one or two values, which nobody uses
        by_scipy = stats.ks_2samp(first, second, method="asymp").statistic
    assert found.largest == pytest.approx(by_scipy, abs=1e-15)
    assert found.area == pytest.approx(stats.wasserstein_distance(first, second), abs=1e-12)


def test_parts_of_the_walk_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one part ends and the next begins, no step is lost and none is counted twice."""
    rng = np.random.default_rng(1)
    first, second = np.sort(rng.integers(0, 20, 300) * 1.0), np.sort(rng.normal(10, 5, 200))
    whole = gaps(first, second)
    for step in (1, 7, 499, 500):
        monkeypatch.setattr(empirical, "_STEP", step)
        assert gaps(first, second).largest == whole.largest
        assert gaps(first, second).area == pytest.approx(whole.area, rel=1e-12)


@given(few, st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_quantiles_are_those_of_numpy(values: list[float], share: float) -> None:
    """Of sorted values, by the same interpolation."""
    assert quantiles(np.sort(values), (share,))[0] == pytest.approx(np.quantile(values, share))


def test_what_is_in_order_is_not_sorted_again() -> None:
    """So that a column that is sorted once is read in order by every test of it."""
    values = np.array([1.0, 1.0, 2.0])
    assert in_order(values) is values
    assert in_order(values[::-1]).tolist() == [1.0, 1.0, 2.0]


SAMPLES: dict[str, Callable[[np.random.Generator], Floats]] = {
    "normal": lambda rng: rng.normal(size=3000),
    "tied": lambda rng: rng.integers(0, 30, 3000).astype(np.float64),
    "heavy": lambda rng: rng.lognormal(0, 3, 3000),
    "shifted": lambda rng: rng.normal(0.3, 1, 2000),
}


@pytest.mark.parametrize("before", SAMPLES)
@pytest.mark.parametrize("after", SAMPLES)
def test_large_samples_are_judged_as_small_ones(
    monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    """On which side of the limit a sample lies makes no difference to any figure."""
    rng = np.random.default_rng(7)
    reference, current = SAMPLES[before](rng), SAMPLES[after](rng)
    by_scipy = independent.kolmogorov_smirnov(reference, current, 0.05)
    monkeypatch.setattr(independent, "MANY", 100)
    by_walking = independent.kolmogorov_smirnov(reference, current, 0.05)
    for name in ("statistic", "p_value", "effect", "interval"):
        assert getattr(by_walking, name) == pytest.approx(getattr(by_scipy, name), rel=1e-12)
    assert dict(by_walking.details) == pytest.approx(dict(by_scipy.details), rel=1e-9)


@given(few, few)
@settings(max_examples=100, deadline=None)
def test_ranks_are_those_of_scipy(first: list[float], second: list[float]) -> None:
    """Mid-ranks among both samples, and what their ties take off the spread."""
    found = ranks(np.sort(first), np.sort(second))
    by_scipy = stats.rankdata([*first, *second])
    _, equal = np.unique([*first, *second], return_counts=True)
    assert found.first == by_scipy[: len(first)].sum()
    assert found.second == by_scipy[len(first) :].sum()
    assert found.ties == np.sum(equal**3 - equal)


@pytest.mark.parametrize("unit", [0.0, 0.1, 0.5])
def test_signed_ranks_of_many_are_those_of_scipy(unit: float) -> None:
    """With ties and noughts, which are those of values rounded to a unit, and without."""
    d = np.random.default_rng(4).normal(0.01, 1, independent.MANY + 1)
    d = np.round(d / unit) * unit if unit else d
    found = one_look.wilcoxon(d)
    by_scipy = stats.wilcoxon(d, zero_method="pratt", method="asymptotic")
    assert found.statistic == pytest.approx(by_scipy.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(by_scipy.pvalue, rel=1e-9)


def test_signed_ranks_of_one_side_only() -> None:
    """No difference below nought: the smaller sum of ranks is nought."""
    assert one_look.wilcoxon(np.ones(independent.MANY + 1)).statistic == 0
