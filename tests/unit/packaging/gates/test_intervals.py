"""Paired intervals, and how many rows would settle what they leave open."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.packaging.gates.difference import difference_of
from understudy.packaging.gates.intervals import Interval, paired_interval, rows_needed

# One row on which only we err, and one on which only they do.
BOTH = (1.0, -1.0)


def test_equal_models_differ_by_nothing() -> None:
    """The law of every statistic: no effect on identical inputs."""
    found = paired_interval(np.zeros(50), seed=0)
    assert (found.mean, found.low, found.high, found.rows, found.level) == (0, 0, 0, 50, 0.95)


@pytest.mark.parametrize("rows", [31, 100])
def test_an_interval_misses_the_truth_about_as_rarely_as_it_says(rows: int) -> None:
    """At each end in some two and a half of a hundred samples."""
    random = np.random.default_rng(0)
    found = [paired_interval(random.normal(1, 3, rows), seed) for seed in range(400)]
    assert sum(one.low > 1 for one in found) <= 20
    assert sum(one.high < 1 for one in found) <= 20
    assert sum(one.low > 1 or one.high < 1 for one in found) >= 6


def test_labels_that_all_agree_leave_room_for_others() -> None:
    """Thirty rows without a difference do not show that there is none in the next thirty."""
    few, many = (paired_interval(np.zeros(rows), 0, added=BOTH) for rows in (30, 3000))
    assert few.mean == many.mean == 0
    assert -0.15 < few.low < -0.05
    assert 0.05 < few.high < 0.15
    assert many.high < 0.002


def test_the_figure_itself_is_never_outside() -> None:
    """Nor where the two added rows pull the interval towards nought."""
    found = paired_interval(np.ones(40), 0, added=BOTH)
    assert found.mean == found.high == 1
    assert 0.8 < found.low < 1


@pytest.mark.parametrize("rows", [0, 1])
def test_less_than_two_rows_say_nothing(rows: int) -> None:
    """Whatever the difference."""
    found = paired_interval(np.full(rows, 5.0), 0)
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert rows_needed(found, 0.0) is None


@settings(deadline=None, max_examples=50)
@given(st.floats(0.01, 0.9), st.integers(20, 500), st.sampled_from([(), (1.0, -1.0), (1.0, -3.0)]))
def test_so_many_rows_settle_it(share: float, rows: int, added: tuple[float, ...]) -> None:
    """A law: with as many rows of the same kind, the interval no longer holds the limit."""
    differences = (np.arange(rows) < share * rows).astype(np.float64)
    found = paired_interval(differences, 0, added=added)
    limit = found.high + 0.2
    assert (rows_needed(found, limit) or 0) <= rows + 1
    limit = found.mean + (found.high - found.mean) / 2
    needed = rows_needed(found, limit)
    if found.high > found.mean:
        assert needed is not None
        assert rows < needed <= 4 * rows + 1


def test_rows_that_all_agree_settle_faster_than_rows_that_vary() -> None:
    """What the two added rows say shrinks with the number of rows, not with its root."""
    alike = paired_interval(np.zeros(30), 0, added=BOTH)
    needed = rows_needed(alike, 0.002)
    assert needed is not None
    assert 900 < needed < 2500
    assert paired_interval(np.zeros(needed), 0, added=BOTH).high < 0.0025


def test_no_number_of_rows_settles_a_figure_at_the_limit() -> None:
    """It stays in the interval for ever; and a hair beside it takes longer than anybody lives."""
    assert rows_needed(Interval(1.0, 0.0, 2.0, 50), 1.0) is None
    assert rows_needed(Interval(1.0, 0.0, 2.0, 50), 1.0 + 1e-9) is None


def test_a_difference_says_who_is_better_and_by_how_much() -> None:
    """For people rounded, for programs as JSON has it."""
    random = np.random.default_rng(0)
    ours = np.abs(random.normal(12_000, 3000, 900))
    found = difference_of(ours, ours + random.normal(4000, 500, 900), "absolute", seed=0)
    assert found.name == f"mean absolute error {ours.mean():,.0f}"
    assert found.size.startswith("better by 3,990 (3,9")
    assert found.size.endswith(" at 95 %, 900 rows)")
    figures = found.figures("live")
    assert list(figures) == [
        "loss", "rows", "new_loss", "live_loss", "difference", "low", "high", "level",
    ]  # fmt: skip
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    worse = difference_of(ours + 4000, ours, "absolute", seed=0)
    assert worse.size.startswith("worse by 4,000 (4,000 to 4,000")


def test_a_difference_of_one_row_has_no_ends() -> None:
    """Which JSON can say."""
    found = difference_of(np.array([1.0]), np.array([2.0]), "absolute", seed=0)
    assert found.size == "better by 1 (unknown to unknown at 95 %, 1 rows)"
    assert found.figures("live")["low"] is None
