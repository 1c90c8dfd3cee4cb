"""R², F1, AUC and reliability: units count, not rows, and nothing is surer than it can be."""

import numpy as np
import pytest
from numpy.typing import NDArray

from understudy.comparison import Finding
from understudy.comparison.quality import auc, f1, r_squared, reliability
from understudy.comparison.resampling import DELTA_ABOVE, paired_values

Floats = NDArray[np.float64]


def _scores(rng: np.random.Generator, units: int, rows: int = 1) -> tuple[Floats, ...]:
    """Return scores of two models, events and units; rows of a unit have a shift in common."""
    codes = np.repeat(np.arange(units), rows)
    latent = rng.normal(size=units)[codes] + 0.3 * rng.normal(size=units * rows)
    came = rng.random(len(codes)) < 1 / (1 + np.exp(-2 * latent))
    noise = rng.normal(size=units)[codes] + 0.3 * rng.normal(size=len(codes))
    return latent + noise, latent + 0.8 * noise[::-1], came, codes


def _width(found: Finding) -> float:
    assert found.interval is not None
    return found.interval[1] - found.interval[0]


def test_rows_of_one_unit_do_not_count_as_many() -> None:
    """Twenty copies of each row leave every interval as wide as it was."""
    rng = np.random.default_rng(0)
    live, shadow, came, codes = _scores(rng, 150)
    labels = [np.where(side > 0, "yes", "no").astype(object) for side in (live, shadow, came)]
    many = np.tile(np.arange(150), 20)
    pairs = [
        (
            auc(live, shadow, came, codes, 0.05),
            auc(*(x[many] for x in (live, shadow, came)), many, 0.05),
        ),
        (
            r_squared(live, shadow, live + came, codes, 0.05),
            r_squared(*(x[many] for x in (live, shadow, live + came)), many, 0.05),
        ),
        (f1(*labels, codes, 0.05, "yes"), f1(*(x[many] for x in labels), many, 0.05, "yes")),
    ]
    for once, repeated in pairs:
        assert repeated.effect == pytest.approx(once.effect)
        assert repeated.n_current == once.n_current == 150
        assert _width(repeated) == pytest.approx(_width(once), rel=0.01)


def test_delong_with_correlated_rows_errs_as_rarely_as_it_says() -> None:
    """Five rows to a unit, two equal models: by units 5 % of the tests reject, by rows far more."""
    rng = np.random.default_rng(1)
    by_unit, by_row = [], []
    for _ in range(200):
        live, _, came, codes = _scores(rng, 60, 5)
        sides = [live + rng.normal(size=60)[codes] for _ in range(2)]
        by_unit.append((auc(*sides, came, codes, 0.05).p_value or 0.0) < 0.05)
        by_row.append((auc(*sides, came, np.arange(300), 0.05).p_value or 0.0) < 0.05)
    assert np.mean(by_unit) < 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean(by_row) > 2 * np.mean(by_unit)


def test_bootstrap_and_delta_method_agree() -> None:
    """Where the one takes over from the other the intervals hardly jump."""
    rng = np.random.default_rng(2)
    widths = []
    for units in (DELTA_ABOVE, DELTA_ABOVE + 1):
        truth = rng.normal(size=units)
        live, shadow = (truth + sd * rng.normal(size=units) for sd in (0.5, 0.6))
        found = r_squared(live, shadow, truth, np.arange(units), 0.05)
        widths.append((found.test, _width(found)))
    assert [name for name, _ in widths] == ["R² (percentile bootstrap)", "R² (delta method)"]
    assert widths[0][1] == pytest.approx(widths[1][1], rel=0.15)


def test_the_same_data_give_the_same_ends() -> None:
    """A bootstrap draws with a fixed seed, so that others can recompute it."""
    rng = np.random.default_rng(3)
    given = rng.normal(size=400), rng.normal(size=400), rng.normal(size=400), np.arange(400), 0.05
    assert r_squared(*given) == r_squared(*given)


@pytest.mark.parametrize("rows", [1, 5, 19])
def test_few_units_have_figures_but_no_interval(rows: int) -> None:
    """Below twenty units a bootstrap would be a guess."""
    rng = np.random.default_rng(4)
    truth = rng.normal(size=rows + 1)
    found = r_squared(truth + 1, truth, truth, np.minimum(np.arange(rows + 1), rows - 1), 0.05)
    assert found.details["shadow"] == pytest.approx(1.0)
    assert (found.interval, found.test) == (None, "R² (none)")


def test_equal_models_have_no_interval_of_no_width() -> None:
    """Two models that say the same differ by nought, but nobody can be sure of the next unit."""
    rng = np.random.default_rng(5)
    live, _, came, codes = _scores(rng, 300)
    found = auc(live, live, came, codes, 0.05)
    assert (found.effect, found.p_value, found.interval) == (0.0, 1.0, None)


def test_what_cannot_be_computed_needs_more_data() -> None:
    """No outcome, outcomes that do not vary, a class that came up once, a class nobody saw."""
    nothing = np.zeros(0)
    names = np.array(["no"] * 30, dtype=object)
    found = [
        r_squared(nothing, nothing, nothing, np.zeros(0, int), 0.05),
        r_squared(np.arange(30.0), np.arange(30.0), np.full(30, 7.1), np.arange(30), 0.05),
        auc(np.arange(30.0), np.arange(30.0), np.arange(30) == 3, np.arange(30), 0.05),
        f1(names[:0], names[:0], names[:0], np.zeros(0, int), 0.05),
        f1(names, names, names, np.arange(30), 0.05, "yes"),
    ]
    assert {one.status for one in found} == {"NEED_MORE_DATA"}


def test_an_outcome_of_an_unknown_class_is_wrong_for_both() -> None:
    """It counts as a miss of its own class and a false alarm of the answered one."""
    truth = np.array(["a", "a", "b", "new"], dtype=object)
    told = np.array(["a", "a", "b", "a"], dtype=object)
    found = f1(told, told, truth, np.arange(4), 0.05)
    assert found.details["live"] == pytest.approx((4 / 5 + 1 + 0) / 3)


def test_reliability_puts_every_row_into_one_bin() -> None:
    """Nought and one belong to the outermost bins; a bin without rows says nothing."""
    told = np.array([0.0, 0.05, 0.95, 1.0, 0.5])
    bins = reliability(told, np.array([False, True, True, True, False]), 0.05)
    assert [one.count for one in bins] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 2]
    assert (bins[0].predicted, bins[0].observed) == (pytest.approx(0.025), 0.5)
    assert (bins[1].predicted, bins[1].observed, bins[1].interval) == (None, None, None)


def test_the_derivative_along_an_imaginary_step_is_that_of_a_mean() -> None:
    """For a plain mean the delta method is the textbook's standard error."""
    rng = np.random.default_rng(6)
    units = DELTA_ABOVE + 500
    values = rng.exponential(size=units)

    def mean(sums: Floats) -> Floats:
        return np.stack([sums[..., 1] / sums[..., 0]] * 2, axis=-1)

    found = paired_values([np.ones(units), values], np.arange(units), mean, 0.05)
    half = (found.high[0] - found.low[0]) / 2
    assert half == pytest.approx(1.96 * values.std() / np.sqrt(units), rel=0.03)
