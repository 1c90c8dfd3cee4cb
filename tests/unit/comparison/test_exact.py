"""Sums that enter verdicts are exact, so neither order nor processor shows in them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.comparison import exact
from understudy.comparison.exact import exact_mean, exact_sum
from understudy.comparison.sequences import unit_moments
from understudy.comparison.sums import unit_sums

FINITE = st.floats(
    allow_nan=False, allow_infinity=False, width=64, min_value=-1e300, max_value=1e300
)


@given(st.lists(FINITE, max_size=40))
@settings(max_examples=150, deadline=None)
def test_the_sum_is_the_one_that_fsum_gives(values: list[float]) -> None:
    """Whatever the magnitudes and signs, by the passes of numpy as well."""
    array = np.array(values, dtype=np.float64)
    few, exact.FEW = exact.FEW, -1
    try:
        by_passes = exact_sum(array) if values else 0.0
    finally:
        exact.FEW = few
    assert by_passes == exact_sum(array) == math.fsum(values)


@pytest.mark.parametrize("scale", [5e-324 * 1e9, 1.0, 1e290])
def test_many_values_add_up_exactly(scale: float) -> None:
    """Large arrays with magnitudes far apart, near the smallest and the largest floats as well."""
    random = np.random.default_rng(5)
    values = random.lognormal(0, 6, 4000) * random.choice([-1.0, 1.0], 4000) * scale
    assert exact_sum(values) == math.fsum(values.tolist())


def test_a_few_values_at_a_time_add_up_to_the_same() -> None:
    """More than are added at a time, alone and as what a function makes of each."""
    random = np.random.default_rng(6)
    values = random.normal(0, 1, 100_000) * 10.0 ** random.integers(-9, 9, 100_000)
    assert exact_sum(values) == math.fsum(values.tolist())
    assert exact_sum(values, np.square) == math.fsum(np.square(values).tolist())
    assert exact_mean(values, np.square) == exact_mean(np.square(values))
    with_infinity = np.append(values, np.inf)
    assert exact_sum(with_infinity) == exact_sum(with_infinity, np.square) == np.inf


def test_what_is_not_finite_is_passed_on() -> None:
    """Infinities add up to themselves, opposite ones and missing values to NaN, without a word."""
    for count in (3, 2000):
        ones = np.ones(count)
        assert exact_sum(np.r_[ones, np.inf]) == np.inf
        assert np.isnan(exact_sum(np.r_[ones, np.inf, -np.inf]))
        assert np.isnan(exact_sum(np.r_[ones, np.nan]))
        assert exact_sum(np.full(count, 1.7e308)) == np.inf
    assert exact_mean(np.array([0.1] * 10)) == 0.1


@pytest.mark.parametrize("units", [90, 3000])
def test_moments_are_the_same_bits_in_any_order(units: int) -> None:
    """Units that come in another order have the very same mean, spread and skewness."""
    random = np.random.default_rng(7)
    values, codes = random.lognormal(3, 2, units), np.arange(units)
    order = random.permutation(units)
    assert unit_sums(values[order], codes) == unit_sums(values, codes)
    assert unit_moments(values[order]) == unit_moments(values)
