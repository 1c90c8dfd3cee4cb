"""Published answers about predictions and outcomes, each with its source."""

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from understudy.comparison.losses import numeric_loss
from understudy.comparison.quality import auc, f1, r_squared, reliability

Floats = NDArray[np.float64]

NORRIS = np.array(
    [
        (0.1, 0.2), (338.8, 337.4), (118.1, 118.2), (888.0, 884.6), (9.2, 10.1), (228.1, 226.5),
        (668.5, 666.3), (998.5, 996.3), (449.1, 448.6), (778.9, 777.0), (559.2, 558.2), (0.3, 0.4),
        (0.1, 0.6), (778.1, 775.5), (668.8, 666.9), (339.3, 338.0), (448.9, 447.5), (10.8, 11.6),
        (557.7, 556.0), (228.3, 228.1), (998.0, 995.8), (888.8, 887.6), (119.6, 120.2), (0.3, 0.3),
        (0.6, 0.3), (557.6, 556.8), (339.3, 339.1), (888.0, 887.2), (998.5, 999.0), (778.9, 779.0),
        (10.2, 11.1), (117.6, 118.3), (228.9, 229.2), (668.4, 669.1), (449.2, 448.9), (0.2, 0.5),
    ]
)  # fmt: skip


def test_r_squared_of_the_norris_data() -> None:
    """NIST StRD, Norris: certified line −0.262323073774029 + 1.00211681802045 x, R² as below."""
    truth, x = NORRIS.T
    line = -0.262323073774029 + 1.00211681802045 * x
    found = r_squared(x, line, truth, np.arange(36), 0.05)
    assert found.details["shadow"] == pytest.approx(0.999993745883712, abs=1e-15)
    assert found.details["live"] < found.details["shadow"]  # type: ignore[operator]


def _ct_ratings() -> tuple[Floats, NDArray[np.bool_]]:
    """Return Hanley and McNeil's (1982) ratings, 1 to 5, of 58 normal and 51 abnormal images."""
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    ratings = np.repeat(np.tile(np.arange(1.0, 6.0), 2), (*normal, *abnormal))
    return ratings, np.repeat([False, True], [58, 51])


def test_area_under_the_curve_of_the_ct_ratings() -> None:
    """Stata, roctab on Hanley and McNeil (1982): 0.8932, s.e. 0.0307, 0.83295 to 0.95339."""
    ratings, came = _ct_ratings()
    told = auc(ratings, ratings, came, np.arange(109), 0.05).details
    assert told["live"] == pytest.approx(0.8932, abs=5e-5)
    assert told["live_low"] == pytest.approx(0.83295, abs=5e-6)
    assert told["live_high"] == pytest.approx(0.95339, abs=5e-6)


def _delong_by_hand(live: Floats, shadow: Floats, came: NDArray[np.bool_]) -> tuple[float, float]:
    """Follow DeLong, DeLong and Clarke-Pearson (1988), equations 3 to 8, pair by pair."""
    kernels = []
    for scores in (live, shadow):
        pairs = itertools.product(scores[came], scores[~came])
        psi = [1.0 if x > y else 0.5 if x == y else 0.0 for x, y in pairs]
        kernels.append(np.reshape(psi, (int(came.sum()), -1)))
    areas = [float(kernel.mean()) for kernel in kernels]
    s10 = np.cov([kernel.mean(axis=1) for kernel in kernels])
    s01 = np.cov([kernel.mean(axis=0) for kernel in kernels])
    s = s10 / came.sum() + s01 / (~came).sum()
    z = (areas[1] - areas[0]) / math.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])
    return areas[1] - areas[0], z


def test_two_correlated_curves_as_delong_reckons_them() -> None:
    """Area difference and z equal those of the paper's own formulas, ties included."""
    ratings, came = _ct_ratings()
    other = np.clip(ratings + np.resize([0, 1, -1, 0, 2, -2], 109), 1, 5)
    difference, z = _delong_by_hand(ratings, other, came)
    found = auc(ratings, other, came, np.arange(109), 0.05)
    assert found.effect == pytest.approx(difference)
    assert found.statistic == pytest.approx(z)
    assert found.p_value == pytest.approx(math.erfc(abs(z) / math.sqrt(2)))


def test_f1_of_a_confusion_matrix() -> None:
    """van Rijsbergen (1979): 2·P·R/(P + R); 6 hits, 2 false alarms and 4 misses give 2/3."""
    truth = np.array(["yes"] * 10 + ["no"] * 20, dtype=object)
    told = np.array(["yes"] * 6 + ["no"] * 4 + ["yes"] * 2 + ["no"] * 18, dtype=object)
    found = f1(told, truth, truth, np.arange(30), 0.05, "yes")
    precision, recall = 6 / 8, 6 / 10
    assert found.details["live"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert found.details["shadow"] == 1.0
    macro = f1(told, truth, truth, np.arange(30), 0.05)
    assert macro.details["live"] == pytest.approx((2 / 3 + 36 / 42) / 2)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_interval_of_what_came_true(hits: int, count: int, low: float, high: float) -> None:
    """Newcombe (1998), Two-sided intervals for the single proportion, table I, Wilson's method."""
    (found,) = (
        part
        for part in reliability(np.full(count, 0.42), np.arange(count) < hits, 0.05)
        if part.count
    )
    assert (found.low, found.high, found.predicted) == (0.4, 0.5, pytest.approx(0.42))
    assert found.observed == pytest.approx(hits / count)
    assert found.interval == pytest.approx((low, high), abs=6e-5)


def test_pinball_loss_is_least_at_its_quantile() -> None:
    """Koenker and Bassett (1978): of all constants the quantile has the least mean loss."""
    truth = np.random.default_rng(4).lognormal(size=2001)
    guesses = np.linspace(0.1, 6, 600)
    means = [numeric_loss(np.full(2001, at), truth, "pinball", 0.9).mean() for at in guesses]
    assert guesses[np.argmin(means)] == pytest.approx(np.quantile(truth, 0.9), abs=0.011)
    half = numeric_loss(np.zeros(2001), truth, "pinball", 0.5)
    assert half == pytest.approx(truth / 2)
