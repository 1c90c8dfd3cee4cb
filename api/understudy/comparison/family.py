"""The family of checks: fixed before traffic is seen, and adjusted so that all may be acted on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import EvidenceInvalid

from .checks import Check, checks_of
from .columns import Kind, infer_kind
from .reference import Column
from .tallies import Tally
from .traffic import Columns, Training, as_frame

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Family:
    """The reference columns and the list of their checks, fixed before traffic is seen."""

    columns: Mapping[str, Column]
    rows: int

    @classmethod
    def of(
        cls,
        reference: Columns,
        *,
        kinds: Mapping[str, Kind] | None = None,
        training: Training | None = None,
    ) -> "Family":
        """Reads the reference; raises EvidenceInvalid if it holds no rows."""
        before = as_frame(reference)
        if before.empty or not len(before.columns):
            raise EvidenceInvalid("The reference holds no rows: there is nothing to compare with.")
        known = training or Training({}, {})
        columns = {
            name: Column(
                name,
                (kinds or {}).get(name) or infer_kind(before[name]),
                before[name],
                known.ranges.get(name),
                known.levels.get(name),
            )
            for name in before.columns
        }
        return cls(columns, len(before))

    def only(self, names: Sequence[str]) -> "Family":
        """Returns the family of some of the columns."""
        return Family({name: self.columns[name] for name in names}, self.rows)

    @cached_property
    def checks(self) -> list[Check]:
        """Every check, column by column."""
        return [check for column in self.columns.values() for check in checks_of(column)]

    def tally(self, frame: "pd.DataFrame") -> dict[str, Tally]:
        """Counts rows, one per unit, so that the tallies merge with others of this family."""
        absent = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        return {
            name: column.tally(frame.get(name, absent)) for name, column in self.columns.items()
        }


def holm(p_values: Floats) -> Floats:
    """
    Adjusts p-values so that acting on those up to alpha errs anywhere with at most alpha.

    Holm (1979). By hand, because statsmodels' multipletests runs a full garbage collection on each
    call: 65 ms where this takes 0.02.
    """
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
