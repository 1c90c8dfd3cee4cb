"""Tests of two shares from independent samples."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from .finding import INDEPENDENT, SHOWN, Finding, Interval, magnitude, not_computed

Counts = NDArray[np.int64]

LEAST_EXPECTED = 10.0
UNLIMITED = 10**9


def share_change(k: int, n: int, current_k: int, m: int, level: float) -> Finding:
    """
    Difference of two shares, current minus reference, with Newcombe's interval.

    The p-value is the chi-square test's, or Fisher's if a cell expects fewer than ten. Assumes
    independent samples.
    """
    if not n or not m:
        return not_computed("2×2 chi-square", "share difference", n, m)
    table = np.array([[k, n - k], [current_k, m - current_k]])
    test, statistic, p_value = _two_by_two(table)
    return Finding(
        column="",
        kind="share",
        finding="share",
        test=test,
        statistic=statistic,
        p_value=p_value,
        p_adjusted=None,
        effect=current_k / m - k / n,
        effect_name="share difference",
        interval=share_interval(k, n, current_k, m, level),
        status=SHOWN,
        n_reference=n,
        n_current=m,
        assumption=INDEPENDENT,
        details={
            "reference_share": k / n,
            "current_share": current_k / m,
            "floor": magnitude(endless_interval(k, n, level))[1],
        },
    )


def _two_by_two(table: Counts) -> tuple[str, float, float]:
    margin = table.sum(axis=0)
    if not margin.all():
        return "2×2 chi-square", 0.0, 1.0
    expected = np.outer(table.sum(axis=1), margin) / table.sum()
    if expected.min() < LEAST_EXPECTED:
        return "Fisher's exact test", float(table[1, 0]), min(1.0, stats.fisher_exact(table)[1])
    result = stats.chi2_contingency(table, correction=False)
    return "2×2 chi-square", float(result.statistic), float(result.pvalue)


def share_interval(k: int, n: int, current_k: int, m: int, level: float) -> Interval:
    """Gives Newcombe's interval of current_k/m − k/n."""
    low, high = confint_proportions_2indep(current_k, m, k, n, method="newcomb", alpha=level)
    return max(-1.0, float(low)), min(1.0, float(high))


def endless_interval(k: int, n: int, level: float) -> Interval:
    """Gives the interval of no change if the current side were endless: the reference's limit."""
    return share_interval(k, n, round(UNLIMITED * (k / n)), UNLIMITED, level)


def largest_change(table: Counts, level: float) -> tuple[Interval, float]:
    """
    Gives the interval of the largest share change in a 2×K table, and what the reference allows.

    Newcombe's interval per cell at level/K; the ends of the largest are the largest of the ends.
    The second figure is the upper end that no number of current rows could bring down.
    """
    n, m = (int(total) for total in table.sum(axis=1))
    low, high = confint_proportions_2indep(
        table[1], m, table[0], n, method="newcomb", alpha=level / table.shape[1]
    )
    endless = np.round(UNLIMITED * (table[0] / n))
    floor_low, floor_high = confint_proportions_2indep(
        endless, UNLIMITED, table[0], n, method="newcomb", alpha=level / table.shape[1]
    )
    lower = np.maximum(0.0, np.maximum(low, -high)).max()
    upper = np.minimum(1.0, np.maximum(-low, high)).max()
    return (float(lower), float(upper)), float(np.maximum(-floor_low, floor_high).max())


def beyond_range(n: int, below: int, above: int, m: int, level: float) -> Finding:
    """
    Share of current values beyond the end of the training range where more of them are.

    The range is the least and the greatest of n training values, so under no change the next
    values are as likely to be extreme as those: Fisher's exact test per end, one-sided, doubled.
    The interval of the share is Clopper and Pearson's at level/2. Assumes independent samples.
    """
    if not n or not m:
        return not_computed("Fisher's exact test per end", "share beyond the range", n, m)
    ends = [
        (float(stats.fisher_exact([[0, n], [k, m - k]], alternative="less")[1]), -k)
        for k in (below, above)
    ]
    p_value, negative = min(ends)
    k = -negative
    low, high = proportion_confint(k, m, alpha=level / 2, method="beta")
    return Finding(
        column="",
        kind="numeric",
        finding="tail",
        test="Fisher's exact test per end",
        statistic=float(k),
        p_value=min(1.0, 2 * p_value),
        p_adjusted=None,
        effect=k / m,
        effect_name="share beyond the range",
        interval=(float(low), float(high)),
        status=SHOWN,
        n_reference=n,
        n_current=m,
        assumption=INDEPENDENT + "; the range is that of the n training values",
        details={"below": float(below), "above": float(above), "floor": 0.0},
    )
