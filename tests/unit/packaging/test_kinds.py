"""What an estimator is, is found out or refused with what would help, never with a traceback."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactRefused
from understudy.packaging.kinds import check_estimator, describe_output, task_of
from understudy.packaging.refusals import Refusals

X = np.arange(40.0).reshape(20, 2)
TWO = np.arange(20) > 9
THREE = np.arange(20) % 3


class Plain(BaseEstimator):  # type: ignore[misc]
    """An estimator that claims nothing."""

    def predict(self, X: Any) -> Any:
        """Return nothing much."""
        return np.zeros(len(X))


class Foreign:
    """A model of a library that scikit-learn knows nothing of."""

    def predict(self, X: Any) -> Any:
        """Return nothing much."""
        return np.zeros(len(X))


def refusal(estimator: Any, task: Any = None) -> str:
    """Return why an estimator is refused."""
    refusals = Refusals("test", "1.0.0")
    with pytest.raises(ArtefactRefused) as caught:  # noqa: PT012 - either may refuse
        check_estimator(estimator, refusals)
        task_of(estimator, task, refusals)
    return "\n".join(caught.value.reasons)


def test_tasks_are_found_out() -> None:
    """By what the estimator says of itself, and by the number of its classes."""
    refusals = Refusals("test", "1.0.0")
    assert task_of(LinearRegression(), None, refusals) == "regression"
    assert task_of(LogisticRegression().fit(X, TWO), None, refusals) == "binary"
    assert task_of(LogisticRegression().fit(X, THREE), None, refusals) == "multiclass"
    assert task_of(Plain(), "regression", refusals) == "regression"
    assert task_of(Foreign(), "regression", refusals) == "regression"


@pytest.mark.parametrize(
    ("estimator", "task", "reason"),
    [
        (LinearRegression, None, "LinearRegression is a class: give a fitted estimator"),
        (None, None, "NoneType has no method `predict`"),
        (StandardScaler().fit(X), None, "StandardScaler has no method `predict`: give"),
        (make_pipeline(StandardScaler()).fit(X), None, "has no method `predict`"),
        (LogisticRegression(), None, "LogisticRegression is not fitted: call `fit` first"),
        (KMeans(2, n_init=1).fit(X), None, "give task="),
        (Plain(), None, "give task="),
        (Foreign(), None, "give task="),
        (IsolationForest(n_estimators=2).fit(X), "binary", "has no `classes_`"),
        (RandomForestClassifier(2).fit(X, np.c_[TWO, THREE]), None, "several targets at once"),
        (RandomForestClassifier(2).fit(X, TWO * 0), None, "rows of a single class: 0"),
        (LogisticRegression().fit(X, TWO), "regression", "is a classifier, and cannot"),
        (LinearRegression().fit(X, TWO), "binary", "is a regressor, and cannot"),
        (LogisticRegression().fit(X, THREE), "binary", "knows 3 classes, and is not binary"),
        (LogisticRegression().fit(X, TWO), "multiclass", "two classes: its task is 'binary'"),
    ],
)
def test_what_cannot_be_served_is_refused(estimator: Any, task: Any, reason: str) -> None:
    """The reason says what the estimator is and what would help."""
    assert reason in refusal(estimator, task)


def test_a_moved_threshold_is_described() -> None:
    """Labels of a binary model may not be those of the larger probability."""
    refusals = Refusals("test", "1.0.0")
    moved = FixedThresholdClassifier(LogisticRegression(), threshold=0.2).fit(X, TWO)
    output = describe_output(moved, "binary", OutputDescription("y"), refusals)
    assert (output.threshold, output.positive, output.classes) == (0.2, "true", ("false", "true"))


def test_classes_that_are_spelt_alike_are_refused() -> None:
    """1 and "1" cannot be told apart in JSON that people read."""
    estimator = Plain()
    estimator.classes_ = np.array([1, "1"], dtype=object)
    with pytest.raises(ArtefactRefused, match="spelt alike"):
        describe_output(estimator, "binary", OutputDescription("y"), Refusals("test", "1.0.0"))
