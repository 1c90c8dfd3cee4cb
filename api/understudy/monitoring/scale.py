"""On which scale an endpoint's predictions are counted, the same for every version and process."""

from dataclasses import dataclass

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.store import ArtefactStore
from understudy.log.database import Connection
from understudy.log.deployments import history

OTHER = "(other)"

# A histogram costs one series per bucket, role and version: few steps, dense where quality shows.
_STEPS = (0, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20)  # of 5 %
_PROBABILITIES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
_MOST_LABELS = 50


@dataclass(frozen=True)
class OutputScale:
    """
    The upper ends of the buckets of numbers, and the labels that are counted one by one.

    Either is empty where the endpoint's models give none. Labels beyond these count as `(other)`,
    so that the number of series stays bounded whatever a model says.
    """

    buckets: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()

    def name(self, label: str) -> str:
        """Return the name under which a label is counted."""
        return label if label in self.labels else OTHER


def scale_of(manifest: Manifest) -> OutputScale:
    """
    Return the scale on which a model's own predictions spread well.

    Regression: quantiles of its predictions on held-out rows, and half their range beyond either
    end. Binary: from 0 to 1. Several classes have labels only.
    """
    output = manifest.output
    labels = tuple(output.classes or ())[:_MOST_LABELS]
    if manifest.task == "multiclass":
        return OutputScale(labels=labels)
    if manifest.task == "binary":
        return OutputScale(_PROBABILITIES if output.has_probabilities else (), labels)
    return OutputScale(_buckets(output.quantiles or ()))


def read_scale(connection: Connection, endpoint: str, store: ArtefactStore) -> OutputScale | None:
    """
    Return the scale of an endpoint, or None before its first live model.

    It is that of the version which was live first, by the append-only record of deployments and
    the immutable artefact: the same on every machine, before and after every swap. Raises
    LogUnavailable and ArtefactError.
    """
    for change in history(connection, endpoint):
        if change.action == "live":
            return scale_of(store.manifest(change.name, change.version))
    return None


def _buckets(quantiles: tuple[float, ...]) -> tuple[float, ...]:
    if not quantiles:
        return ()
    low, high = quantiles[0], quantiles[-1]
    last = len(quantiles) - 1
    inner = [quantiles[step * last // 20] for step in _STEPS]
    beyond = [low - (high - low) / 2, high + (high - low) / 2]
    return tuple(sorted({float(f"{end:.4g}") for end in (*inner, *beyond)}))
