"""Figures as the summaries of the gates show them to people."""

import math


def shown(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, thousands apart: 43,900 or 0.0832."""
    if not math.isfinite(value):
        return "unknown"
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    if abs(rounded) < 1e-4:
        return f"{rounded:.{digits}g}"
    text = f"{rounded:,.{max(0, places)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exactly(value: float) -> str:
    """Write a figure that decides: whole numbers from a thousand on, else four digits."""
    return f"{value:,.0f}" if 1000 <= abs(value) < math.inf else shown(value, 4)


def percent(share: float) -> str:
    """Write a share as a percentage: two significant digits, and tenths from 10 % on."""
    return f"{shown(100 * share, 2 if share < 0.1 else 3)} %"


def settled_by(rows: int | None) -> str:
    """Say how many test rows would decide what is not shown either way."""
    if rows is None:
        return "no number of test rows would settle it if the present estimate is true"
    return f"about {shown(rows, 2)} test rows would settle it if the present estimate is true"


def figure(value: float) -> float | None:
    """
    Return a number for the figures of a ruling, None for one that is not finite.

    Six significant digits: the last bits of a fitted linear model are not the same on every
    machine, and a digest depends on them.
    """
    return float(f"{value:.6g}") if math.isfinite(value) else None
