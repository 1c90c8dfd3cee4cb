"""The onnx engine: an ONNX file, run by onnxruntime without pandas."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import OutputDescription
from understudy.artefacts.schema import Field
from understudy.errors import OutputInvalid, ScoringFailed
from understudy.serving.engines.distributions import check_distributions
from understudy.serving.engines.onnx_outputs import OutputReader
from understudy.serving.engines.onnx_session import OnnxSession
from understudy.serving.engines.predictions import Predictions, predictions_of
from understudy.serving.engines.scores import Scores, no_scores

MODEL_FILE = "model.onnx"


class OnnxModel:
    """An ONNX file as an engine for instances with some fields, in the order of its columns."""

    name = "onnx"

    def __init__(
        self, session: OnnxSession, fields: Sequence[Field], output: OutputDescription
    ) -> None:
        self.session, self.output = session, output
        self.reader = OutputReader(session.outputs, output.classes)
        names = [field.name for field in fields]
        # One input takes all columns, or each takes the column it is called after.
        self.columns = [names] if session.is_matrix else [[i.name] for i in session.inputs]

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
                arrays = self._arrays(instances)
                found = self.session.run(arrays, self.reader.names)
                return self.reader.read(found, len(instances))
        except OutputInvalid:
            raise
        except Exception as error:
            raise ScoringFailed(
                f"The ONNX model raises {type(error).__name__} while it predicts: {error}"
            ) from error

    def _arrays(self, instances: Sequence[Mapping[str, object]]) -> list[NDArray[Any]]:
        getters = [instance.get for instance in instances]
        # NumPy reads None as NaN when it is told to expect floats.
        return [
            np.array([[get(name) for name in names] for get in getters], dtype=taken.dtype)
            for names, taken in zip(self.columns, self.session.inputs, strict=True)
        ]


def load_onnx(artefact: Artefact) -> OnnxModel:
    """
    Load the ONNX file of an artefact.

    Raises ExtraMissing without onnxruntime, and ArtefactInvalid for a file that it cannot load,
    that keeps tensors elsewhere, or whose outputs are not those of the manifest.
    """
    manifest = artefact.manifest
    session = OnnxSession((artefact.folder / MODEL_FILE).read_bytes())
    check_distributions(manifest.distributions)
    return OnnxModel(session, manifest.input_schema.features, manifest.output)


def save_onnx(session: OnnxSession, folder: Path) -> list[str]:
    """Write the file of a model into an artefact's folder and return the files written."""
    (folder / MODEL_FILE).write_bytes(session.content)
    return [MODEL_FILE]
