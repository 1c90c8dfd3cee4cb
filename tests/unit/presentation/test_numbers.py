"""Numbers are written as people write them."""

import pytest

from understudy.presentation.numbers import between, count, number, p_value, percent, short

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (178_456.7, "178,457"), (-1023.4, "−1,023"), (532.14, "532"), (80.63, "80.6"),
        (0.01234, "0.0123"), (0.0, "0"), (None, "–"), (1e300, "1e+300"),
        (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_a_figure_has_no_digits_without_meaning(value: float | None, text: str) -> None:
    """Thousands apart, three or four digits, a real minus sign."""
    assert number(value) == text


def test_a_unit_stays_with_its_number() -> None:
    """No line breaks between them, and an unknown figure has no unit."""
    assert number(1500, "USD", signed=True) == f"+1,500{SPACE}USD"
    assert number(None, "USD") == "–"
    assert number(0.0, signed=True) == "0"


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100"), (0.5, "50.0"), (0.0534, "5.3"), (0.1234, "12.3"), (0.00123, "0.12"), (1e-7, "0"),
     (-0.0743, "−7.4")],
)  # fmt: skip
def test_shares_are_per_cent(share: float, text: str) -> None:
    """Small shares have more digits, and next to nothing is nought."""
    assert percent(share) == f"{text}{SPACE}%"


def test_signs_intervals_and_p_values() -> None:
    """The rest of what a table needs."""
    assert percent(0.1, signed=True).startswith("+10")
    assert percent(0.0, signed=True) == f"0{SPACE}%"
    assert percent(None) == count(None) == p_value(None) == "–"
    assert between(None, number) == "no interval yet"
    assert between((-1.0, 2.0), number) == "−1 to 2"
    assert [p_value(p) for p in (1e-9, 0.0012, 0.5)] == ["< 0.0001", "0.0012", "0.50"]
    assert [short(v) for v in (271_900, 950, 3_400_000, 2e9)] == ["272k", "950", "3.4M", "2bn"]
