"""A sample dealt out fairly, and answers held against those that were served."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.comparison.reproduction import (
    MOST_EXAMPLES,
    Checked,
    Reproduction,
    allot,
    check,
    difference_of,
)

HOUSES = Checked("houses", "1.0.0", "d" * 64, "compiled", 100, 3)


@given(st.lists(st.integers(0, 50), max_size=6), st.integers(0, 120))
def test_a_sample_is_dealt_out_to_the_last_row(counts: list[int], sample: int) -> None:
    """Nobody gets more than it has, and nobody less than others but for want of rows."""
    dealt = allot(counts, sample)
    assert sum(dealt) == min(sample, sum(counts))
    assert all(0 <= portion <= count for portion, count in zip(dealt, counts, strict=True))
    most = max(dealt, default=0)
    for portion, count in zip(dealt, counts, strict=True):
        assert portion == count or portion >= most - 1


def test_a_version_that_answered_little_is_looked_at_as_well() -> None:
    """Shares do not follow the sizes."""
    assert allot([1_000_000, 3, 500], 100) == [49, 3, 48]


@pytest.mark.parametrize(
    ("recorded", "again", "gap"),
    [
        (1.5, 1.5, 0.0),
        (5, 5.0, 0.0),
        (0.0, -0.0, 0.0),
        (100.0, 101.0, 1 / 101),
        (0.0, 1e-300, 1.0),
        (1.0, "1.0", math.inf),
        (1.0, None, math.inf),
        (1.0, True, math.inf),
        ({"label": "a"}, {"label": "a"}, 0.0),
        ({"label": "a"}, {"label": "b"}, math.inf),
        ({"label": "a"}, {"label": "a", "probabilities": {}}, math.inf),
        (
            {"label": "a", "probabilities": {"a": 0.75, "b": 0.25}},
            {"label": "a", "probabilities": {"a": 0.5, "b": 0.5}},
            0.25,
        ),
        (
            {"label": "a", "probabilities": {"a": 1.0, "b": 1e-12}},
            {"label": "a", "probabilities": {"a": 1.0, "b": 2e-12}},
            1e-12,
        ),
    ],
)
def test_answers_are_apart_by_numbers_or_in_kind(
    recorded: object, again: object, gap: float
) -> None:
    """Numbers relatively, probabilities absolutely, labels not at all; and either way round."""
    assert difference_of(recorded, again) == gap
    if not isinstance(again, bool):
        assert difference_of(again, recorded) == gap


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_last_bit_counts(value: float) -> None:
    """An answer is equal to itself, and its neighbour is another one."""
    assert difference_of(value, value) == 0.0
    assert difference_of(value, math.nextafter(value, math.inf)) > 0.0


def test_equal_within_and_different_answers_are_counted_apart() -> None:
    """The tolerance of the stratum decides, and an answer that fails is different."""
    asked = [(f"r{number}", 0, 1.0) for number in range(4)]
    answers: list[tuple[object, str | None]] = [
        (1.0, None), (1.0 + 1e-9, None), (1.1, None), (None, "raised ValueError"),
    ]  # fmt: skip
    strict = check(HOUSES, asked, answers)
    assert (strict.identical, strict.within, strict.differing) == (1, 0, 3)
    assert [one.request_id for one in strict.examples] == ["r3", "r2", "r1"]
    assert strict.examples[0].difference is None
    assert strict.examples[0].error == "raised ValueError"
    assert strict.largest == pytest.approx(0.1 / 1.1)
    loose = check(Checked(**{**vars(HOUSES), "tolerance": 1e-6}), asked, answers)
    assert (loose.identical, loose.within, loose.differing) == (1, 1, 2)


def test_few_examples_are_kept_the_furthest_apart_first() -> None:
    """A broken model makes no report of a thousand lines."""
    asked = [(f"r{number}", 0, 100.0) for number in range(50)]
    found = check(HOUSES, asked, [(100.0 + number, None) for number in range(50)])
    assert found.differing == 49
    assert len(found.examples) == MOST_EXAMPLES
    assert found.examples[0].request_id == "r49"


def test_a_run_is_read_back_from_json() -> None:
    """The watcher shows after a restart what it found before."""
    asked: list[tuple[str, int, object]] = [("r", 0, {"label": "a"}), ("s", 1, {"label": "a"})]
    found = check(HOUSES, asked, [({"label": "b"}, None), ({"label": "a"}, None)])
    gone = Checked("houses", "2.0.0", None, None, 5, 5, missing=5, problem="it is gone")
    run = Reproduction("houses", "2026-01-01", "2026-01-02", 7, (found, gone))
    assert Reproduction.from_json(json.loads(json.dumps(run.to_json(), allow_nan=False))) == run
    assert (run.total("differing"), run.total("missing"), run.is_equal) == (1, 5, False)
    assert Reproduction(
        "houses", "", "", 7, (Checked(**{**vars(HOUSES), "identical": 3}),)
    ).is_equal
