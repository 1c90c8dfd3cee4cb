"""What the outputs of an ONNX model mean: one number per row, or labels and probabilities."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.errors import ArtefactInvalid, OutputInvalid
from understudy.serving.engines.fitted import label_text
from understudy.serving.engines.onnx_session import LABELS, MAPS, NUMBERS, Output
from understudy.serving.engines.scores import Scores

Floats = NDArray[np.float64]


class OutputReader:
    """
    Reads the outputs of a model of some classes (None: of a regression).

    Raises ArtefactInvalid for outputs that are not those of such a model.
    """

    def __init__(self, outputs: Sequence[Output], classes: Sequence[str] | None) -> None:
        self.classes = None if classes is None else tuple(classes)
        self.label: Output | None = None
        if classes is None:
            self.numbers: Output | None = _values(outputs)
        else:
            self.label = next((found for found in outputs if found.kind in LABELS), None)
            self.numbers = _probabilities(outputs)
            if self.numbers is None and self.label is None:
                raise ArtefactInvalid(
                    f"The ONNX file gives {_told(outputs)}: neither labels nor probabilities."
                )
        chosen = [found for found in (self.label, self.numbers) if found is not None]
        self.names = [found.name for found in chosen]

    @property
    def has_probabilities(self) -> bool:
        """Whether a classification comes with probabilities."""
        return self.classes is not None and self.numbers is not None

    def read(self, found: Sequence[Any], rows: int) -> Scores:
        """Return the scores of so many instances from the outputs called `names`."""
        *labels, last = found
        if self.classes is None:
            return Scores(values=_column(last, rows))
        if self.numbers is None:
            return Scores(labels=self._numbered(last, rows))
        probabilities = self._matrix(last, rows)
        if labels:
            return Scores(probabilities=probabilities, labels=self._numbered(labels[0], rows))
        # A half is not enough: scikit-learn decides for the first class then, too.
        valid = np.isfinite(probabilities).all(axis=1)
        return Scores(
            probabilities=probabilities, labels=np.where(valid, probabilities.argmax(axis=1), -1)
        )

    def _numbered(self, labels: Any, rows: int) -> NDArray[np.int64]:
        classes = self.classes or ()
        places = {name: place for place, name in enumerate(classes)}
        flat = np.asarray(labels).reshape(-1)
        _require_rows(len(flat), rows)
        return np.array([places.get(label_text(label), -1) for label in flat], dtype=np.int64)

    def _matrix(self, found: Any, rows: int) -> Floats:
        """Return probabilities, of shape (rows, classes); a lone column is the last class's."""
        classes = self.classes or ()
        if isinstance(found, list):
            _require_rows(len(found), rows)
            by_name = [{label_text(key): value for key, value in row.items()} for row in found]
            return np.array([[row[name] for name in classes] for row in by_name], dtype=np.float64)
        array = np.asarray(found, dtype=np.float64)
        array = array.reshape(len(array), -1)
        _require_rows(len(array), rows)
        if array.shape[1] == 1 and len(classes) == 2:
            return np.concatenate([1 - array, array], axis=1)
        if array.shape[1] != len(classes):
            raise OutputInvalid(
                f"The ONNX file gives {array.shape[1]} probabilities for {len(classes)} classes"
                f" ({', '.join(classes)}); export it with their names (skl2onnx: zipmap)."
            )
        return array


def classes_of_maps(found: Any) -> tuple[str, ...] | None:
    """Return the classes that probabilities with names are of, None for those without."""
    if isinstance(found, list) and found and isinstance(found[0], dict):
        return tuple(label_text(key) for key in found[0])
    return None


def _values(outputs: Sequence[Output]) -> Output:
    found = [output for output in outputs if output.kind in NUMBERS]
    if len(outputs) != 1 or len(found) != 1:
        raise ArtefactInvalid(
            f"The ONNX file gives {_told(outputs)}, but a regression is one output of numbers."
        )
    return found[0]


def _probabilities(outputs: Sequence[Output]) -> Output | None:
    """Return the output that is probabilities; with several, the one that is called so."""
    found = [output for output in outputs if output.kind in (*MAPS, *NUMBERS)]
    if len(found) > 1:
        found = [output for output in found if "prob" in output.name.lower()]
        if len(found) != 1:
            raise ArtefactInvalid(
                f"The ONNX file gives {_told(outputs)}, and not one of them is called"
                " probabilities: export labels and probabilities alone."
            )
    return found[0] if found else None


def _column(found: Any, rows: int) -> Floats:
    array = np.asarray(found, dtype=np.float64)
    if array.shape not in ((rows,), (rows, 1)):
        raise OutputInvalid(f"The model's output has the shape {array.shape} for {rows} instances.")
    return array.reshape(rows)


def _require_rows(found: int, rows: int) -> None:
    if found != rows:
        raise OutputInvalid(f"The model gave {found} outputs for {rows} instances.")


def _told(outputs: Sequence[Output]) -> str:
    return ", ".join(f"{output.name} ({output.kind})" for output in outputs) or "nothing"
