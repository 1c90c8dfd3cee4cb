"""The gate `baseline`: a constant answer must be beaten, and that must be shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from tests import tiny
from understudy.packaging.gates import baseline
from understudy.packaging.gates.case import Case
from understudy.serving.engines.scores import Scores

MakeCase = Callable[..., Case]


def dear(levels: int = 2) -> dict[str, Any]:
    """Return houses with a class for target, split as the tiny models are."""
    houses = tiny.make_houses()
    ranks = houses["price"].rank(pct=True)
    houses["price"] = pd.cut(ranks, levels, labels=[f"class {i}" for i in range(levels)])
    houses["price"] = houses["price"].astype("str")
    return {"train": houses.iloc[:220], "test": houses.iloc[220:]}


def test_a_model_that_is_better_passes(make_case: MakeCase) -> None:
    """The median of the training prices is held against it."""
    ruling = baseline.judge(make_case())
    assert ruling.status == "passed"
    assert "mean absolute error 5,805 is better than the 36,294 of a constant answer by" in (
        ruling.summary
    )
    assert ruling.figures["constant"] == tiny.make_houses()["price"].iloc[:220].median()


def test_a_constant_is_no_better_than_a_constant(make_case: MakeCase) -> None:
    """Neither the same one nor another."""
    for strategy in ("median", "mean"):
        ruling = baseline.judge(make_case(DummyRegressor(strategy=strategy)))
        assert ruling.status == "refused"
        assert "not shown to be better than the 36,294 of a constant answer" in ruling.summary


def test_a_model_of_noise_is_refused(make_case: MakeCase) -> None:
    """It learned what cannot be learned."""
    houses = tiny.make_houses()
    houses["price"] = np.random.default_rng(0).permutation(houses["price"])
    ruling = baseline.judge(make_case(train=houses[:220], test=houses[220:]))
    assert ruling.status == "refused"


def test_a_few_test_rows_may_be_luck(make_case: MakeCase) -> None:
    """A model that is no better looks so on ten rows sometimes; what is not shown is refused."""
    case = make_case(test=tiny.make_houses().iloc[220:230])
    assert baseline.judge(case).status == "passed"
    truth, answer = case.given.test_target, np.median(case.given.train_target)
    lucky = Scores(values=truth + (answer - truth) * np.linspace(0.5, 1.4, 10))
    ruling = baseline.judge(replace(case, test_scores=lucky))
    assert ruling.status == "refused"
    assert ": better by " in ruling.summary


@pytest.mark.parametrize("levels", [2, 3])
def test_probabilities_are_held_against_the_shares_of_the_classes(
    levels: int, make_case: MakeCase
) -> None:
    """Which say more than the most frequent class alone."""
    model = tiny.linear_pipeline().set_params(model=LogisticRegression())
    ruling = baseline.judge(make_case(model, **dear(levels)))
    assert ruling.status == "passed"
    assert ruling.summary.startswith("Brier score 0.")
    constant = ruling.figures["constant"]
    assert isinstance(constant, dict)
    assert sum(constant.values()) == pytest.approx(1)
    assert len(constant) == levels
    guess = baseline.judge(make_case(DummyClassifier(strategy="prior"), **dear(levels)))
    assert guess.status == "refused"


def test_labels_are_held_against_the_most_frequent_one(make_case: MakeCase) -> None:
    """Where there are no probabilities, there is the error rate."""
    model = tiny.linear_pipeline().set_params(model=LinearSVC())
    ruling = baseline.judge(make_case(model, **dear()))
    assert ruling.status == "passed"
    assert ruling.summary.startswith("error rate 0.")
    assert ruling.figures["constant"] in ("class 0", "class 1")
