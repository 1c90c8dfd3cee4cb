"""Tests of slices err as rarely as they say, and agree with the books."""

import numpy as np
import pytest
from scipy import stats

from understudy.packaging.gates.slice_tests import (
    excess_over_live,
    excess_over_others,
    whole_of,
)

pytestmark = pytest.mark.no_cover

Floats = np.typing.NDArray[np.float64]


def over_others(inside: Floats, outside: Floats, ratio: float, loss: str = "absolute") -> float:
    """Return the p-value of a slice beside other rows."""
    whole = whole_of(np.concatenate([inside, outside]))
    return excess_over_others(inside, whole, ratio, loss).p_value  # type: ignore[arg-type]


def test_against_the_rest_it_is_welchs_test() -> None:
    """Against a multiple of it, too, as long as the slice is the smaller part."""
    random = np.random.default_rng(0)
    inside, outside = random.exponential(3, 40), random.exponential(2, 160)
    for ratio in (1.0, 1.2):
        expected = stats.ttest_ind(inside, ratio * outside, equal_var=False, alternative="greater")
        assert over_others(inside, outside, ratio) == pytest.approx(expected.pvalue)


def test_against_live_it_is_students_paired_test() -> None:
    """Without a margin."""
    random = np.random.default_rng(0)
    ours, theirs = random.exponential(3, 40), random.exponential(2, 40)
    expected = stats.ttest_rel(ours, theirs, alternative="greater")
    found = excess_over_live(ours, theirs, 0.0, "absolute")
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.burden == pytest.approx(ours.mean() / theirs.mean())


@pytest.mark.parametrize("ratio", [1.0, 3.0])
@pytest.mark.parametrize("rows", [30, 200, 500, 900])
def test_a_slice_at_the_limit_is_seldom_suspected(rows: int, ratio: float) -> None:
    """Losses are skewed, slices small or large, and the mean of the others is only estimated."""
    random = np.random.default_rng(0)
    p_values = [
        over_others(random.exponential(ratio, rows), random.exponential(1, 1000 - rows), ratio)
        for _ in range(1000)
    ]
    assert np.mean(np.array(p_values) < 0.05) < 0.075


def test_a_slice_of_most_rows_can_be_suspected() -> None:
    """Four rows of five are lost a hundred times the rest; of all rows that is only 1.25 times."""
    random = np.random.default_rng(0)
    inside, outside = random.exponential(100, 800), random.exponential(1, 200)
    assert over_others(inside, outside, 3.0) < 1e-9
    wrong, right = np.repeat([1.0, 0.0], [600, 200]), np.repeat([1.0, 0.0], [2, 198])
    assert over_others(wrong, right, 3.0, "zero_one") < 1e-6


@pytest.mark.parametrize("ratio", [1.0, 3.0])
@pytest.mark.parametrize(("rows", "others"), [(30, 30), (30, 90), (90, 30)])
def test_labels_at_the_limit_are_never_suspected_too_often(
    rows: int, others: int, ratio: float
) -> None:
    """Over all that can be counted, for rare and for frequent errors."""
    counts, rest = np.arange(rows + 1), np.arange(others + 1)
    p_values = np.array([[_labels(i, rows, k, others, ratio) for k in rest] for i in counts])
    for share in (0.01, 0.05, 0.1, 0.2, 0.33):
        inside = stats.binom.pmf(counts, rows, ratio * share)
        outside = stats.binom.pmf(rest, others, share)
        assert inside @ (p_values < 0.05) @ outside <= 0.05
        assert inside @ (p_values < 0.005) @ outside <= 0.005


def _labels(wrong: int, rows: int, rest: int, others: int, ratio: float) -> float:
    inside, outside = np.arange(rows) < wrong, np.arange(others) < rest
    return over_others(inside.astype(float), outside.astype(float), ratio, "zero_one")


def test_a_small_slice_that_is_all_wrong_may_be_so_by_chance() -> None:
    """Its variance is nought, and an exact test knows better than to be certain."""
    outside = np.array([1.0] * 90 + [0.0] * 10)
    p_value = over_others(np.ones(30), outside, 1.0, "zero_one")
    assert p_value == pytest.approx(stats.binom.sf(29, 120, 30 / 130))
    assert over_others(np.ones(30), np.zeros(300), 2.0, "zero_one") < 1e-6
    few = np.array([1.0] * 2 + [0.0] * 98)
    assert over_others(few, np.zeros(100), 1.0, "zero_one") == pytest.approx(0.25)


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
    assert over_others(np.full(30, 5.0), np.full(100, 1.0), 1.5) == 0.0
    assert over_others(np.full(30, 1.0), np.full(100, 1.0), 1.5) == 1.0


def test_a_slice_of_all_rows_but_one_has_nothing_to_be_held_against() -> None:
    """How much one row might have varied is not known."""
    assert over_others(np.full(30, 5.0), np.full(1, 1.0), 1.01) == 1.0
    assert over_others(np.arange(30.0), np.full(1, 1.0), 1.0) == 1.0


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
