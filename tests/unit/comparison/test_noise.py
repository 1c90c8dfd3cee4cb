"""How far equals differ: shares by units, quantiles by pairs, and tolerances below refused."""

from typing import Any

import numpy as np
import pytest

from understudy.comparison.noise import Answered, NoiseFloor, noise_floor


def _answered(first: list[float], second: list[float], **changes: Any) -> Answered:
    """Return pairs of numbers, each of a request of its own unless it is said."""
    count = len(first)
    values: dict[str, Any] = {
        "units": np.array([f"r{number}" for number in range(count)], dtype=object),
        "instances": np.zeros(count, dtype=np.int32),
        "served_at": np.arange(count, dtype=np.float64),
        "live": np.array(first, dtype=np.float64),
        "twin": np.array(second, dtype=np.float64),
        "live_labels": None,
        "twin_labels": None,
        "failed": np.zeros(count, dtype=bool),
    }
    return Answered(**(values | changes))


def test_equals_have_no_noise() -> None:
    """Nothing differs, and no tolerance is below it."""
    found = noise_floor(_answered([1.0] * 200, [1.0] * 200))
    assert found == NoiseFloor(200, 200, 0, 0.0, None, 0.0, 0.0, 0.0, 0.0)
    assert not found.is_above(0.0)


def test_quantiles_are_those_of_the_absolute_difference() -> None:
    """Known answers: the differences are 0 to 100."""
    gaps = np.random.default_rng(0).permutation(101).astype(float)
    signs = np.where(np.arange(101) % 2, 1.0, -1.0)
    found = noise_floor(_answered([0.0] * 101, list(gaps * signs)))
    assert found is not None
    assert (found.median, found.p95, found.p99, found.largest) == (50.0, 95.0, 99.0, 100.0)
    assert found.differing == pytest.approx(100 / 101)
    assert found.is_above(98.9)
    assert not found.is_above(99.0)


def test_few_units_refuse_no_tolerance() -> None:
    """Of 99 the 99th percentile is hardly more than a maximum."""
    found = noise_floor(_answered([0.0] * 99, [5.0] * 99))
    assert found is not None
    assert not found.is_above(1.0)


def test_shares_take_one_instance_of_each_unit() -> None:
    """A request of many rows counts once, whatever the order of the rows."""
    units = np.array(["a"] * 50 + ["b"], dtype=object)
    live, twin = np.zeros(51), np.array([1.0] * 50 + [0.0])
    instances = np.array([*range(50), 0], dtype=np.int32)
    found = noise_floor(_answered(list(live), list(twin), units=units, instances=instances))
    assert found is not None
    assert (found.pairs, found.units, found.differing) == (51, 2, 0.5)
    order = np.random.default_rng(1).permutation(51)
    shuffled = _answered(
        list(live[order]), list(twin[order]), units=units[order], instances=instances[order],
        served_at=np.arange(51.0)[order],
    )  # fmt: skip
    assert noise_floor(shuffled) == found


def test_labels_differ_by_themselves() -> None:
    """A classifier without probabilities has a share and no quantiles."""
    labels = np.array(["a", "b", "a", "b"], dtype=object)
    again = np.array(["a", "b", "a", "a"], dtype=object)
    found = noise_floor(
        _answered([0.0] * 4, [0.0] * 4, live=None, twin=None, live_labels=labels, twin_labels=again)
    )
    assert found is not None
    assert (found.labels_differing, found.differing, found.p99) == (0.25, 0.25, None)


def test_what_the_twin_failed_on_is_counted_and_left_out() -> None:
    """Its answer is missing, not different."""
    failed = np.array([True, False, False])
    found = noise_floor(_answered([1.0, 1.0, 1.0], [np.nan, 1.0, 1.0], failed=failed))
    assert found is not None
    assert (found.pairs, found.failed, found.differing) == (2, 1, 0.0)
    assert noise_floor(_answered([1.0], [np.nan], failed=np.array([True]))) is None
    assert noise_floor(_answered([], [])) is None
