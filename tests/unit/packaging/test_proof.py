"""The proof notices every way in which an engine can differ."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests import tiny
from understudy.artefacts.frames import instances_of
from understudy.errors import ScoringFailed
from understudy.packaging.edge_cases import UNSEEN_LEVEL, extreme_edges, plain_edges
from understudy.packaging.inference import infer_schema
from understudy.packaging.proof import (
    NOISE,
    NOISE_OF_SINGLES,
    difference,
    noise_of,
    score_each,
    score_rows,
    score_singly,
)
from understudy.serving.engines.scores import Scores

HOUSES = tiny.make_houses()
FIELDS = infer_schema(HOUSES, features=tiny.FEATURES).features
ROWS = instances_of(HOUSES, FIELDS)
NUMBERS = Scores(values=np.array([1.0, 2.0, np.nan]))
CLASSES = Scores(probabilities=np.array([[0.4, 0.6], [1.0, 0.0]]), labels=np.array([1, 0]))


def test_equal_scores_have_no_difference() -> None:
    """No answer equals no answer, and noise is no difference."""
    assert difference("rows", NUMBERS, NUMBERS) is None
    noisy = Scores(values=np.array([1.0, 2.0000001, np.inf]))
    assert difference("rows", NUMBERS, noisy) is None
    assert difference("rows", CLASSES, CLASSES) is None


@pytest.mark.parametrize(
    "found",
    [
        Scores(values=np.array([1.0, 2.00001, np.nan])),
        Scores(values=np.array([1.0, np.nan, np.nan])),
        Scores(values=np.array([1.0, 2.0, 3.0])),
        Scores(values=np.array([1.0, 2.0])),
    ],
)
def test_other_numbers_are_a_difference(found: Scores) -> None:
    """A larger gap, an answer too few, an answer too many, another count."""
    assert difference("rows", NUMBERS, found) is not None


@pytest.mark.parametrize(
    "found",
    [
        Scores(probabilities=CLASSES.probabilities, labels=np.array([0, 0])),
        Scores(probabilities=np.array([[0.41, 0.59], [1.0, 0.0]]), labels=np.array([1, 0])),
        Scores(labels=np.array([1, 0])),
    ],
)
def test_other_classes_are_a_difference(found: Scores) -> None:
    """Another label, another probability, none at all."""
    assert difference("rows", CLASSES, found) is not None


def test_the_difference_is_shown() -> None:
    """With the first answer that differs."""
    found = Scores(values=np.array([1.0, 9.0, np.nan]))
    assert difference("rows", NUMBERS, found) == (
        "1 of 3 rows are answered otherwise, the first of them 9.0 instead of 2.0"
    )
    assert CLASSES.probabilities is not None
    swapped = Scores(probabilities=CLASSES.probabilities[::-1], labels=CLASSES.labels)
    assert "instead of [0.4 0.6]" in str(difference("rows", CLASSES, swapped))


def test_in_32_bits_a_difference_is_held_against_the_largest_answer() -> None:
    """Sums of large numbers that cancel out have few digits left there, and the same in others."""
    truth = Scores(values=np.array([1e6, 2.0]))
    near, far = Scores(values=np.array([1e6, 2.5])), Scores(values=np.array([1e6, 4.0]))
    singles = infer_schema(HOUSES[["area"]].astype(np.float32), features=["area"]).features
    assert (noise_of(singles), noise_of(FIELDS)) == (NOISE_OF_SINGLES, NOISE)
    assert difference("rows", truth, near, noise_of(singles)) is None
    assert difference("rows", truth, far, noise_of(singles)) is not None
    assert difference("rows", truth, near, noise_of(FIELDS)) is not None


def picky(instances: Sequence[dict[str, Any]]) -> Scores:
    """Score instances, raising for every one with more than five rooms."""
    if any(instance["rooms"] > 5 for instance in instances):
        raise ScoringFailed("too many rooms")
    return Scores(values=np.array([instance["area"] for instance in instances]))


def test_instances_without_an_answer_are_found_one_by_one() -> None:
    """Their neighbours keep theirs."""
    rows = ROWS[:40]
    scores = score_each(picky, rows)
    expected = [row["area"] if row["rooms"] <= 5 else np.nan for row in rows]
    np.testing.assert_array_equal(scores.values, expected)
    np.testing.assert_array_equal(score_singly(picky, rows).values, expected)


def test_classes_without_an_answer_are_marked() -> None:
    """The label -1 and probabilities that are not numbers."""

    def refusing(instances: Sequence[dict[str, Any]]) -> Scores:
        if instances:
            raise ScoringFailed("never")
        return Scores(probabilities=np.empty((0, 2)), labels=np.empty(0, dtype=np.int64))

    scores = score_each(refusing, ROWS[:3])
    assert not scores.is_valid().any()


def test_rows_are_scored_in_order_whatever_their_number() -> None:
    """Batches are put together again."""
    frame = tiny.make_houses(5001, seed=3)
    scores = score_rows(
        lambda rows: Scores(values=np.array([row["area"] for row in rows])), frame, FIELDS
    )
    np.testing.assert_array_equal(scores.values, frame["area"])


def test_plain_edges_hold_what_a_client_may_send() -> None:
    """Nulls only where they are allowed, absent keys, unseen levels for every category."""
    edges = dict(plain_edges(ROWS[:10], FIELDS))
    assert edges["zone = 'a level that training never saw'"]["zone"] == UNSEEN_LEVEL
    assert "frontage" not in edges["frontage absent"]
    assert edges["alley = None"]["alley"] is None
    assert "area = None" not in edges
    nullable = {field.name for field in FIELDS if field.nullable}
    for instance in edges.values():
        assert all(instance.get(f.name) is not None or f.name in nullable for f in FIELDS)


def test_extreme_edges_reach_far_to_both_sides() -> None:
    """A thousand times the range of training, and whole numbers stay whole."""
    edges = extreme_edges(ROWS[:10], FIELDS, seed=0)
    areas = [edge["area"] for edge in edges]
    span = HOUSES["area"].max() - HOUSES["area"].min()
    assert min(areas) < HOUSES["area"].min() - 999 * span
    assert max(areas) > HOUSES["area"].max() + 999 * span
    assert 5e-324 in areas
    assert all(isinstance(edge["rooms"], int) for edge in edges)
    assert extreme_edges(ROWS[:10], FIELDS, seed=0) == edges
