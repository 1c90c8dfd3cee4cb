"""
Textbook tests of pairs, each valid for one look only; they inform and decide nothing.

All take one pair per unit.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.sparse.csgraph import connected_components
from statsmodels.stats.contingency_tables import SquareTable, mcnemar
from statsmodels.stats.weightstats import ttost_paired

from .columns import Codes
from .empirical import ranks
from .finding import SHOWN, Finding
from .independent import MANY, chi_square, kolmogorov_smirnov

Floats = NDArray[np.float64]

ONE_LOOK = "units are independent; valid for one look"
NOT_FOR_PAIRS = "assumes independence, not used for the verdict"
CELLS = 10
EXACT_BELOW = 25
EXACT_UP_TO = 50


def paired_t(d: Floats, level: float) -> Finding:
    """Student's t-test that the mean difference is nought (scipy.stats.ttest_1samp)."""
    if not _varies(d):
        return _settled("paired t", d, "mean difference")
    result = stats.ttest_1samp(d, 0.0)
    ends = result.confidence_interval(1 - level)
    found = _shown(
        "paired t",
        len(d),
        float(result.statistic),
        float(result.pvalue),
        float(d.mean()),
        "mean difference",
    )
    return replace(found, interval=(float(ends.low), float(ends.high)))


def wilcoxon(d: Floats) -> Finding:
    """
    Wilcoxon's signed-rank test with Pratt's treatment of zeros (scipy.stats.wilcoxon).

    Exact up to 50 pairs without ties; scipy's own choice permutes tied samples, half a second each.
    """
    if not np.any(d):
        return _settled("Wilcoxon signed rank", d, "median difference")
    statistic, p_value = _signed_ranks(d)
    return _shown(
        "Wilcoxon signed rank",
        len(d),
        statistic,
        p_value,
        float(np.median(d)),
        "median difference",
    )


def _signed_ranks(d: Floats) -> tuple[float, float]:
    if len(d) > MANY:
        return _signed_ranks_of_many(d)
    is_few = len(d) <= EXACT_UP_TO
    is_clean = is_few and bool(np.all(d)) and len(np.unique(np.abs(d))) == len(d)
    method = "exact" if is_clean else "asymptotic"
    result = stats.wilcoxon(d, zero_method="pratt", method=method)
    return float(result.statistic), float(result.pvalue)


def _signed_ranks_of_many(d: Floats) -> tuple[float, float]:
    """Does what scipy does for large samples, but sorts values rather than places: a fifth."""
    n, up, down = len(d), np.sort(d[d > 0]), np.sort(-d[d < 0])
    zeros = n - len(up) - len(down)
    found = ranks(up, down)
    above, below = found.first + zeros * len(up), found.second + zeros * len(down)
    mean = (n * (n + 1) - zeros * (zeros + 1)) / 4
    spread = n * (n + 1) * (2 * n + 1) - zeros * (zeros + 1) * (2 * zeros + 1) - found.ties / 2
    z = (above - mean) / math.sqrt(spread / 24)
    return min(above, below), float(2 * stats.norm.sf(abs(z)))


def equivalence(live: Floats, shadow: Floats, margin: float, level: float = 0.05) -> Finding:
    """
    Two one-sided t-tests that the mean difference is within the margin (Schuirmann 1987).

    The larger p-value (statsmodels' ttost_paired); the interval at 1 − 2·level lies inside the
    margin exactly when p is below the level.
    """
    d = shadow - live
    if not _varies(d):
        return _settled("TOST", d, "mean difference")
    p_value, lower, upper = ttost_paired(shadow, live, -margin, margin)
    nearer = min(abs(float(lower[0])), abs(float(upper[0])))
    found = _shown("TOST", len(d), nearer, float(p_value), float(d.mean()), "mean difference")
    ends = stats.ttest_1samp(d, 0.0).confidence_interval(1 - 2 * level)
    return replace(found, interval=(float(ends.low), float(ends.high)))


def marginals(live: Floats, shadow: Floats, level: float) -> list[Finding]:
    """KS and chi-square of the two output distributions, which ignore that these are pairs."""
    parts = np.linspace(0, 1, CELLS + 1)[1:-1]
    edges = np.unique(np.quantile(live, parts)) if len(live) else np.zeros(0)
    table = np.stack(
        [
            np.bincount(np.searchsorted(edges, side, "right"), minlength=len(edges) + 1)
            for side in (live, shadow)
        ]
    )
    found = kolmogorov_smirnov(live, shadow, level), chi_square(table, level)
    return [
        replace(
            finding,
            column="prediction",
            finding="live against shadow",
            assumption=NOT_FOR_PAIRS,
            status=SHOWN,
            details={k: v for k, v in finding.details.items() if k != "floor"},
        )
        for finding in found
    ]


def label_marginals(live: Codes, shadow: Codes, classes: int, level: float) -> Finding:
    """Chi-square of the two label distributions, which ignores that these are pairs."""
    table = np.stack([np.bincount(side, minlength=classes) for side in (live, shadow)])
    finding = chi_square(table, level)
    return replace(
        finding,
        column="label",
        finding="live against shadow",
        assumption=NOT_FOR_PAIRS,
        status=SHOWN,
        details={k: v for k, v in finding.details.items() if k != "floor"},
    )


def agreement(table: Codes) -> list[Finding]:
    """
    McNemar's test for two classes, Stuart–Maxwell's and Bowker's for more.

    McNemar's (1947) is exact below 25 differing pairs, else Edwards' corrected chi-square. Stuart's
    (1955) and Maxwell's (1970) asks whether both name each class equally often, Bowker's (1948)
    whether each confusion is as frequent as its reverse. Classes that are never confused with one
    another, even through others, are apart: their statistics and degrees of freedom add up. A
    confusion that never happens, either way, gives Bowker's no degree of freedom.
    """
    discordant = int(table.sum() - np.trace(table))
    n = int(table.sum())
    share = float(discordant / n) if n else 0.0
    if len(table) == 2:
        return [_mcnemar(table, share)]
    apart = _apart(table)
    homogeneity = [SquareTable(part, shift_zeros=False).homogeneity() for part in apart]
    symmetry = [SquareTable(part, shift_zeros=False).symmetry() for part in apart]
    pairs = int(np.count_nonzero(np.triu(table + table.T, 1)))
    tests = (
        ("Stuart–Maxwell", homogeneity, sum(len(part) - 1 for part in apart)),
        ("Bowker", symmetry, pairs),
    )
    found = []
    for name, results, freedom in tests:
        statistic = float(sum(result.statistic for result in results))
        p_value = float(stats.chi2.sf(statistic, freedom)) if freedom else 1.0
        one = _shown(name, n, statistic, p_value, share, "label disagreement", "label")
        found.append(replace(one, details={"degrees_of_freedom": float(freedom)}))
    return found


def _apart(table: Codes) -> list[Codes]:
    """Splits the classes into groups linked by discordances; a class without any is left out."""
    linked = table + table.T
    count, part = connected_components(linked > 0, directed=False)
    members = [np.flatnonzero(part == number) for number in range(count)]
    return [table[np.ix_(found, found)] for found in members if len(found) > 1]


def _mcnemar(table: Codes, share: float) -> Finding:
    n = int(table.sum())
    discordant = int(table[0, 1] + table[1, 0])
    if not discordant:
        return _shown("McNemar", n, 0.0, 1.0, share, "label disagreement", "label")
    result = mcnemar(table, exact=discordant < EXACT_BELOW)
    statistic, p_value = float(result.statistic), min(1.0, float(result.pvalue))
    return _shown("McNemar", n, statistic, p_value, share, "label disagreement", "label")


def _varies(d: Floats) -> bool:
    """Tells whether a t-test has any spread to work with, beyond rounding."""
    if len(d) < 2:
        return False
    spread = float(d.std(ddof=1))
    return 0 < spread < np.inf and spread > 1e-9 * abs(float(d.mean()))


def _settled(test: str, d: Floats, effect_name: str) -> Finding:
    """All pairs alike: no difference is p = 1, one and the same difference has no test."""
    effect = float(d[0]) if len(d) else None
    p_value = 1.0 if effect == 0 else None
    return _shown(test, len(d), 0.0 if effect == 0 else None, p_value, effect, effect_name)


def _shown(
    test: str,
    n: int,
    statistic: float | None,
    p_value: float | None,
    effect: float | None,
    effect_name: str,
    column: str = "prediction",
) -> Finding:
    return Finding(
        column=column,
        kind="pairs",
        finding="live against shadow",
        test=test,
        statistic=_finite(statistic),
        p_value=_finite(p_value),
        p_adjusted=None,
        effect=effect,
        effect_name=effect_name,
        interval=None,
        status=SHOWN,
        n_reference=n,
        n_current=n,
        assumption=ONE_LOOK,
    )


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else value
