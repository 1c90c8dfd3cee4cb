"""What two versions answer to the same held-out rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import InputSchema, instance_schema
from understudy.errors import UnderstudyError
from understudy.packaging.contrast.held_out import HeldOutRow, Which
from understudy.packaging.proof import BATCH_ROWS, score_each
from understudy.serving.engines import load_engine
from understudy.serving.engines.scores import Scores, join_scores

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_LISTED = 10
# Answers within this relative distance are the same: engines round differently.
TOLERANCE = 1e-6


class Incomparable(ValueError):
    """The answers of two versions do not speak of the same thing; the message says why."""


@dataclass(frozen=True)
class Discrepancy:
    """
    A held-out row of one version that both answer, and how far apart.

    `before` and `after` are numbers or labels, `probabilities` those of the positive class, or of
    the first version's label where there are more classes than two.
    """

    of: Which
    row: int
    truth: object
    before: object
    after: object
    difference: float
    probabilities: tuple[float, float] | None = None


@dataclass(frozen=True)
class Spread:
    """Mean, median and largest of the differences."""

    mean: float
    median: float
    largest: float


@dataclass(frozen=True)
class AnswersContrast:
    """
    How two versions answer the held-out rows of both.

    Of `rows` different ones, `refused` counts those that the contract of the first, of the second
    does not accept, and `unanswered` those that a model has no finite answer to; the others are
    `compared`. `differing` are further apart than a relative 1e-6 or have another label.
    `absolute` is about distances of numbers, or of probabilities: half the sum over all classes.
    `relative` is relative to the first version's number, where that is not 0.
    """

    rows: int
    refused: tuple[int, int]
    unanswered: int
    compared: int
    differing: int
    labels_changed: int | None
    absolute: Spread | None
    relative: Spread | None
    largest: tuple[Discrepancy, ...]


@dataclass(frozen=True)
class _Side:
    """A version with its answers to rows that both accept; classes are in one order for both."""

    scores: Scores
    labels: NDArray[Any] | None
    probabilities: Floats | None


def contrast_answers(
    first: Artefact, second: Artefact, rows: Sequence[HeldOutRow]
) -> AnswersContrast:
    """
    Ask both versions about the same rows.

    Raises Incomparable where they predict different things or an engine cannot be loaded here.
    """
    check_alike(first.manifest, second.manifest)
    accepted = [_is_accepted(a.manifest.input_schema, rows) for a in (first, second)]
    asked = [row for row, *both in zip(rows, *accepted, strict=True) if all(both)]
    sides = [_asked(artefact, asked, first.manifest) for artefact in (first, second)]
    answered = sides[0].scores.is_valid() & sides[1].scores.is_valid()
    gaps = _gaps(*sides)
    changed = None if sides[0].labels is None else sides[0].labels != sides[1].labels
    differing = _differing(sides, gaps, changed) & answered
    is_number = sides[0].scores.values is not None
    has_gaps = is_number or sides[0].probabilities is not None
    worst = _worst(gaps, changed, differing)
    return AnswersContrast(
        rows=len(rows),
        refused=(int((~accepted[0]).sum()), int((~accepted[1]).sum())),
        unanswered=int((~answered).sum()),
        compared=int(answered.sum()),
        differing=int(differing.sum()),
        labels_changed=None if changed is None else int((changed & answered).sum()),
        absolute=_spread(gaps[answered]) if has_gaps else None,
        relative=_relative(sides[0], gaps, answered) if is_number else None,
        largest=tuple(_discrepancy(asked, sides, gaps, first.manifest, row) for row in worst),
    )


def check_alike(first: Manifest, second: Manifest) -> None:
    """Raise Incomparable unless two versions predict the same thing."""
    before, after = first.output, second.output
    if first.task != second.task:
        raise Incomparable(f"one is a {first.task}, the other a {second.task}")
    if before.target != after.target:
        raise Incomparable(f"one predicts {before.target}, the other {after.target}")
    if before.unit != after.unit and before.unit and after.unit:
        raise Incomparable(f"one answers in {before.unit}, the other in {after.unit}")
    if set(before.classes or ()) != set(after.classes or ()):
        raise Incomparable(f"the classes are {before.classes} and {after.classes}")


def _is_accepted(schema: InputSchema, rows: Sequence[HeldOutRow]) -> Bools:
    validator = jsonschema_rs.validator_for(instance_schema(InputSchema(schema.features)))
    return np.array([validator.is_valid(row.seen_by(schema)) for row in rows], dtype=np.bool_)


def _asked(artefact: Artefact, rows: Sequence[HeldOutRow], order: Manifest) -> _Side:
    """Ask one version; probabilities come in the order of the classes of `order`."""
    schema, classes = artefact.manifest.input_schema, artefact.manifest.output.classes
    try:
        engine = load_engine(artefact)
    except (UnderstudyError, ImportError, OSError) as error:
        raise Incomparable(f"{artefact.manifest.title} cannot be loaded here: {error}") from error
    instances = [row.seen_by(schema) for row in rows]
    batches = [instances[i : i + BATCH_ROWS] for i in range(0, len(instances), BATCH_ROWS)]
    scores = join_scores([score_each(engine.score, batch) for batch in batches or [[]]])
    if classes is None or scores.labels is None:
        return _Side(scores, None, None)
    places = [classes.index(name) for name in order.output.classes or ()]
    probabilities = None if scores.probabilities is None else scores.probabilities[:, places]
    return _Side(scores, np.array([*classes, ""], dtype=object)[scores.labels], probabilities)


def _gaps(before: _Side, after: _Side) -> Floats:
    """Return the distance of the two answers to each row; of labels alone, 1 where they differ."""
    if before.scores.values is not None and after.scores.values is not None:
        return np.asarray(np.abs(after.scores.values - before.scores.values))
    if before.probabilities is not None and after.probabilities is not None:
        return np.asarray(np.abs(after.probabilities - before.probabilities).sum(axis=1) / 2)
    return np.asarray(before.labels != after.labels, dtype=np.float64)


def _differing(sides: Sequence[_Side], gaps: Floats, changed: Bools | None) -> Bools:
    values = sides[0].scores.values
    if values is not None:
        return np.asarray(gaps > TOLERANCE * np.abs(values))
    return np.asarray((gaps > TOLERANCE) | (False if changed is None else changed))


def _spread(gaps: Floats) -> Spread | None:
    if not len(gaps):
        return None
    return Spread(float(gaps.mean()), float(np.median(gaps)), float(gaps.max()))


def _relative(before: _Side, gaps: Floats, answered: Bools) -> Spread | None:
    size = np.abs(np.asarray(before.scores.values))
    known = answered & (size > 0)
    return _spread(gaps[known] / size[known])


def _worst(gaps: Floats, changed: Bools | None, differing: Bools) -> list[int]:
    """Number the largest discrepancies; changed labels come first, and of equals the first row."""
    rows = np.flatnonzero(differing)
    is_minor = np.zeros(len(rows)) if changed is None else ~changed[rows]
    return [int(row) for row in rows[np.lexsort((-gaps[rows], is_minor))][:MOST_LISTED]]


def _discrepancy(
    rows: Sequence[HeldOutRow],
    sides: Sequence[_Side],
    gaps: Floats,
    manifest: Manifest,
    number: int,
) -> Discrepancy:
    row, gap = rows[number], float(gaps[number])
    before, after = sides
    if before.scores.values is not None and after.scores.values is not None:
        said = float(before.scores.values[number]), float(after.scores.values[number])
        return Discrepancy(row.of, row.row, row.truth, *said, said[1] - said[0])
    labels = [str(np.asarray(side.labels)[number]) for side in sides]
    followed = (manifest.output.classes or ()).index(manifest.output.positive or labels[0])
    known = before.probabilities is not None and after.probabilities is not None
    shares = [float(np.asarray(s.probabilities)[number, followed]) for s in sides] if known else []
    probabilities = (shares[0], shares[1]) if shares else None
    return Discrepancy(row.of, row.row, row.truth, labels[0], labels[1], gap, probabilities)
