"""The answers of both models and what came true, as the comparison takes them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.cli.files.asked import Asked
from understudy.cli.files.cells import Cells, as_categories
from understudy.cli.files.task import Columns, Task, find_positive, refuse_many
from understudy.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = "pd.Series[Any]"


@dataclass(frozen=True, eq=False)
class Answers:
    """Numbers, labels or both of live and shadow, the outcomes, and which answers are usable."""

    numbers: tuple[Floats, Floats] | None
    labels: "tuple[pd.Series[Any], pd.Series[Any]] | None"
    outcomes: "Floats | pd.Series[Any] | None"
    positive: str | None
    remarks: tuple[str, ...]

    @property
    def usable(self) -> tuple[Flags, Flags]:
        """Tell for each side and row whether there is an answer that can be compared."""
        sides = []
        for side in (0, 1):
            size = len((self.numbers or self.labels or ([], []))[side])
            usable = np.ones(size, dtype=bool)
            if self.numbers is not None:
                usable &= np.isfinite(self.numbers[side])
            if self.labels is not None:
                usable &= self.labels[side].notna().to_numpy()
            sides.append(usable)
        return sides[0], sides[1]


def read_answers(asked: Asked, columns: Columns, task: Task) -> Answers:
    """Read both sides and the outcomes for a task; raises UsageError if they do not fit it."""
    if task.name == "regression":
        return _regression(columns)
    if task.has_probabilities:
        return _probabilities(asked, columns)
    return _labels(columns, task)


def _regression(columns: Columns) -> Answers:
    remarks: list[str] = []
    live, shadow = (_numbers(cells, remarks) for cells in (columns.live, columns.shadow))
    outcomes = None if columns.outcome is None else _numbers(columns.outcome, remarks)
    return Answers((live, shadow), None, outcomes, None, tuple(remarks))


def _numbers(cells: Cells, remarks: list[str]) -> Floats:
    values, misfits = cells.numbers()
    if misfits.count and np.isnan(values).all():
        raise UsageError(f"{cells.name!r} holds no number: {misfits}.")
    if misfits.count:
        remarks.append(f"{cells.name!r} is a column of numbers, but {misfits} cannot be read so.")
    return values


def _labels(columns: Columns, task: Task) -> Answers:
    refuse_many(columns.live, columns.shadow)
    live, shadow = columns.live.levels(), columns.shadow.levels()
    known = {*live.cat.categories, *shadow.cat.categories}
    if task.name == "binary" and len(known) > 2:
        raise UsageError(f"A binary task has two labels, but there are {', '.join(sorted(known))}.")
    outcomes = None
    remarks: list[str] = []
    if columns.outcome is not None:
        outcomes = _outcome_labels(columns.outcome, known, remarks)
    return Answers(None, (live, shadow), outcomes, None, tuple(remarks))


def _outcome_labels(cells: Cells, known: set[str], remarks: list[str]) -> "pd.Series[Any]":
    """Read what came true; labels that neither model gives count as wrong for both."""
    refuse_many(cells)
    outcomes = cells.levels()
    there = set(outcomes.cat.categories)
    strange = sorted(there - known)
    if there and not there & known:
        raise UsageError(
            f"No outcome in {cells.name!r} ({', '.join(strange[:3])}) is a label that the models"
            f" give ({', '.join(sorted(known)[:3])})."
        )
    if strange:
        count = int(outcomes.isin(strange).sum())
        remarks.append(
            f"{count:,} outcomes are labels that neither model gives ({', '.join(strange[:3])}):"
            " they count as wrong for both."
        )
    return outcomes


def _probabilities(asked: Asked, columns: Columns) -> Answers:
    remarks: list[str] = []
    live, shadow = (_shares(cells, remarks) for cells in (columns.live, columns.shadow))
    given = columns.live_label, columns.shadow_label
    outcomes = None if columns.outcome is None else columns.outcome.levels()
    if given[0] is not None and given[1] is not None:
        labels = given[0].levels(), given[1].levels()
        known = {*labels[0].cat.categories, *labels[1].cat.categories}
        positive = asked.positive or find_positive(known, given[0].name)
    else:
        known = set() if outcomes is None else set(outcomes.cat.categories)
        if known and asked.positive not in (None, *known):
            raise UsageError(_no_positive(str(asked.positive), known))
        positive = asked.positive or find_positive(known, asked.outcome)
        other = _other(outcomes, positive)
        known = {positive, other}
        labels = tuple(  # type: ignore[assignment] # two sides in, two out
            _by_threshold(side, positive, other, asked.threshold) for side in (live, shadow)
        )
        remarks.append(f"The label is {positive!r} from a probability of {asked.threshold:g} on.")
    if positive not in known or len(known) > 2:
        raise UsageError(_no_positive(positive, known))
    if columns.outcome is not None:
        outcomes = _outcome_labels(columns.outcome, known, remarks)
    return Answers((live, shadow), labels, outcomes, positive, tuple(remarks))


def _no_positive(positive: str, known: set[str]) -> str:
    listed = ", ".join(sorted(known)[:5])
    return (
        f"The positive class is {positive!r}, but the labels are {listed}: a binary task has two,"
        " the positive one among them."
    )


def _shares(cells: Cells, remarks: list[str]) -> Floats:
    values = _numbers(cells, remarks)
    with np.errstate(invalid="ignore"):
        beyond = (values < 0) | (values > 1)
    if not beyond.any():
        return values
    count = int(beyond.sum())
    remarks.append(
        f"{cells.name!r} has {count:,} values beyond 0 to 1, which are no probabilities."
    )
    return np.where(beyond, np.nan, values)


def _other(outcomes: "pd.Series[Any] | None", positive: str) -> str:
    """Name the negative class as the outcomes do: the most frequent that is not the positive."""
    if outcomes is not None:
        counts = outcomes[outcomes != positive].value_counts()
        if len(counts) and counts.iloc[0]:
            return str(counts.index[0])
    return {"1": "0", "true": "false", "yes": "no"}.get(positive, f"not {positive}")


def _by_threshold(shares: Floats, positive: str, other: str, threshold: float) -> "pd.Series[Any]":
    with np.errstate(invalid="ignore"):
        codes = np.where(np.isnan(shares), -1, (shares >= threshold).astype(np.int8))
    return as_categories(codes, [other, positive])
