"""Offline metrics of a model on held-out rows, each with a bootstrap interval."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.manifest import Metric

Floats = NDArray[np.float64]

RESAMPLES = 1000
# Probabilities are kept away from 0 and 1 by this much, so that one error is not infinitely bad.
SMALLEST_PROBABILITY = 1e-15


def regression_metrics(truth: Floats, values: Floats, seed: int) -> dict[str, Metric]:
    """Return mean absolute error, root mean squared error and R² with 95 % intervals."""
    error = values - truth
    # Centred, because R² from raw squares loses its digits when the mean is large.
    centred = truth - truth.mean()
    terms = np.column_stack([np.abs(error), error**2, centred, centred**2])
    return _bootstrap(
        terms,
        {
            "mae": lambda m: m[:, 0],
            "rmse": lambda m: np.sqrt(m[:, 1]),
            "r2": lambda m: 1 - m[:, 1] / np.maximum(m[:, 3] - m[:, 2] ** 2, 1e-300),
        },
        seed,
    )


def classification_metrics(
    truth: NDArray[np.int64],
    labels: NDArray[np.int64],
    probabilities: Floats | None,
    positive: int | None,
    seed: int,
) -> dict[str, Metric]:
    """
    Return accuracy, and with probabilities the log loss and, if binary, the Brier score.

    `truth`, `labels` and `positive` are numbers of classes; a truth of -1 is a class that the
    model does not know, to which it gave the probability 0.
    """
    columns = {"accuracy": (truth == labels).astype(np.float64)}
    if probabilities is not None:
        chosen = probabilities[np.arange(len(truth)), np.maximum(truth, 0)]
        given = np.where(truth >= 0, chosen, 0.0)
        columns["log_loss"] = -np.log(np.clip(given, SMALLEST_PROBABILITY, 1.0))
    if probabilities is not None and positive is not None:
        columns["brier"] = (probabilities[:, positive] - (truth == positive)) ** 2
    means = {name: _column_of(number) for number, name in enumerate(columns)}
    return _bootstrap(np.column_stack(list(columns.values())), means, seed)


def _column_of(number: int) -> Callable[[Floats], Floats]:
    return lambda means: means[:, number]


def _bootstrap(
    terms: Floats, statistics: dict[str, Callable[[Floats], Floats]], seed: int
) -> dict[str, Metric]:
    """Resample rows; every statistic is a function of the means of per-row terms."""
    random = np.random.default_rng(seed)
    rows = len(terms)
    resampled = np.array(
        [terms[random.integers(rows, size=rows)].mean(axis=0) for _ in range(RESAMPLES)]
    )
    observed = terms.mean(axis=0, keepdims=True)
    found = {}
    for name, statistic in statistics.items():
        low, high = np.quantile(statistic(resampled), [0.025, 0.975])
        found[name] = Metric(float(statistic(observed)[0]), float(low), float(high))
    return found
