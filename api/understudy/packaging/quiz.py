"""The quiz: instances with known right answers that a model must give wherever it is loaded."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from understudy.artefacts.artefact import QuizItem
from understudy.artefacts.frames import instances_of
from understudy.packaging.given import Given, Refusals
from understudy.serving.engines import Engine
from understudy.serving.engines.fitted import label_text
from understudy.serving.engines.quiz import wrong_answers

# Held-out rows whose answers are kept, to notice a machine on which the model answers otherwise.
SELF_CHECKS = 5
SELF_TOLERANCE = 1e-6

Quiz = pd.DataFrame | Sequence[Mapping[str, Any]]


def make_quiz(
    given: Given, engine: Engine, quiz: Quiz | None, refusals: Refusals
) -> list[QuizItem]:
    """
    Put a person's quiz and a few of the model's own answers together.

    Every question holds the fields of an instance and `__expected__`; for a number also
    `__tolerance__`, absolute. Notes a refusal for each wrong answer.
    """
    items = _given_items(given, quiz, refusals) + _self_checks(given, engine)
    for answer in wrong_answers(engine, items):
        refusals.add_if(True, f"quiz: {answer}")
    return items


def _given_items(given: Given, quiz: Quiz | None, refusals: Refusals) -> list[QuizItem]:
    if quiz is None:
        return []
    rows: Sequence[Mapping[Any, Any]] = (
        quiz.to_dict("records") if isinstance(quiz, pd.DataFrame) else quiz
    )
    return [_given_item(given, number, row, refusals) for number, row in enumerate(rows)]


def _given_item(given: Given, number: int, row: Mapping[Any, Any], refusals: Refusals) -> QuizItem:
    known = {field.name: field for field in given.schema.fields}
    answers = {"__expected__", "__tolerance__", "__origin__"}
    unknown = sorted(str(name) for name in row if name not in known and name not in answers)
    expected, tolerance = row.get("__expected__"), row.get("__tolerance__")
    tolerance = None if tolerance is None or pd.isna(tolerance) else float(tolerance)
    refusals.add_if(bool(unknown), f"quiz question {number} holds the unknown {unknown}")
    refusals.add_if(expected is None, f"quiz question {number} has no __expected__")
    is_number = given.task == "regression"
    refusals.add_if(is_number and tolerance is None, f"quiz question {number} has no __tolerance__")
    if unknown or expected is None or (is_number and tolerance is None):
        refusals.stop_if_any()
    expected = float(row["__expected__"]) if is_number else label_text(expected)
    names = [name for name in known if name in row]
    instance = instances_of(pd.DataFrame([{n: row[n] for n in names}]), [known[n] for n in names])
    return QuizItem(instance[0], expected, tolerance, "given")


def _self_checks(given: Given, engine: Engine) -> list[QuizItem]:
    fields = given.schema.fields
    # Held-out rows may hold what the contract refuses.
    needed = [field.name for field in fields if not field.nullable]
    answerable = given.test.dropna(subset=needed).head(SELF_CHECKS)
    instances = instances_of(answerable, fields)
    predictions = engine.predict(instances)
    items = []
    for instance, value, label in zip(
        instances, predictions.values, predictions.labels, strict=True
    ):
        if label is None and value is not None:
            tolerance = SELF_TOLERANCE * max(abs(value), 1e-6)
            items.append(QuizItem(instance, value, tolerance, "generated"))
        else:
            items.append(QuizItem(instance, label, None, "generated"))
    return items
