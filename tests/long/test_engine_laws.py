"""Laws that hold for every engine and every kind of model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skops.io import dumps, get_untrusted_types

from tests import shelf
from understudy.artefacts.frames import frame_of, instances_of
from understudy.artefacts.manifest import OutputDescription
from understudy.artefacts.schema import Field
from understudy.packaging.edge_cases import extreme_edges, plain_edges
from understudy.packaging.given import Given, Refusals, examine
from understudy.packaging.proof import NOISE, NOISE_OF_SINGLES, noise_of, unequal_rows
from understudy.serving.engines import Engine, Scores
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan
from understudy.serving.engines.distributions import defining_distributions
from understudy.serving.engines.exact import load_estimator
from understudy.serving.engines.fitted import FittedModel
from understudy.serving.engines.onnx import OnnxModel
from understudy.serving.engines.onnx_session import OnnxSession
from understudy.serving.engines.parts import answering_part

Instance = Mapping[str, Any]

# Sizes of the batches in which so many instances are asked: few where a call is dear.
SIZES = {"compiled": {1: 48, 2: 64, 32: 320}, "onnx": {1: 48, 2: 64, 32: 320}}
SIZES_OF_EXACT = {1: 8, 2: 8, 32: 96}
COMPANY = 1000
DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(string)": np.object_,
}


@dataclass(frozen=True)
class Subject:
    """A model as it was fitted, and every engine that can serve it."""

    given: Given
    engines: dict[str, Engine]
    noise: float

    @property
    def fields(self) -> tuple[Field, ...]:
        """What an instance holds."""
        return self.given.model.fields

    def truth(self, instances: Sequence[Instance]) -> Scores:
        """Return what the fitted model itself says, or onnxruntime of the same rows as arrays."""
        if "onnx" in self.engines:
            return truth_of_file(self.given, instances)
        return self.given.model.score_frame(frame_of(instances, self.fields))

    def equal(self, one: Scores, other: Scores) -> None:
        """Assert that two scores are equal in the terms of the proof."""
        assert not unequal_rows(one, other, self.noise).any()


@cache
def subject(name: str) -> Subject:
    """Fit a model once for all laws, and make every engine of it."""
    example = shelf.EXAMPLES[name]
    rows, targets = shelf.rows_of(example.rows)
    y = targets[example.target]
    model = shelf.fitted(example)
    if example.convert is not None:
        model = example.convert(model)
    data = {"X_train": rows, "y_train": y, "X_test": rows, "y_test": y}
    refusals = Refusals("law", "1.0.0")
    given = examine(model, refusals, data, None, None, OutputDescription("y"), None)
    if example.convert is not None:
        session = OnnxSession(model)
        engine = OnnxModel(session, given.model.fields, given.model.output)
        single = session.inputs[0].kind != "tensor(double)"
        return Subject(given, {"onnx": engine}, NOISE_OF_SINGLES if single else NOISE)
    engines = {engine.name: engine for engine in (compiled(given), rebuilt(given)) if engine}
    return Subject(given, engines, noise_of(given.model.fields))


def compiled(given: Given) -> CompiledModel | None:
    """Return the plan of a model as an engine, None for a model without."""
    estimator, form = answering_part(given.model.estimator), given.model.form
    try:
        plan = compile_plan(estimator, given.schema, form=form)
    except NotCompilable:
        return None
    return CompiledModel(plan, given.model.output)


def rebuilt(given: Given) -> FittedModel:
    """Return a model as the exact engine rebuilds it."""
    content = dumps(answering_part(given.model.estimator))
    distributions = defining_distributions(get_untrusted_types(data=content))
    return replace(given.model, estimator=load_estimator(content, list(distributions)))


def truth_of_file(given: Given, instances: Sequence[Instance]) -> Scores:
    """Return what onnxruntime says of instances that are put into arrays one value at a time."""
    session, classes = given.model.estimator.session.session, given.model.output.classes
    inputs, names = session.get_inputs(), [field.name for field in given.model.fields]
    taken = [names] if len(inputs) == 1 else [[one.name] for one in inputs]
    feed = {
        one.name: np.array(
            [[np.nan if i.get(n) is None else i[n] for n in columns] for i in instances],
            dtype=DTYPES[one.type],
        )
        for one, columns in zip(inputs, taken, strict=True)
    }
    outputs = session.get_outputs()
    given_back = dict(zip([one.name for one in outputs], session.run(None, feed), strict=True))
    if classes is None:
        return Scores(values=np.ravel(given_back["variable"]).astype(np.float64))
    told = given_back.get("label", given_back.get("output_label"))
    labels = np.array([classes.index(str(label)) for label in told])
    shares = given_back.get("probabilities", given_back.get("output_probability"))
    if isinstance(shares, list):
        shares = [[row[key] for key in sorted(row)] for row in shares]
    probabilities = None if shares is None else np.array(shares, dtype=np.float64)
    return Scores(probabilities=probabilities, labels=labels)


@cache
def company(name: str) -> tuple[Instance, ...]:
    """Return a thousand instances: rows of the training, and every edge there is, well mixed."""
    found = subject(name)
    least = shelf.EXAMPLES[name].least
    rows = instances_of(found.given.train, found.fields)
    edges = [edge for _, edge in plain_edges(rows[:60], found.fields)]
    edges += [edge for edge in extreme_edges(rows[:60], found.fields, seed=1) if above(edge, least)]
    edges += odd_texts(rows[0], found.fields)
    random = np.random.default_rng(0)
    kept = [edges[i] for i in random.permutation(len(edges))[:700]]
    mixed = kept + [rows[i % len(rows)] for i in range(COMPANY - len(kept))]
    return tuple(mixed[i] for i in random.permutation(COMPANY))


def above(instance: Instance, least: float | None) -> bool:
    """Tell whether every number of an instance is one that the model has an answer for."""
    numbers = [value for value in instance.values() if isinstance(value, int | float)]
    return least is None or all(number >= least for number in numbers)


def odd_texts(row: Instance, fields: Sequence[Field]) -> list[Instance]:
    """Return texts of a kind that training never saw."""
    odd = ["", "   ", "fine " * 500, "FINE!", "né\u0301", "字", "\U0001f3e0", "\t\n", "a" * 2000]
    names = [field.name for field in fields if field.type == "string"]
    return [{**row, name: text} for name in names for text in odd]


def part(scores: Scores, chosen: Any) -> Scores:
    """Return the scores of some of the instances."""
    names = ("values", "probabilities", "labels")
    kept = [getattr(scores, name) for name in names]
    return Scores(*[None if array is None else array[chosen] for array in kept])


def same(one: Scores, other: Scores) -> None:
    """Assert that two scores are equal to the last bit."""
    for name in ("values", "probabilities", "labels"):
        left, right = getattr(one, name), getattr(other, name)
        assert (left is None) == (right is None)
        if left is not None:
            np.testing.assert_array_equal(left, right)


def _one_process_each(names: Iterable[str]) -> list[Any]:
    """Let all laws of an example run in one process, so that its model is fitted once."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]


@pytest.fixture(params=_one_process_each(shelf.EXAMPLES), scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of every example in turn."""
    return str(request.param)


def test_an_example_is_served_by_the_engines_it_is_here_for(name: str) -> None:
    """No law holds for nothing."""
    assert tuple(subject(name).engines) == shelf.EXAMPLES[name].engines


def test_every_engine_answers_as_the_model_itself(name: str) -> None:
    """A thousand rows and edges at once: nulls, unseen levels, extreme and subnormal numbers."""
    found = subject(name)
    truth = found.truth(company(name))
    assert truth.is_valid().sum() > COMPANY / 2
    for engine in found.engines.values():
        found.equal(truth, engine.score(company(name)))


def test_neighbours_are_irrelevant(name: str) -> None:
    """Alone, in twos, in batches of 32 or of a thousand, an instance gets the same answer."""
    found, instances = subject(name), company(name)
    for engine in found.engines.values():
        together = engine.score(instances)
        for size, count in SIZES.get(engine.name, SIZES_OF_EXACT).items():
            for first in range(0, count, size):
                alone = engine.score(instances[first : first + size])
                asked = part(together, slice(first, first + size))
                if engine.name == "compiled":
                    same(asked, alone)
                found.equal(asked, alone)


def test_the_order_of_keys_is_irrelevant(name: str) -> None:
    """A client may send the fields in any order."""
    found, instances = subject(name), company(name)[:16]
    random = np.random.default_rng(1)
    shuffled = [
        {key: instance[key] for key in random.permutation(list(instance)).tolist()}
        for instance in instances
    ]
    for engine in found.engines.values():
        same(engine.score(instances), engine.score(shuffled))


def test_a_null_and_an_absent_key_mean_the_same(name: str) -> None:
    """Both are what training knew as a missing value."""
    found = subject(name)
    nulls = [dict.fromkeys((f.name for f in found.fields if f.nullable), None) | dict(instance)
             for instance in company(name)[:32]]  # fmt: skip
    absent = [{key: value for key, value in i.items() if value is not None} for i in nulls]
    for engine in found.engines.values():
        same(engine.score(nulls), engine.score(absent))


def test_no_instances_get_no_predictions(name: str) -> None:
    """An empty batch is answered with nothing."""
    for engine in subject(name).engines.values():
        assert list(engine.predict([]).outputs) == []


def test_predictions_are_the_scores_in_words(name: str) -> None:
    """One answer for each instance, in order."""
    found = subject(name)
    for engine in found.engines.values():
        scores = engine.score(company(name)[:32])
        valid = [i for i, is_so in zip(company(name), scores.is_valid(), strict=False) if is_so]
        predictions = engine.predict(valid)
        kept = part(scores, scores.is_valid())
        assert len(predictions.outputs) == len(valid)
        if kept.values is not None:
            np.testing.assert_allclose(predictions.values, kept.values, rtol=1e-6)
        else:
            classes = found.given.model.output.classes or ()
            assert predictions.labels == [classes[number] for number in kept.labels]


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Return values that the contract of a field accepts, far beyond what training saw."""
    if field.type == "boolean":
        values: st.SearchStrategy[Any] = st.booleans()
    elif field.type == "string":
        values = st.sampled_from([*(field.categories or ()), "unseen", ""])
    elif field.type == "integer":
        values = st.integers(0, 200_000)
    else:
        values = st.floats(-0.99, 1e5) | st.sampled_from([0.0, 5e-324, 1e-300])
    return st.none() | values if field.nullable else values


def whole_instances(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    """Return instances with every key, or without some that may be absent."""
    required = {f.name: values_of(f) for f in fields if not f.nullable}
    optional = {f.name: values_of(f) for f in fields if f.nullable}
    return st.fixed_dictionaries(required, optional=optional)


HOUSES = [name for name, example in shelf.EXAMPLES.items() if example.rows == "houses"]
BATCHES = st.lists(whole_instances(subject(HOUSES[0]).fields), min_size=1, max_size=12)


@pytest.mark.parametrize("name", _one_process_each(HOUSES))
@given(batch=BATCHES)
@settings(max_examples=12, deadline=None)
def test_no_instance_is_answered_otherwise(name: str, batch: list[Any]) -> None:
    """Whatever a client may send, it gets the model's own answer."""
    found = subject(name)
    truth = found.truth(batch)
    for engine in found.engines.values():
        found.equal(truth, engine.score(batch))
