"""Models on trial for the tests of the gates."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.engine_choice import gather_evidence
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.limits import read_limits
from understudy.packaging.gates.live_version import meet_live
from understudy.packaging.given import Given, Refusals, examine
from understudy.packaging.quiz import make_quiz

TODAY = date(2011, 1, 1)
COSTS = {"1": 0.02, "32": 0.002, "1000": 0.001}


@pytest.fixture(scope="session")
def make_case() -> Callable[..., Case]:
    """Return `case_of`, which builds a case as packaging does."""
    return case_of


def case_of(
    estimator: Any = None,
    *,
    train: pd.DataFrame | None = None,
    test: pd.DataFrame | None = None,
    target: str = "price",
    features: Sequence[str] | None = None,
    carried: Sequence[str] | None = None,
    limits: Mapping[str, object] | None = None,
    live: Artefact | None = None,
    today: date | None = None,
    seed: int = 0,
    **changes: Any,
) -> Case:
    """
    Build a case from a real model: by default the linear one on 220 tiny houses, tested on 80.

    `train` and `test` are frames with their target in the column `target`; the estimator is
    fitted on `features` (by default every column of `train` that is neither carried nor the
    target) unless it is fitted already. Any other field of the case can be set in `changes`.
    The engine is the fitted pipeline itself.
    """
    houses = tiny.make_houses()
    train = houses.iloc[:220] if train is None else train
    test = houses.iloc[220:] if test is None else test
    if carried is None:
        carried = [name for name in tiny.CARRIED if name in train.columns]
    if features is None:
        features = [name for name in train.columns if name not in {*carried, target}]
    estimator = tiny.linear_pipeline() if estimator is None else estimator
    if not _is_fitted(estimator):
        estimator.fit(train[list(features)], train[target])
    given = _given(estimator, train, test, target, carried)
    return _case(given, limits or {}, live, today or TODAY, seed, changes)


def _is_fitted(estimator: Any) -> bool:
    try:
        check_is_fitted(estimator)
    except NotFittedError:
        return False
    return True


def _given(
    estimator: Any, train: pd.DataFrame, test: pd.DataFrame, target: str, carried: Sequence[str]
) -> Given:
    data = {
        "X_train": train.drop(columns=target), "y_train": train[target],
        "X_test": test.drop(columns=target), "y_test": test[target],
    }  # fmt: skip
    refusals = Refusals("test", "1.0.0")
    given = examine(estimator, refusals, data, list(carried), None, OutputDescription(target), None)
    refusals.stop_if_any()
    return given


def _case(
    given: Given,
    limits: Mapping[str, object],
    live: Artefact | None,
    today: date,
    seed: int,
    changes: Mapping[str, Any],
) -> Case:
    refusals = Refusals("test", "1.0.0")
    train_scores, test_scores = map(given.model.score_frame, (given.train, given.test))
    content: dict[str, Any] = {
        "given": given,
        "train_scores": train_scores,
        "test_scores": test_scores,
        "engine": given.model,
        "evidence": gather_evidence(given, train_scores, test_scores),
        "questions": make_quiz(given, given.model, None, refusals),
        "live": None if live is None else meet_live(live, given),
        "limits": read_limits(limits),
        "time_column": "sold" if "sold" in given.train.columns else None,
        "today": today,
        "costs": COSTS,
        "seed": seed,
    }
    return Case(**(content | changes))
