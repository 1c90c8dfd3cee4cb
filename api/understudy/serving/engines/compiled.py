"""The compiled engine: a plan of known steps, run by NumPy alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactInvalid, ScoringFailed
from understudy.serving.engines.forest import ForestRunner
from understudy.serving.engines.links import exponential, probabilities
from understudy.serving.engines.matrix import MatrixBuilder, run_step
from understudy.serving.engines.plan import Plan, load_plan
from understudy.serving.engines.predictions import Predictions, predictions_of
from understudy.serving.engines.scores import Scores, no_scores

Floats = NDArray[np.float64]


class CompiledModel:
    """
    A model made of arrays.

    The answer to an instance does not depend on the others in its batch: every sum is taken in
    one order.
    """

    name = "compiled"

    def __init__(self, plan: Plan, output: OutputDescription) -> None:
        document = plan.document
        self.output = output
        self.matrix = MatrixBuilder(document.columns)
        self.head = document.head
        self.steps = [(step.kind, np.array(step.numbers)) for step in document.head.steps]
        self.run = (
            ForestRunner(document.forest, plan.arrays).run
            if document.forest
            else LinearRunner(plan.arrays).run
        )

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """Predict validated instances, in order."""
        return predictions_of(self.score(instances), self.output, len(instances))

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        """Return the raw outputs of the instances."""
        if not instances:
            classes = self.output.classes
            return no_scores(len(classes) if classes else None, self.output.has_probabilities)
        try:
            with np.errstate(all="ignore"):
                return self._finish(self.run(self.matrix.build(instances)))
        except (LookupError, TypeError, ValueError) as error:
            raise ScoringFailed(
                f"The compiled model cannot score these instances: {error!r}"
            ) from error

    def _finish(self, raw: NDArray[Any]) -> Scores:
        """Apply the link and the steps back to the target, in the precision of the raw outputs."""
        head = self.head
        if self.output.classes is None:
            values = exponential(raw) if head.link == "exp" else raw
            for kind, numbers in self.steps:
                values = run_step(kind, numbers, values)
            return Scores(values=values[:, 0].astype(np.float64))
        valid = np.isfinite(raw).all(axis=1)
        shares = None if head.link == "decision" else probabilities(head.link, raw)
        if shares is not None and head.label_by == "probabilities":
            best = shares.argmax(axis=1)
        else:
            best = (raw[:, 0] > 0) if raw.shape[1] == 1 else raw.argmax(axis=1)
        labels = np.where(valid, best.astype(np.int64), -1)
        return Scores(
            probabilities=None if shares is None else shares.astype(np.float64), labels=labels
        )


class LinearRunner:
    """A weighted sum per output."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.weights: Floats = arrays["weights"]
        self.base: Floats = arrays["base"]

    def run(self, matrix: Floats) -> Floats:
        """Return the raw outputs, of shape (rows, outputs)."""
        # Not a matrix product: BLAS sums in an order that depends on the number of rows.
        sums = [(matrix * weights).sum(axis=1) for weights in self.weights]
        return np.stack(sums, axis=1) + self.base


def load_compiled(artefact: Artefact) -> CompiledModel:
    """Load the plan of an artefact; raises ArtefactInvalid if it does not hang together."""
    plan = load_plan(artefact.folder)
    try:
        return CompiledModel(plan, artefact.manifest.output)
    except (KeyError, IndexError, ValueError) as error:
        raise ArtefactInvalid(
            f"The compiled model of {artefact.manifest.title} does not hang together ({error!r})."
        ) from error
