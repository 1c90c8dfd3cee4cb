"""Laws that hold for every engine and every kind of model."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skops.io import dumps

from tests import tiny, zoo
from understudy.artefacts.frames import frame_of
from understudy.artefacts.manifest import OutputDescription
from understudy.artefacts.schema import Field
from understudy.packaging.inference import infer_schema
from understudy.serving.engines import Scores
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import compile_plan
from understudy.serving.engines.exact import load_estimator
from understudy.serving.engines.fitted import FittedModel, label_texts

HOUSES = tiny.make_houses()
SCHEMA = infer_schema(HOUSES, features=tiny.FEATURES)

COMPILED = [("regression", name) for name in zoo.REGRESSIONS] + [
    (task, name) for name in zoo.CLASSIFICATIONS for task in ("binary", "multiclass")
]


@dataclass(frozen=True)
class Trio:
    """One model as it was fitted, compiled, and rebuilt."""

    fitted: FittedModel
    compiled: CompiledModel
    exact: FittedModel


@cache
def trio(task: str, name: str) -> Trio:
    """Fit a model of the zoo once for all laws."""
    makers = zoo.REGRESSIONS if task == "regression" else zoo.CLASSIFICATIONS
    estimator = makers[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(HOUSES[tiny.FEATURES], zoo.targets(HOUSES)[task])
    output = OutputDescription("price")
    if task != "regression":
        classes = label_texts(estimator.classes_)
        positive = classes[1] if task == "binary" else None
        probable = hasattr(estimator, "predict_proba")
        output = OutputDescription(
            "band", classes=classes, positive=positive, has_probabilities=probable
        )
    fitted = FittedModel(estimator, SCHEMA.features, "frame", output)
    compiled = CompiledModel(compile_plan(estimator, SCHEMA, form="frame"), output)
    rebuilt = load_estimator(dumps(estimator), [])
    return Trio(fitted, compiled, FittedModel(rebuilt, SCHEMA.features, "frame", output))


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Return values that the contract of a field accepts, far beyond what training saw."""
    if field.type == "boolean":
        values: st.SearchStrategy[Any] = st.booleans()
    elif field.type == "string":
        values = st.sampled_from([*(field.categories or ()), "unseen", ""])
    elif field.type == "integer":
        values = st.integers(0, 200_000)
    else:
        # Not below -1: beyond it the logarithm has no answer, as another test shows.
        values = st.floats(-0.99, 1e5) | st.sampled_from([0.0, 5e-324, 1e-300])
    return st.none() | values if field.nullable else values


def whole_instances() -> st.SearchStrategy[dict[str, Any]]:
    """Return instances with every key, or without some that may be absent."""
    required = {f.name: values_of(f) for f in SCHEMA.features if not f.nullable}
    optional = {f.name: values_of(f) for f in SCHEMA.features if f.nullable}
    return st.fixed_dictionaries(required, optional=optional)


BATCHES = st.lists(whole_instances(), min_size=1, max_size=12)


def equal(left: Scores, right: Scores, relative: float) -> None:
    """Assert that two scores are equal to a relative difference."""
    for name in ("values", "probabilities"):
        one, other = getattr(left, name), getattr(right, name)
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one, other, rtol=relative, atol=1e-12)
    if left.labels is not None:
        np.testing.assert_array_equal(left.labels, right.labels)


@pytest.fixture(params=COMPILED, ids=" ".join, scope="module")
def model(request: pytest.FixtureRequest) -> Trio:
    """Return every compiled model of the zoo in turn."""
    return trio(*request.param)


@given(BATCHES)
@settings(max_examples=12, deadline=None)
def test_every_engine_equals_the_fitted_pipeline(model: Trio, batch: list[Any]) -> None:
    """Nulls, absent keys, unseen levels and far numbers get the pipeline's own answer."""
    truth = model.fitted.score_frame(frame_of(batch, SCHEMA.features))
    equal(truth, model.compiled.score(batch), 1e-6)
    equal(truth, model.exact.score(batch), 0)


@given(BATCHES)
@settings(max_examples=8, deadline=None)
def test_the_rest_of_the_batch_is_irrelevant(model: Trio, batch: list[Any]) -> None:
    """A compiled model says exactly the same to an instance alone and in company."""
    together = model.compiled.score(batch)
    alone = [model.compiled.score([instance]) for instance in batch]
    for name in ("values", "probabilities", "labels"):
        joint = getattr(together, name)
        if joint is not None:
            single = np.concatenate([getattr(score, name) for score in alone])
            np.testing.assert_array_equal(joint, single)


@given(whole_instances(), st.randoms())
@settings(max_examples=8, deadline=None)
def test_the_order_of_keys_is_irrelevant(model: Trio, instance: Any, random: Any) -> None:
    """A client may send the fields in any order."""
    names = list(instance)
    random.shuffle(names)
    shuffled: Mapping[str, Any] = {name: instance[name] for name in names}
    equal(model.compiled.score([instance]), model.compiled.score([shuffled]), 0)
    equal(model.exact.score([instance]), model.exact.score([shuffled]), 0)


def test_a_large_batch_equals_its_parts(model: Trio) -> None:
    """Chunks are invisible: a thousand instances are answered like ten times a hundred."""
    instances = tiny.make_instances(1000, seed=5)
    whole = model.compiled.predict(instances)
    parts = [model.compiled.predict(instances[i : i + 100]) for i in range(0, 1000, 100)]
    assert list(whole.outputs) == [output for part in parts for output in part.outputs]


def test_a_null_and_an_absent_key_mean_the_same(model: Trio) -> None:
    """Both are what training knew as a missing value."""
    instance = dict(tiny.make_instances(1)[0], frontage=None, alley=None)
    absent = {k: v for k, v in instance.items() if k not in ("frontage", "alley")}
    for engine in (model.compiled, model.exact):
        assert engine.predict([instance]).outputs == engine.predict([absent]).outputs


def test_no_instances_get_no_predictions(model: Trio) -> None:
    """An empty batch is answered with nothing."""
    for engine in (model.compiled, model.exact):
        assert list(engine.predict([]).outputs) == []
