"""The gate reproducible: trained again on the same rows, the model gives the same answers."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from understudy.errors import ModelError
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling, passed, refused, skipped
from understudy.packaging.gates.wording import percent
from understudy.packaging.proof import TOLERANCE, unequal_rows
from understudy.serving.engines.scores import Scores

HINT = (
    "set random_state wherever the model draws numbers, and give the very rows, columns and target"
    " that it was trained on, in their order"
)


class _Unrepeatable(Exception):
    """The training cannot be done again here; the message says why."""


def judge(case: Case) -> Ruling:
    """
    Fit an unfitted copy on the training rows given, and compare its answers to the test rows.

    Answers are alike within the tolerance that engines have, too: a relative 1e-6, labels equal.
    Neither the estimator nor NumPy's global random state is changed.
    """
    given = case.given
    try:
        again = replace(given.model, estimator=_trained_again(case))
    except _Unrepeatable as unrepeatable:
        return skipped(str(unrepeatable))
    try:
        scores = again.score_frame(given.test)
    except ModelError as error:
        return refused(f"trained again, it has no answers: {str(error).rstrip('.')}; {HINT}")
    unequal = unequal_rows(case.test_scores, scores)
    different, largest = int(unequal.sum()), _largest(case.test_scores, scores)
    figures = {"rows": len(unequal), "different": different}
    if different:
        by = "" if largest is None else f", by up to {largest:.2g} of the value"
        return refused(
            f"trained again, it answers {different} of {len(unequal)} test rows"
            f" ({percent(different / len(unequal))}) otherwise{by}; {HINT}",
            **figures,
            largest=largest,
        )
    # The last bits differ from run to run where threads add up in any order.
    return replace(
        passed(
            f"trained again, it answers all {len(unequal)} test rows alike (within {TOLERANCE:g})",
            **figures,
        ),
        measured={} if largest is None else {"largest difference": largest},
    )


def _trained_again(case: Case) -> Any:
    given = case.given
    estimator = given.model.estimator
    if not hasattr(estimator, "fit"):
        raise _Unrepeatable(f"a {type(estimator).__name__} cannot be trained here")
    rows = given.model.inputs_of(given.train)
    # What an estimator without a seed draws from.
    drawn = np.random.get_state()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return clone(estimator).fit(rows, given.train_target)
    except Exception as error:
        told = " ".join(str(error).split())
        raise _Unrepeatable(
            f"it cannot be trained again from its parameters and the training rows alone:"
            f" {type(error).__name__}: {told}"
        ) from error
    finally:
        np.random.set_state(drawn)


def _largest(truth: Scores, found: Scores) -> float | None:
    """Return the largest relative difference of values or probabilities, None if there are none."""
    expected, answered = _numbers(truth), _numbers(found)
    if expected is None or answered is None or expected.shape != answered.shape:
        return None
    with np.errstate(all="ignore"):
        sizes = np.maximum(np.abs(expected), 1e-12 * np.abs(expected).max(initial=1e-300))
        return float(np.nanmax(np.abs(answered - expected) / sizes, initial=0.0))


def _numbers(scores: Scores) -> NDArray[np.float64] | None:
    return scores.values if scores.values is not None else scores.probabilities
