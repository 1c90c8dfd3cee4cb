"""A quiz is made of questions that a client could ask, or refused for what is none."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from tests import tiny
from understudy.artefacts.artefact import QuizItem
from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.given import Given, Refusals, examine
from understudy.packaging.quiz import make_quiz

HOUSES = tiny.make_houses()
FEATURES = ["area", "frontage", "rooms", "zone"]
GOOD = {"area": 80.0, "frontage": None, "rooms": 3, "zone": "North"}
ANSWER = {"__expected__": 90_000, "__tolerance__": 500}


def given(target: Any = None, estimator: Any = None) -> Given:
    """Return a model of area and rooms that may be asked about zone and frontage, too."""
    target = HOUSES["price"] if target is None else target
    model = (estimator or LinearRegression()).fit(HOUSES[["area", "rooms"]], target)
    data = {
        "X_train": HOUSES[FEATURES][:200], "y_train": target[:200],
        "X_test": HOUSES[FEATURES][200:], "y_test": target[200:],
    }  # fmt: skip
    refusals = Refusals("test", "1.0.0")
    return examine(
        model, refusals, data, ["frontage", "zone"], {"frontage": {"maximum": 99, "outside":
        "refuse"}}, OutputDescription("price"), None,
    )  # fmt: skip


REGRESSION = given()
BINARY = given((HOUSES["price"] > 2e5).to_numpy(), LogisticRegression(max_iter=1000))


def read(quiz: Any, model: Given = REGRESSION) -> tuple[list[QuizItem], list[str]]:
    """Return the given questions of a quiz and what was refused."""
    refusals = Refusals("test", "1.0.0")
    items = make_quiz(model, model.model, quiz, refusals)
    assert [item.origin for item in items[-5:]] == ["generated"] * 5
    return items[:-5], refusals.reasons


def test_a_good_question_is_kept_as_a_client_would_ask_it() -> None:
    """Numbers are numbers, whole ones whole, and what is missing is null."""
    (item,), reasons = read([GOOD | ANSWER])
    assert item == QuizItem(GOOD, 90_000.0, 500.0, "given")
    assert reasons == []
    frame = pd.DataFrame([GOOD | ANSWER, GOOD | ANSWER | {"frontage": 20}]).astype({"rooms": float})
    first, second = read(frame)[0]
    assert first == item
    assert second.instance == GOOD | {"frontage": 20.0}
    assert type(second.instance["rooms"]) is int


def test_a_wrong_answer_is_not_judged_here() -> None:
    """The gate does that, with the engine that will serve."""
    assert read([GOOD | {"__expected__": -1e9, "__tolerance__": 0}])[1] == []


def test_without_a_quiz_the_model_asks_itself() -> None:
    """Five held-out rows, with its own answers."""
    assert read(None) == ([], [])
    assert read([]) == ([], [])


def test_a_moment_is_kept_as_text() -> None:
    """As a carried time is."""
    (item,), _ = read([GOOD | ANSWER | {"zone": pd.Timestamp("2010-05-01")}])
    assert item.instance["zone"] == "2010-05-01 00:00:00"


def test_labels_are_spelt_as_predictions_are() -> None:
    """True as true; a tolerance means nothing for them."""
    (item,), _ = read([GOOD | {"__expected__": np.True_, "__tolerance__": 3}], BINARY)
    assert (item.expected, item.tolerance) == ("true", None)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (["area", 3], "is not a mapping: ['area', 3]"),
        (GOOD | ANSWER | {"aera": 1, "x": 2}, "holds the unknown aera, x"),
        (GOOD, "has no __expected__"),
        (GOOD | ANSWER | {"__expected__": np.nan}, "has no __expected__"),
        (GOOD | {"__expected__": 1}, "has no __tolerance__"),
        (GOOD | ANSWER | {"__expected__": "much"}, "expects 'much', which is no number"),
        (GOOD | ANSWER | {"__expected__": True}, "expects True, which is no number"),
        (GOOD | ANSWER | {"__tolerance__": -1}, "-1, which is no distance"),
        (GOOD | ANSWER | {"__tolerance__": np.inf}, "inf, which is no distance"),
        (GOOD | ANSWER | {"__tolerance__": "wide"}, "'wide', which is no distance"),
        (ANSWER | {"area": 1.0}, "breaks the contract: rooms: it is required, but missing"),
        (GOOD | ANSWER | {"area": None}, "area: null is not allowed here"),
        (GOOD | ANSWER | {"area": "80"}, 'area: "80" is not of type number'),
        (GOOD | ANSWER | {"rooms": 2.5}, "rooms: 2.5 is not of type integer"),
        (GOOD | ANSWER | {"rooms": True}, "rooms: true is not of type integer"),
        (GOOD | ANSWER | {"zone": 5}, "zone: 5 is not of type"),
        (GOOD | ANSWER | {"frontage": 100}, "frontage: 100.0 is greater than the maximum of 99"),
    ],
)
def test_a_question_that_is_none_is_refused(question: Any, reason: str) -> None:
    """With its number and what is wrong with it; the others are kept."""
    items, reasons = read([GOOD | ANSWER, question])
    assert len(items) == 1
    (found,) = reasons
    assert found.startswith("quiz: question 1 ")
    assert reason in found


def test_a_label_that_the_model_does_not_know_is_refused() -> None:
    """It could never be the answer."""
    assert "'maybe', which is none of" in read([GOOD | {"__expected__": "maybe"}], BINARY)[1][0]


@pytest.mark.parametrize("quiz", ["quiz.csv", {"area": 1}, 5])
def test_a_quiz_that_is_no_list_is_refused(quiz: Any) -> None:
    """One clear line."""
    assert "is neither a frame nor a list" in read(quiz)[1][0]
