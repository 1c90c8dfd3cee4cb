"""Published answers that the statistics have to reproduce, each with its source."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.linalg import block_diag
from statsmodels.stats.contingency_tables import SquareTable

from understudy.comparison.description import describe, kappa
from understudy.comparison.independent import chi_square, kolmogorov_smirnov
from understudy.comparison.one_look import agreement, paired_t, wilcoxon
from understudy.comparison.sequences import half_width, mixing, share_sequence
from understudy.comparison.shares import beyond_range, share_change, share_interval

# Bland and Altman (1986), table 1: first readings of two peak flow meters, l/min.
LARGE = np.array(
    [494.0, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
)
MINI = np.array(
    [512.0, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
)


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


def test_kolmogorov_smirnov_of_ten_and_ten_values() -> None:
    """Gnedenko and Korolyuk (1951): P(D ≥ 0.7) = 2·C(20, 3)/C(20, 10) for ten and ten values."""
    found = kolmogorov_smirnov(np.arange(10.0), np.arange(10.0) + 6.5, 0.05)
    assert found.effect == pytest.approx(0.7)
    assert found.p_value == pytest.approx(2 * math.comb(20, 3) / math.comb(20, 10))


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


def test_fishers_test_of_the_convicted_twins() -> None:
    """R, ?fisher.test, after Fisher (1962): 10 of 13 against 2 of 17, two-sided p = 0.0005367."""
    found = share_change(2, 17, 10, 13, 0.05)
    assert found.test == "Fisher's exact test"
    assert found.p_value == pytest.approx(0.0005367, abs=5e-8)


def test_interval_of_the_share_beyond_a_range() -> None:
    """R, ?binom.test, after Conover (1971): 682 of 925, Clopper and Pearson 0.7077 to 0.7654."""
    found = beyond_range(10**6, 0, 682, 925, 0.10)
    assert found.interval == pytest.approx((0.7076683, 0.7654066), abs=5e-8)


@pytest.mark.parametrize(("n", "k", "m"), [(10, 3, 20), (99, 1, 1), (50, 40, 40), (5000, 7, 900)])
def test_tail_is_fishers_one_sided_test(n: int, k: int, m: int) -> None:
    """STATISTICS.md (a): fisher_exact([[0, n], [k, m − k]], alternative='less'), doubled."""
    wanted = stats.fisher_exact([[0, n], [k, m - k]], alternative="less")[1]
    assert beyond_range(n, 0, k, m, 0.05).p_value == pytest.approx(min(1, 2 * wanted), rel=1e-12)


def test_large_tables_have_fishers_p_value_nearly() -> None:
    """Beyond ten million counts the binomial takes over; here the exact one is still quick."""
    for table in ([[4, 6], [10**6, 9 * 10**6]], [[3, 4 * 10**6], [15, 6 * 10**6 + 1]]):
        (k, rest), (now, other) = table
        found = share_change(k, k + rest, now, now + other, 0.05)
        assert found.p_value == pytest.approx(stats.fisher_exact(table)[1], rel=1e-4)


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


def test_homogeneity_of_two_diagnosticians() -> None:
    """Fleiss (1981), Statistical Methods for Rates and Proportions, p. 121: 14.00 with 2 df."""
    maxwell, bowker = agreement(np.array([[35, 5, 0], [15, 20, 5], [10, 5, 5]]))
    assert maxwell.statistic == pytest.approx(14.0)
    assert maxwell.p_value == pytest.approx(math.exp(-7))
    assert bowker.statistic == pytest.approx(100 / 20 + 100 / 10)


def test_homogeneity_equals_that_of_statsmodels_where_it_can_be_solved() -> None:
    """One linked group of classes is the plain test; two groups add up, where it is singular."""
    first, second = np.array([[9, 3, 1], [7, 8, 2], [2, 6, 9]]), np.array([[5, 1], [8, 4]])
    wanted = [SquareTable(part, shift_zeros=False).homogeneity() for part in (first, second)]
    (alone, _), (both, _) = agreement(first), agreement(block_diag(first, second))
    assert alone.statistic == pytest.approx(wanted[0].statistic)
    assert alone.p_value == pytest.approx(wanted[0].pvalue)
    assert both.statistic == pytest.approx(sum(one.statistic for one in wanted))
    assert both.details["degrees_of_freedom"] == 3


def test_concordance_of_the_peak_flow_meters() -> None:
    """Lin (1989): Pearson's r, 0.94 in Bland and Altman (1986), times the bias correction."""
    r = float(np.corrcoef(MINI, LARGE)[0, 1])
    assert r == pytest.approx(0.94, abs=5e-3)
    scale = MINI.std() / LARGE.std()
    shift = (MINI.mean() - LARGE.mean()) / math.sqrt(MINI.std() * LARGE.std())
    correction = 2 / (scale + 1 / scale + shift**2)
    assert describe(MINI, LARGE)["concordance"] == pytest.approx(r * correction)


def test_limits_of_agreement_of_the_peak_flow_meters() -> None:
    """Bland and Altman (1986): mean difference −2.1 l/min, standard deviation 38.8."""
    figures = describe(MINI, LARGE)
    assert figures["mean"] == pytest.approx(-2.1, abs=0.05)
    assert figures["sd"] == pytest.approx(38.8, abs=0.05)


def test_kappa_of_two_readers() -> None:
    """The textbook table 20, 5, 10, 15: observed 0.7, by chance 0.5, kappa 0.4."""
    assert kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)


def test_kappa_of_two_psychologists() -> None:
    """Cohen (1960), table 1: 0.70 observed, 0.41 by chance, kappa 0.492."""
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert kappa(table) == pytest.approx(0.492, abs=5e-4)


def test_half_width_by_hand() -> None:
    """STATISTICS.md (b), worked out by hand at 5 % for t = t_opt = 1000: r = 0.0079362."""
    assert mixing(0.05, 1000) == pytest.approx(0.0079362, abs=5e-8)
    assert half_width(1000, 0.05, 1000) == pytest.approx(0.095982, abs=5e-7)


@pytest.mark.parametrize(("limit", "units"), [(0.05, 116), (0.02, 320), (0.01, 680), (0.001, 8062)])
def test_units_until_a_share_without_events_is_small(limit: float, units: int) -> None:
    """STATISTICS.md (b): with no event the upper end falls below the limit after so many units."""
    assert share_sequence(0, units, 0.05)[1] < limit <= share_sequence(0, units - 1, 0.05)[1]
