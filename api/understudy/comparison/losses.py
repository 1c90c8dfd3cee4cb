"""Losses: what one wrong prediction costs, per instance."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import EvidenceInvalid

from .policy import Policy
from .rows import Names, Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST_PROBABILITY = 1e-6

# Losses that no single answer can make large, clipped as they are.
BOUNDED = ("zero_one", "log_loss", "brier")


def judged_losses(rows: Rows, picked: Ints, policy: Policy) -> tuple[Floats, Floats, int]:
    """Gives both losses as the policy counts them, capped alike, and how many pairs a cap met."""
    live, shadow = losses(rows, picked, policy.loss or "", policy.loss_quantile)
    if policy.loss_cap is None:
        return live, shadow, 0
    met = int(np.sum(np.maximum(live, shadow) > policy.loss_cap))
    return np.minimum(live, policy.loss_cap), np.minimum(shadow, policy.loss_cap), met


def losses(
    rows: Rows, picked: Ints, loss: str, quantile: float | None = None
) -> tuple[Floats, Floats]:
    """
    Gives live's and the shadow's loss for the picked rows, whose outcomes must be known.

    `quantile` is that of the loss `pinball`. Raises EvidenceInvalid when the loss needs what the
    evidence does not hold.
    """
    if rows.task == "regression":
        truth = np.asarray(rows.outcomes, dtype=np.float64)[picked]
        sides = (rows.live, rows.shadow)
        live, shadow = (
            numeric_loss(np.asarray(side)[picked], truth, loss, quantile) for side in sides
        )
        return live, shadow
    truth_names: Names = np.asarray(rows.outcomes, dtype=object)[picked]
    if loss == "zero_one":
        labels = rows.live_labels, rows.shadow_labels
        live, shadow = ((np.asarray(side)[picked] != truth_names) * 1.0 for side in labels)
        return live, shadow
    live, shadow = (_probabilistic(rows, side, picked, truth_names, loss) for side in (0, 1))
    return live, shadow


def numeric_loss(
    predicted: Floats, truth: Floats, loss: str, quantile: float | None = None
) -> Floats:
    """
    Gives the loss of numbers: absolute, squared (of `rmse` too), squared_log or pinball.

    Pinball (Koenker and Bassett 1978): quantile·(truth − predicted) where the truth is above, and
    (1 − quantile)·(predicted − truth) where it is below; its mean is least at that quantile.
    """
    if loss == "absolute":
        apart = predicted - truth
        return np.asarray(np.abs(apart, out=apart))
    if loss == "pinball":
        if quantile is None:
            raise EvidenceInvalid("The loss pinball needs the quantile that is predicted.")
        short = truth - predicted
        return np.asarray(np.maximum(quantile * short, (quantile - 1) * short))
    if loss == "squared_log":
        if np.any(truth <= -1):
            raise EvidenceInvalid("The loss squared_log needs outcomes above −1.")
        floor = -1 + LEAST_PROBABILITY
        return np.asarray((np.log1p(np.maximum(predicted, floor)) - np.log1p(truth)) ** 2)
    apart = predicted - truth
    return np.asarray(np.square(apart, out=apart))


def _probabilistic(rows: Rows, side: int, picked: Ints, truth: Names, loss: str) -> Floats:
    shares, hit = _shares(rows, side, picked, truth)
    if loss == "log_loss":
        told = np.where(hit, shares, 0.0).sum(axis=1)
        return np.asarray(-np.log(np.clip(told, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)))
    missed = ~hit.any(axis=1)
    score: Floats = ((shares - hit) ** 2).sum(axis=1) + missed
    return score / 2 if rows.task == "binary" else score


def _shares(rows: Rows, side: int, picked: Ints, truth: Names) -> tuple[Floats, Flags]:
    """Probabilities per class, and which class came true; in no column if it is unknown."""
    if rows.task == "binary":
        numbers = (rows.live, rows.shadow)[side]
        if numbers is None or rows.positive is None:
            raise EvidenceInvalid("This loss needs the probability of `positive` of both models.")
        p = numbers[picked]
        came = truth == rows.positive
        return np.column_stack([1 - p, p]), np.column_stack([~came & _known(rows, truth), came])
    table = (rows.live_shares, rows.shadow_shares)[side]
    if table is None:
        raise EvidenceInvalid("This loss needs the probabilities of both models.")
    classes = np.array(rows.classes, dtype=object)
    return table[picked], truth[:, None] == classes[None, :]


def unknown_classes(rows: Rows, picked: Ints) -> int:
    """Counts outcomes of a class that neither model knows; they count as wrong for both."""
    if rows.task == "regression":
        return 0
    return int(np.sum(~_known(rows, np.asarray(rows.outcomes, dtype=object)[picked])))


def _known(rows: Rows, truth: Names) -> Flags:
    """
    Tells which outcomes are of a class that a model knows.

    A binary model knows two; if only one was ever seen, the first other name is the second.
    """
    known = set(rows.known_classes)
    if not known:
        return np.ones(len(truth), dtype=bool)
    names: pd.Series[Any] = pd.Series(truth, dtype=object)
    others = sorted(name for name in names.unique() if name not in known)
    if rows.task == "binary" and len(known) < 2 and others:
        known.add(others[0])
    return np.asarray(names.isin(known).to_numpy(), dtype=bool)
