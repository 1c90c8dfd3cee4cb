"""Instances as they were served, with the units they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from understudy.errors import EvidenceInvalid

from .columns import Range
from .naming import Coded
from .units import Values, arrange

Columns = pd.DataFrame | Mapping[str, Values]


@dataclass(frozen=True, eq=False)
class Traffic:
    """
    Columns of instances, one row each.

    `units` and `instances` name what a row belongs to, `served_at` is in seconds since 1970 (or
    datetime64). Without units every row is its own; without times rows arrived as they stand.
    """

    columns: Columns
    units: Values | Coded | None = None
    instances: Values | None = None
    served_at: Values | None = None

    def frame(self) -> pd.DataFrame:
        """Gives the columns as a frame in the caller's order."""
        return as_frame(self.columns)

    def one_per_unit(self) -> pd.DataFrame:
        """Gives one instance of each unit, in order of arrival."""
        frame = self.frame()
        units = arrange(len(frame), self.units, self.instances, self.served_at)
        rows = units.one_each(np.ones(len(frame), dtype=bool))
        return frame.iloc[units.order[rows]].reset_index(drop=True)


@dataclass(frozen=True)
class Training:
    """What the manifest knows of all training rows, beyond the sample that travels along."""

    ranges: Mapping[str, Range]
    levels: Mapping[str, Mapping[str, int]]


def as_frame(columns: Columns) -> pd.DataFrame:
    """Gives columns as a frame with string names; raises EvidenceInvalid if they do not fit."""
    try:
        frame = pd.DataFrame(columns)
    except ValueError as error:
        raise EvidenceInvalid(f"The columns do not make a table: {error}.") from error
    frame.columns = [str(name) for name in frame.columns]
    if frame.columns.has_duplicates:
        raise EvidenceInvalid("Two columns have the same name.")
    return frame
