"""The raw outputs of a model, as arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scores:
    """
    What a model says of n instances.

    Regression: `values` of shape (n,). Classification: `labels` of shape (n,), each the number of
    a class, and `probabilities` of shape (n, classes) unless the model has none. A model that has
    no answer says NaN, or the label -1.
    """

    values: Floats | None = None
    probabilities: Floats | None = None
    labels: Integers | None = None

    def __len__(self) -> int:
        outputs = self.values if self.values is not None else self.labels
        return 0 if outputs is None else len(outputs)

    def is_valid(self) -> NDArray[np.bool_]:
        """Tell for each instance whether its outputs are finite and its label a known class."""
        valid = np.ones(len(self), dtype=np.bool_)
        if self.values is not None:
            valid &= np.isfinite(self.values)
        if self.probabilities is not None:
            valid &= np.isfinite(self.probabilities).all(axis=1)
        if self.labels is not None:
            valid &= self.labels >= 0
        return valid


def join_scores(parts: list[Scores]) -> Scores:
    """Put the scores of consecutive batches together."""

    def join(name: str) -> Any:
        arrays = [getattr(part, name) for part in parts]
        return None if arrays[0] is None else np.concatenate(arrays)

    return Scores(join("values"), join("probabilities"), join("labels"))


def no_scores(classes: int | None, has_probabilities: bool) -> Scores:
    """Return the scores of no instances, for a model of so many classes (None: of numbers)."""
    if classes is None:
        return Scores(values=np.empty(0))
    probabilities = np.empty((0, classes)) if has_probabilities else None
    return Scores(probabilities=probabilities, labels=np.empty(0, dtype=np.int64))
