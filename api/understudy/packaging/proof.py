"""Proves that an engine answers as the fitted pipeline does, or says where it does not."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.frames import array_dtype, instances_of
from understudy.artefacts.schema import Field
from understudy.errors import OutputInvalid, ScoringFailed
from understudy.serving.engines.scores import Scores, join_scores

# The largest relative difference between an engine and the pipeline it stands for.
TOLERANCE = 1e-6
# Below this share of the largest answer, a difference is taken for noise: what 64 bits leave of
# sums that cancel out. In 32 bits whole answers do, for numbers far outside of training.
NOISE = 1e-12
NOISE_OF_SINGLES = 1.0
BATCH_ROWS = 5000

Instances = Sequence[dict[str, Any]]
Score = Callable[[Instances], Scores]
Fields = Sequence[Field]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def noise_of(fields: Fields) -> float:
    """Return the noise to expect from a model of some fields, as a share of the largest answer."""
    return NOISE_OF_SINGLES if array_dtype(fields) == np.float32 else NOISE


def difference(name: str, truth: Scores, found: Scores, noise: float = NOISE) -> str | None:
    """Say how `found` differs from `truth` on the rows called `name`; None if they are equal."""
    if len(truth) != len(found):
        return f"{len(found)} outputs for {len(truth)} {name}"
    unequal = unequal_rows(truth, found, noise)
    if not unequal.any():
        return None
    row = int(unequal.argmax())
    return (
        f"{int(unequal.sum())} of {len(truth)} {name} are answered otherwise, the first of them"
        f" {_shown(found, row)} instead of {_shown(truth, row)}"
    )


def unequal_rows(truth: Scores, found: Scores, noise: float = NOISE) -> Bools:
    """
    Tell which rows have unequal scores.

    Equal means: both have an answer or neither, the same label, numbers within a relative 1e-6;
    what is smaller than `noise` times the largest answer is held against that.
    """
    valid = truth.is_valid()
    unequal = valid != found.is_valid()
    if truth.labels is not None and found.labels is not None:
        unequal |= valid & (truth.labels != found.labels)
    for expected, answered in (
        (truth.values, found.values),
        (truth.probabilities, found.probabilities),
    ):
        if expected is None or answered is None:
            unequal |= (expected is None) != (answered is None)
        else:
            gaps = _gaps(expected, answered, valid, noise)
            unequal |= valid & ~(gaps <= TOLERANCE)
    return np.asarray(unequal)


def score_rows(score: Score, frame: pd.DataFrame, fields: Fields) -> Scores:
    """Score the rows of a frame as instances, in batches, so that memory stays bounded."""
    batches = (frame.iloc[i : i + BATCH_ROWS] for i in range(0, len(frame), BATCH_ROWS))
    return join_scores([score(instances_of(batch, fields)) for batch in batches])


def score_singly(score: Score, instances: Instances) -> Scores:
    """Score every instance in a batch of its own."""
    return join_scores([score_each(score, [instance]) for instance in instances])


def score_each(score: Score, instances: Instances) -> Scores:
    """
    Score instances of which the model may refuse some.

    A batch that makes the model raise is halved until the instances it has no answer for stand
    alone; these get invalid scores.
    """
    try:
        return score(instances)
    except (ScoringFailed, OutputInvalid):
        if len(instances) == 1:
            return _like(score([]))
        middle = len(instances) // 2
        return join_scores(
            [score_each(score, instances[:middle]), score_each(score, instances[middle:])]
        )


def _like(empty: Scores) -> Scores:
    """Return one invalid score of the kind of `empty`."""
    return Scores(
        None if empty.values is None else np.full(1, np.nan),
        None if empty.probabilities is None else np.full((1, empty.probabilities.shape[1]), np.nan),
        None if empty.labels is None else np.full(1, -1, dtype=np.int64),
    )


def _gaps(expected: Floats, answered: Floats, valid: Bools, noise: float) -> Floats:
    """Return the largest relative difference per row."""
    size = np.abs(expected[valid]).max(initial=1e-300)
    with np.errstate(all="ignore"):
        gaps = np.abs(answered - expected) / np.maximum(np.abs(expected), noise * size)
    return np.asarray(gaps if gaps.ndim == 1 else gaps.max(axis=1))


def _shown(scores: Scores, row: int) -> str:
    for numbers in (scores.values, scores.probabilities, scores.labels):
        if numbers is not None:
            return str(np.round(numbers[row], 6))
    return "nothing"
