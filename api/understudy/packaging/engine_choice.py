"""Chooses the fastest engine that is proven to answer as the fitted pipeline does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from understudy.packaging.proof import (
    difference,
    score_each,
    score_rows,
    score_singly,
)
from understudy.serving.engines import Engine
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan
from understudy.serving.engines.exact import load_estimator, save_exact
from understudy.serving.engines.plan import save_plan
from understudy.serving.engines.scores import Scores
from understudy.serving.engines.trusted import defining_distributions

# How many training rows the edges are built upon.
EDGE_ROWS = 60
# How many edges are also asked one by one, where each costs a whole call of scikit-learn.
LONE_EDGES = 200


@dataclass(frozen=True)
class Choice:
    """The engine chosen, its files, and why a faster one was not chosen."""

    name: EngineName
    engine: Engine
    files: list[str]
    reasons: dict[str, str]
    distributions: dict[str, str]


@dataclass(frozen=True)
class Evidence:
    """Rows and edges with the fitted pipeline's own scores, against which engines are held."""

    rows: pd.DataFrame
    fields: Sequence[Field]
    row_scores: Scores
    edges: Sequence[Instance]
    edge_scores: Scores

    def refute(self, engine: Engine) -> str | None:
        """Say where an engine differs from the fitted pipeline; None if nowhere."""
        try:
            found = score_rows(engine.score, self.rows, self.fields)
            edges = score_each(engine.score, self.edges)
        except ModelError as error:
            return str(error)
        return difference("training rows", self.row_scores, found) or difference(
            "edge cases", self.edge_scores, edges
        )


def gather_evidence(given: Given, row_scores: Scores, refusals: Refusals) -> Evidence:
    """
    Score training rows and generated edge cases with the fitted pipeline.

    Notes a refusal when the pipeline has no answer for something its contract must accept.
    """
    fields = given.model.fields
    chosen = np.random.default_rng(0).integers(len(given.train), size=EDGE_ROWS)
    basis = instances_of(given.train.iloc[chosen], fields)
    plain = plain_edges(basis, fields)
    edges = [instance for _, instance in plain] + extreme_edges(basis, fields, seed=0)
    scores = score_each(given.model.score, edges)
    unanswered = [
        what for (what, _), valid in zip(plain, scores.is_valid(), strict=False) if not valid
    ]
    refusals.add_if(
        bool(unanswered),
        f"the model has no answer for {'; '.join(unanswered[:3])}, which clients may send:"
        " impute missing values, and let encoders accept unknown levels"
        " (handle_unknown='ignore' or 'use_encoded_value')",
    )
    return Evidence(given.train, fields, row_scores, edges, scores)


def choose_engine(given: Given, evidence: Evidence, folder: Path, refusals: Refusals) -> Choice:
    """Write the model in the form of the first engine that is not refuted."""
    reasons: dict[str, str] = {}
    try:
        return _compiled(given, evidence, folder)
    except _Unfit as unfit:
        reasons["compiled"] = str(unfit)
    try:
        return replace(_exact(given, evidence, folder), reasons=reasons)
    except _Unfit as unfit:
        reasons["exact"] = str(unfit)
    for name, reason in reasons.items():
        refusals.add_if(True, f"engine {name}: {reason}")
    refusals.stop_if_any()
    raise AssertionError("a refusal stops above")


class _Unfit(Exception):
    """An engine cannot stand for the pipeline; the message says why."""


def _compiled(given: Given, evidence: Evidence, folder: Path) -> Choice:
    model = given.model
    try:
        plan = compile_plan(model.estimator, given.schema, form=model.form)
    except NotCompilable as error:
        raise _Unfit(str(error)) from error
    engine = CompiledModel(plan, model.output)
    _prove(engine, evidence)
    return Choice("compiled", engine, save_plan(plan, folder), {}, {})


def _exact(given: Given, evidence: Evidence, folder: Path) -> Choice:
    content = _dump(given.model.estimator)
    distributions = defining_distributions(get_untrusted_types(data=content))
    try:
        estimator = load_estimator(content, list(distributions))
    except ArtefactError as error:
        raise _Unfit(str(error)) from error
    engine = replace(given.model, estimator=estimator)
    _prove(engine, evidence)
    _require_independence(engine, evidence)
    files = save_exact(given.model.estimator, folder)
    return Choice("exact", engine, files, {}, distributions)


def _prove(engine: Engine, evidence: Evidence) -> None:
    if refutation := evidence.refute(engine):
        raise _Unfit(refutation)


def _require_independence(engine: Engine, evidence: Evidence) -> None:
    """A service batches what happens to arrive together, so neighbours must not matter."""
    step = max(1, len(evidence.edges) // LONE_EDGES)
    edges = evidence.edges[::step]
    alone = score_singly(engine.score, edges)
    if difference("edge cases", alone, score_each(engine.score, edges)):
        raise _Unfit(
            "the answer to an instance depends on the others in its batch;"
            " a transformer must learn in fit and not from what it transforms"
        )


def _dump(estimator: Any) -> bytes:
    try:
        content: bytes = dumps(estimator)
    except Exception as error:
        raise _Unfit(f"skops cannot write the model ({error})") from error
    return content
