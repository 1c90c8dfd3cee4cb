"""What one wrong answer costs."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from tests import tiny
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.losses import LOSS_NAMES, common_loss, row_losses
from understudy.packaging.given import Given
from understudy.serving.engines.scores import Scores


@pytest.fixture
def classes(make_case: Callable[..., Case]) -> Callable[[Sequence[str], Sequence[str]], Given]:
    """Return what is given for a classifier of some classes, tested on some others."""

    def of(known: Sequence[str], truth: Sequence[str]) -> Given:
        given = make_case().given
        output = replace(given.model.output, classes=tuple(known))
        task = "binary" if len(known) == 2 else "multiclass"
        model, target = replace(given.model, output=output), np.array(list(truth), dtype=object)
        return replace(given, model=model, task=task, test_target=target)

    return of


def test_a_number_costs_its_distance(make_case: Callable[..., Case]) -> None:
    """In the unit of the target."""
    case = make_case()
    expected = np.abs(case.test_scores.values - tiny.make_houses()["price"].to_numpy()[220:])
    assert row_losses(case.given, case.test_scores, "absolute") == pytest.approx(expected)


def test_a_probability_costs_its_squared_distance(
    classes: Callable[[Sequence[str], Sequence[str]], Given],
) -> None:
    """For two classes (p - y)², as everybody else has it; for more the sum over classes."""
    p = np.array([0.9, 0.3, 0.5])
    scores = Scores(probabilities=np.column_stack([1 - p, p]), labels=np.array([1, 0, 1]))
    given = classes(["no", "yes"], ["yes", "yes", "no"])
    found = row_losses(given, scores, "brier")
    assert found == pytest.approx([0.01, 0.49, 0.25])
    assert found.mean() == pytest.approx(brier_score_loss([1, 1, 0], p))
    three = Scores(probabilities=np.array([[0.5, 0.3, 0.2]]), labels=np.array([0]))
    assert row_losses(classes("abc", "b"), three, "brier") == pytest.approx([0.25 + 0.49 + 0.04])


def test_a_label_costs_one_if_it_is_wrong(
    classes: Callable[[Sequence[str], Sequence[str]], Given],
) -> None:
    """With or without probabilities, if labels are what can be compared."""
    labels = np.array([0, 1, 1])
    given = classes("ab", "aab")
    assert row_losses(given, Scores(labels=labels), "zero_one").tolist() == [0, 1, 0]
    both = Scores(labels=labels, probabilities=np.full((3, 2), 0.5))
    assert row_losses(given, both, "zero_one").tolist() == [0, 1, 0]


def test_a_class_that_the_model_does_not_know_costs_the_most(
    classes: Callable[[Sequence[str], Sequence[str]], Given],
) -> None:
    """Whatever the model says."""
    for known, most in (("ab", 1.0), ("abc", 2.0)):
        probabilities = np.eye(len(known))[:1]
        scores = Scores(probabilities=probabilities, labels=np.array([0]))
        given = classes(known, ["z"])
        assert row_losses(given, scores, "brier").tolist() == [most]
        assert row_losses(given, scores, "zero_one").tolist() == [1.0]


def test_models_are_compared_by_what_all_of_them_say() -> None:
    """Labels only, if one says no more."""
    labels = np.array([0])
    numbers, bare = Scores(values=np.ones(1)), Scores(labels=labels)
    full = Scores(labels=labels, probabilities=np.ones((1, 2)))
    assert common_loss(numbers) == common_loss(numbers, numbers) == "absolute"
    assert common_loss(full) == common_loss(full, full) == "brier"
    assert common_loss(bare) == common_loss(full, bare) == "zero_one"
    assert set(LOSS_NAMES) == {"absolute", "brier", "zero_one"}
