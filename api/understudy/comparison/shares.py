"""Tests of two shares from independent samples."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import betaln
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from .finding import INDEPENDENT, SHOWN, Finding, Interval, magnitude, not_computed

Counts = NDArray[np.int64]

LEAST_EXPECTED = 10.0
UNLIMITED = 10**9
LARGE = 10**7
MOST_FACTORS = 100_000


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
    sizes, total = table.sum(axis=1), float(table.sum())
    expected = np.outer(sizes.astype(np.float64), margin) / total
    if expected.min() < LEAST_EXPECTED:
        p_value = stats.fisher_exact(table)[1] if total <= LARGE else _fisher_of_many(table)
        return "Fisher's exact test", float(table[1, 0]), min(1.0, float(p_value))
    result = stats.chi2_contingency(table, correction=False)
    return "2×2 chi-square", float(result.statistic), float(result.pvalue)


def _fisher_of_many(table: Counts) -> float:
    """
    Fisher's test where scipy's would take minutes: its law is then binomial, to 1 in a million.

    Either one row is small and its values were drawn from endless many, or one column is, and
    each of its values fell into a row by the size of the row.
    """
    total = float(table.sum())
    if table.sum(axis=1).min() > table.sum(axis=0).min():
        table = table.T
    row = int(table.sum(axis=1).argmin())
    trials, rate = int(table[row].sum()), float(table[:, 0].sum() / total)
    return float(stats.binomtest(int(table[row, 0]), trials, rate).pvalue)


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


def _none_among_reference(n: int, k: int, m: int) -> float:
    """
    Fisher's one-sided p of [[0, n], [k, m − k]]: all k of n + m values fall among the m.

    C(m, k)/C(n + m, k), factor by factor, or by beta functions where there are too many factors.
    """
    if k <= MOST_FACTORS:
        return float(np.exp(np.log1p(-n / (n + m - np.arange(k, dtype=np.float64))).sum()))
    before, after = betaln(n + 1, m + 1), betaln(n + 1, m - k + 1)
    return float(np.exp(min(0.0, before - after + np.log1p(k / (n + m - k + 1)))))


def beyond_range(n: int, below: int, above: int, m: int, level: float) -> Finding:
    """
    Share of current values beyond the end of the training range where more of them are.

    The range is the least and the greatest of n training values, so under no change the next
    values are as likely to be extreme as those: Fisher's exact test per end, one-sided, doubled.
    The interval of the share is Clopper and Pearson's at level/2. Assumes independent samples.
    """
    if not n or not m:
        return not_computed("Fisher's exact test per end", "share beyond the range", n, m)
    ends = [(_none_among_reference(n, k, m), -k) for k in (below, above)]
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
