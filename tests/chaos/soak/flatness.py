"""Whether a figure that is measured for an hour stays flat: its slope, and a bound for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.975
_BLOCK_S = 60.0
_FEWEST_BLOCKS = 6
# A slower growth than this would take a day to be told from the noise of an hour.
_SHARE_PER_HOUR, _LEAST_PER_HOUR = 0.05, 8.0

Series = Sequence[tuple[float, float]]
"""Seconds since the start, and the figure then."""


@dataclass(frozen=True)
class Flatness:
    """
    How a figure moved after the warm-up, in its unit per hour.

    `growth` is the least-squares slope over medians of a minute each, `at_most` its one-sided upper
    bound, which `limit` is held against; None where there are too few minutes for one.
    """

    level: float
    growth: float | None
    at_most: float | None
    limit: float

    @property
    def is_flat(self) -> bool:
        """Whether even the bound is within the limit."""
        return self.at_most is not None and self.at_most < self.limit


def flatness(series: Series, warm_up_s: float) -> Flatness:
    """
    Return how flat a series is behind its warm-up.

    Assumes that the medians of successive minutes err independently around a line; a median does
    not see the short peaks of work that is done once a minute.
    """
    blocks = _medians([(at, value) for at, value in series if at >= warm_up_s])
    level = float(np.median([value for _, value in blocks])) if blocks else 0.0
    limit = max(_LEAST_PER_HOUR, _SHARE_PER_HOUR * level)
    if len(blocks) < _FEWEST_BLOCKS:
        return Flatness(level, None, None, limit)
    at, values = np.array(blocks).T
    if np.ptp(values) == 0:  # for which linregress has no error
        return Flatness(level, 0.0, 0.0, limit)
    line = stats.linregress(at / 3600, values)
    bound = line.slope + stats.t.ppf(CONFIDENCE, len(blocks) - 2) * line.stderr
    return Flatness(level, float(line.slope), float(bound), limit)


def _medians(series: Series) -> list[tuple[float, float]]:
    blocks: dict[int, list[float]] = {}
    for at, value in series:
        blocks.setdefault(int(at // _BLOCK_S), []).append(value)
    return [((block + 0.5) * _BLOCK_S, float(np.median(values))) for block, values in
            sorted(blocks.items())]  # fmt: skip
