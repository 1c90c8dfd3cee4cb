"""Named parts of the test rows: the levels of a column."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import GatesInvalid
from understudy.packaging.gates.case import Case
from understudy.serving.engines.fitted import label_text

# A column with more levels is no way to name parts, unless a person asks for it.
MOST_LEVELS = 50
MISSING = "(missing)"


@dataclass(frozen=True)
class Slice:
    """The test rows at some `places`, in their order."""

    title: str
    places: NDArray[np.intp]

    @property
    def rows(self) -> int:
        """How many test rows there are of it."""
        return len(self.places)


def find_slices(case: Case) -> list[Slice]:
    """
    Return the slices of the test rows, in the order of columns and levels.

    Columns are those that `gates.yaml` names, or else every text and boolean field with at most 50
    levels but the time column. Rows without a value are a slice too. Raises GatesInvalid for a
    column that is no field of the model.
    """
    return [one for name in _columns(case) for one in _levels(case.given.test[name])]


def _columns(case: Case) -> list[str]:
    fields = case.given.schema.fields
    wanted = case.limits.slices.columns
    if wanted is None:
        return [
            field.name
            for field in fields
            if field.type in ("string", "boolean")
            and field.name != case.time_column
            and case.given.test[field.name].nunique() <= MOST_LEVELS
        ]
    known = [field.name for field in fields]
    if unknown := [name for name in wanted if name not in known]:
        raise GatesInvalid(
            f"slices.columns names {', '.join(unknown)}, which is no field of the model;"
            f" there are {', '.join(known)}. Carry the column if the model does not use it."
        )
    return list(dict.fromkeys(wanted))


def _levels(column: "pd.Series[Any]") -> list[Slice]:
    codes, levels = pd.factorize(column)
    # Missing values have the code -1 and come first when sorted; here they come last.
    codes = np.where(codes < 0, len(levels), codes)
    titles = [*map(label_text, levels), MISSING]
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(titles)))
    places = np.split(order, ends[:-1])
    ordered = sorted(range(len(levels)), key=titles.__getitem__)
    slices = [Slice(f"{column.name} = {titles[i]}", places[i]) for i in [*ordered, len(levels)]]
    return [one for one in slices if one.rows]
