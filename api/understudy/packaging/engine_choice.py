"""Chooses the fastest engine that is proven to answer as the fitted pipeline does."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from skops.io import dumps, get_untrusted_types

from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import EngineName
from understudy.artefacts.schema import Field
from understudy.errors import ArtefactError, ModelError
from understudy.packaging.edge_cases import Instance, extreme_edges, plain_edges
from understudy.packaging.given import Given, Refusals
from understudy.packaging.onnx_estimator import OnnxEstimator
from understudy.packaging.proof import (
    difference,
    noise_of,
    score_each,
    score_rows,
    score_singly,
)
from understudy.serving.engines import Engine
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan
from understudy.serving.engines.distributions import defining_distributions
from understudy.serving.engines.exact import load_estimator, save_exact
from understudy.serving.engines.onnx import OnnxModel, save_onnx
from understudy.serving.engines.parts import answering_part, parts_of, qualified_name
from understudy.serving.engines.plan import save_plan
from understudy.serving.engines.scores import Scores

# How many training rows the edges are built upon.
EDGE_ROWS = 60
# How many edges are also asked one by one, where each costs a whole call of scikit-learn.
LONE_EDGES = 200


@dataclass(frozen=True)
class Choice:
    """
    The engine chosen, its files, and why a faster one was not chosen.

    `distributions` are those, with versions, without which the model cannot be loaded;
    `trained_with` are those that define its parts, whether or not they are needed any more.
    """

    name: EngineName
    engine: Engine
    files: list[str]
    reasons: dict[str, str]
    distributions: dict[str, str]
    trained_with: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Which engine serves, and why none of the faster ones does."""
        refused = [f"not {name}: {reason}" for name, reason in self.reasons.items()]
        return "; ".join([f"the engine {self.name} answers as the fitted model", *refused])


@dataclass(frozen=True)
class Evidence:
    """Rows and edges with the fitted pipeline's own scores, against which engines are held."""

    rows: pd.DataFrame
    fields: Sequence[Field]
    row_scores: Scores
    held_out: pd.DataFrame
    held_out_scores: Scores
    edges: Sequence[Instance]
    edge_scores: Scores

    def refute(self, engine: Engine) -> str | None:
        """Say where an engine differs from the fitted pipeline; None if nowhere."""
        try:
            found = score_rows(engine.score, self.rows, self.fields)
            held_out = score_rows(engine.score, self.held_out, self.fields)
            edges = score_each(engine.score, self.edges)
        except ModelError as error:
            return str(error)
        noise = noise_of(self.fields)
        return (
            difference("training rows", self.row_scores, found, noise)
            # The metrics are the pipeline's on these rows, and hold for the engine only if equal.
            or difference("test rows", self.held_out_scores, held_out, noise)
            or difference("edge cases", self.edge_scores, edges, noise)
        )


def gather_evidence(given: Given, row_scores: Scores, test_scores: Scores) -> Evidence:
    """Score generated edge cases with the fitted pipeline, which may have no answer for some."""
    fields = given.model.fields
    chosen = np.random.default_rng(0).integers(len(given.train), size=EDGE_ROWS)
    basis = instances_of(given.train.iloc[chosen], fields)
    edges = [instance for _, instance in plain_edges(basis, fields)]
    edges += extreme_edges(basis, fields, seed=0)
    edge_scores = score_each(given.model.score, edges)
    return Evidence(given.train, fields, row_scores, given.test, test_scores, edges, edge_scores)


def choose_engine(given: Given, evidence: Evidence, folder: Path, refusals: Refusals) -> Choice:
    """Write the model in the form of the first engine that is not refuted."""
    reasons: dict[str, str] = {}
    is_file = isinstance(given.model.estimator, OnnxEstimator)
    for name, attempt in (
        ("compiled", _compiled),
        ("onnx", _onnx) if is_file else ("exact", _exact),
    ):
        try:
            choice = attempt(given, evidence, folder)
        except _Unfit as unfit:
            reasons[name] = str(unfit).rstrip(".")
            continue
        return replace(choice, reasons=reasons, trained_with=_trained_with(given))
    for name, reason in reasons.items():
        refusals.add_if(True, f"engine {name}: {reason}")
    refusals.stop_if_any()
    raise AssertionError("a refusal stops above")


def _trained_with(given: Given) -> dict[str, str]:
    """Return the distributions that define any part of a model; a file does not tell its own."""
    if isinstance(given.model.estimator, OnnxEstimator):
        return {}
    return defining_distributions(map(qualified_name, parts_of(given.model.estimator)))


class _Unfit(Exception):
    """An engine cannot stand for the pipeline; the message says why."""


def _compiled(given: Given, evidence: Evidence, folder: Path) -> Choice:
    model = given.model
    if isinstance(model.estimator, OnnxEstimator):
        raise _Unfit("an ONNX file has no steps to translate")
    if model.form == "series":
        raise _Unfit("it takes whole texts, and a plan is made of numbers and levels")
    try:
        plan = compile_plan(answering_part(model.estimator), given.schema, form=model.form)
    except NotCompilable as error:
        raise _Unfit(str(error)) from error
    engine = CompiledModel(plan, model.output)
    _prove(engine, evidence)
    return Choice("compiled", engine, save_plan(plan, folder), {}, {})


def _onnx(given: Given, evidence: Evidence, folder: Path) -> Choice:
    model = given.model
    session = model.estimator.session
    engine = OnnxModel(session, model.fields, model.output)
    _prove(engine, evidence)
    _require_independence(engine, evidence)
    runtime = defining_distributions(["onnxruntime.InferenceSession"])
    return Choice("onnx", engine, save_onnx(session, folder), {}, runtime)


def _exact(given: Given, evidence: Evidence, folder: Path) -> Choice:
    estimator = answering_part(given.model.estimator)
    content = _dump(estimator)
    try:
        distributions = defining_distributions(get_untrusted_types(data=content))
        rebuilt = load_estimator(content, list(distributions))
    except ArtefactError as error:
        raise _Unfit(str(error)) from error
    engine = replace(given.model, estimator=rebuilt)
    _prove(engine, evidence)
    _require_independence(engine, evidence)
    return Choice("exact", engine, save_exact(estimator, folder), {}, distributions)


def _prove(engine: Engine, evidence: Evidence) -> None:
    if refutation := evidence.refute(engine):
        raise _Unfit(refutation)


def _require_independence(engine: Engine, evidence: Evidence) -> None:
    """A service batches what happens to arrive together, so neighbours must not matter."""
    step = max(1, len(evidence.edges) // LONE_EDGES)
    edges = evidence.edges[::step]
    alone = score_singly(engine.score, edges)
    together = score_each(engine.score, edges)
    if difference("edge cases", alone, together, noise_of(evidence.fields)):
        raise _Unfit(
            "the answer to an instance depends on the others in its batch;"
            " a transformer must learn in fit and not from what it transforms"
        )


def _dump(estimator: Any) -> bytes:
    try:
        content: bytes = dumps(estimator)
    except RecursionError as error:
        raise _Unfit(
            "skops cannot write the model: something in it refers back to what holds it, as early"
            " stopping by a scoring does"
        ) from error
    except Exception as error:
        raise _Unfit(f"skops cannot write the model ({error})") from error
    return content
