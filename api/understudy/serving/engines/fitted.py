"""A fitted estimator, called the one way that training called it."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.frames import array_of, array_of_frame, frame_of, texts_of
from understudy.artefacts.manifest import InputForm, OutputDescription
from understudy.artefacts.schema import Field
from understudy.errors import OutputInvalid, ScoringFailed
from understudy.serving.engines.predictions import Predictions, predictions_of
from understudy.serving.engines.scores import Scores, no_scores

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FittedModel:
    """A fitted estimator and what is needed to give it instances; classes make a classifier."""

    estimator: Any
    fields: tuple[Field, ...]
    form: InputForm
    output: OutputDescription
    name: str = "exact"

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """Predict validated instances, in order."""
        return predictions_of(self.score(instances), self.output, len(instances))

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        """Return the raw outputs of the instances."""
        if self.form == "array":
            return self._scores(array_of(instances, self.fields))
        if self.form == "series":
            return self._scores(texts_of(instances, self.fields[0]))
        return self._scores(frame_of(instances, self.fields))

    def score_frame(self, frame: "pd.DataFrame") -> Scores:
        """
        Return the raw outputs for the rows of a frame that has the dtypes of training.

        Raises ScoringFailed, with the estimator's own error as its cause, when it raises.
        """
        return self._scores(self.inputs_of(frame))

    def inputs_of(self, frame: "pd.DataFrame") -> Any:
        """Return the rows of a frame as the estimator takes them: frame, array or texts."""
        if self.form == "array":
            return array_of_frame(frame, self.fields)
        if self.form == "series":
            return frame[self.fields[0].name].astype(object)
        return frame[[field.name for field in self.fields]]

    def _scores(self, given: Any) -> Scores:
        if not len(given):
            classes = self.output.classes
            return no_scores(len(classes) if classes else None, self.output.has_probabilities)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            # What a model says of an unseen level is said by the response, not by a warning.
            warnings.simplefilter("ignore")
            try:
                return self._outputs(given)
            except OutputInvalid:
                raise
            except Exception as error:
                raise ScoringFailed(
                    f"The model raises {type(error).__name__} while it predicts: {error}"
                ) from error

    def _outputs(self, given: Any) -> Scores:
        classes, rows = self.output.classes, len(given)
        estimator = self.estimator
        if self.output.has_probabilities:
            # Two questions, and the steps before the last would prepare the rows for each.
            estimator, given = _prepared(estimator, given)
        answers = np.asarray(estimator.predict(given))
        if answers.ndim == 2 and answers.shape[1] == 1:
            answers = answers[:, 0]
        _require_shape("output", answers, (rows,))
        if classes is None:
            return Scores(values=answers.astype(np.float64))
        labels = np.array([_position(label, classes) for label in answers], dtype=np.int64)
        if not self.output.has_probabilities:
            return Scores(labels=labels)
        probabilities = np.asarray(estimator.predict_proba(given), dtype=np.float64)
        _require_shape("probabilities", probabilities, (rows, len(classes)))
        return Scores(probabilities=probabilities, labels=labels)


def _prepared(estimator: Any, given: Any) -> tuple[Any, Any]:
    """Return the last step of a pipeline with what the others make of the rows for it."""
    from sklearn.pipeline import Pipeline

    while type(estimator) is Pipeline:
        for _, step in estimator.steps[:-1]:
            if step is not None and step != "passthrough":
                given = step.transform(given)
        estimator = estimator.steps[-1][1]
    return estimator, given


def _require_shape(what: str, found: NDArray[Any], wanted: tuple[int, ...]) -> None:
    if found.shape != wanted:
        verb = "has" if what == "output" else "have"
        raise OutputInvalid(
            f"The model's {what} {verb} the shape {found.shape} for {wanted[0]} instances,"
            f" not {wanted}."
        )


def label_text(label: object) -> str:
    """Spell a class as outcomes and predictions spell it: 1.0 as 1, True as true."""
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, bool):
        return "true" if label else "false"
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label)


def label_texts(labels: NDArray[Any] | Sequence[object]) -> tuple[str, ...]:
    """Spell several classes."""
    return tuple(label_text(label) for label in labels)


def _position(label: object, classes: tuple[str, ...]) -> int:
    text = label_text(label)
    return classes.index(text) if text in classes else -1
