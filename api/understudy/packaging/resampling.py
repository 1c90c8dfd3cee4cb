"""What a statistic of rows might have been, had other rows been drawn."""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
# A function of the means of per-row terms: from shape (samples, terms) to (samples,).
Statistic = Callable[[Floats], Floats]

LEVEL = 0.95
RESAMPLES = 2000
# Fewer rows than this say too little of the rows that were not drawn.
LEAST_ROWS = 30
# More rows than this are gathered into so many groups, and the groups are drawn.
MOST_GROUPS = 10_000
# How many drawn rows are held in memory at once.
CHUNK_ROWS = 2_000_000


def bootstrap_intervals(
    terms: Floats, statistics: Mapping[str, Statistic], seed: int
) -> dict[str, tuple[float, float]]:
    """
    Return the ends of the 95 % interval of each statistic of the means of `terms` (rows, terms).

    The percentile bootstrap for independent rows, with the percentiles moved outwards by the
    factor that makes it Student's interval where the means are normal (Hesterberg, "What Teachers
    Should Know About the Bootstrap", The American Statistician 2015, section 5.2): without it,
    30 rows cover 93 % instead of 95 %. Below 30 rows, where the samples say too little of what
    was not drawn, the wider of it and Student's interval with the bootstrap's standard error
    holds; one row leaves everything open, and the ends are infinite.
    """
    rows = len(terms)
    if rows < 2:
        return dict.fromkeys(statistics, (-math.inf, math.inf))
    observed, means = terms.mean(axis=0, keepdims=True), resampled_means(terms, seed)
    reach = float(stats.t.ppf((1 + LEVEL) / 2, rows - 1)) * math.sqrt(rows / (rows - 1))
    tail = float(stats.norm.cdf(-reach))
    found = {}
    for name, statistic in statistics.items():
        values = statistic(means)
        low, high = np.quantile(values, [tail, 1 - tail])
        if rows < LEAST_ROWS:
            middle, far = float(statistic(observed)[0]), reach * float(values.std())
            low, high = min(low, middle - far), max(high, middle + far)
        found[name] = (float(low), float(high))
    return found


def resampled_means(terms: Floats, seed: int) -> Floats:
    """
    Return the means of `terms` (rows, terms) in each of 2000 samples drawn with replacement.

    Beyond 10,000 rows, groups of rows formed at random are drawn instead of rows. The sum of a
    group has the variance and the skewness of its rows added up, so the means vary as they would,
    and 10,000 groups tell that variance to within 1.4 %. A million rows take a third of a second.
    """
    random = np.random.default_rng(seed)
    sums, sizes = _grouped(terms, random)
    groups = len(sums)
    at_once = max(1, CHUNK_ROWS // groups)
    means = np.empty((RESAMPLES, terms.shape[1]))
    for start in range(0, RESAMPLES, at_once):
        samples = min(at_once, RESAMPLES - start)
        drawn = random.integers(groups, size=(samples, groups), dtype=np.int32)
        rows = sizes[drawn].sum(axis=1)
        for column in range(terms.shape[1]):
            means[start : start + samples, column] = sums[:, column][drawn].sum(axis=1) / rows
    return means


def wilson_interval(count: int, rows: int) -> tuple[float, float]:
    """Return the ends of Wilson's 95 % interval of the share `count` of `rows` (Wilson 1927)."""
    found = stats.binomtest(count, rows).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def _grouped(terms: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Return sums and sizes of groups of rows, which differ in size by one at most."""
    rows = len(terms)
    if rows <= MOST_GROUPS:
        return terms, np.ones(rows)
    group = random.permutation(rows) % MOST_GROUPS
    sums = [np.bincount(group, column, MOST_GROUPS) for column in terms.T]
    return np.column_stack(sums), np.bincount(group, minlength=MOST_GROUPS).astype(np.float64)
