"""Boosters as they were fitted, and compiled: what the tests of both hold against each other."""

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from tests import boosters, tiny
from understudy.artefacts.frames import frame_of
from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.inference import infer_schema
from understudy.packaging.proof import unequal_rows
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import compile_plan
from understudy.serving.engines.fitted import FittedModel, label_texts

HOUSES = tiny.make_houses()
TARGETS = boosters.targets(HOUSES)
FRAME = HOUSES[tiny.FEATURES]

Pair = tuple[FittedModel, CompiledModel]


def pair_of(estimator: Any, frame: pd.DataFrame) -> Pair:
    """Return a fitted estimator as it is and compiled."""
    output = OutputDescription("y")
    if hasattr(estimator, "classes_"):
        classes = label_texts(estimator.classes_)
        output = OutputDescription("y", classes=classes, has_probabilities=True)
    schema = infer_schema(frame, features=list(frame.columns))
    fitted = FittedModel(estimator, schema.features, "frame", output)
    return fitted, CompiledModel(compile_plan(estimator, schema, form="frame"), output)


@cache
def booster(task: str, name: str) -> Pair:
    """Fit a model once for all tests."""
    with warnings.catch_warnings():
        # LightGBM warns that it ignores the columns of levels it was told of, and then does not.
        warnings.filterwarnings("ignore", "categorical_feature keyword")
        return pair_of(boosters.BOOSTERS[task, name]().fit(FRAME, TARGETS[task]), FRAME)


def assert_equal(pair: Pair, batch: Sequence[dict[str, Any]]) -> None:
    """Assert that both say the same of a batch, in the terms of the proof."""
    fitted, compiled = pair
    truth = fitted.score_frame(frame_of(batch, fitted.fields))
    found = compiled.score(batch)
    assert truth.is_valid().all()
    assert not unequal_rows(truth, found).any()
