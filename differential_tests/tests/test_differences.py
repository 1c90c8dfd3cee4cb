"""Answer against answer."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from differential_tests.differences import ABSENT, compare, relative_difference
from differential_tests.pointers import Leaf
from differential_tests.tolerances import Rule, Tolerances

RULES = Tolerances(
    (
        Rule("/body/predictions/*", "relative", 1e-9),
        Rule("/body/share", "absolute", 1e-9),
        Rule("/body/request_id", "ignore", 0, reason="drawn anew"),
        Rule("/**", "exact", 0),
    )
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


def _one(pointer: str, old: Leaf, new: Leaf) -> list[float]:
    found = compare({("m", "p"): {pointer: old}}, {("m", "p"): {pointer: new}}, RULES)
    return [difference.relative for difference in found.differences]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["/a", "/body/predictions/0", "/body/share"]), leaves))
def test_identical_answers_never_differ(answer: dict[str, Leaf]) -> None:
    """Whatever was answered, the same again is equal, NaN included."""
    found = compare({("m", "p"): answer}, {("m", "p"): dict(answer)}, RULES)
    assert not found.differences
    assert set(found.widest.values()) <= {0.0}


@settings(max_examples=60, deadline=None)
@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_the_relative_difference_is_symmetric_and_never_nan(old: float, new: float) -> None:
    """Order does not matter, and huge numbers do not overflow into NaN."""
    found = relative_difference(old, new)
    assert found == relative_difference(new, old)
    assert found >= 0
    assert (found == 0) == (old == new) or math.isclose(old, new, rel_tol=1e-300)


@pytest.mark.parametrize(
    ("pointer", "old", "new", "is_different"),
    [
        ("/body/predictions/0", 1e5, 1e5 * (1 + 9e-10), False),
        ("/body/predictions/0", 1e5, 1e5 * (1 + 2e-9), True),
        ("/body/predictions/0", 1e5, None, True),
        ("/body/predictions/0", 1e5, math.nan, True),
        ("/body/predictions/0", 1e5, math.inf, True),
        ("/body/predictions/0", 0.0, 1e-300, True),
        ("/body/share", 0.0, 9e-10, False),
        ("/body/share", 0.5, 0.5 + 2e-9, True),
        ("/body/share", math.inf, -math.inf, True),
        ("/body/share", math.inf, math.inf, False),
        ("/status", 200, 400, True),
        ("/status", 1, 1.0, False),
        ("/status", 1, True, True),
        ("/status", "1", 1, True),
        ("/body/request_id", "a", "b", False),
    ],
)
def test_a_tolerance_ends_where_it_says(
    pointer: str, old: Leaf, new: Leaf, is_different: bool
) -> None:
    """Just inside passes, just outside differs, and what is no number must be the same."""
    assert bool(_one(pointer, old, new)) is is_different


def test_what_one_side_lacks_differs() -> None:
    """An output, an answer or a whole model on one side only is a difference."""
    found = compare({("m", "p"): {"/a": 1}}, {("m", "p"): {"/b": 1}, ("n", "p"): {"/a": 2}}, RULES)
    assert {(d.model, d.pointer, d.baseline, d.candidate) for d in found.differences} == {
        ("m", "/a", 1, ABSENT), ("m", "/b", ABSENT, 1), ("n", "/a", ABSENT, 2),
    }  # fmt: skip


def test_the_largest_difference_comes_first() -> None:
    """Statuses before numbers, larger numbers before smaller."""
    old = {"/body/predictions/0": 1.0, "/body/predictions/1": 1.0, "/status": 200}
    new = {"/body/predictions/0": 1.1, "/body/predictions/1": 2.0, "/status": 500}
    found = compare({("m", "p"): old}, {("m", "p"): new}, RULES)
    pointers = [difference.pointer for difference in found.differences]
    assert pointers == ["/status", "/body/predictions/1", "/body/predictions/0"]
