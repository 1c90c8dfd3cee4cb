"""Guards: inside, beyond or open."""

import numpy as np
import pytest

from understudy.comparison.guards import Criterion, Guard, Limits, mean_guard, share_guard


def _mean(values: np.ndarray, low: float | None, high: float | None) -> Guard:
    criterion = Criterion("difference", "mean of shadow − live", Limits(low, high), 0.025)
    return mean_guard(criterion, values, np.arange(len(values)), len(values))


def _share(events: int, units: int, limit: float = 0.01) -> Guard:
    criterion = Criterion("failures", "share of failures", Limits(None, limit), 0.025)
    hits = np.zeros(units)
    hits[:events] = 1.0
    return share_guard(criterion, hits, np.arange(units), units)


@pytest.mark.parametrize(
    ("shift", "state"), [(0.0, "INSIDE"), (1.0, "BEYOND"), (-1.0, "BEYOND"), (0.19, "OPEN")]
)
def test_a_mean_is_judged_against_both_ends(shift: float, state: str) -> None:
    """Wholly inside, wholly outside on either side, or across a limit."""
    values = np.random.default_rng(0).normal(shift, 1, 5000)
    assert _mean(values, -0.2, 0.2).state == state


def test_a_one_sided_limit_has_no_lower_end() -> None:
    """A loss may be as much lower as it likes."""
    values = np.random.default_rng(0).normal(-5, 1, 500)
    assert _mean(values, None, 0.0).state == "INSIDE"


@pytest.mark.parametrize(
    ("events", "units", "state"),
    [(0, 100, "OPEN"), (0, 1000, "INSIDE"), (10, 1000, "OPEN"), (60, 1000, "BEYOND")],
)
def test_a_share_is_judged_by_its_sequence(events: int, units: int, state: str) -> None:
    """No event in few units proves nothing: the interval is not [0, 0]."""
    assert _share(events, units).state == state


def test_a_limit_is_not_broken_by_fewer_than_a_hundred_units() -> None:
    """However bad the first units are, they do not reject."""
    assert _share(99, 99).state == "OPEN"
    assert _share(100, 100).state == "BEYOND"


def test_identical_answers_are_judged_by_the_share_that_could_differ() -> None:
    """All d = 0 has no interval; it is inside once too few units could still differ."""
    few, many = _mean(np.zeros(100), -1, 1), _mean(np.zeros(200), -1, 1)
    assert (few.state, few.interval) == ("OPEN", None)
    assert (many.state, many.interval) == ("INSIDE", None)
    assert many.note.startswith("identical so far; at most")


@pytest.mark.parametrize(("value", "state"), [(0.5, "INSIDE"), (5.0, "BEYOND")])
def test_one_and_the_same_difference_is_judged_likewise(value: float, state: str) -> None:
    """A constant shift is known once too few units could still say otherwise."""
    guard = _mean(np.full(500, value), -1, 1)
    assert (guard.state, guard.interval, guard.alike) == (state, None, True)


def test_heavy_tails_keep_a_guard_open() -> None:
    """One enormous value among many small ones: wait, and say until when."""
    values = np.random.default_rng(1).normal(0, 0.01, 1000)
    values[3] = 100.0
    guard = _mean(values, -1, 1)
    assert guard.state == "OPEN"
    assert "heavy tails" in guard.note


def test_quarters_follow_the_order_of_arrival() -> None:
    """Each quarter of the units has its own estimate; an empty one has none."""
    values = np.repeat([1.0, 2.0, 3.0, 4.0], 25)
    assert _mean(values, None, 9).quarters == (1.0, 2.0, 3.0, 4.0)
    assert _mean(values[:2], None, 9).quarters == (1.0, None, 1.0, None)


def test_nothing_observed_is_open() -> None:
    """No unit, no estimate, no state but open."""
    assert (_mean(np.array([]), -1, 1).state, _share(0, 0).estimate) == ("OPEN", None)
