"""Values are counted against what the schema and the training data lead one to expect."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.comparison.values import Expected, check_values


def test_numbers_are_held_against_the_training_range() -> None:
    """Below, above, missing and mistyped are told apart, the ends of the range are inside."""
    column = [1, 5.0, 0.5, 7, 9, None, float("nan"), "six", True]
    (check,) = check_values(
        {"x": column}, [Expected("x", "number", nullable=False, minimum=1, maximum=7)]
    )
    assert (check.rows, check.missing, check.below, check.above) == (9, 2, 1, 1)
    assert check.mistyped == 2
    assert check.unexpected == 6
    assert not check.missing_allowed
    assert check.examples == ("0.5 (1×)", "9 (1×)", "True (1×)")


def test_whole_numbers_may_not_have_a_fraction() -> None:
    """3.0 is a whole number, 3.5 is none."""
    (check,) = check_values({"x": [3.0, 3.5, 4]}, [Expected("x", "integer")])
    assert check.mistyped == 1


def test_categories_that_training_lacks_are_unseen() -> None:
    """A missing category is missing, not unseen; the most frequent examples come first."""
    column = ["a", "b", None, "zz", "zz", "y", 5]
    (check,) = check_values({"c": column}, [Expected("c", "string", categories=("a", "b"))])
    assert (check.missing, check.unseen, check.mistyped) == (1, 3, 1)
    assert check.examples[0] == "zz (2×)"
    assert check.unexpected == 4


def test_booleans_are_no_numbers() -> None:
    """1 is not true where a boolean is expected."""
    (check,) = check_values({"b": [True, False, 1, None]}, [Expected("b", "boolean")])
    assert (check.mistyped, check.missing) == (1, 1)


def test_a_column_that_is_not_there_is_missing_everywhere() -> None:
    """And a column nobody expects is not looked at."""
    found = check_values({"other": [1, 2]}, [Expected("x", "number", nullable=True)])
    assert [(check.column, check.missing, check.unexpected) for check in found] == [("x", 2, 0)]


def test_no_rows_give_no_counts() -> None:
    """An empty log is no special case."""
    frame = pd.DataFrame({"x": pd.Series([], dtype=float)})
    (check,) = check_values(frame, [Expected("x", "number", minimum=0.0)])
    assert (check.rows, check.unexpected, check.examples) == (0, 0, ())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.none() | st.floats(allow_nan=True) | st.text(max_size=3) | st.booleans()))
def test_every_value_is_counted_at_most_once(values: list[object]) -> None:
    """The counts never exceed the rows."""
    expected = Expected("x", "number", minimum=-1.0, maximum=1.0)
    column = pd.Series(values, dtype=object)
    (check,) = check_values(pd.DataFrame({"x": column}), [expected])
    total = check.missing + check.mistyped + check.below + check.above + check.unseen
    assert total <= check.rows == len(values)
    inside = sum(
        isinstance(v, float) and not isinstance(v, bool) and bool(np.abs(v) <= 1) for v in values
    )
    assert check.rows - total == inside
