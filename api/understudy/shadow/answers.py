"""What a child answered, checked: per instance a finite prediction, or why there is none."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Scored(NamedTuple):
    """A sound prediction: the output as the api would answer it, its primary number, its label."""

    output: object
    value: float | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """An instance that the shadow could not predict, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An instance that the shadow cannot be asked about, and why."""

    reason: str


Answer = Scored | Failed | Refused


class BatchRefused(Exception):
    """A child's answer to a batch cannot be laid beside its instances; the batch is halved."""


def read_answers(
    message: Mapping[str, object], count: int, classes: tuple[str, ...] | None
) -> list[Answer]:
    """
    Return one answer per instance, in order.

    `classes` are the labels a classifier may give, None for a regression. Raises BatchRefused if
    the model raised, or gave more or fewer predictions than there are instances it can be asked
    about.
    """
    if "failed" in message:
        raise BatchRefused(str(message["failed"]))
    refused = _read_refusals(message.get("refused", []), count)
    columns = [message.get(key) for key in ("outputs", "values", "labels")]
    if not all(isinstance(column, list) for column in columns):
        raise BatchRefused("gave no list of predictions")
    outputs, values, labels = (column for column in columns if isinstance(column, list))
    if not len(outputs) == len(values) == len(labels) == count - len(refused):
        raise BatchRefused(f"gave {len(outputs)} predictions for {count - len(refused)} instances")
    predicted = zip(outputs, values, labels, strict=True)
    return [
        refused[place] if place in refused else _read(*next(predicted), classes)
        for place in range(count)
    ]


def _read_refusals(found: object, count: int) -> dict[int, Refused]:
    """Return the refused instances by their place in the batch."""
    refused = {}
    for pair in found if isinstance(found, list) else [found]:
        match pair:
            case [int(place), str(reason)] if 0 <= place < count:
                refused[place] = Refused(reason)
            case _:
                raise BatchRefused(f"refused {_shown(pair)}, which is no instance")
    return refused


def _read(output: object, value: object, label: object, classes: tuple[str, ...] | None) -> Answer:
    problem = _number_problem(output) if classes is None else _label_problem(output, label, classes)
    if problem is None and value is not None:
        problem = _number_problem(value)
    if problem:
        return Failed(problem)
    number = float(value) if isinstance(value, int | float) else None
    return Scored(output, number, label if isinstance(label, str) else None)


def _number_problem(found: object) -> str | None:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if is_number and math.isfinite(found):  # type: ignore[arg-type]
        return None
    return f"gave {_shown(found)} instead of a finite number"


def _label_problem(output: object, label: object, classes: tuple[str, ...]) -> str | None:
    if not isinstance(output, dict) or output.get("label") != label or label not in classes:
        return f"gave {_shown(output)} instead of a label it was trained on"
    probabilities = output.get("probabilities")
    if probabilities is None:  # a classifier without predict_proba
        return None
    if not isinstance(probabilities, dict) or set(probabilities) != set(classes):
        return "gave probabilities for other classes than its own"
    return next(filter(None, map(_number_problem, probabilities.values())), None)


def _shown(found: object) -> str:
    text = "null" if found is None else str(found)
    return text if len(text) <= 60 else f"{text[:60]}…"
