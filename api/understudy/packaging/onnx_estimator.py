"""An ONNX file in the place of a fitted estimator, held against the rows it comes with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.manifest import Task
from understudy.artefacts.schema import Field
from understudy.errors import ArtefactInvalid, ArtefactRefused, OutputInvalid
from understudy.packaging.refusals import Refusals
from understudy.serving.engines.fitted import label_texts
from understudy.serving.engines.onnx_outputs import OutputReader, classes_of_maps
from understudy.serving.engines.onnx_session import LABELS, MAPS, OnnxSession
from understudy.serving.engines.scores import Scores

# How far the sum of a row's probabilities may be from 1, in the 32 bits they are given in.
SUM_TOLERANCE = 1e-3
# The types of fields whose values each kind of input can hold.
FITTING = {
    "tensor(float)": ("number", "integer", "boolean"),
    "tensor(double)": ("number", "integer", "boolean"),
    "tensor(int64)": ("integer", "boolean"),
    "tensor(bool)": ("boolean",),
    "tensor(string)": ("string",),
}


class OnnxEstimator:
    """
    A model that can predict and not be trained, so nothing asks it to be.

    Takes frames, arrays and texts as scikit-learn's estimators do, and has their attributes as
    far as they apply: `classes` make a classifier.
    """

    def __init__(
        self,
        session: OnnxSession,
        classes: tuple[str, ...] | None = None,
        *,
        has_probabilities: bool = False,
    ) -> None:
        self.session, self.classes = session, classes
        if session.is_matrix:
            self.n_features_in_ = session.inputs[0].width
        else:
            names = [taken.name for taken in session.inputs]
            self.feature_names_in_ = np.array(names, dtype=object)
        if classes is not None:
            self.classes_ = np.array(classes, dtype=object)
        if has_probabilities:
            self.predict_proba = self._probabilities

    def predict(self, given: Any) -> NDArray[Any]:
        """Return one number, or one label, per row."""
        scores = self._scores(given)
        if scores.values is not None:
            return scores.values
        # A label of no class has the number -1.
        names = np.array([*(self.classes or ()), None], dtype=object)
        return np.asarray(names[scores.labels])

    def _probabilities(self, given: Any) -> NDArray[np.float64] | None:
        return self._scores(given).probabilities

    def _scores(self, given: Any) -> Scores:
        reader = OutputReader(self.session.outputs, self.classes)
        arrays = arrays_for(self.session, given)
        return reader.read(self.session.run(arrays, reader.names), len(given))


def arrays_for(session: OnnxSession, given: Any) -> list[NDArray[Any]]:
    """Return the arrays that a model takes from a frame, an array or texts."""
    if session.is_matrix:
        values = given.to_numpy() if isinstance(given, pd.DataFrame | pd.Series) else given
        return [np.asarray(values).reshape(len(given), -1).astype(session.inputs[0].dtype)]
    columns = [given[taken.name].to_numpy() for taken in session.inputs]
    return [
        column.reshape(-1, 1).astype(taken.dtype)
        for column, taken in zip(columns, session.inputs, strict=True)
    ]


def opened(estimator: Any, refusals: Refusals) -> Any:
    """
    Open an ONNX file, given as its path, its bytes or a model of the library onnx.

    Anything else comes back as it is. Raises ExtraMissing without onnxruntime.
    """
    content = _content(estimator, refusals)
    if content is None:
        return estimator
    try:
        return OnnxEstimator(OnnxSession(content))
    except ArtefactInvalid as error:
        raise ArtefactRefused(refusals.name, refusals.version, [str(error)]) from error


def with_outputs(
    estimator: OnnxEstimator,
    task: Task | None,
    rows: Any,
    target: NDArray[Any],
    refusals: Refusals,
) -> tuple[OnnxEstimator, Task]:
    """
    Find out what the outputs of a file mean, from rows and all targets, those of the rows first.

    Raises ArtefactRefused if they do not mean what the task needs.
    """
    session = estimator.session
    try:
        if (task or _task(session, target)) == "regression":
            OutputReader(session.outputs, None)
            return estimator, "regression"
        reader, scores = _classification(session, rows, label_texts(np.unique(target)))
    except (ArtefactInvalid, OutputInvalid) as error:
        raise ArtefactRefused(refusals.name, refusals.version, [str(error)]) from error
    classes = reader.classes or ()
    found: Task = "binary" if len(classes) == 2 else "multiclass"
    for objection in (
        _of_other_task(classes, found, task),
        _improbable(scores),
        _misplaced(scores, classes, label_texts(target[: len(scores)])),
    ):
        refusals.add_if(objection is not None, f"the ONNX file {objection}")
    refusals.stop_if_any()
    return OnnxEstimator(session, classes, has_probabilities=reader.has_probabilities), found


def check_fields(estimator: OnnxEstimator, fields: Sequence[Field], refusals: Refusals) -> None:
    """Refuse fields whose values, or whose nulls, the inputs of a file cannot hold."""
    inputs = estimator.session.inputs
    taken = inputs * len(fields) if len(inputs) == 1 else inputs
    for field, found in zip(fields, taken, strict=True):
        fitting = FITTING[found.kind]
        refusals.add_if(
            field.type not in fitting,
            f"{field.name} is of the type {field.type}, but the ONNX file takes {found.kind} as"
            f" {found.name}, which holds {' or '.join(fitting)}",
        )
        refusals.add_if(
            field.nullable and "number" not in fitting,
            f"{field.name} may be null, but the ONNX file takes {found.kind} as {found.name}, which"
            " has no room for a missing value: fill the missing values in X_train as training did,"
            " and let clients send what stands for them, or export the file with numbers there",
        )


def _content(estimator: Any, refusals: Refusals) -> bytes | None:
    if isinstance(estimator, bytes | bytearray):
        return bytes(estimator)
    if hasattr(estimator, "SerializeToString"):
        content: bytes = estimator.SerializeToString()
        return content
    if not isinstance(estimator, str | Path):
        return None
    try:
        return Path(estimator).read_bytes()
    except OSError as error:
        reason = f"the ONNX file {estimator} cannot be read ({error.strerror})"
        raise ArtefactRefused(refusals.name, refusals.version, [reason]) from error


def _task(session: OnnxSession, target: NDArray[Any]) -> Task:
    """Labels, and probabilities of several, make a classification; so do targets of two values."""
    outputs = session.outputs
    if any(output.kind in (*LABELS, *MAPS) or (output.width or 1) > 1 for output in outputs):
        return "multiclass"
    is_numeric = target.dtype.kind in "iuf" and len(np.unique(target)) > 2
    return "regression" if is_numeric else "binary"


def _classification(
    session: OnnxSession, rows: Any, labels: tuple[str, ...]
) -> tuple[OutputReader, Scores]:
    """Let a file answer rows, and read it with its own classes, or with the labels of training."""
    names = OutputReader(session.outputs, ()).names
    try:
        found = session.run(arrays_for(session, rows), names)
    except Exception as error:
        told = " ".join(str(error).split())
        raise OutputInvalid(f"The ONNX file has no answer for the training rows: {told}") from error
    reader = OutputReader(session.outputs, classes_of_maps(found[-1]) or labels)
    scores = reader.read(found, len(rows))
    if reader.label is not None and scores.labels is not None and (scores.labels < 0).any():
        strange = sorted({*label_texts(np.ravel(found[0]))} - {*(reader.classes or ())})
        raise OutputInvalid(
            f"The ONNX file gives the labels {', '.join(strange)}, but those of y_train are"
            f" {', '.join(reader.classes or ())}."
        )
    return reader, scores


def _of_other_task(classes: Sequence[str], found: Task, wanted: Task | None) -> str | None:
    if len(classes) < 2:
        return f"knows a single class, {', '.join(classes)}"
    if wanted not in (None, found):
        return f"knows {len(classes)} classes, which makes the task {found!r} and not {wanted!r}"
    return None


def _improbable(scores: Scores) -> str | None:
    """Say why numbers are no probabilities."""
    if scores.probabilities is None:
        return None
    rows = scores.probabilities[np.isfinite(scores.probabilities).all(axis=1)]
    sums = rows.sum(axis=1)
    if not rows.size or (
        rows.min() >= 0 and rows.max() <= 1 and np.abs(sums - 1).max() <= SUM_TOLERANCE
    ):
        return None
    return (
        f"gives numbers from {rows.min():.3g} to {rows.max():.3g} that add up to {sums.min():.3g}"
        f" to {sums.max():.3g} in a row, and no probabilities: end it with a softmax or a sigmoid"
    )


def _misplaced(scores: Scores, classes: Sequence[str], truth: Sequence[str]) -> str | None:
    """Say which class has no probability of its own: labels and columns in different orders."""
    if scores.probabilities is None or scores.labels is None:
        return None
    told = scores.labels
    for number, name in enumerate(classes):
        is_own = told == number
        column = scores.probabilities[:, number]
        if is_own.any() and (~is_own).any() and column[is_own].mean() < column[~is_own].mean():
            return (
                f"gives the label {name} where the probability in its place, {number}, is low: its"
                f" probabilities are not in the order {', '.join(classes)}; export them with their"
                " names (skl2onnx: zipmap)"
            )
    return None
