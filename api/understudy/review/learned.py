"""What the live model was trained on, as far as its artefact tells."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from understudy.artefacts.artefact import Artefact
from understudy.comparison.columns import Kind, Range
from understudy.comparison.family import Family
from understudy.comparison.traffic import Training

_KINDS: dict[str, Kind] = {"number": "numeric", "integer": "numeric", "boolean": "categorical"}


@dataclass(frozen=True, eq=False)
class Learned:
    """The columns of one model, and the sample of its rows that travels with it."""

    artefact: Artefact

    @cached_property
    def reference(self) -> pd.DataFrame:
        """The sample of training and held-out rows."""
        return self.artefact.reference()

    @property
    def features(self) -> list[str]:
        """The columns that the model uses."""
        return [field.name for field in self.artefact.manifest.input_schema.features]

    @property
    def kinds(self) -> dict[str, Kind]:
        """What the features hold, as far as the schema says it."""
        features = self.artefact.manifest.input_schema.features
        return {field.name: _KINDS[field.type] for field in features if field.type in _KINDS}

    @property
    def training(self) -> Training:
        """What the manifest knows of all training rows, not only of the sample."""
        manifest = self.artefact.manifest
        known = {
            name: manifest.features[name] for name in self.features if name in manifest.features
        }
        rows = manifest.training.rows
        return Training(
            ranges={
                name: Range(found.minimum, found.maximum, round(rows * (1 - found.missing_share)))
                for name, found in known.items()
                if found.minimum is not None and found.maximum is not None
            },
            levels={
                name: found.levels for name, found in known.items() if found.levels is not None
            },
        )

    @property
    def trained(self) -> pd.DataFrame:
        """The training part of the sample, features only."""
        return self.reference[self.reference["__split__"] == "train"][self.features]

    @property
    def family(self) -> Family:
        """The checks that hold traffic against the training sample."""
        return Family.of(self.trained, kinds=self.kinds, training=self.training)
