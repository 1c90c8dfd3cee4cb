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
        fits = np.ones(len(instances), dtype=bool)
        columns = {}
        for field in self.fields:
            values = [instance.get(field.name) for instance in instances]
            if not _KINDS[field.type].issuperset(map(type, values)):
                fits &= [type(value) in _KINDS[field.type] for value in values]
            columns[field.name] = values
        frame = pd.DataFrame(
            {field.name: _column(columns[field.name], field, fits) for field in self.fields}
        )
        result = np.zeros(len(instances), dtype=bool)
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


def _column(values: Sequence[object], field: Field, fits: Flags) -> "pd.Series[Any]":
    """Return the values of the instances that fit; NumPy reads None as NaN."""
    kept = [value for value, is_kept in zip(values, fits, strict=True) if is_kept]
    dtype = np.object_ if field.type == "string" else np.float64
    return pd.Series(np.array(kept, dtype=dtype))
