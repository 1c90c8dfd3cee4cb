"""
Engines: what turns instances into predictions.

Three implementations stand behind one protocol: `compiled` runs a plan of known steps with NumPy
alone, `onnx` runs an ONNX file, `exact` the fitted estimator itself. Packaging chooses
(`packaging.engine_choice`), and `load_engine` loads what was chosen. `compiler` holds what is
needed only when packaging, `trusted` what the exact engine may rebuild.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from understudy.artefacts.archive import check_inside
from understudy.artefacts.artefact import Artefact
from understudy.errors import ArtefactInvalid, UnderstudyError
from understudy.serving.engines.predictions import Predictions
from understudy.serving.engines.scores import Scores

__all__ = ["Engine", "Predictions", "Scores", "load_engine"]


class Engine(Protocol):
    """A loaded model."""

    @property
    def name(self) -> str:
        """The name under which a manifest chooses this engine."""
        ...

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """
        Predict validated instances, in order; an absent key and None mean a missing value.

        Raises OutputInvalid for an output that is not one finite prediction per instance, and
        ScoringFailed when the model itself raises.
        """
        ...

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        """Return the raw outputs of the instances, not finite where the model has no answer."""
        ...


def load_engine(artefact: Artefact) -> Engine:
    """
    Load the model of an artefact into the engine its manifest names; runs no code from it.

    Raises ArtefactInvalid for files that are no such model, and ExtraMissing where the engine is
    not installed.
    """
    try:
        return _load(artefact)
    except UnderstudyError:
        raise
    except Exception as error:
        # Readers of files that somebody shaped fail in ways that nobody can list.
        raise ArtefactInvalid(
            f"The model of {artefact.manifest.title} cannot be loaded"
            f" ({type(error).__name__}: {error})."
        ) from error


def _load(artefact: Artefact) -> Engine:
    for path in artefact.folder.glob("model.*"):
        check_inside(path)
    # Imported here, because a compiled model must not pull in what the others need.
    if artefact.manifest.engine == "compiled":
        from understudy.serving.engines.compiled import load_compiled

        return load_compiled(artefact)
    if artefact.manifest.engine == "onnx":
        from understudy.serving.engines.onnx import load_onnx

        return load_onnx(artefact)
    from understudy.serving.engines.exact import load_exact

    return load_exact(artefact)
