"""Figures as people read them."""

import math

import pytest

from understudy.packaging.gates.wording import exactly, figure, percent, settled_by, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (43_891.3, "43,900"), (0.083_21, "0.0832"), (-1234, "-1,230"), (0, "0"), (2.0, "2"),
        (0.000_012_34, "1.23e-05"), (99_960, "100,000"), (7, "7"), (math.inf, "unknown"),
    ],
)  # fmt: skip
def test_figures_have_three_digits(value: float, text: str) -> None:
    """And thousands apart."""
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(12_137.4, "12,137"), (0.123_456, "0.1235"), (999.99, "1,000"), (-math.inf, "unknown")],
)
def test_figures_that_decide_have_more(value: float, text: str) -> None:
    """Whole numbers from a thousand on."""
    assert exactly(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.02, "2 %"), (0.0125, "1.2 %"), (0.9731, "97.3 %"), (0.00038, "0.038 %"), (1, "100 %")],
)
def test_shares_are_percentages(share: float, text: str) -> None:
    """Two digits, and tenths from ten on."""
    assert percent(share) == text


def test_what_would_settle_it_is_said() -> None:
    """Or that nothing would."""
    assert settled_by(1234).startswith("about 1,200 test rows would settle it")
    assert settled_by(None).startswith("no number of test rows would settle it")


def test_figures_for_programs_are_finite_or_none() -> None:
    """Six digits, so that the last bits of a machine do not reach a digest."""
    assert figure(1 / 3) == 0.333333
    assert figure(math.inf) is None
