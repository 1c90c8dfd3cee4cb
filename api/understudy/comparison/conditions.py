"""Columns as numbers for a tree, and the tree's conditions back in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .columns import infer_kind, numbers
from .slicing import LOOKED_AT, MISSING, Cut, cut_levels, number_name

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Step = tuple[int, float, bool]
"""Which value is compared with which threshold, and whether it lies above."""

LEAST_SHARE = 0.02
MOST_LEVELS = 20


@dataclass(frozen=True, eq=False)
class Value:
    """
    One column of the tree's table: a number, or a level (`part`) as 0 and 1.

    A missing number lies below all others. `known` are the numbers there are, to word thresholds;
    `parts` are all parts of the column, if they can be listed.
    """

    column: str
    part: str
    values: Floats
    known: Floats
    may_miss: bool = False
    parts: tuple[str, ...] = ()


def encode(columns: pd.DataFrame, grown: Flags) -> list[Value]:
    """Turns columns into numbers by what the rows `grown` hold; ids, texts and times are left."""
    found: list[Value] = []
    for name in sorted(columns.columns):
        values = columns[name]
        kind = infer_kind(values[grown].iloc[:LOOKED_AT])
        if kind == "numeric":
            found.append(_number(str(name), values, grown))
        elif kind == "categorical":
            found += _levels(cut_levels(str(name), values, grown), grown)
    return found


def _number(name: str, values: "pd.Series[Any]", grown: Flags) -> Value:
    """Missing is put so far below the least number that single precision tells them apart."""
    given = numbers(values)
    is_known = np.isfinite(given)
    known = given[grown & is_known]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    missing = low - (high - low) - max(1.0, abs(low))
    filled = np.where(is_known, np.maximum(given, low), missing)
    return Value(name, "", filled, known, not is_known.all())


def _levels(cut: Cut, grown: Flags) -> Iterator[Value]:
    counts = np.bincount(cut.codes[grown & (cut.codes >= 0)], minlength=len(cut.parts))
    codes = np.unique(cut.codes)
    parts = tuple(cut.parts[code] for code in codes) if codes.min(initial=0) >= 0 else ()
    frequent = np.flatnonzero(counts >= LEAST_SHARE * grown.sum())
    for code in sorted(frequent[np.argsort(-counts[frequent], kind="stable")][:MOST_LEVELS]):
        held = (cut.codes == code) * 1.0
        yield Value(cut.column, cut.parts[code], held, np.zeros(0), parts=parts)


def tell_path(encoded: Sequence[Value], path: Sequence[Step]) -> str:
    """Says the conditions of a leaf in words, one part per column, in the tree's order."""
    steps = [(encoded[index], threshold, is_above) for index, threshold, is_above in path]
    told = []
    for column in dict.fromkeys(value.column for value, _, _ in steps):
        own = [step for step in steps if step[0].column == column]
        told.append(f"{column} {_tell_levels(own) if own[0][0].part else _tell_number(own)}")
    return " and ".join(told) or "all instances"


def _tell_levels(steps: Sequence[tuple[Value, float, bool]]) -> str:
    """A level that holds, or is the only one left, says all; otherwise the others are listed."""
    held = [value.part for value, _, holds in steps if holds]
    refused = [value.part for value, _, holds in steps if not holds]
    left = held or [part for part in steps[0][0].parts if part not in refused]
    if len(left) == 1:
        return left[0] if left[0] == MISSING else f"is {_level(left[0])}"
    return "is not " + " or ".join(map(_level, refused))


def _level(part: str) -> str:
    return "missing" if part == MISSING else part.removeprefix("= ")


def _tell_number(steps: Sequence[tuple[Value, float, bool]]) -> str:
    """Missing lies below every threshold but the one that parts it from the known numbers."""
    value = steps[0][0]
    least = float(value.known.min())
    low = max((threshold for _, threshold, is_above in steps if is_above), default=-np.inf)
    high = min((threshold for _, threshold, is_above in steps if not is_above), default=np.inf)
    if high < least:
        return MISSING
    words = [f"above {_threshold(low, value.known)}"] if low >= least else []
    words += [f"at most {_threshold(high, value.known)}"] if high < np.inf else []
    or_missing = " or missing" if low == -np.inf and value.may_miss else ""
    return (" and ".join(words) or "is known") + or_missing


def _threshold(value: float, known: Floats) -> str:
    """Between whole numbers the tree halves the gap: above 1998.5 means above 1998."""
    are_whole = bool(np.all(known == np.floor(known)))
    return number_name(np.floor(value) if are_whole else value, known)
