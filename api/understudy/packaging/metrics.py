"""Offline metrics of a model on held-out rows, each with a bootstrap interval."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.manifest import Metric
from understudy.packaging.given import Given
from understudy.packaging.resampling import Statistic, bootstrap_intervals, wilson_interval
from understudy.serving.engines.fitted import label_text
from understudy.serving.engines.scores import Scores

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Probabilities are kept away from 0 by this much, so that one error is not infinitely bad.
SMALLEST_PROBABILITY = 1e-15
# A variance below this share of the squares is what rounding leaves of nought.
SMALLEST_SPREAD = 1e-12


def offline_metrics(given: Given, scores: Scores, seed: int) -> dict[str, Metric]:
    """Return the metrics of scores of the test rows, each with its 95 % interval."""
    if scores.values is not None:
        truth = given.test_target.astype(np.float64)
        return regression_metrics(truth, scores.values, seed)
    classes = given.model.output.classes or ()
    positive = given.model.output.positive
    labels: Integers = scores.labels  # type: ignore[assignment]
    return classification_metrics(
        class_numbers(given.test_target, classes),
        labels,
        scores.probabilities,
        None if positive is None else classes.index(positive),
        seed,
    )


def class_numbers(target: NDArray[Any], classes: Sequence[str]) -> Integers:
    """Return the number of each target's class, -1 for a class that the model does not know."""
    numbers: Mapping[str, int] = {name: number for number, name in enumerate(classes)}
    if target.dtype == object:
        # Where types are mixed, True and 1 are two classes and must not be taken for one.
        return np.array([numbers.get(label_text(label), -1) for label in target], dtype=np.int64)
    codes, labels = pd.factorize(target)
    table = np.array([numbers.get(label_text(label), -1) for label in labels], dtype=np.int64)
    return np.asarray(table[codes])


def regression_metrics(truth: Floats, values: Floats, seed: int) -> dict[str, Metric]:
    """Return mean absolute error, root mean squared error and R² with 95 % intervals."""
    error = values - truth
    # Centred, because R² from raw squares loses its digits when the mean is large.
    centred = truth - truth.mean()
    terms = np.column_stack([np.abs(error), error**2, centred, centred**2])
    return _with_intervals(
        terms,
        {
            "mae": lambda m: m[:, 0],
            "rmse": lambda m: np.sqrt(m[:, 1]),
            "r2": _r_squared,
        },
        seed,
    )


def _r_squared(means: Floats) -> Floats:
    """Where the truth does not vary there is nothing to explain: 1 without any error, else 0."""
    left, spread = means[:, 1], means[:, 3] - means[:, 2] ** 2
    varies = spread > SMALLEST_SPREAD * means[:, 3]
    explained = 1 - left / np.where(varies, spread, 1.0)
    return np.asarray(np.where(varies, explained, (left == 0) * 1.0))


def classification_metrics(
    truth: Integers,
    labels: Integers,
    probabilities: Floats | None,
    positive: int | None,
    seed: int,
) -> dict[str, Metric]:
    """
    Return accuracy, and with probabilities the log loss and, if binary, the Brier score.

    `truth`, `labels` and `positive` are numbers of classes; a truth of -1 is a class that the
    model does not know, to which it gave the probability 0: as wrong as can be. The interval of
    the accuracy is Wilson's (1927), which has a width even when no row is wrong.
    """
    correct = truth == labels
    accuracy = Metric(float(correct.mean()), *wilson_interval(int(correct.sum()), len(correct)))
    columns: dict[str, Floats] = {}
    if probabilities is not None:
        chosen = probabilities[np.arange(len(truth)), np.maximum(truth, 0)]
        given = np.where(truth >= 0, chosen, 0.0)
        columns["log_loss"] = -np.log(np.clip(given, SMALLEST_PROBABILITY, 1.0))
    if probabilities is not None and positive is not None:
        squares = (probabilities[:, positive] - (truth == positive)) ** 2
        columns["brier"] = np.where(truth >= 0, squares, 1.0)
    if not columns:
        return {"accuracy": accuracy}
    means = {name: _column_of(number) for number, name in enumerate(columns)}
    terms = np.column_stack(list(columns.values()))
    return {"accuracy": accuracy} | _with_intervals(terms, means, seed)


def _column_of(number: int) -> Callable[[Floats], Floats]:
    return lambda means: means[:, number]


def _with_intervals(
    terms: Floats, statistics: Mapping[str, Statistic], seed: int
) -> dict[str, Metric]:
    """Every statistic is a function of the means of per-row terms."""
    observed = terms.mean(axis=0, keepdims=True)
    intervals = bootstrap_intervals(terms, statistics, seed)
    found = {}
    for name, statistic in statistics.items():
        value = float(statistic(observed)[0])
        found[name] = Metric(value, *_possible(name, *intervals[name]))
    return found


def _possible(name: str, low: float, high: float) -> tuple[float, float]:
    """No error is negative, and nothing explains more than all."""
    return (low, min(high, 1.0)) if name == "r2" else (max(low, 0.0), high)
