"""What is shown of both models' outcomes beside the loss that decides."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .finding import Finding, Interval
from .losses import losses
from .policy import Policy
from .quality import ReliabilityBin, auc, f1, r_squared, reliability
from .rows import Names, Rows
from .sequences import mean_sequence, unit_moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Reliability = Mapping[str, tuple[ReliabilityBin, ...]]

CLASSES = (("error_rate", "zero_one"), ("log_loss", "log_loss"), ("brier", "brier"))
SHOWN_LOSSES = {
    "regression": (("mae", "absolute"), ("rmse", "squared")),
    "binary": CLASSES,
    "multiclass": CLASSES,
}
SHOWN_IF_JUDGED = (("rmsle", "squared_log"), ("pinball", "pinball"))
ROOTS = ("rmse", "rmsle")


@dataclass(frozen=True)
class ErrorFigure:
    """One error measure of both models, with intervals that hold at every number of units."""

    name: str
    live: float
    live_interval: Interval | None
    shadow: float
    shadow_interval: Interval | None


def error_figures(rows: Rows, picked: Ints, policy: Policy) -> tuple[ErrorFigure, ...]:
    """Gives both models' error measures, uncapped, each at the policy's whole alpha."""
    if not len(picked):
        return ()
    judged = [pair for pair in SHOWN_IF_JUDGED if pair[1] == policy.loss]
    codes = rows.codes[picked]
    return tuple(
        _figure(name, losses(rows, picked, loss, policy.loss_quantile), codes, policy)
        for name, loss in (*SHOWN_LOSSES[rows.task], *judged)
        if rows.task == "regression" or loss == "zero_one" or _has_probabilities(rows)
    )


def _has_probabilities(rows: Rows) -> bool:
    if rows.task == "binary":
        return rows.positive is not None and rows.live is not None and rows.shadow is not None
    return rows.live_shares is not None


def _figure(name: str, sides: tuple[Floats, Floats], codes: Ints, policy: Policy) -> ErrorFigure:
    values: list[float] = []
    intervals: list[Interval | None] = []
    for side in sides:
        moments = unit_moments(side, codes)
        ends = mean_sequence(moments, policy.alpha, policy.planned_units)
        if ends is not None:
            ends = max(0.0, ends[0]), ends[1]
        if name in ROOTS:
            values.append(math.sqrt(moments.mean))
            intervals.append(None if ends is None else (math.sqrt(ends[0]), math.sqrt(ends[1])))
        else:
            values.append(moments.mean)
            intervals.append(ends)
    return ErrorFigure(name, values[0], intervals[0], values[1], intervals[1])


def quality_findings(rows: Rows, picked: Ints, policy: Policy) -> tuple[Finding, ...]:
    """Gives R² for regression, F1 and, for probabilities of two classes, the area under the ROC."""
    if not len(picked):
        return ()
    codes = _numbered(rows.codes[picked])
    if rows.task == "regression":
        truth = np.asarray(rows.outcomes, dtype=np.float64)[picked]
        live, shadow = (np.asarray(side)[picked] for side in (rows.live, rows.shadow))
        return (r_squared(live, shadow, truth, codes, policy.alpha),)
    names: Names = np.asarray(rows.outcomes, dtype=object)[picked]
    labels = [
        np.asarray(side, dtype=object)[picked] for side in (rows.live_labels, rows.shadow_labels)
    ]
    positive = rows.positive if rows.task == "binary" else None
    found = [f1(labels[0], labels[1], names, codes, policy.alpha, positive)]
    if rows.task == "binary" and _has_probabilities(rows):
        live, shadow = (np.asarray(side)[picked] for side in (rows.live, rows.shadow))
        found.append(auc(live, shadow, names == rows.positive, codes, policy.alpha))
    return tuple(found)


def _numbered(codes: Ints) -> Ints:
    """Numbers the units that are there from 0, in the same order."""
    present = np.bincount(codes) > 0
    return np.asarray((np.cumsum(present) - 1)[codes])


def reliabilities(rows: Rows, picked: Ints, policy: Policy) -> Reliability:
    """
    Holds each model's probabilities against what came true, one row per unit.

    Of the positive class, or for more classes of the class that the model answered.
    """
    if rows.task == "regression" or not len(picked) or not _has_probabilities(rows):
        return {}
    eligible = np.zeros(len(rows.compared), dtype=bool)
    eligible[picked] = True
    chosen = rows.units.one_each(eligible)
    return {
        side: reliability(*_told(rows, place, chosen), policy.alpha)
        for place, side in enumerate(("live", "shadow"))
    }


def _told(rows: Rows, side: int, chosen: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    truth: Names = np.asarray(rows.outcomes, dtype=object)[chosen]
    if rows.task == "binary":
        numbers = np.asarray((rows.live, rows.shadow)[side])
        return numbers[chosen], truth == rows.positive
    labels = np.asarray((rows.live_labels, rows.shadow_labels)[side], dtype=object)[chosen]
    shares = np.asarray((rows.live_shares, rows.shadow_shares)[side])[chosen]
    place = {name: index for index, name in enumerate(rows.classes)}
    columns = np.array([place.get(name, -1) for name in labels], dtype=np.int64)
    told = np.where(columns >= 0, shares[np.arange(len(chosen)), columns], 0.0)
    return told, labels == truth
