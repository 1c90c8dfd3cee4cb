"""What one wrong answer costs, per row: the figure by which the gates compare models."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from understudy.packaging.given import Given
from understudy.packaging.metrics import class_numbers
from understudy.serving.engines.scores import Scores

Floats = NDArray[np.float64]

Loss = Literal["absolute", "brier", "zero_one"]

# What the mean of each loss is called.
LOSS_NAMES = {
    "absolute": "mean absolute error",
    "brier": "Brier score",
    "zero_one": "error rate",
}


def common_loss(*scores: Scores) -> Loss:
    """Return the loss that all of these can be held to: labels only if any has no more."""
    if all(one.values is not None for one in scores):
        return "absolute"
    if all(one.probabilities is not None for one in scores):
        return "brier"
    return "zero_one"


def row_losses(given: Given, scores: Scores, loss: Loss) -> Floats:
    """
    Return the loss of every test row, of shape (n,); `scores` are in the order of these rows.

    Absolute error in the unit of the target; the Brier score as the sum over classes of squared
    differences (Brier 1950), halved for a binary model, where it is then the usual (p - y)²; or 1
    for a wrong label. A truth of a class that the model does not know costs as much as any can.
    """
    if scores.values is not None:
        return np.asarray(np.abs(scores.values - given.test_target.astype(np.float64)))
    truth = class_numbers(given.test_target, given.model.output.classes or ())
    if loss == "zero_one" or scores.probabilities is None:
        return np.asarray(scores.labels != truth, dtype=np.float64)
    hit = truth[:, None] == np.arange(scores.probabilities.shape[1])
    squares = ((scores.probabilities - hit) ** 2).sum(axis=1)
    lost = np.where(truth >= 0, squares, 2.0)
    return np.asarray(lost / 2 if given.task == "binary" else lost)
