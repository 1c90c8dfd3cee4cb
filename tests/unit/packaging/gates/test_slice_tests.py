"""Tests of slices err as rarely as they say, and agree with the books."""

import numpy as np
import pytest
from scipy import stats

from understudy.packaging.gates.slice_tests import (
    excess_over_all,
    excess_over_live,
    whole_of,
)

Floats = np.typing.NDArray[np.float64]


def over_all(inside: Floats, outside: Floats, ratio: float, loss: str = "absolute") -> float:
    """Return the p-value of a slice among all rows."""
    whole = whole_of(np.concatenate([inside, outside]))
    return excess_over_all(inside, whole, ratio, loss).p_value  # type: ignore[arg-type]


def test_against_the_rest_it_is_welchs_test() -> None:
    """With a ratio of 1, more than all rows means more than the others."""
    random = np.random.default_rng(0)
    inside, outside = random.exponential(3, 40), random.exponential(2, 160)
    expected = stats.ttest_ind(inside, outside, equal_var=False, alternative="greater")
    assert over_all(inside, outside, 1.0) == pytest.approx(expected.pvalue)


def test_against_live_it_is_students_paired_test() -> None:
    """Without a margin."""
    random = np.random.default_rng(0)
    ours, theirs = random.exponential(3, 40), random.exponential(2, 40)
    expected = stats.ttest_rel(ours, theirs, alternative="greater")
    found = excess_over_live(ours, theirs, 0.0, "absolute")
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.burden == pytest.approx(ours.mean() / theirs.mean())


@pytest.mark.parametrize("ratio", [1.0, 3.0])
@pytest.mark.parametrize("rows", [30, 200])
def test_a_slice_at_the_limit_is_seldom_suspected(rows: int, ratio: float) -> None:
    """Losses are skewed, slices small, and the mean of all rows is only estimated."""
    random, share = np.random.default_rng(0), rows / 1000
    mean = ratio * (1 - share) / (1 - ratio * share)
    p_values = [
        over_all(random.exponential(mean, rows), random.exponential(1, 1000 - rows), ratio)
        for _ in range(500)
    ]
    assert np.mean(np.array(p_values) < 0.05) < 0.07


def test_a_small_slice_that_is_all_wrong_may_be_so_by_chance() -> None:
    """Its variance is nought, and an exact test knows better than to be certain."""
    outside = np.array([1.0] * 90 + [0.0] * 10)
    p_value = over_all(np.ones(30), outside, 1.0, "zero_one")
    assert p_value == pytest.approx(stats.binom.sf(29, 30, 120 / 130))
    assert over_all(np.ones(30), np.zeros(300), 2.0, "zero_one") < 1e-6


def test_a_few_labels_that_changed_for_the_worse_are_no_proof() -> None:
    """Three of thirty rows, none of them for the better: one chance in eight."""
    ours, theirs = np.array([1.0] * 3 + [0.0] * 27), np.zeros(30)
    found = excess_over_live(ours, theirs, 0.1, "zero_one")
    assert found.p_value == pytest.approx(0.125)
    assert found.is_beyond
    assert found.burden == np.inf
    alike = excess_over_live(theirs, theirs, 0.1, "zero_one")
    assert (alike.p_value, alike.is_beyond, alike.burden) == (1.0, False, 0.0)


def test_losses_that_do_not_vary_decide_at_once() -> None:
    """Numbers that are always off by so much leave nothing to chance."""
    assert over_all(np.full(30, 5.0), np.full(100, 1.0), 1.5) == 0.0
    assert over_all(np.full(30, 1.0), np.full(100, 1.0), 1.5) == 1.0


def test_a_slice_of_all_rows_but_one_has_nothing_to_be_held_against() -> None:
    """How much one row might have varied is not known."""
    assert over_all(np.full(30, 5.0), np.full(1, 1.0), 1.01) == 1.0
    assert over_all(np.arange(30.0), np.full(1, 1.0), 1.0) == 1.0


def test_the_rows_needed_would_show_it() -> None:
    """With so many rows of the same kind the p-value falls below the level."""
    random = np.random.default_rng(0)
    theirs = random.exponential(1, 40)
    ours = theirs + random.normal(0.3, 1, 40)
    found = excess_over_live(ours, theirs, 0.1, "absolute")
    needed = found.rows_needed(1e-6)
    assert needed > 100
    grown = excess_over_live(np.resize(ours, needed), np.resize(theirs, needed), 0.1, "absolute")
    assert 1e-8 < grown.p_value < 1e-4
    assert found.rows_needed(0.49) == 41
