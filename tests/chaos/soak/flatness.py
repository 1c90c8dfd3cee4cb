"""Whether a figure that is measured for an hour stays flat: its slope, and a bound for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.975
_BLOCK_S, _LOWEST = 300.0, 0.1
_FEWEST_BLOCKS = 6
# A slower growth than this would take a day to be told from the noise of an hour.
_SHARE_PER_HOUR, _LEAST_PER_HOUR = 0.05, 8.0

Series = Sequence[tuple[float, float]]
"""Seconds since the start, and the figure then."""


@dataclass(frozen=True)
class Flatness:
    """
    How a figure moved after the warm-up, in its unit per hour.

    `level` is the median and `most` the highest of all. `growth` is the least-squares slope over
    the lowest tenth of five minutes each, `at_most` its one-sided upper bound, which `limit` is
    held against; None where there are too few minutes for one.
    """

    level: float
    most: float
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

    What is held for ever raises the lowest tenth; a piece of work that takes some minutes does not,
    if it gives its memory back. Assumes that those of successive blocks err independently around a
    line, and that no piece of work lasts for a whole block.
    """
    warm = [(at, value) for at, value in series if at >= warm_up_s]
    sizes = [value for _, value in warm] or [0.0]
    level, most = float(np.median(sizes)), float(max(sizes))
    limit = max(_LEAST_PER_HOUR, _SHARE_PER_HOUR * level)
    blocks = _floors(warm)
    if len(blocks) < _FEWEST_BLOCKS:
        return Flatness(level, most, None, None, limit)
    at, values = np.array(blocks).T
    if np.ptp(values) == 0:  # for which linregress has no error
        return Flatness(level, most, 0.0, 0.0, limit)
    line = stats.linregress(at / 3600, values)
    bound = line.slope + stats.t.ppf(CONFIDENCE, len(blocks) - 2) * line.stderr
    return Flatness(level, most, float(line.slope), float(bound), limit)


def _floors(series: Series) -> list[tuple[float, float]]:
    """Return the middle of each whole block, and what its lowest tenth lies below."""
    blocks: dict[int, list[float]] = {}
    for at, value in series:
        blocks.setdefault(int((at - series[0][0]) // _BLOCK_S), []).append(value)
    fullest = max(map(len, blocks.values()), default=0)
    return [((block + 0.5) * _BLOCK_S, float(np.quantile(values, _LOWEST)))
            for block, values in blocks.items() if len(values) > 0.9 * fullest]  # fmt: skip
