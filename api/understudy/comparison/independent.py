"""
Tests of two distributions from independent samples, such as training data and live traffic.

None of them fits the live and shadow outputs of the same requests: those are pairs.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial.distance import jensenshannon

from .empirical import gaps, in_order, quantiles
from .finding import INDEPENDENT, SHOWN, Finding, Interval, magnitude, not_computed
from .shares import LEAST_EXPECTED, endless_interval, largest_change, share_interval
from .tallies import count_cells

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_LEVELS = 100
TINY = 5
EXACT_UP_TO = 100
DECILES = (0.1, 0.5, 0.9)
MANY = 100_000
"""Above this samples are walked through by our own means, which take a tenth of scipy's time."""
UNSURPRISING = 0.9
"""Above this the exact sum may exceed 1 by rounding, of which scipy warns."""


def kolmogorov_smirnov(reference: Floats, current: Floats, level: float) -> Finding:
    """
    Largest gap between two empirical distribution functions, D.

    The interval is D ± sqrt(ln(2/level)/2·(1/n + 1/m)), after Dvoretzky, Kiefer, Wolfowitz and
    Massart. Assumes independent samples without NaN; ties make the p-value conservative
    (scipy.stats.ks_2samp).
    """
    n, m = len(reference), len(current)
    if not n or not m:
        return not_computed("two-sample Kolmogorov–Smirnov", "D", n, m)
    if max(n, m) > MANY:
        return _gap_finding(_gap_of_many(reference, current), n, m, level)
    result = _ks(reference, current)
    gap = Gap(float(result.statistic), float(result.pvalue), _shifts(reference, current))
    return _gap_finding(gap, n, m, level)


def kolmogorov_smirnov_of_cells(
    reference: Floats, edges: Floats, cells: Counts, level: float
) -> Finding:
    """
    Largest gap, D, to a sample of which only counts at the edges and between them are kept.

    D is that at the edges, so too small by no more than what the fullest cell between two edges
    holds of either sample, and exact if every value of the reference is an edge. The p-value is
    asymptotic. Assumes independent samples, and edges taken from the reference alone.
    """
    n, m = len(reference), int(cells.sum())
    if not n or not m:
        return not_computed("two-sample Kolmogorov–Smirnov", "D", n, m)
    before = np.cumsum(count_cells(reference, edges)) / n
    after = np.cumsum(cells) / m
    gap = float(np.abs(before - after).max())
    p_value = float(stats.kstwo.sf(gap, max(1, round(n * m / (n + m))))) if gap else 1.0
    distance = float(np.sum(np.abs(before - after)[1:-2:2] * np.diff(edges)))
    spread = float(np.std(reference))
    return _gap_finding(
        Gap(gap, p_value, {"wasserstein_per_sd": distance / spread} if spread > 0 else {}),
        n,
        m,
        level,
    )


@dataclass(frozen=True)
class Gap:
    """The largest gap between two distribution functions, with further figures about them."""

    size: float
    p_value: float
    details: Mapping[str, float]


def _gap_finding(gap: Gap, n: int, m: int, level: float) -> Finding:
    return Finding(
        column="",
        kind="numeric",
        finding="distribution",
        test="two-sample Kolmogorov–Smirnov",
        statistic=gap.size,
        p_value=min(1.0, max(0.0, gap.p_value)),
        p_adjusted=None,
        effect=gap.size,
        effect_name="D",
        interval=gap_interval(gap.size, n, m, level),
        status=SHOWN,
        n_reference=n,
        n_current=m,
        assumption=INDEPENDENT + " and have few ties",
        details={**gap.details, "floor": math.sqrt(math.log(2 / level) / 2 / n)},
    )


def _ks(reference: Floats, current: Floats) -> Any:
    """Asks scipy for the exact p-value of small samples, but not where it would warn."""
    n, m = len(reference), len(current)
    if min(n, m) < TINY:
        return stats.ks_2samp(reference, current, method="exact")
    result = stats.ks_2samp(reference, current, method="asymp")
    if max(n, m) <= EXACT_UP_TO and result.pvalue < UNSURPRISING:
        return stats.ks_2samp(reference, current, method="exact")
    return result


def _gap_of_many(reference: Floats, current: Floats) -> Gap:
    """Does what scipy and numpy do for large samples, in one walk and a tenth of their time."""
    before, after = in_order(reference), in_order(current)
    n, m = len(before), len(after)
    apart = gaps(before, after)
    p_value = float(stats.kstwo.sf(apart.largest, np.round(n * m / (n + m))))
    ends = zip((10, 50, 90), quantiles(before, DECILES), quantiles(after, DECILES), strict=True)
    details = {f"shift_q{q}": high - low for q, low, high in ends}
    spread = float(np.std(before))
    if spread > 0:
        details["wasserstein_per_sd"] = apart.area / spread
    return Gap(apart.largest, p_value, details)


def gap_interval(gap: float, n: int, m: int, level: float) -> Interval:
    """Gives the interval of D that holds for any pair of distributions."""
    width = math.sqrt(math.log(2 / level) / 2 * (1 / n + 1 / m))
    return max(0.0, gap - width), min(1.0, gap + width)


def _shifts(reference: Floats, current: Floats) -> dict[str, float]:
    before, after = (np.quantile(side, DECILES) for side in (reference, current))
    shifts = {
        f"shift_q{q}": float(b - a) for q, a, b in zip((10, 50, 90), before, after, strict=True)
    }
    spread = float(np.std(reference))
    if spread > 0:
        distance = float(stats.wasserstein_distance(reference, current))
        shifts["wasserstein_per_sd"] = distance / spread
    return shifts


def chi_square(counts: Counts, level: float) -> Finding:
    """
    Pearson's chi-square test of homogeneity on a 2×K table (row 0 reference, row 1 current).

    The effect is the largest change of a cell's share; its interval is Newcombe's, per cell at
    level/K, so that all hold together. Rare cells are pooled first (see `pool`). Assumes
    independent samples (scipy.stats.chi2_contingency without Yates' correction).
    """
    n, m = (int(total) for total in counts.sum(axis=1))
    name, effect_name = "2×K chi-square", "largest share change"
    if not n or not m:
        return not_computed(name, effect_name, n, m)
    if len(np.flatnonzero(counts.sum(axis=0))) == 1:
        return _unchanged(n, m, level)
    table = pool(counts)
    if table.shape[1] < 2:
        return not_computed(name, effect_name, n, m)
    result = stats.chi2_contingency(table, correction=False)
    shares = table / table.sum(axis=1, keepdims=True)
    changes = np.abs(shares[1] - shares[0])
    interval, floor = largest_change(table, level)
    return Finding(
        column="",
        kind="categorical",
        finding="distribution",
        test=name,
        statistic=float(result.statistic),
        p_value=float(result.pvalue),
        p_adjusted=None,
        effect=float(changes.max()),
        effect_name=effect_name,
        interval=interval,
        status=SHOWN,
        n_reference=n,
        n_current=m,
        assumption=INDEPENDENT + f"; every cell expects at least {LEAST_EXPECTED:g}",
        details={
            "cells": float(table.shape[1]),
            "cramers_v": math.sqrt(float(result.statistic) / (n + m)),
            "jensen_shannon": float(jensenshannon(shares[0], shares[1], base=2)),
            "floor": floor,
        },
    )


def _unchanged(n: int, m: int, level: float) -> Finding:
    """Two samples of one and the same level: nothing differs, up to what n and m can tell."""
    high = magnitude(share_interval(n, n, m, m, level))[1]
    return Finding(
        column="",
        kind="categorical",
        finding="distribution",
        test="2×K chi-square",
        statistic=0.0,
        p_value=1.0,
        p_adjusted=None,
        effect=0.0,
        effect_name="largest share change",
        interval=(0.0, high),
        status=SHOWN,
        n_reference=n,
        n_current=m,
        assumption=INDEPENDENT,
        details={"floor": magnitude(endless_interval(n, n, level))[1]},
    )


def pool(counts: Counts) -> Counts:
    """
    Merges rare cells of a 2×K table until each expects at least ten on the smaller side.

    At most a hundred cells stay apart. If the rare ones together are still too few, the cell least
    frequent in the reference joins them, and so on. Only margins are consulted, so the test stays
    valid. The order of the cells is free: the result does not depend on it.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    totals = counts.sum(axis=1)
    expected = counts.sum(axis=0) * (totals.min() / totals.sum())
    order = np.lexsort((counts[1], counts[0]))
    rare = expected[order] < LEAST_EXPECTED
    rare[: max(0, len(order) - MOST_LEVELS)] = True
    order = np.concatenate([order[rare], order[~rare]])
    taken = int(rare.sum())
    if not taken:
        return counts[:, order]
    while taken < len(order) and expected[order[:taken]].sum() < LEAST_EXPECTED:
        taken += 1
    merged: Counts = counts[:, order[:taken]].sum(axis=1, keepdims=True)
    if expected[order[:taken]].sum() < LEAST_EXPECTED:
        return merged
    return np.hstack([merged, counts[:, order[taken:]]])
