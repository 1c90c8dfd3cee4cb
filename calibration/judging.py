"""Counts held against their levels."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .case import LEAST_RUNS, Case, Run

STANDARD_ERRORS = 2.0


@dataclass
class Tally:
    """What the runs of one case add up to, so far."""

    runs: int = 0
    events: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, list[float]] = field(default_factory=dict)

    def add(self, runs: Sequence[Run]) -> None:
        """Counts more runs in."""
        self.runs += len(runs)
        for run in runs:
            for name, happened in run.events.items():
                self.events[name] = self.events.get(name, 0) + bool(happened)
            for name, number in run.numbers.items():
                self.numbers.setdefault(name, []).append(float(number))

    def quantile(self, name: str, at: float) -> float:
        """Gives a quantile of a number over all runs; those that never got there are infinite."""
        return float(np.quantile(self.numbers[name], at, method="inverted_cdf"))


@dataclass(frozen=True)
class Line:
    """One event of one case: how often it happened and how often it may; None limits nothing."""

    part: int
    case: str
    event: str
    happened: int
    runs: int
    level: float | None
    bound: float | None
    is_floor: bool
    passed: bool

    @property
    def share(self) -> float:
        """Share of the runs in which the event happened."""
        return self.happened / self.runs


def bound(level: float, runs: int) -> float:
    """Gives the level plus two standard errors of a share of so many runs."""
    return level + STANDARD_ERRORS * math.sqrt(level * (1 - level) / runs)


def floor(level: float, runs: int) -> float:
    """Gives the level less two standard errors of a share of so many runs."""
    return level - STANDARD_ERRORS * math.sqrt(level * (1 - level) / runs)


def judge(case: Case, tally: Tally) -> tuple[Line, ...]:
    """Holds every event of a case against its level; what has none is shown and passes."""
    return tuple(_line(case, tally, event, count) for event, count in tally.events.items())


def _line(case: Case, tally: Tally, event: str, count: int) -> Line:
    share, level, limit, passed = count / tally.runs, None, None, True
    if event in case.at_most:
        level = case.at_most[event]
        limit = bound(level, tally.runs)
        passed = share <= limit
    elif event in case.at_least:
        level = case.at_least[event]
        limit = floor(level, tally.runs)
        passed = share >= limit
    is_floor = event in case.at_least
    return Line(case.part, case.name, event, count, tally.runs, level, limit, is_floor, passed)


def gaps(cases: Sequence[Case], tallies: Mapping[str, Tally]) -> tuple[str, ...]:
    """Names what was to be judged and hardly ran, or never reported: a proof with holes is none."""
    found = []
    for case in cases:
        tally = tallies.get(case.name, Tally())
        asked = (*case.at_most, *case.at_least)
        if asked and tally.runs < LEAST_RUNS:
            found.append(f"{case.name}: {tally.runs} of at least {LEAST_RUNS} runs")
        elif not set(asked) <= set(tally.events):
            found.append(
                f"{case.name}: no run tells of {', '.join(set(asked) - set(tally.events))}"
            )
    return tuple(found)
