"""Raw scores become predictions only if they are answers."""

import numpy as np
import pytest

from understudy.artefacts.manifest import OutputDescription
from understudy.errors import OutputInvalid
from understudy.serving.engines.predictions import predictions_of
from understudy.serving.engines.scores import Scores, join_scores

BINARY = OutputDescription("y", classes=("no", "yes"), positive="yes", has_probabilities=True)


def test_another_count_is_refused() -> None:
    """A model that loses a row is caught before anyone gets a neighbour's answer."""
    with pytest.raises(OutputInvalid, match="1 outputs for 2 instances"):
        predictions_of(Scores(values=np.ones(1)), OutputDescription("y"), 2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_refused_by_place(bad: float) -> None:
    """The error names the instance."""
    with pytest.raises(OutputInvalid, match="instance 1") as caught:
        predictions_of(Scores(values=np.array([1.0, bad])), OutputDescription("y"), 2)
    assert caught.value.instance == 1


def test_large_numbers_of_both_signs_are_fine() -> None:
    """Whether each is finite is asked one by one, not of their sum."""
    values = np.array([1.7e308, 1.7e308, -1.7e308])
    assert predictions_of(Scores(values=values), OutputDescription("y"), 3).values == list(values)


def test_a_class_nobody_knows_is_refused() -> None:
    """The label -1 says that the model had no answer."""
    scores = Scores(labels=np.array([0, -1]), probabilities=np.full((2, 2), 0.5))
    with pytest.raises(OutputInvalid, match="instance 1"):
        predictions_of(scores, BINARY, 2)


def test_probabilities_that_are_not_finite_are_refused() -> None:
    """A label alone does not make an answer."""
    scores = Scores(labels=np.array([0]), probabilities=np.array([[np.nan, 1.0]]))
    with pytest.raises(OutputInvalid, match="instance 0"):
        predictions_of(scores, BINARY, 1)


def test_a_model_without_probabilities_gives_labels_alone() -> None:
    """There is nothing to invent."""
    output = OutputDescription("y", classes=("no", "yes"), positive="yes")
    predictions = predictions_of(Scores(labels=np.array([1, 0])), output, 2)
    assert predictions.outputs == [{"label": "yes"}, {"label": "no"}]
    assert predictions.values == [None, None]


def test_batches_are_joined_in_order() -> None:
    """Values, labels and probabilities alike."""
    one = Scores(labels=np.array([0]), probabilities=np.array([[1.0, 0.0]]))
    two = Scores(labels=np.array([1]), probabilities=np.array([[0.0, 1.0]]))
    joined = join_scores([one, two])
    assert joined.labels is not None
    assert joined.labels.tolist() == [0, 1]
    assert len(joined) == 2
    assert len(Scores()) == 0
