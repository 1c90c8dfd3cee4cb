"""Links keep the precision of the raw outputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.serving.engines.links import exponential, probabilities


@given(st.lists(st.floats(-700, 700), min_size=1))
def test_the_sigmoid_adds_up_to_one(raw: list[float]) -> None:
    """In 64 bits, also far from zero."""
    shares = probabilities("sigmoid", np.array(raw)[:, None])
    np.testing.assert_array_equal(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares[:, 1], 1 / (1 + np.exp(-np.array(raw))), rtol=1e-15)


@pytest.mark.parametrize("link", ["sigmoid", "softmax"])
def test_numbers_of_32_bits_stay_so(link: str) -> None:
    """And nothing overflows on the way."""
    raw = np.array([[-1e30], [-100], [0.5], [100], [1e30]], dtype=np.float32)
    shares = probabilities(link, raw if link == "sigmoid" else np.hstack([raw, -raw]))
    assert shares.dtype == np.float32
    assert np.isfinite(shares).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_the_exponential_is_rounded_once() -> None:
    """As the C library does it, where NumPy's own is off by one in the last place."""
    raw = np.linspace(-20, 20, 5001, dtype=np.float32)
    found = exponential(raw)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.exp(raw.astype(np.float64)).astype(np.float32))


def test_shares_are_probabilities_already() -> None:
    """A forest of classifiers has nothing to be linked."""
    raw = np.array([[0.25, 0.75]])
    assert probabilities("shares", raw) is raw
