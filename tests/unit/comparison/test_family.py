"""Families of findings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from understudy.comparison.family import holm


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1e-9, 0.01, 0.013, 0.04, 0.3, 1.0]), min_size=1, max_size=30))
def test_holm_agrees_with_the_library(p_values: list[float]) -> None:
    """Our three lines give what statsmodels gives, ties and noughts included."""
    expected = multipletests(p_values, method="holm")[1]
    assert holm(np.array(p_values)) == pytest.approx(expected)


def test_holm_of_nothing_is_nothing() -> None:
    """A family of schema findings alone has no p-value to adjust."""
    assert holm(np.array([])).tolist() == []
