"""Laws that every statistic obeys, over the one list of all of them."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.unit.comparison.applied import BY_NAME, Applied, Rows, apply, rows_of
from understudy.comparison.independent import chi_square, kolmogorov_smirnov
from understudy.comparison.jsonable import as_json
from understudy.comparison.one_look import agreement, equivalence, label_marginals
from understudy.comparison.sequences import share_sequence
from understudy.comparison.shares import beyond_range, share_change

Floats = NDArray[np.float64]

EXTREMES = {
    "nothing": np.array([]),
    "one value": np.array([1.0]),
    "two values": np.array([1.0, -2.0]),
    "three values": np.array([1.0, -2.0, 5.0]),
    "constant": np.full(30, 3.0),
    "noughts": np.zeros(30),
    "ties": np.repeat([1.0, 2.0, 3.0], 40),
    "huge": np.array([1e300, -1e300, 1e299] * 20) / 1e200,
    "tiny": np.array([1e-300, 2e-300] * 20),
    "many": np.linspace(-5, 5, 1500),
}
TWO_SAMPLES = [name for name, one in BY_NAME.items() if one.group == "two samples"]
SYMMETRIC = [name for name, one in BY_NAME.items() if one.is_symmetric]


def _is_sound(found: Applied) -> None:
    json.dumps(as_json(found.whole), allow_nan=False)
    assert found.p_value is None or 0 <= found.p_value <= 1
    if found.interval is not None and found.effect is not None:
        low, high = found.interval
        room = 1e-9 * max(1.0, abs(found.effect))
        assert low - room <= found.effect <= high + room


@pytest.mark.parametrize("sample", EXTREMES)
@pytest.mark.parametrize("name", BY_NAME)
def test_identical_inputs_show_no_effect(name: str, sample: str) -> None:
    """A sample against itself has effect nought, and nothing surprising about it."""
    values = EXTREMES[sample]
    for found in apply(BY_NAME[name], rows_of(values, values.copy())):
        _is_sound(found)
        assert not found.effect
        assert found.p_value is None or found.p_value > 0.99 or name == "TOST"


@pytest.mark.parametrize("sample", EXTREMES)
@pytest.mark.parametrize("name", BY_NAME)
def test_a_shifted_extreme_sample_is_judged_without_a_warning(name: str, sample: str) -> None:
    """No value, one to three, constants, ties, huge and tiny values end in a figure, never NaN."""
    values = EXTREMES[sample]
    for other in (values + 1, -values, values[::-1].copy()):
        for found in apply(BY_NAME[name], rows_of(values, other)):
            _is_sound(found)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", BY_NAME)
def test_order_of_rows_is_irrelevant(name: str, data: st.DataObject) -> None:
    """Shuffling rows, pairs and their units together, changes nothing beyond the last bits."""
    values = st.lists(st.integers(-9, 9).map(float), min_size=24, max_size=60)
    live = np.array(data.draw(values))
    shadow = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=len(live))))[: len(live)]
    codes = np.arange(len(live)) // 2 if name in ("R²", "F1", "AUC") else np.arange(len(live))
    order = np.array(data.draw(st.permutations(range(len(live)))))
    rows = Rows(live, shadow.astype(float), codes)
    shuffled = Rows(live[order], shadow[order].astype(float), codes[order])
    for one, other in zip(apply(BY_NAME[name], rows), apply(BY_NAME[name], shuffled), strict=True):
        _is_sound(one)
        assert other.p_value == pytest.approx(one.p_value)
        assert other.effect == pytest.approx(one.effect)
        assert other.interval == pytest.approx(one.interval)


@pytest.mark.parametrize("name", SYMMETRIC)
def test_swapping_the_sides_changes_the_sign_and_nothing_else(name: str) -> None:
    """Which side is called live does not matter to how surprising the difference is."""
    rng = np.random.default_rng(5)
    live, shadow = rng.normal(0, 3, 200), rng.normal(0.5, 3, 200)
    there, back = (apply(BY_NAME[name], rows_of(*s)) for s in ((live, shadow), (shadow, live)))
    for one, other in zip(there, back, strict=True):
        assert one.p_value == pytest.approx(other.p_value)
        assert abs(one.effect or 0.0) == pytest.approx(abs(other.effect or 0.0))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_large_difference_is_found(name: str) -> None:
    """Each statistic can fail: where it looks, it sees a difference that is there."""
    rng = np.random.default_rng(6)
    live = np.abs(rng.normal(-1, 0.3, 400)) * -1
    shadow = np.where(rng.random(400) < 0.5, 6.0, 2.5) + rng.normal(0, 0.1, 400)
    for found in apply(BY_NAME[name], rows_of(live, shadow)):
        if found.p_value is not None and name != "TOST":
            assert found.p_value < 0.01, found.name
        assert found.effect, found.name


def test_equivalence_is_shown_for_small_differences_only() -> None:
    """Two one-sided tests reject for a difference well inside the margin, not for one outside."""
    rng = np.random.default_rng(7)
    live = rng.normal(0, 1, 500)
    noise = rng.normal(0, 0.1, 500)
    inside, outside = (equivalence(live, live + noise + shift, 0.1) for shift in (0.0, 0.2))
    assert inside.p_value == pytest.approx(0.0, abs=1e-6)
    assert outside.p_value == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("shift", np.linspace(0.08, 0.1, 9))
def test_the_interval_of_equivalence_agrees_with_its_p_value(shift: float) -> None:
    """Inside the margin exactly when p is below the level."""
    rng = np.random.default_rng(8)
    live = rng.normal(0, 1, 300)
    found = equivalence(live, live + rng.normal(shift, 0.1, 300), 0.1)
    assert found.interval is not None
    assert found.p_value is not None
    low, high = found.interval
    is_inside = max(-low, high) < 0.1
    assert is_inside == (found.p_value < 0.05)


@pytest.mark.parametrize("name", TWO_SAMPLES)
def test_an_empty_side_needs_more_data(name: str) -> None:
    """Nothing on one side is no statistic, and no error either."""
    (found,) = apply(BY_NAME[name], rows_of(np.array([1.0, 2.0]), np.array([])))
    assert (found.p_value, found.effect, found.whole.status) == (None, None, "NEED_MORE_DATA")


def test_a_level_that_one_side_never_has_counts_as_nought_there() -> None:
    """Levels are the union of both sides; a class that one model never answers is no error."""
    found = chi_square(np.array([[500, 500, 0], [450, 450, 100]]), 0.05)
    assert found.effect == pytest.approx(0.1)
    one_sided = agreement(np.array([[50, 0, 9], [0, 40, 1], [0, 0, 0]]))
    assert [test.p_value is not None and test.p_value < 0.05 for test in one_sided] == [True, True]
    labels = label_marginals(np.zeros(100, int), np.arange(100) % 3, 5, 0.05)
    assert labels.p_value is not None
    assert labels.p_value < 1e-9


@pytest.mark.parametrize("name", BY_NAME)
def test_a_million_rows_are_judged(name: str) -> None:
    """Large data change no rule: identical stays identical, a difference stays one."""
    rng = np.random.default_rng(9)
    live = rng.normal(0, 1, 1_000_000).round(3)
    for found in apply(BY_NAME[name], rows_of(live, live + 0.25)):
        _is_sound(found)
        assert found.effect or BY_NAME[name].group == "outcomes" or "Bowker" in name


def test_counts_of_a_million_million_are_judged_at_once() -> None:
    """Whole numbers do not overflow, and no exact test runs for minutes."""
    many = 10**12
    assert share_change(many // 2, many, many // 2 + 10**7, many, 0.05).p_value < 1e-9  # type: ignore[operator]
    assert share_change(1, 10, many // 10, many, 0.05).p_value == pytest.approx(1.0)
    assert share_change(0, many, 9, many, 0.05).p_value == pytest.approx(2 / 512, rel=1e-3)
    assert beyond_range(many, 0, 3, many, 0.05).p_value == pytest.approx(2 / 8)
    assert beyond_range(many, 0, many // 2, many, 0.05).p_value == 0.0
    counts = chi_square(np.array([[many, many, 5], [many, many + 10**8, 9]]), 0.05)
    assert counts.p_value < 1e-9  # type: ignore[operator]
    (mcnemar,) = agreement(np.array([[many, 2 * 10**6], [10**6, many]]))
    assert mcnemar.p_value < 1e-9  # type: ignore[operator]
    low, high = share_sequence(many / 100, many, 0.05)
    assert low < 0.01 < high < 0.010001


def test_kolmogorov_smirnov_ignores_where_its_values_stand() -> None:
    """Only ranks matter: a common shift and a common scale change nothing."""
    rng = np.random.default_rng(10)
    before, after = rng.normal(size=300), rng.normal(0.2, 1, 200)
    plain, moved = (kolmogorov_smirnov(before * k + 7, after * k + 7, 0.05) for k in (1.0, 1000.0))
    assert moved.p_value == pytest.approx(plain.p_value)
