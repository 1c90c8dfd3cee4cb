"""From raw scores to what a client is told, refusing what is not an answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.artefacts.manifest import OutputDescription
from understudy.errors import OutputInvalid
from understudy.serving.engines.scores import Scores


@dataclass(frozen=True, slots=True)
class Predictions:
    """
    The answers to n instances, in their order.

    `outputs` are what a client is told: a number, or `{"label", "probabilities"}`. `values` are
    the primary numbers (regression: the output, binary: the probability of the positive class,
    otherwise None), `labels` the labels of a classification, otherwise None.
    """

    outputs: Sequence[object]
    values: Sequence[float | None]
    labels: Sequence[str | None]


def predictions_of(scores: Scores, output: OutputDescription, count: int) -> Predictions:
    """
    Turn the scores of `count` instances into predictions.

    Raises OutputInvalid for another count and for the first output that is not finite.
    """
    if len(scores) != count:
        raise OutputInvalid(f"The model gave {len(scores)} outputs for {count} instances.")
    if scores.values is not None:
        return _regression(scores, count)
    return _classification(scores, output, count)


def _regression(scores: Scores, count: int) -> Predictions:
    values: list[float] = scores.values.tolist() if scores.values is not None else []
    if not all(map(math.isfinite, values)):
        _refuse_invalid(scores)
    return Predictions(values, values, [None] * count)


def _classification(scores: Scores, output: OutputDescription, count: int) -> Predictions:
    _refuse_invalid(scores)
    classes = output.classes or ()
    numbers = scores.labels.tolist() if scores.labels is not None else []
    labels = [classes[number] for number in numbers]
    if scores.probabilities is None:
        return Predictions([{"label": label} for label in labels], [None] * count, labels)
    rows = scores.probabilities.tolist()
    outputs = [
        {"label": label, "probabilities": dict(zip(classes, row, strict=True))}
        for label, row in zip(labels, rows, strict=True)
    ]
    values: list[float | None] = [None] * count
    if output.positive is not None:
        positive = classes.index(output.positive)
        values = [row[positive] for row in rows]
    return Predictions(outputs, values, labels)


def _refuse_invalid(scores: Scores) -> None:
    valid = scores.is_valid()
    if not valid.all():
        instance = int(valid.argmin())
        raise OutputInvalid(
            f"The model's output for instance {instance} is not a finite number.", instance
        )
