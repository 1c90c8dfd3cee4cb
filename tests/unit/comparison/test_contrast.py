"""The test on half B: its level with skewed losses, its interval, and what it refuses to say."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from understudy.comparison.contrast import Contrast, change_interval, contrast, exceeds

Floats = NDArray[np.float64]

ANY = (-1.0, math.inf)


def _each(shadow: Floats, live: Floats, is_relative: bool = True) -> Contrast:
    return contrast(shadow, live, np.arange(len(live)), is_relative=is_relative)


def _even(n: int = 200) -> tuple[Floats, Floats]:
    """Losses of which any contrast is symmetric about its mean."""
    rng = np.random.default_rng(0)
    up, down = rng.normal(0, 1, n), rng.normal(0, 1, n)
    return 13 + np.r_[up, -up], 10 + np.r_[down, -down]


@pytest.mark.parametrize("margin", [0.0, 0.1, 0.3, 0.5])
def test_without_skewness_it_is_the_t_test(margin: float) -> None:
    """Known answer: scipy's one-sided t-test of shadow − (1 + margin)·live."""
    shadow, live = _even()
    z = shadow - (1 + margin) * live
    expected = stats.ttest_1samp(z, 0, alternative="greater").pvalue
    assert exceeds(_each(shadow, live), (), margin) == pytest.approx(expected, rel=1e-6)


def test_a_difference_is_tested_likewise() -> None:
    """The margin of the 0/1 loss is absolute."""
    shadow, live = _even()
    expected = stats.ttest_1samp(shadow - live - 2.9, 0, alternative="greater").pvalue
    found = exceeds(_each(shadow, live, is_relative=False), (), 2.9)
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("is_relative", [True, False])
def test_the_interval_holds_what_the_test_does_not_reject(is_relative: bool) -> None:
    """At its lower end the one-sided p-value is half the level."""
    rng = np.random.default_rng(1)
    shadow, live = rng.exponential(1.2, 900), rng.exponential(1.0, 900)
    here = _each(shadow, live, is_relative)
    ends = change_interval(here, (), 0.01, ANY)
    assert ends is not None
    assert here.estimate is not None
    assert ends[0] < here.estimate < ends[1]
    assert exceeds(here, (), ends[0]) == pytest.approx(0.005, rel=1e-4)


def test_an_interval_stays_within_what_is_possible() -> None:
    """A share that is nearly nought has no lower end below it."""
    wide = np.r_[np.ones(3), np.zeros(197)]
    here = _each(wide, np.zeros(200), is_relative=False)
    ends = change_interval(here, (), 0.001, (0.0, 1.0))
    assert ends is not None
    assert ends[0] == 0.0
    assert 0.015 < ends[1] < 0.2


def test_no_live_loss_has_no_ratio() -> None:
    """Nothing is a multiple of nought, but worse it is."""
    here = _each(np.random.default_rng(0).uniform(1, 2, 100), np.zeros(100))
    assert here.estimate is None
    assert change_interval(here, (), 0.05, ANY) is None
    p = exceeds(here, (), 0.1)
    assert p is not None
    assert p < 1e-6


def test_losses_that_all_say_the_same_are_no_certainty() -> None:
    """A spread of nought tells nothing of the units that could differ: 0.95 per unit."""
    ones = np.ones(100)
    assert exceeds(_each(ones, 0 * ones, is_relative=False), (), 0.025) == 0.95**100
    assert exceeds(_each(0 * ones, 0 * ones, is_relative=False), (), 0.025) == 1.0
    assert change_interval(_each(ones, ones), (), 0.05, ANY) is None


def test_units_count_by_their_sums() -> None:
    """Every row twice in its unit is the same evidence, not twice as much."""
    shadow, live = _even(100)
    once, codes = _each(shadow, live), np.repeat(np.arange(200), 2)
    twice = contrast(np.repeat(shadow, 2), np.repeat(live, 2), codes, is_relative=True)
    assert (twice.units, twice.rows) == (200, 400)
    found, expected = exceeds(twice, (), 0.28), exceeds(once, (), 0.28)
    assert found == pytest.approx(expected, rel=1e-9)


def test_skewness_never_speaks_for_the_claim() -> None:
    """A long tail of the shadow's losses leaves the t-test; one of live's makes p larger."""
    rng = np.random.default_rng(2)
    tail, even = rng.lognormal(0, 0.6, 400), rng.normal(1.2, 0.1, 400)
    for shadow, live, is_alike in ((tail, even * 0.9, True), (even * 1.1, tail, False)):
        z = shadow - live
        plain = stats.ttest_1samp(z, 0, alternative="greater").pvalue
        found = exceeds(_each(shadow, live), (), 0.0)
        assert found is not None
        assert bool(found == pytest.approx(plain, rel=1e-6)) is is_alike
        assert found >= plain * (1 - 1e-6)


def test_another_sample_warns_of_tails_that_this_one_lacks() -> None:
    """The other half's skewness counts where it is less favourable, up to saying nothing."""
    rng = np.random.default_rng(3)
    live = rng.lognormal(0, 0.5, 4000)
    calm = np.sort(live)[:150]
    shadow = np.full(150, 1.1 * float(calm.mean()) + 0.005)
    here, whole = _each(shadow, calm), _each(np.full(4000, 1.4), live)
    alone, warned = exceeds(here, (), 0.1), exceeds(here, (whole,), 0.1)
    assert alone is not None
    assert warned is not None
    assert warned > alone
    heavy = _each(np.full(4000, 1.4), rng.lognormal(0, 1.5, 4000))
    assert exceeds(here, (heavy,), 0.1) is None
    assert change_interval(here, (heavy,), 0.05, ANY) is None


@pytest.mark.parametrize("kind", ["normal", "lognormal", "even shadow", "instances"])
def test_the_level_holds_at_the_margin(kind: str) -> None:
    """Exactly at the limit it errs in 1 % of samples of 100 units, where a t-test errs in more."""
    rng = np.random.default_rng(4)
    level, runs, ours, plain = 0.01, 800, 0, 0
    for _ in range(runs):
        here, there, z = _at_the_limit(rng, kind)
        p = exceeds(here, (there,), 0.1)
        ours += p is not None and p <= level
        t = z.mean() / z.std(ddof=1) * math.sqrt(len(z))
        plain += stats.t.sf(t, len(z) - 1) <= level
    allowed = runs * level + 2 * math.sqrt(runs * level)
    assert ours <= allowed
    if kind == "even shadow":
        assert plain > 2 * allowed


def _at_the_limit(rng: np.random.Generator, kind: str) -> tuple[Contrast, Contrast, Floats]:
    """Return two samples of 100 units whose loss is 10 % higher, and the first one's contrast."""
    per = 20 if kind == "instances" else 1
    codes = np.repeat(np.arange(100), per)
    sides = []
    for _ in range(2):
        a, b = (
            math.sqrt(0.2) * rng.normal(0, 1, 100)[codes]
            + math.sqrt(0.8) * rng.normal(0, 1, len(codes))
            for _ in range(2)
        )
        if kind == "normal":
            shadow, live = 1.1 * np.abs(a), np.abs(b)
        elif kind == "even shadow":
            shadow, live = np.full(len(b), 1.1 * math.exp(0.5)), np.exp(b)
        else:
            shadow, live = 1.1 * np.exp(a), np.exp(b)
        sides.append((shadow, live))
    here, there = (contrast(*side, codes, is_relative=True) for side in sides)
    return here, there, sides[0][0] - 1.1 * sides[0][1]
