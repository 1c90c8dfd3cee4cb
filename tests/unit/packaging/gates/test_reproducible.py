"""Trained again, a model gives the same answers."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests import tiny, zoo
from understudy.packaging.gates import reproducible
from understudy.packaging.gates.case import Case

MakeCase = Callable[..., Case]
HOUSES = tiny.make_houses()
PLAIN = HOUSES[["area", "rooms", "price"]]


def plain_case(make_case: MakeCase, estimator: Any, **changes: Any) -> Case:
    """Return a case of a model on two numbers."""
    return make_case(estimator, **({"train": PLAIN[:220], "test": PLAIN[220:]} | changes))


class Once(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Trains only once, or answers only after the first training, as it is told."""

    trained = 0

    def __init__(self, fails_in: str = "fit") -> None:
        self.fails_in = fails_in

    def fit(self, X: Any, y: Any) -> "Once":
        """Fail the second time, or remember that this is it."""
        Once.trained += 1
        if Once.trained > 1 and self.fails_in == "fit":
            raise ValueError("needs\n  sample_weight")
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.number_ = Once.trained
        return self

    def predict(self, X: Any) -> Any:
        """Answer only after the first training."""
        if self.number_ > 1:
            raise ValueError("no second answer")
        return np.ones(len(X))


class Stubborn(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Changes its own parameters, so that it cannot be cloned."""

    def __init__(self, size: int = 1) -> None:
        self.size = [size]

    def fit(self, X: Any, y: Any) -> "Stubborn":
        """Remember the columns."""
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        return self

    def predict(self, X: Any) -> Any:
        """Return ones."""
        return np.ones(len(X))


class Fixed:
    """Comes fitted and cannot be trained, like a graph of operations."""

    def predict(self, X: Any) -> Any:
        """Return ones."""
        return np.ones(len(X))


@pytest.fixture(autouse=True)
def nobody_trained() -> None:
    """Start to count again."""
    Once.trained = 0


def test_a_model_without_chance_passes(make_case: MakeCase) -> None:
    """With the number of test rows."""
    found = reproducible.judge(make_case())
    assert found.status == "passed"
    assert found.figures == {"rows": 80, "different": 0}
    assert found.measured["largest difference"] <= 1e-6


def test_a_seeded_forest_passes(make_case: MakeCase) -> None:
    """Classifiers are held to their labels and their probabilities."""
    houses = PLAIN.assign(price=zoo.targets(HOUSES)["multiclass"])
    forest = RandomForestClassifier(n_estimators=5, random_state=0)
    case = plain_case(make_case, forest, train=houses[:220], test=houses[220:])
    assert reproducible.judge(case).status == "passed"


def test_a_forest_without_a_seed_is_refused(make_case: MakeCase) -> None:
    """With the share of rows, the largest difference, and what helps."""
    found = reproducible.judge(plain_case(make_case, RandomForestRegressor(n_estimators=5)))
    assert found.status == "refused"
    assert "test rows (" in found.summary
    assert "otherwise, by up to " in found.summary
    assert "random_state" in found.summary
    assert float(str(found.figures["largest"])) > 1e-6


def test_labels_without_probabilities_are_compared(make_case: MakeCase) -> None:
    """There is no difference to measure, only rows to count."""

    class Coin(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        """Draws its labels in training."""

        def fit(self, X: Any, y: Any) -> "Coin":
            """Draw which of the classes comes first."""
            self.feature_names_in_ = np.array(X.columns, dtype=object)
            self.classes_ = np.unique(y)
            self.label_ = self.classes_[np.random.randint(2)]
            return self

        def predict(self, X: Any) -> Any:
            """Return the label that was drawn."""
            return np.full(len(X), self.label_)

    houses = PLAIN.assign(price=zoo.targets(HOUSES)["binary"])
    cases = {"train": houses[:220], "test": houses[220:]}
    found = set()
    for seed in range(6):
        np.random.seed(seed)
        ruling = reproducible.judge(plain_case(make_case, Coin(), **cases))
        found.add((ruling.status, "by up to" in ruling.summary))
    assert found == {("passed", False), ("refused", False)}


def test_a_model_of_other_rows_is_refused(make_case: MakeCase) -> None:
    """The rows given are not those it was trained on, or not all of them."""
    other = LinearRegression().fit(PLAIN[["area", "rooms"]], PLAIN["price"])
    found = reproducible.judge(plain_case(make_case, other))
    assert found.status == "refused"
    assert "80 of 80 test rows (100 %)" in found.summary
    assert "the very rows" in found.summary


def test_a_model_of_arrays_is_trained_with_arrays(make_case: MakeCase) -> None:
    """In the form that it takes."""
    model = LinearRegression().fit(PLAIN[["area", "rooms"]][:220].to_numpy(), PLAIN["price"][:220])
    case = plain_case(make_case, model)
    assert case.given.model.form == "array"
    assert reproducible.judge(case).status == "passed"


def test_what_cannot_be_trained_again_is_skipped(make_case: MakeCase) -> None:
    """Because it was fitted elsewhere, cannot be copied, or needs more than rows."""
    case = plain_case(make_case, LinearRegression())
    given = replace(case.given, model=replace(case.given.model, estimator=Fixed()))
    fixed = reproducible.judge(replace(case, given=given))
    assert (fixed.status, fixed.summary) == ("skipped", "a Fixed cannot be trained here")
    stubborn = reproducible.judge(plain_case(make_case, Stubborn()))
    assert stubborn.status == "skipped"
    assert "RuntimeError" in stubborn.summary
    once = reproducible.judge(plain_case(make_case, Once()))
    assert once.status == "skipped"
    assert "ValueError: needs sample_weight" in once.summary


def test_a_second_training_without_answers_is_refused(make_case: MakeCase) -> None:
    """With the error that the model raises."""
    found = reproducible.judge(plain_case(make_case, Once("predict")))
    assert found.status == "refused"
    assert "no second answer" in found.summary


def test_nothing_is_left_changed(make_case: MakeCase) -> None:
    """Neither the model nor the state of chance, and no warning is let out."""
    network = MLPRegressor(hidden_layer_sizes=[4], max_iter=3)
    pipeline = make_pipeline(StandardScaler(), network)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case = plain_case(make_case, pipeline)
    weights = network.coefs_[0].copy()
    drawn = np.random.get_state()[1].copy()  # type: ignore[index, union-attr]
    assert reproducible.judge(case).status == "refused"
    np.testing.assert_array_equal(network.coefs_[0], weights)
    np.testing.assert_array_equal(np.random.get_state()[1], drawn)  # type: ignore[arg-type, index]
