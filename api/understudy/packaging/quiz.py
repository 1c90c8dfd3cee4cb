"""The quiz: instances with known right answers that a model must give wherever it is loaded."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from understudy.artefacts.artefact import QuizItem
from understudy.artefacts.frames import instances_of
from understudy.artefacts.schema import Field, instance_schema
from understudy.errors import InstancesInvalid
from understudy.packaging.given import Given, Refusals
from understudy.serving.engines import Engine
from understudy.serving.engines.fitted import label_text
from understudy.serving.validation import RequestValidator

# Held-out rows whose answers are kept, to notice a machine on which the model answers otherwise.
SELF_CHECKS = 5
SELF_TOLERANCE = 1e-6
# Places of a question that break the contract and are named.
MOST_PLACES = 3

EXPECTED, TOLERANCE, ORIGIN = "__expected__", "__tolerance__", "__origin__"

Quiz = pd.DataFrame | Sequence[Mapping[str, Any]]


def make_quiz(
    given: Given, engine: Engine, quiz: Quiz | None, refusals: Refusals
) -> list[QuizItem]:
    """
    Put a person's quiz and a few of the model's own answers together.

    Every question holds the fields of an instance and `__expected__`; for a number also
    `__tolerance__`, absolute. Notes a refusal for each question that is none; whether the answers
    are right is for the gate to say.
    """
    questions = _Questions(given)
    items = []
    for number, row in enumerate(_rows(quiz, refusals)):
        try:
            items.append(questions.read(row))
        except _NoQuestion as error:
            refusals.add_if(True, f"quiz: question {number} {error}")
    return items + _self_checks(given, engine)


def _rows(quiz: Quiz | None, refusals: Refusals) -> Sequence[object]:
    if quiz is None:
        return []
    if isinstance(quiz, pd.DataFrame):
        return quiz.rename(columns=str).to_dict("records")
    is_list = isinstance(quiz, Sequence) and not isinstance(quiz, str | bytes)
    refusals.add_if(not is_list, f"quiz: {type(quiz).__name__} is neither a frame nor a list")
    return quiz if is_list else []


class _NoQuestion(ValueError):
    """A question lacks something or breaks the contract; the message is a predicate of it."""


class _Questions:
    """Reads the questions to one model."""

    def __init__(self, given: Given) -> None:
        self._fields = {field.name: field for field in given.schema.fields}
        self._classes = given.model.output.classes
        self._contract = RequestValidator(instance_schema(given.schema), most=1)

    def read(self, row: object) -> QuizItem:
        """Return a question in the form in which it is kept; raises _NoQuestion."""
        if not isinstance(row, Mapping):
            raise _NoQuestion(f"is not a mapping: {row!r}")
        known = {*self._fields, EXPECTED, TOLERANCE, ORIGIN}
        if unknown := sorted(str(name) for name in row if name not in known):
            raise _NoQuestion(f"holds the unknown {', '.join(unknown)}")
        expected, tolerance = self._answer(_plain(row.get(EXPECTED)), _plain(row.get(TOLERANCE)))
        return QuizItem(self._instance(row), expected, tolerance, "given")

    def _answer(self, expected: object, tolerance: object) -> tuple[object, float | None]:
        if expected is None:
            raise _NoQuestion(f"has no {EXPECTED}")
        if self._classes is not None:
            label = label_text(expected)
            if label not in self._classes:
                raise _NoQuestion(f"expects {label!r}, which is none of the model's classes")
            return label, None
        if tolerance is None:
            raise _NoQuestion(f"has no {TOLERANCE}")
        if not _is_finite(expected):
            raise _NoQuestion(f"expects {expected!r}, which is no number")
        if not _is_finite(tolerance) or float(tolerance) < 0:  # type: ignore[arg-type]
            raise _NoQuestion(f"has the {TOLERANCE} {tolerance!r}, which is no distance")
        return float(expected), float(tolerance)  # type: ignore[arg-type]

    def _instance(self, row: Mapping[Any, Any]) -> dict[str, object]:
        """Return the fields of a question as a client would send them."""
        instance = {n: _as_sent(row[n], field) for n, field in self._fields.items() if n in row}
        try:
            self._contract.accept({"instances": [instance]})
        except InstancesInvalid as error:
            places = [f"{v.field or 'it'}: {v.message}" for v in error.violations[:MOST_PLACES]]
            raise _NoQuestion(f"breaks the contract: {'; '.join(places)}") from error
        return instance


def _plain(value: Any) -> Any:
    """Return a value of a frame as JSON has it, None for a missing one."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return str(value) if isinstance(value, date) else value


def _as_sent(value: Any, field: Field) -> object:
    """A frame makes numbers of whole numbers where one is missing; a client would not."""
    plain = _plain(value)
    if isinstance(plain, float) and field.type == "integer" and plain.is_integer():
        return int(plain)
    if isinstance(plain, int) and field.type == "number" and not isinstance(plain, bool):
        return float(plain)
    return plain


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


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
