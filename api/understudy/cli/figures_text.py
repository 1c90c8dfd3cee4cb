"""Figures, intervals and times as a terminal shows them."""

from collections.abc import Iterable, Iterator

Interval = tuple[float, float]


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a title and the lines below it."""
    yield ""
    yield title
    for line in lines:
        yield f"  {line}"


def number(value: float | None) -> str:
    """Return a figure as people read it: no more digits than it has meaning."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def interval(ends: Interval | None) -> str:
    """Return the two ends of an interval."""
    return "no interval yet" if ends is None else f"{number(ends[0])} to {number(ends[1])}"


def duration(days: float) -> str:
    """Return a time in the unit in which people would tell it."""
    for unit, per_day in (("days", 1), ("hours", 24), ("minutes", 1440)):
        if days * per_day >= 2:
            return f"{days * per_day:.3g} {unit}"
    return f"{days * 86_400:.2g} seconds"
