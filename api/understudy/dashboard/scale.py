"""Scales: from a value to its place in a drawing, and the round values that label it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """
    Values from `low` to `high`, placed from `start` to `end`; what lies beyond is placed at an end.

    Raises ValueError unless low < high.
    """

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"A scale runs from a lower to a higher value, not {self}.")

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def percent(self, value: float) -> str:
        """Return the place of a value on a scale of per cent, as SVG writes it."""
        return f"{self(value):.3f}".rstrip("0").rstrip(".") + "%"

    def shows(self, value: float) -> bool:
        """Say whether a value lies within the scale."""
        return self.low <= value <= self.high


def round_values(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Return at most so many round values from `low` to `high`, one step apart: 0, 25, 50."""
    if not math.isfinite(high - low) or high <= low:
        return ()
    size = 10.0 ** math.floor(math.log10((high - low) / max(1, most - 1)))
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        step = size * factor
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return tuple(place * step + 0.0 for place in range(first, last + 1))
    return ()


def widened(low: float, high: float, by: float = 0.08) -> tuple[float, float]:
    """Return two ends with some room beyond them, and never one and the same value."""
    room = (high - low) * by or abs(high) * by or 1.0
    return low - room, high + room
