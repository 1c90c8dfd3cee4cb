"""A fitted estimator, called the one way that training called it."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.frames import frame_of
from understudy.artefacts.manifest import OutputDescription
from understudy.artefacts.schema import Field
from understudy.errors import OutputInvalid, ScoringFailed
from understudy.serving.engines.predictions import Predictions, predictions_of
from understudy.serving.engines.scores import Scores, no_scores


@dataclass(frozen=True)
class FittedModel:
    """A fitted estimator and what is needed to give it instances; classes make a classifier."""

    estimator: Any
    fields: tuple[Field, ...]
    form: Literal["frame", "array"]
    output: OutputDescription
    name: str = "exact"

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """Predict validated instances, in order."""
        return predictions_of(self.score(instances), self.output, len(instances))

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        """Return the raw outputs of the instances."""
        return self.score_frame(frame_of(instances, self.fields))

    def score_frame(self, frame: pd.DataFrame) -> Scores:
        """
        Return the raw outputs for the rows of a frame that has the dtypes of training.

        Raises ScoringFailed, with the estimator's own error as its cause, when it raises.
        """
        features = frame[[field.name for field in self.fields]]
        given: Any = features if self.form == "frame" else features.to_numpy(dtype=np.float64)
        if not len(features):
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
        classes = self.output.classes
        answers = np.asarray(self.estimator.predict(given))
        if answers.ndim == 2 and answers.shape[1] == 1:
            answers = answers[:, 0]
        if answers.ndim != 1 or len(answers) != len(given):
            raise OutputInvalid(
                f"The model's output has the shape {answers.shape} for {len(given)} instances."
            )
        if classes is None:
            return Scores(values=answers.astype(np.float64))
        labels = np.array([_position(label, classes) for label in answers], dtype=np.int64)
        if not self.output.has_probabilities:
            return Scores(labels=labels)
        probabilities = np.asarray(self.estimator.predict_proba(given), dtype=np.float64)
        return Scores(probabilities=probabilities, labels=labels)


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
