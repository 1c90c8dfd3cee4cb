"""Puts the contrast of two versions together."""

from dataclasses import asdict, dataclass

from understudy.artefacts.artefact import Artefact
from understudy.packaging.contrast.answers import AnswersContrast, Incomparable, contrast_answers
from understudy.packaging.contrast.held_out import held_out_rows, joined
from understudy.packaging.contrast.schemas import SchemaContrast, contrast_schemas
from understudy.packaging.contrast.training import (
    Shift,
    TrainingContrast,
    contrast_features,
    contrast_training,
)
from understudy.packaging.contrast.vetting import (
    GatePair,
    MetricPair,
    Pair,
    contrast_facts,
    contrast_gates,
    contrast_libraries,
    contrast_metrics,
)


@dataclass(frozen=True)
class Contrast:
    """
    Two versions side by side, the first as what was before.

    `same_held_out` tells whether both were measured on the same rows, as far as their references
    go. Where the answers cannot be compared, `answers` is None and `problem` says why.
    """

    titles: tuple[str, str]
    digests: tuple[str, str]
    facts: tuple[Pair, ...]
    schema: SchemaContrast
    training: TrainingContrast
    features: tuple[Shift, ...]
    metrics: tuple[MetricPair, ...]
    same_held_out: bool
    gates: tuple[GatePair, ...]
    libraries: tuple[Pair, ...]
    answers: AnswersContrast | None
    problem: str | None

    @property
    def is_identical(self) -> bool:
        """Whether the two are one and the same artefact."""
        return self.digests[0] == self.digests[1]

    @property
    def labels(self) -> tuple[str, str]:
        """How to call the two: by their titles, or, if these are alike, by their digests, too."""
        if self.titles[0] != self.titles[1]:
            return self.titles
        first, second = (f"{self.titles[0]} {digest[:6]}" for digest in self.digests)
        return first, second

    def to_json(self) -> dict[str, object]:
        """Return the contrast as JSON-ready content."""
        return {"is_identical": self.is_identical} | asdict(self)


def contrast(first: Artefact, second: Artefact) -> Contrast:
    """Compare two versions in all that their artefacts tell, and ask both about the same rows."""
    before, after = first.manifest, second.manifest
    schemas = before.input_schema, after.input_schema
    sides = held_out_rows(first, "first"), held_out_rows(second, "second")
    rows = joined(*sides, schemas)
    answers, problem = None, None
    try:
        answers = contrast_answers(first, second, rows)
    except Incomparable as error:
        problem = str(error)
    return Contrast(
        titles=(before.title, after.title),
        digests=(first.digest, second.digest),
        facts=contrast_facts(before, after),
        schema=contrast_schemas(*schemas),
        training=contrast_training(first, second),
        features=contrast_features(before, after),
        metrics=contrast_metrics(before, after),
        same_held_out=len(rows) == len(sides[0]) == len(sides[1]),
        gates=contrast_gates(before, after),
        libraries=contrast_libraries(before, after),
        answers=answers,
        problem=problem,
    )
