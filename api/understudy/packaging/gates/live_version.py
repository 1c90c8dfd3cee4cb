"""The live version that a new one is held against, and what it says of the test rows."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.frames import instances_of
from understudy.artefacts.schema import Field
from understudy.packaging.fingerprints import row_fingerprints
from understudy.packaging.gates.rows import outside_of
from understudy.packaging.given import Given
from understudy.packaging.proof import score_each, unequal_rows
from understudy.serving.engines import load_engine
from understudy.serving.engines.scores import Scores, join_scores

# Rows that are scored in one call.
BATCH_ROWS = 5000


class NotComparable(ValueError):
    """A live version cannot be asked about the test rows; the message says why."""


@dataclass(frozen=True)
class LiveVersion:
    """
    A packaged version with its answers to the test rows.

    `scores` are in the order of `given.test` and of the new model's classes. `is_answered` tells
    which test rows the live version has an answer for, because its contract accepts them and its
    output is finite; `is_seen` which ones it was trained on, and `is_learned` which ones the new
    model was.
    """

    artefact: Artefact
    scores: Scores
    is_answered: NDArray[np.bool_]
    is_seen: NDArray[np.bool_]
    is_learned: NDArray[np.bool_]

    @property
    def is_fresh(self) -> NDArray[np.bool_]:
        """Which answered rows neither was trained on, so that the losses of both compare."""
        return self.is_answered & ~self.is_seen & ~self.is_learned

    @property
    def unanswered(self) -> int:
        """How many test rows the live version has no answer for."""
        return int((~self.is_answered).sum())

    @property
    def seen(self) -> int:
        """How many of the answered test rows the live version was trained on."""
        return int((self.is_answered & self.is_seen).sum())

    @property
    def learned(self) -> int:
        """How many of the answered test rows only the new model was trained on."""
        return int((self.is_answered & ~self.is_seen & self.is_learned).sum())

    @property
    def title(self) -> str:
        """Name and version in one word."""
        return self.artefact.manifest.title

    def scores_beside(self, scores: Scores) -> Scores:
        """
        Return live's scores, but the given ones of the new model wherever the two are equal.

        Equal is what two engines of one model are held to be. Where the same model comes again in
        another engine, the noise between the two would otherwise pass for a difference.
        """
        differs = unequal_rows(scores, self.scores)

        def mixed(ours: Any, theirs: Any) -> Any:
            if ours is None or theirs is None:
                return theirs
            return np.where(differs if theirs.ndim == 1 else differs[:, None], theirs, ours)

        return Scores(
            mixed(scores.values, self.scores.values),
            mixed(scores.probabilities, self.scores.probabilities),
            mixed(scores.labels, self.scores.labels),
        )


def meet_live(artefact: Artefact, given: Given) -> LiveVersion:
    """
    Ask a live version about the test rows of a new one.

    Raises NotComparable if the two do not predict the same thing, or if the rows lack a feature of
    the live version or hold another type in it.
    """
    _check_output(artefact, given)
    features = _features(artefact, given)
    instances = instances_of(given.test, features)
    engine = load_engine(artefact)
    batches = range(0, len(instances), BATCH_ROWS)
    parts = [score_each(engine.score, instances[i : i + BATCH_ROWS]) for i in batches]
    scores = _in_order(join_scores(parts), artefact, given)
    found = row_fingerprints(given.test, given.test_target, features)
    answered = scores.is_valid() & _is_accepted(given.test, features)
    seen = np.isin(found, artefact.training_rows())
    return LiveVersion(artefact, scores, answered, seen, _learned(given))


def _learned(given: Given) -> NDArray[np.bool_]:
    """Tell which test rows stand in the new model's training data, as the gate `leakage` does."""
    features = given.schema.features
    train = row_fingerprints(given.train, given.train_target, features)
    return np.isin(row_fingerprints(given.test, given.test_target, features), train)


def _check_output(artefact: Artefact, given: Given) -> None:
    live, new = artefact.manifest, given.model.output
    if live.task != given.task:
        raise NotComparable(f"{live.title} is a {live.task}, and this is a {given.task}")
    theirs, ours = live.output.classes or (), new.classes or ()
    if set(theirs) != set(ours):
        raise NotComparable(
            f"{live.title} knows the classes {', '.join(theirs)}, and this model {', '.join(ours)}"
        )


def _features(artefact: Artefact, given: Given) -> list[Field]:
    """Return the live version's features, all of which the test rows must hold."""
    features = artefact.manifest.input_schema.features
    lacking = [field.name for field in features if field.name not in given.test.columns]
    if lacking:
        raise NotComparable(
            f"the test rows lack {', '.join(lacking)}, which {artefact.manifest.title} was trained"
            " with; name it in `carried`"
        )
    for field in features:
        _check_type(artefact, field, given)
    return list(features)


def _check_type(artefact: Artefact, field: Field, given: Given) -> None:
    """Refuse a column whose values the live version would read as something else."""
    (ours,) = (one.type for one in given.schema.fields if one.name == field.name)
    if ours == field.type or (field.type, ours) == ("number", "integer"):
        return
    column = given.test[field.name].dropna()
    if (field.type, ours) == ("integer", "number") and (column % 1 == 0).all():
        return
    raise NotComparable(
        f"{artefact.manifest.title} was trained with {field.name} as {field.type}, and here it is"
        f" {ours}"
    )


def _is_accepted(test: pd.DataFrame, features: list[Field]) -> NDArray[np.bool_]:
    """Tell which rows keep to the contract: values where it asks for them, within its bounds."""
    accepted = np.ones(len(test), dtype=np.bool_)
    for field in features:
        column = test[field.name]
        if not field.nullable:
            accepted &= column.notna().to_numpy(dtype=np.bool_)
        if field.outside == "refuse":
            accepted &= ~outside_of(column, field)
    return accepted


def _in_order(scores: Scores, artefact: Artefact, given: Given) -> Scores:
    """Put labels and probabilities in the order of the new model's classes."""
    theirs = artefact.manifest.output.classes
    ours = given.model.output.classes
    if theirs is None or ours is None or theirs == ours:
        return scores
    order = [theirs.index(name) for name in ours]
    place = np.array([ours.index(name) for name in theirs], dtype=np.int64)
    labels = scores.labels
    if labels is not None:
        labels = np.where(labels >= 0, place[np.maximum(labels, 0)], -1)
    probabilities = scores.probabilities
    return replace(
        scores,
        labels=labels,
        probabilities=None if probabilities is None else probabilities[:, order],
    )
