"""Laws that every statistic obeys, over one list of all of them."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from understudy.comparison.finding import Finding
from understudy.comparison.independent import chi_square, kolmogorov_smirnov
from understudy.comparison.one_look import (
    agreement,
    equivalence,
    label_marginals,
    marginals,
    paired_t,
    wilcoxon,
)
from understudy.comparison.shares import beyond_range, share_change

Floats = NDArray[np.float64]
Statistic = Callable[[Floats, Floats], Finding]

CLASSES = 4


def _codes(values: Floats) -> NDArray[np.int64]:
    return np.mod(np.abs(values), CLASSES).astype(np.int64)


def _table(before: Floats, after: Floats) -> NDArray[np.int64]:
    return np.stack([np.bincount(_codes(side), minlength=CLASSES) for side in (before, after)])


def _square(live: Floats, shadow: Floats, size: int) -> NDArray[np.int64]:
    pairs = (_codes(live) % size) * size + _codes(shadow) % size
    return np.bincount(pairs, minlength=size * size).reshape(size, size)


def _share(before: Floats, after: Floats) -> Finding:
    return share_change(
        int(np.sum(before > 0)), len(before), int(np.sum(after > 0)), len(after), 0.05
    )


def _tail(before: Floats, after: Floats) -> Finding:
    below, above = int(np.sum(after < before.min())), int(np.sum(after > before.max()))
    return beyond_range(len(before), below, above, len(after), 0.05)


INDEPENDENT: dict[str, Statistic] = {
    "kolmogorov_smirnov": lambda x, y: kolmogorov_smirnov(x, y, 0.05),
    "chi_square": lambda x, y: chi_square(_table(x, y), 0.05),
    "share_change": _share,
    "beyond_range": _tail,
}
PAIRED: dict[str, Statistic] = {
    "paired_t": lambda x, y: paired_t(y - x, 0.05),
    "wilcoxon": lambda x, y: wilcoxon(y - x),
    "equivalence": lambda x, y: equivalence(x, y, 0.1),
    "marginal_ks": lambda x, y: marginals(x, y, 0.05)[0],
    "marginal_chi_square": lambda x, y: marginals(x, y, 0.05)[1],
    "label_marginals": lambda x, y: label_marginals(_codes(x), _codes(y), CLASSES, 0.05),
    "mcnemar": lambda x, y: agreement(_square(x, y, 2))[0],
    "stuart_maxwell": lambda x, y: agreement(_square(x, y, 3))[0],
    "bowker": lambda x, y: agreement(_square(x, y, 3))[1],
}
ALL = INDEPENDENT | PAIRED
EXTREMES = {
    "one value": np.array([1.0]),
    "two values": np.array([1.0, -2.0]),
    "constant": np.full(30, 3.0),
    "noughts": np.zeros(30),
    "ties": np.repeat([1.0, 2.0, 3.0], 40),
    "huge": np.array([1e300, -1e300, 1e299] * 20) / 1e200,
    "tiny": np.array([1e-300, 2e-300] * 20),
    "many": np.linspace(-5, 5, 1500),
}


def _is_sound(found: Finding) -> None:
    json.dumps(found.to_json(), allow_nan=False)
    assert found.p_value is None or 0 <= found.p_value <= 1
    if found.interval is not None and found.effect is not None:
        low, high = found.interval
        assert low - 1e-9 <= found.effect <= high + 1e-9


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("sample", EXTREMES)
def test_identical_inputs_show_no_effect(name: str, sample: str) -> None:
    """A sample against itself has effect nought and nothing surprising about it."""
    values = EXTREMES[sample]
    found = ALL[name](values, values.copy())
    _is_sound(found)
    assert not found.effect
    assert found.p_value is None or found.p_value > 0.99 or name == "equivalence"


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("sample", EXTREMES)
def test_a_shifted_extreme_sample_is_judged_without_a_warning(name: str, sample: str) -> None:
    """Tiny n, constants, ties and huge values end in a finding, never in NaN."""
    values = EXTREMES[sample]
    _is_sound(ALL[name](values, values + 1))
    _is_sound(ALL[name](values, -values))


@settings(max_examples=20, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", ALL)
def test_order_of_rows_is_irrelevant(name: str, data: st.DataObject) -> None:
    """Shuffling rows (pairs together) changes nothing beyond the last bits."""
    values = st.lists(st.integers(-9, 9).map(float), min_size=12, max_size=60)
    before = np.array(data.draw(values))
    after = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=len(before))))[: len(before)]
    after = after.astype(float)
    order = np.array(data.draw(st.permutations(range(len(before)))))
    found, shuffled = ALL[name](before, after), ALL[name](before[order], after[order])
    _is_sound(found)
    assert shuffled.p_value == pytest.approx(found.p_value)
    assert shuffled.effect == pytest.approx(found.effect)
    assert shuffled.interval == pytest.approx(found.interval)


ONE_SIDED = ("beyond_range", "equivalence", "marginal_chi_square")


@pytest.mark.parametrize("name", [name for name in ALL if name not in ONE_SIDED])
def test_swapping_the_sides_keeps_the_p_value(name: str) -> None:
    """Which side is called the reference does not matter to how surprising the difference is."""
    rng = np.random.default_rng(5)
    before, after = rng.normal(0, 3, 200), rng.normal(0.5, 3, 200)
    assert ALL[name](before, after).p_value == pytest.approx(ALL[name](after, before).p_value)


@pytest.mark.parametrize("name", [name for name in ALL if name != "equivalence"])
def test_a_large_difference_is_found(name: str) -> None:
    """Each statistic can fail: where it looks, it sees a difference that is there."""
    rng = np.random.default_rng(6)
    before = np.abs(rng.normal(-1, 0.3, 400)) * -1
    after = np.where(rng.random(400) < 0.5, 6.0, 2.5) + rng.normal(0, 0.1, 400)
    if name == "mcnemar":
        before, after = np.zeros(400), (rng.random(400) < 0.5).astype(float)
    found = ALL[name](before, after)
    assert found.p_value is not None
    assert found.p_value < 1e-6


def test_equivalence_is_shown_for_small_differences_only() -> None:
    """Two one-sided tests reject for a difference well inside the margin, not for one outside."""
    rng = np.random.default_rng(7)
    live = rng.normal(0, 1, 500)
    noise = rng.normal(0, 0.1, 500)
    inside, outside = (equivalence(live, live + noise + shift, 0.1) for shift in (0.0, 0.2))
    assert inside.p_value == pytest.approx(0.0, abs=1e-6)
    assert outside.p_value == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_an_empty_side_needs_more_data(name: str) -> None:
    """Nothing on one side is no statistic, and no error either."""
    empty, some = np.array([]), np.array([1.0, 2.0])
    found = INDEPENDENT[name](some, empty)
    assert (found.p_value, found.effect, found.status) == (None, None, "NEED_MORE_DATA")
