"""
The rule of the guards once more, from its formulas alone, for all numbers of units at once.

Waudby-Smith and others (2024) for means of units, Robbins (1970) for shares. Nothing of the
product is imported here, so that the two can be held against each other.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST = 100
INSIDE, BEYOND, OPEN = "INSIDE", "BEYOND", "OPEN"


@dataclass(frozen=True, eq=False)
class Watched:
    """
    One guard: the values of its rows in order of arrival, their units, and its limits.

    Units without a row count for other guards only. A share takes one row per unit, 1 or 0.
    """

    guard: str
    values: Floats
    codes: Ints
    low: float | None
    high: float | None
    is_share: bool = False


@dataclass(frozen=True, eq=False)
class States:
    """Whether a guard is inside or beyond after 1, 2, 3, … units."""

    inside: Flags
    beyond: Flags

    def at(self, units: int) -> str:
        """Gives the state after so many units in one word."""
        if self.inside[units - 1]:
            return INSIDE
        return BEYOND if self.beyond[units - 1] else OPEN


def states(watched: Watched, units: int, level: float, planned: int) -> States:
    """Judges a guard after each of so many units."""
    present, codes = np.unique(watched.codes, return_inverse=True)
    own = (
        _share_states(watched, level)
        if watched.is_share
        else _mean_states(watched, codes, level, planned)
    )
    seen = np.searchsorted(present, np.arange(units), side="right")
    return States(_after(own.inside, seen), _after(own.beyond, seen))


def _after(flags: Flags, seen: Ints) -> Flags:
    return np.append(False, flags)[seen]


def _mean_states(watched: Watched, codes: Ints, level: float, planned: int) -> States:
    low, high = mean_path(watched.values, codes, level, planned)
    is_inside = np.ones(len(low), dtype=bool)
    is_beyond = np.zeros(len(low), dtype=bool)
    with np.errstate(invalid="ignore"):
        if watched.low is not None:
            is_inside &= low > watched.low
            is_beyond |= high < watched.low
        if watched.high is not None:
            is_inside &= high < watched.high
            is_beyond |= low > watched.high
    known = np.isfinite(low)
    return States(is_inside & known, is_beyond & known)


def mean_path(values: Floats, codes: Ints, level: float, planned: int) -> tuple[Floats, Floats]:
    """Gives the ends of the sequence of a mean after each unit, NaN while it is not trusted."""
    n = np.bincount(codes).astype(np.float64)
    centre = float(values.mean())
    s = np.bincount(codes, weights=values - centre)
    t = np.arange(1, len(n) + 1, dtype=np.float64)
    rows = np.cumsum(n)
    theta, mean_rows = np.cumsum(s) / rows, rows / t

    def power_sum(of_s: int, of_n: int) -> Floats:
        return np.asarray(np.cumsum(s**of_s * n**of_n))

    second = power_sum(2, 0) - 2 * theta * power_sum(1, 1) + theta**2 * power_sum(0, 2)
    third = (
        power_sum(3, 0)
        - 3 * theta * power_sum(2, 1)
        + 3 * theta**2 * power_sum(1, 2)
        - theta**3 * power_sum(0, 3)
    )
    sd = np.sqrt(np.maximum(second / t, 0)) / mean_rows
    with np.errstate(invalid="ignore", divide="ignore"):
        skewness = third / t / mean_rows**3 / sd**3
    trusted = (sd > 0) & (t >= np.maximum(LEAST, np.ceil(100 * skewness**2)))
    width = np.where(trusted, sd * half_widths(t, level, planned), np.nan)
    return theta + centre - width, theta + centre + width


def half_widths(t: Floats, level: float, planned: int) -> Floats:
    """Gives the half-width of the sequence in standard deviations after t units."""
    r = (-2 * math.log(level) + math.log(-2 * math.log(level) + 1)) / planned
    root = np.sqrt(t * r + 1)
    return np.asarray(np.sqrt(2 * (t * r + 1) / (t**2 * r) * np.log(root / level)))


def _share_states(watched: Watched, level: float) -> States:
    limit = watched.high or 0.0
    n = np.arange(1, len(watched.values) + 1, dtype=np.float64)
    events = np.cumsum(watched.values)
    evidence = (
        betaln(events + 0.5, n - events + 0.5)
        - betaln(0.5, 0.5)
        - events * math.log(limit)
        - (n - events) * math.log1p(-limit)
    )
    excluded = evidence >= math.log(1 / level)
    share = events / n
    return States(excluded & (share < limit), excluded & (share > limit) & (n >= LEAST))
