"""Proves that an engine answers as the fitted pipeline does, or says where it does not."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from understudy.artefacts.frames import instances_of
from understudy.artefacts.schema import Field
from understudy.errors import OutputInvalid, ScoringFailed
from understudy.serving.engines.scores import Scores, join_scores

# The largest relative difference between an engine and the pipeline it stands for.
TOLERANCE = 1e-6
BATCH_ROWS = 5000

Instances = Sequence[dict[str, Any]]
Score = Callable[[Instances], Scores]
Fields = Sequence[Field]


def difference(name: str, truth: Scores, found: Scores) -> str | None:
    """
    Say how `found` differs from `truth` on the rows called `name`; None if they are equal.

    Equal means: valid for the same rows, the same labels, numbers within a relative 1e-6.
    """
    if len(truth) != len(found):
        return f"{len(found)} outputs for {len(truth)} {name}"
    valid = truth.is_valid()
    if (valid != found.is_valid()).any():
        row = int((valid != found.is_valid()).argmax())
        return f"only one of the two has a finite answer for row {row} of {name}"
    if truth.labels is not None and found.labels is not None:
        wrong = valid & (truth.labels != found.labels)
        if wrong.any():
            return f"{int(wrong.sum())} of {len(truth)} labels differ on {name}"
    gap = max(
        _relative_gap(truth.values, found.values, valid),
        _relative_gap(truth.probabilities, found.probabilities, valid),
    )
    return f"a relative difference of {gap:.2g} on {name}" if gap > TOLERANCE else None


def score_rows(score: Score, frame: pd.DataFrame, fields: Fields) -> Scores:
    """Score the rows of a frame as instances, in batches, so that memory stays bounded."""
    batches = (frame.iloc[i : i + BATCH_ROWS] for i in range(0, len(frame), BATCH_ROWS))
    return join_scores([score(instances_of(batch, fields)) for batch in batches])


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


def _relative_gap(truth: Any, found: Any, valid: Any) -> float:
    """Return the largest relative difference; differences below 1e-12 of the scale are noise."""
    if truth is None or found is None:
        return 0.0 if truth is found else float("inf")
    expected, answered = truth[valid], found[valid]
    if not expected.size:
        return 0.0
    scale = np.maximum(np.abs(expected), 1e-12 * max(float(np.abs(expected).max()), 1e-300))
    return float((np.abs(answered - expected) / scale).max())
