"""Median, minimum and maximum over the rounds, and medians of ratios with their interval."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.serving.row import Row

_COVERAGE = 0.95


@dataclass(frozen=True)
class Spread:
    """The middle of some figures, their ends, and how many there were."""

    middle: float
    low: float
    high: float
    count: int


def counted(number: int, noun: str) -> str:
    """Return a number of things as people say it."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def spread(values: Iterable[float]) -> Spread | None:
    """Return median, minimum and maximum; None where nothing was measured."""
    known = [value for value in values if not math.isnan(value)]
    return Spread(median(known), min(known), max(known), len(known)) if known else None


def over_rounds(
    rows: Iterable[Row], figure: Callable[[Row], float], *, model: str, server: str, load: str
) -> Spread | None:
    """
    Return a figure of one server under one load over all rounds.

    None where there is none, and where any of the rounds went wrong: a server that answers some
    requests only is not faster for it.
    """
    chosen = of(rows, model=model, server=server, load=load)
    if any(row.problem for row in chosen):
        return None
    return spread(map(figure, chosen))


def of(rows: Iterable[Row], *, model: str, server: str, load: str) -> list[Row]:
    """Return the rows of one server under one load."""
    wanted = (model, server, load)
    return [row for row in rows if (row.model, row.server, row.load) == wanted]


def median_interval(values: Sequence[float]) -> Spread:
    """
    Return the median with an interval that covers it in at least 95 % of all cases.

    It lies between two of the ordered values: how many of independent values lie below their
    median is binomial, whatever their distribution. Of fewer than six values, it is all of them.
    """
    ordered = sorted(values)
    count = len(ordered)
    depth = 0
    while 2 * (depth + 1) <= count and 1 - 2 * _tail(count, depth + 1) >= _COVERAGE:
        depth += 1
    outer = max(0, depth - 1) if depth else 0
    return Spread(median(ordered), ordered[outer], ordered[count - 1 - outer], count)


def _tail(count: int, below: int) -> float:
    """Return the probability that fewer than `below` of so many values lie below the median."""
    ways = sum(math.comb(count, number) for number in range(below))
    return float(ways / 2**count)
