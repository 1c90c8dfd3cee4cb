"""Figures over rounds, and the interval of a median."""

import random
from collections.abc import Sequence
from statistics import median

import pytest

from benchmarks.serving.summary import Spread, median_interval, over_rounds, spread
from tests.unit.benchmarks.rows import row


def test_the_middle_and_the_ends() -> None:
    """What was not measured does not count."""
    assert spread([3, 1, float("nan"), 2]) == Spread(2, 1, 3, 3)
    assert spread([float("nan")]) is None


def test_one_bad_round_spoils_the_figure() -> None:
    """A server that failed once has no median of the other rounds."""
    sound = [row("flask", rate, number=number) for number, rate in enumerate((1.0, 2.0, 3.0), 1)]
    spoiled = [*sound, row("flask", number=4, problem="2 of 9 requests had no answer with 200")]
    where = {"model": "linear", "server": "flask", "load": "64"}
    assert over_rounds(sound, lambda one: one.requests_per_s, **where) == Spread(2, 1, 3, 3)
    assert over_rounds(spoiled, lambda one: one.requests_per_s, **where) is None


@pytest.mark.parametrize(
    ("count", "low", "high"), [(1, 0, 0), (5, 0, 4), (6, 0, 5), (9, 1, 7), (15, 3, 11)]
)
def test_the_interval_lies_between_ordered_values(count: int, low: int, high: int) -> None:
    """Of nine rounds it goes from the second to the eighth, as the tables of the sign test say."""
    found = median_interval([float(value) for value in range(count)])
    assert (found.low, found.high, found.count) == (low, high, count)


def test_the_interval_covers_the_median() -> None:
    """At least 95 times of a hundred, whatever the distribution is."""
    chance = random.Random(7)  # noqa: S311 # no secret

    def covers(draw: Sequence[float]) -> bool:
        found = median_interval(draw)
        return found.low <= 0 <= found.high and found.middle == median(draw)

    draws = [[chance.expovariate(1) - 0.6931471805599453 for _ in range(9)] for _ in range(2000)]
    assert sum(map(covers, draws)) >= 0.95 * 2000
