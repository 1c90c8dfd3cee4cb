"""Numbers as people write them: thousands apart, no digits without meaning, a unit behind."""

from collections.abc import Callable

Interval = tuple[float, float]
Written = Callable[[float | None], str]

NONE = "–"
SPACE = "\u00a0"  # a line never breaks between a number and its unit


def number(value: float | None, unit: str = "", *, signed: bool = False) -> str:
    """Write a figure with about four digits that mean something."""
    if value is None:
        return NONE
    sign = "+" if signed and value else ""
    is_large = 1000 <= abs(value) < 1e15
    text = f"{value:{sign},.0f}" if is_large else f"{value:{sign}.3g}"
    if 100 <= abs(value) < 1000:
        text = f"{value:{sign}.0f}"
    return f"{minus(text)}{SPACE}{unit}" if unit else minus(text)


def short(value: float) -> str:
    """Write a figure where there is little room: 271,900 as 272k."""
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 10 * size or (abs(value) >= size and letter != "k"):
            return minus(f"{value / size:.3g}{letter}")
    return minus(f"{value:.4g}")


def count(value: int | None) -> str:
    """Write a number of things."""
    return NONE if value is None else minus(f"{value:,}")


def percent(value: float | None, *, signed: bool = False) -> str:
    """Write a share in per cent, small ones with more digits."""
    if value is None:
        return NONE
    value = 0.0 if abs(value) < 5e-5 else value
    sign = "+" if signed and value else ""
    digits = 0 if abs(value) >= 10 or value in (0, 1) else 1 if abs(value) >= 0.01 else 2
    return minus(f"{100 * value:{sign},.{digits}f}") + f"{SPACE}%"


def p_value(value: float | None) -> str:
    """Write a p-value; below a ten-thousandth it only matters that it is."""
    if value is None:
        return NONE
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}" if value < 0.01 else f"{value:.2f}"


def between(ends: Interval | None, write: Written) -> str:
    """Write an interval by its two ends."""
    return "no interval yet" if ends is None else f"{write(ends[0])} to {write(ends[1])}"


def minus(text: str) -> str:
    """Put a minus sign where a hyphen stands for one."""
    return text.replace("-", "−", 1) if text.startswith("-") else text
