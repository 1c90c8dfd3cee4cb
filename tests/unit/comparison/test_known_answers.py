"""Published answers that the statistics have to reproduce, each with its source."""

import numpy as np
import pytest

from understudy.comparison.description import describe, kappa
from understudy.comparison.independent import chi_square, kolmogorov_smirnov
from understudy.comparison.one_look import agreement, paired_t, wilcoxon
from understudy.comparison.sequences import share_sequence
from understudy.comparison.shares import beyond_range, share_change, share_interval


def test_chi_square_of_party_by_gender() -> None:
    """R, ?chisq.test, after Agresti (2007) p. 39: X-squared = 30.07, p = 2.954e-07."""
    found = chi_square(np.array([[762, 327, 468], [484, 239, 477]]), 0.05)
    assert found.statistic == pytest.approx(30.0701, abs=1e-4)
    assert found.p_value == pytest.approx(2.954e-07, rel=1e-3)


def test_kolmogorov_smirnov_of_two_separated_samples() -> None:
    """All 20 orders of three and three values are equally likely; two are as extreme: p = 0.1."""
    found = kolmogorov_smirnov(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]), 0.05)
    assert found.effect == 1.0
    assert found.p_value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("k", "n", "reference_k", "m", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_interval_of_a_share_difference(
    k: int, n: int, reference_k: int, m: int, low: float, high: float
) -> None:
    """Newcombe (1998), Interval estimation for the difference, table II, method 10."""
    assert share_interval(reference_k, m, k, n, 0.05) == pytest.approx((low, high), abs=6e-5)


def test_fishers_test_of_the_lady_tasting_tea() -> None:
    """R, ?fisher.test, after Agresti (1990) p. 61: two-sided p = 0.4857."""
    assert share_change(3, 4, 1, 4, 0.05).p_value == pytest.approx(0.4857, abs=1e-4)


def test_tail_of_one_new_maximum() -> None:
    """The next of n + 1 exchangeable values is the greatest with probability 1/(n + 1)."""
    found = beyond_range(99, 0, 1, 1, 0.05)
    assert found.p_value == pytest.approx(2 / 100)


def test_paired_t_of_the_sleep_data() -> None:
    """R, ?t.test, Student's sleep data: t = 4.0621, p = 0.002833, interval 0.70 to 2.46."""
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    found = paired_t(second - first, 0.05)
    assert found.statistic == pytest.approx(4.0621, abs=1e-4)
    assert found.p_value == pytest.approx(0.002833, abs=1e-6)
    assert found.interval == pytest.approx((0.7001142, 2.4598858), abs=1e-6)


def test_wilcoxon_of_the_depression_data() -> None:
    """R, ?wilcox.test, Hollander and Wolfe (1973) p. 29: one-sided p = 0.01953, so twice that."""
    before = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
    after = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
    assert wilcoxon(after - before).p_value == pytest.approx(2 * 0.01953, abs=1e-5)


def test_mcnemar_of_approval_ratings() -> None:
    """Agresti (1990) p. 350, by hand with Edwards' correction: (|150 − 86| − 1)²/(150 + 86)."""
    (found,) = agreement(np.array([[794, 150], [86, 570]]))
    assert found.statistic == pytest.approx(63**2 / 236)
    assert found.p_value == pytest.approx(4.11e-05, rel=1e-2)


def test_mcnemar_of_few_changes_is_exact() -> None:
    """One change against nine is a sign test: p = 2·(1 + 10)/2¹⁰."""
    (found,) = agreement(np.array([[50, 1], [9, 40]]))
    assert found.p_value == pytest.approx(22 / 1024)


def test_homogeneity_and_symmetry_of_the_vision_data() -> None:
    """Stuart (1955) and Bowker (1948) on 7477 women: 11.96 with 3 df, 19.11 with 6 df."""
    table = np.array(
        [
            [1520, 266, 124, 66],
            [234, 1512, 432, 78],
            [117, 362, 1772, 205],
            [36, 82, 179, 492],
        ]
    )
    maxwell, bowker = agreement(table)
    assert maxwell.statistic == pytest.approx(11.96, abs=5e-3)
    assert bowker.statistic == pytest.approx(19.11, abs=5e-3)


def test_limits_of_agreement_of_the_peak_flow_meters() -> None:
    """Bland and Altman (1986): mean difference −2.1 l/min, standard deviation 38.8."""
    large = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
    mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
    figures = describe(np.array(mini, dtype=float), np.array(large, dtype=float))
    assert figures["mean"] == pytest.approx(-2.1, abs=0.05)
    assert figures["sd"] == pytest.approx(38.8, abs=0.05)


def test_kappa_of_two_readers() -> None:
    """The textbook table 20, 5, 10, 15: observed 0.7, by chance 0.5, kappa 0.4."""
    assert kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)


@pytest.mark.parametrize(("limit", "units"), [(0.05, 116), (0.02, 320), (0.01, 680), (0.001, 8062)])
def test_units_until_a_share_without_events_is_small(limit: float, units: int) -> None:
    """STATISTICS.md (b): with no event the upper end falls below the limit after so many units."""
    assert share_sequence(0, units, 0.05)[1] < limit <= share_sequence(0, units - 1, 0.05)[1]
