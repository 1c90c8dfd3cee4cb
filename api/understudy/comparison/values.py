"""Values: whether each column holds what its schema and the training data lead one to expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import level_name, numbers
from .traffic import Columns, as_frame

Type = Literal["number", "integer", "string", "boolean"]
Flags = NDArray[np.bool_]

MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Expected:
    """What one column may hold (`type`, `nullable`) and what training saw (the rest)."""

    name: str
    type: Type
    nullable: bool = True
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ValueCheck:
    """
    How many values of a column are as expected; the counts are rows and do not overlap.

    `below` and `above` are beyond the training range, `unseen` are categories that training does
    not hold, `mistyped` are of another type. `examples` are the most frequent of all these.
    """

    column: str
    type: str
    rows: int
    missing: int
    missing_allowed: bool
    mistyped: int
    below: int
    above: int
    unseen: int
    examples: tuple[str, ...]

    @property
    def unexpected(self) -> int:
        """Rows that are not as expected, for whatever reason."""
        forbidden = 0 if self.missing_allowed else self.missing
        return forbidden + self.mistyped + self.below + self.above + self.unseen


def check_values(columns: Columns, expected: Sequence[Expected]) -> tuple[ValueCheck, ...]:
    """
    Counts, for each expected column, the values that break an expectation.

    A column that is not there is missing in every row; columns nobody expects are not looked at.
    """
    frame = as_frame(columns)
    absent = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    return tuple(_check(frame.get(known.name, absent), known) for known in expected)


def _check(values: "pd.Series[Any]", known: Expected) -> ValueCheck:
    missing = values.isna().to_numpy()
    mistyped = ~missing & ~_has_type(values, known.type)
    usable = ~missing & ~mistyped
    below, above = _beyond(values, usable, known)
    unseen = _unseen(values, usable, known)
    return ValueCheck(
        column=known.name,
        type=known.type,
        rows=len(values),
        missing=int(missing.sum()),
        missing_allowed=known.nullable,
        mistyped=int(mistyped.sum()),
        below=int(below.sum()),
        above=int(above.sum()),
        unseen=int(unseen.sum()),
        examples=_examples(values[mistyped | below | above | unseen]),
    )


def _has_type(values: "pd.Series[Any]", type_: Type) -> Flags:
    kinds = values.map(type)
    is_flag = kinds.isin([bool, np.bool_]).to_numpy()
    if type_ == "boolean":
        return is_flag
    is_text = kinds.isin([str]).to_numpy()
    if type_ == "string":
        return is_text
    found = numbers(values)
    is_number = np.isfinite(found) & ~is_flag & ~is_text
    return is_number if type_ == "number" else is_number & (found == np.floor(found))


def _beyond(values: "pd.Series[Any]", usable: Flags, known: Expected) -> tuple[Flags, Flags]:
    nowhere = np.zeros(len(values), dtype=bool)
    if known.type not in ("number", "integer"):
        return nowhere, nowhere
    found = np.where(usable, numbers(values.where(usable)), np.nan)
    below = nowhere if known.minimum is None else found < known.minimum
    above = nowhere if known.maximum is None else found > known.maximum
    return below, above


def _unseen(values: "pd.Series[Any]", usable: Flags, known: Expected) -> Flags:
    if known.categories is None:
        return np.zeros(len(values), dtype=bool)
    allowed = {level_name(category) for category in known.categories}
    named = values.map(level_name, na_action="ignore")
    return usable & ~named.isin(allowed).to_numpy()


def _examples(values: "pd.Series[Any]") -> tuple[str, ...]:
    counts = values.map(str).value_counts()
    most = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:MOST_EXAMPLES]
    return tuple(f"{value} ({count:,}×)" for value, count in most)
