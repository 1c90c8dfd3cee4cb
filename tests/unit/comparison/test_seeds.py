"""Chance follows from the data."""

import numpy as np

from understudy.comparison.seeds import seed_of


def test_equal_data_have_equal_seeds_and_other_data_others() -> None:
    """A copy, a view; another value, order, type or shape."""
    values = np.arange(6.0)
    assert seed_of(values) == seed_of(values.copy()) == seed_of(np.repeat(values, 2)[::2])
    others = [values[::-1], values + 1, values.astype(np.float32), values.reshape(2, 3), values[:5]]
    assert len({seed_of(other) for other in [values, *others]}) == 6
    assert 0 <= seed_of(values) < 2**32
    assert seed_of(values, values) != seed_of(values)
