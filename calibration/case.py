"""One line of the proof: what is simulated and how often which event may happen."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

LEVEL = 0.05
LEAST_RUNS = 40
"""With fewer a share of 5 % could not be told from one of 15 %."""


class CalibrationBroken(Exception):
    """The simulation contradicts itself, so that its counts would mean nothing."""


@dataclass(frozen=True)
class Run:
    """What happened in one simulated run; a number that was not reached is infinite."""

    events: Mapping[str, bool] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)


Simulate = Callable[[np.random.Generator], Run]


@dataclass(frozen=True)
class Case:
    """
    A situation to simulate again and again.

    `at_most` limits the share of runs in which an event happens, `at_least` demands it; events
    named in neither are counted and shown. `effort` is the share of the asked runs that this case
    takes: costly ones take fewer.
    """

    part: int
    name: str
    simulate: Simulate
    at_most: Mapping[str, float] = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)
    effort: float = 1.0

    def runs(self, asked: int) -> int:
        """Gives the runs of this case when so many are asked for; fewer would show nothing."""
        return max(min(asked, LEAST_RUNS), math.ceil(asked * self.effort))
