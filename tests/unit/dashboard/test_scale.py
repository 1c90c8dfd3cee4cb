"""Scales place values in order and within their ends."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.dashboard.scale import Scale, round_values, widened

finite = st.floats(-1e9, 1e9)


def test_ends_are_placed_at_ends() -> None:
    """A scale may run downwards, as that of a height does."""
    scale = Scale(0.0, 10.0, 100.0, 0.0)
    assert (scale(0.0), scale(10.0), scale(2.5)) == (100.0, 0.0, 75.0)
    assert Scale(-1.0, 1.0, 0.0, 100.0).percent(0.0) == "50%"


def test_what_lies_beyond_is_placed_at_an_end() -> None:
    """No line leaves the drawing."""
    scale = Scale(0.0, 1.0, 0.0, 100.0)
    assert (scale(7.0), scale(-7.0)) == (100.0, 0.0)
    assert not scale.shows(7.0)


def test_a_scale_without_a_length_is_refused() -> None:
    """Two equal ends would place everything nowhere."""
    with pytest.raises(ValueError, match="runs from a lower to a higher"):
        Scale(1.0, 1.0, 0.0, 100.0)


@given(finite, st.floats(1e-6, 1e9), st.integers(2, 9))
def test_round_values_lie_within_one_step_apart(low: float, span: float, most: int) -> None:
    """Whatever the ends, labels are few, in order, inside, and evenly spread."""
    high = low + span
    found = round_values(low, high, most)
    slack = 1e-6 * max(1.0, span, abs(low) * 1e-6)
    assert len(found) <= most
    assert all(low - slack <= value <= high + slack for value in found)
    steps = [after - before for before, after in pairwise(found)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6, abs_tol=slack) for step in steps)


def test_round_values_are_those_a_person_would_take() -> None:
    """Ones, twos, twenty-fives and fives of some power of ten."""
    assert round_values(0, 100) == (0, 25, 50, 75, 100)
    assert round_values(-1.2, 1.9, 4) == (-1, 0, 1)
    assert round_values(3, 3) == ()
    assert round_values(0, math.inf) == ()


@given(finite, st.floats(0, 1e9))
def test_widened_ends_always_make_a_scale(low: float, span: float) -> None:
    """Even one and the same value gets room around it."""
    Scale(*widened(low, low + span), 0.0, 1.0)
