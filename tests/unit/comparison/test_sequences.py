"""The always-valid intervals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.comparison.sequences import (
    half_width,
    mean_sequence,
    mixing,
    share_sequence,
    unit_moments,
)


def test_half_width_is_the_published_formula() -> None:
    """The half-width at 1000 units, planned for 1000, worked out by hand."""
    r = (-2 * math.log(0.05) + math.log(-2 * math.log(0.05) + 1)) / 1000
    assert mixing(0.05, 1000) == pytest.approx(r)
    tr = 1000 * r
    expected = math.sqrt(2 * (tr + 1) / (1000**2 * r) * math.log(math.sqrt(tr + 1) / 0.05))
    assert half_width(1000, 0.05, 1000) == pytest.approx(expected)


def test_half_width_is_wider_than_one_look_and_shrinks() -> None:
    """Looking at any time costs width, and more units take it away."""
    units = (100, 1000, 10_000, 100_000)
    widths = [half_width(t, 0.05, 1000) for t in units]
    assert widths == sorted(widths, reverse=True)
    assert all(
        w > 1.96 / math.sqrt(t) for w, t in zip(widths, (100, 1000, 10_000, 100_000), strict=True)
    )


def test_unit_moments_weigh_instances_and_spread_by_units() -> None:
    """The mean is over instances, the spread over units: ten copies of a row add no certainty."""
    rng = np.random.default_rng(1)
    values = rng.normal(2, 1, 300)
    single = unit_moments(values)
    copied = unit_moments(np.repeat(values, 10), np.repeat(np.arange(300), 10))
    assert copied.mean == pytest.approx(single.mean)
    assert copied.sd == pytest.approx(single.sd)
    assert (copied.units, copied.rows) == (300, 3000)


def test_unit_moments_of_unequal_units() -> None:
    """The ratio of sums and its spread, worked out by hand for sums 2, 6 of 1, 2 instances."""
    moments = unit_moments(np.array([2.0, 1.0, 5.0]), np.array([0, 1, 1]))
    theta = 8 / 3
    residuals = np.array([2 - theta, 6 - 2 * theta])
    assert moments.mean == pytest.approx(theta)
    assert moments.sd == pytest.approx(math.sqrt(np.mean(residuals**2)) / 1.5)


def test_no_interval_before_a_hundred_units() -> None:
    """The sequence is asymptotic, so that few units say nothing."""
    values = np.random.default_rng(2).normal(size=100)
    assert mean_sequence(unit_moments(values[:99]), 0.05, 1000) is None
    assert mean_sequence(unit_moments(values), 0.05, 1000) is not None or (
        unit_moments(values).units_until_valid > 100
    )


def test_heavy_tails_delay_the_interval() -> None:
    """With skewness g the sequence waits for 100·g² units."""
    values = np.zeros(400)
    values[0] = 50.0
    moments = unit_moments(values + np.random.default_rng(3).normal(0, 0.1, 400))
    assert moments.units_until_valid > 10_000
    assert mean_sequence(moments, 0.05, 1000) is None


@pytest.mark.parametrize("value", [0.0, 5.0, -1e6])
def test_a_constant_has_no_interval(value: float) -> None:
    """A width of nought would be a certainty that nobody has."""
    moments = unit_moments(np.full(5000, value))
    assert moments.is_constant
    assert mean_sequence(moments, 0.05, 1000) is None


def test_no_values_have_no_interval() -> None:
    """Nothing observed, nothing claimed."""
    assert mean_sequence(unit_moments(np.array([])), 0.05, 1000) is None
    assert share_sequence(0, 0, 0.05) == (0.0, 1.0)


@settings(max_examples=80, deadline=None)
@given(
    units=st.integers(1, 10**7), share=st.floats(0, 1), level=st.sampled_from([0.05, 0.01, 1e-4])
)
def test_share_interval_holds_the_share_and_mirrors(units: int, share: float, level: float) -> None:
    """The interval contains what was seen; counting the other event mirrors it."""
    events = round(share * units)
    low, high = share_sequence(events, units, level)
    assert 0 <= low <= events / units <= high <= 1
    other_low, other_high = share_sequence(units - events, units, level)
    assert (1 - other_high, 1 - other_low) == pytest.approx((low, high), abs=1e-9)


def test_share_interval_ends_at_the_edges() -> None:
    """With no event the lower end is 0, with nothing but events the upper end is 1."""
    assert share_sequence(0, 50, 0.05)[0] == 0.0
    assert share_sequence(50, 50, 0.05)[1] == 1.0


def test_sequence_covers_at_every_look() -> None:
    """In 400 runs with looks all along, the true mean is missed in at most 5 % plus two errors."""
    rng = np.random.default_rng(11)
    missed = 0
    for _ in range(400):
        values = rng.exponential(size=3200)
        for n in (200, 400, 800, 1600, 3200):
            ends = mean_sequence(unit_moments(values[:n]), 0.05, 1000)
            if ends is not None and not ends[0] <= 1 <= ends[1]:
                missed += 1
                break
    assert missed <= 400 * (0.05 + 2 * math.sqrt(0.05 * 0.95 / 400))
