"""Which served instances a model has seen in training, known by their inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.schema import Field
from understudy.packaging.fingerprints import Fingerprints, input_fingerprints

Flags = NDArray[np.bool_]
Values = Sequence[object] | NDArray[Any]

_NONE = type(None)
_KINDS: dict[str, set[type]] = {
    "number": {int, float, _NONE},
    "integer": {int, float, _NONE},
    "string": {str, _NONE},
    "boolean": {bool, _NONE},
}


@dataclass(frozen=True, eq=False)
class TrainingInputs:
    """
    The inputs a model was trained on, as sorted fingerprints of the features it uses.

    Not `is_complete` are those of an artefact that was made before all of them were kept: then only
    the rows of its reference sample are known.
    """

    fingerprints: Fingerprints
    fields: tuple[Field, ...]
    is_complete: bool

    def hold(self, instances: Sequence[Mapping[str, object]]) -> Flags:
        """
        Tell for each instance, of shape (n,), whether its input stands in the training data.

        Fields that the model does not use are passed over, an absent one is a missing value. An
        instance with a value of another type than the model takes stands nowhere.
        """
        columns = {
            field.name: [instance.get(field.name) for instance in instances]
            for field in self.fields
        }
        return self.hold_columns(columns, len(instances))

    def hold_columns(self, columns: Mapping[str, Values], rows: int) -> Flags:
        """
        Tell the same of so many instances that are given as columns.

        An array of floats stands for numbers, with NaN for missing ones; an absent column is
        missing throughout.
        """
        fits = np.ones(rows, dtype=bool)
        given = {field.name: columns.get(field.name, [None] * rows) for field in self.fields}
        for field in self.fields:
            fits &= _fitting(given[field.name], field)
        frame = pd.DataFrame(
            {field.name: _column(given[field.name], field, fits) for field in self.fields}
        )
        result = np.zeros(rows, dtype=bool)
        result[fits] = np.isin(input_fingerprints(frame, self.fields), self.fingerprints)
        return result


def training_inputs(artefact: Artefact) -> TrainingInputs:
    """Read which inputs a model was trained on; raises ArtefactInvalid for an unreadable file."""
    fields = artefact.manifest.input_schema.features
    known = artefact.training_inputs()
    if known is not None:
        return TrainingInputs(known, fields, is_complete=True)
    reference = artefact.reference()
    sample = reference[reference["__split__"] == "train"]
    found = np.unique(input_fingerprints(sample, fields))
    return TrainingInputs(found, fields, len(sample) == artefact.manifest.training.rows)


def _fitting(values: Values, field: Field) -> Flags | bool:
    """Tell which values are of a type that the model takes for this field."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        return True if float in _KINDS[field.type] else np.asarray(np.isnan(values))
    if _KINDS[field.type].issuperset(map(type, values)):
        return True
    return np.array([type(value) in _KINDS[field.type] for value in values], dtype=bool)


def _column(values: Values, field: Field, fits: Flags) -> "pd.Series[Any]":
    """Return the values of the instances that fit; NumPy reads None as NaN."""
    if isinstance(values, np.ndarray):
        kept: Values = values[fits]
    else:
        kept = [value for value, is_kept in zip(values, fits, strict=True) if is_kept]
    dtype = np.object_ if field.type == "string" else np.float64
    if field.type == "string" and isinstance(kept, np.ndarray) and kept.dtype == np.float64:
        kept = [None] * len(kept)  # numbers fit no text, so these are all missing
    return pd.Series(np.array(kept, dtype=dtype), dtype=dtype)
