"""Losses: what one wrong prediction costs, per instance."""

import numpy as np
from numpy.typing import NDArray

from understudy.errors import EvidenceInvalid

from .rows import Names, Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_PROBABILITY = 1e-6


def losses(rows: Rows, picked: Ints, loss: str) -> tuple[Floats, Floats]:
    """
    Gives live's and the shadow's loss for the picked rows, whose outcomes must be known.

    Raises EvidenceInvalid when the loss needs what the evidence does not hold.
    """
    if rows.task == "regression":
        truth = np.asarray(rows.outcomes, dtype=np.float64)[picked]
        sides = (rows.live, rows.shadow)
        live, shadow = (_numeric(np.asarray(side)[picked], truth, loss) for side in sides)
        return live, shadow
    truth_names: Names = np.asarray(rows.outcomes, dtype=object)[picked]
    if loss == "zero_one":
        labels = rows.live_labels, rows.shadow_labels
        live, shadow = ((np.asarray(side)[picked] != truth_names) * 1.0 for side in labels)
        return live, shadow
    live, shadow = (_probabilistic(rows, side, picked, truth_names, loss) for side in (0, 1))
    return live, shadow


def _numeric(predicted: Floats, truth: Floats, loss: str) -> Floats:
    if loss == "absolute":
        return np.asarray(np.abs(predicted - truth))
    if loss == "squared_log":
        if np.any(truth <= -1):
            raise EvidenceInvalid("The loss squared_log needs outcomes above −1.")
        floor = -1 + LEAST_PROBABILITY
        return np.asarray((np.log1p(np.maximum(predicted, floor)) - np.log1p(truth)) ** 2)
    return (predicted - truth) ** 2


def _probabilistic(rows: Rows, side: int, picked: Ints, truth: Names, loss: str) -> Floats:
    shares, hit = _shares(rows, side, picked, truth)
    if loss == "log_loss":
        told = np.where(hit, shares, 0.0).sum(axis=1)
        return np.asarray(-np.log(np.clip(told, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)))
    missed = ~hit.any(axis=1)
    score: Floats = ((shares - hit) ** 2).sum(axis=1) + missed
    return score / 2 if rows.task == "binary" else score


def _shares(rows: Rows, side: int, picked: Ints, truth: Names) -> tuple[Floats, NDArray[np.bool_]]:
    """Probabilities per class, and which class came true; in no column if it is unknown."""
    if rows.task == "binary":
        numbers = (rows.live, rows.shadow)[side]
        if numbers is None or rows.positive is None:
            raise EvidenceInvalid("This loss needs the probability of `positive` of both models.")
        p = numbers[picked]
        came = truth == rows.positive
        return np.column_stack([1 - p, p]), np.column_stack([~came, came])
    table = (rows.live_shares, rows.shadow_shares)[side]
    if table is None:
        raise EvidenceInvalid("This loss needs the probabilities of both models.")
    classes = np.array(rows.classes, dtype=object)
    return table[picked], truth[:, None] == classes[None, :]


def unknown_classes(rows: Rows, picked: Ints) -> int:
    """Counts outcomes of a class that neither model knows; they count as wrong for both."""
    if not rows.classes:
        return 0
    truth = np.asarray(rows.outcomes, dtype=object)[picked]
    return int(sum(name not in rows.classes for name in truth))
