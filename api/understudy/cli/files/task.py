"""Which task a file of pairs is about, read off its columns."""

from dataclasses import dataclass

import numpy as np

from understudy.cli.files.asked import Asked
from understudy.cli.files.cells import Cells
from understudy.errors import UsageError

MOST_LABELS = 200
_YES = ("1", "true", "yes", "y", "positive", "pos")


@dataclass(frozen=True)
class Columns:
    """The columns of a file of pairs that hold answers and outcomes."""

    live: Cells
    shadow: Cells
    outcome: Cells | None
    live_label: Cells | None
    shadow_label: Cells | None


@dataclass(frozen=True)
class Task:
    """Regression, binary or multiclass; whether live and shadow are probabilities; and why."""

    name: str
    has_probabilities: bool
    why: str


def find_task(asked: Asked, columns: Columns) -> Task:
    """
    Take the task that is asked for, or the one that the columns suggest.

    Raises UsageError where they contradict each other.
    """
    live, shadow = columns.live, columns.shadow
    for cells in (live, shadow):
        if cells.type in ("time", "nested"):
            held = "times" if cells.type == "time" else "lists"
            raise UsageError(f"{cells.name!r} holds {held}, which no model is compared by.")
    speaks_of_probabilities = asked.positive is not None or columns.live_label is not None
    if speaks_of_probabilities and asked.task in (None, "binary") and _are_numbers(live, shadow):
        return Task("binary", True, f"{live.name!r} and {shadow.name!r} hold probabilities")
    if asked.task is not None:
        is_likely = asked.task == "binary" and _are_probabilities(columns)
        return Task(asked.task, is_likely, "as asked for")
    if live.type != "number" and shadow.type != "number":
        return _by_labels(live, shadow)
    if not _are_numbers(live, shadow):
        number, other = (live, shadow) if live.type == "number" else (shadow, live)
        raise UsageError(
            f"{number.name!r} holds numbers and {other.name!r} holds {_quoted(other)}: they are not"
            " the answers of two models to one question. --task says how to take them."
        )
    return _by_numbers(columns)


def _by_numbers(columns: Columns) -> Task:
    live, shadow, outcome = columns.live, columns.shadow, columns.outcome
    if _are_flags(live) and _are_flags(shadow):
        return Task("binary", False, f"{live.name!r} and {shadow.name!r} hold only 0 and 1")
    if outcome is None or (outcome.type == "number" and not _are_flags(outcome)):
        doubt = "; if they are probabilities, say --positive" if _are_probabilities(columns) else ""
        return Task("regression", False, f"{live.name!r} and {shadow.name!r} hold numbers{doubt}")
    if _are_probabilities(columns):
        why = (
            f"{live.name!r} and {shadow.name!r} hold probabilities, {outcome.name!r} holds classes"
        )
        return Task("binary", True, why)
    if outcome.type == "number":
        return Task("regression", False, f"{live.name!r} and {shadow.name!r} hold numbers")
    raise UsageError(
        f"{live.name!r} and {shadow.name!r} hold numbers beyond 0 to 1, but {outcome.name!r} holds"
        f" {_quoted(outcome)}. --task says how to take them."
    )


def _by_labels(live: Cells, shadow: Cells) -> Task:
    refuse_many(live, shadow)
    found = {str(name) for cells in (live, shadow) for name in cells.levels().cat.categories}
    name = "binary" if len(found) <= 2 else "multiclass"
    return Task(name, False, f"{live.name!r} and {shadow.name!r} hold {len(found)} labels")


def refuse_many(*columns: Cells) -> None:
    """Raise UsageError for more different labels than any classifier has."""
    for cells in columns:
        if cells.distinct() > MOST_LABELS:
            raise UsageError(
                f"{cells.name!r} holds {cells.distinct():,} different values, too many to be labels"
                f" (at most {MOST_LABELS}). If they are numbers, say --task regression."
            )


def find_positive(labels: set[str], outcome: str | None) -> str:
    """Tell which class the probabilities are of; raises UsageError where nobody can know."""
    likely = [label for label in sorted(labels) if label.lower() in _YES]
    if len(likely) == 1:
        return likely[0]
    seen = f" {outcome!r} holds {', '.join(sorted(labels)[:5])}." if labels and outcome else ""
    raise UsageError(f"Say with --positive which class the probabilities are of.{seen}")


def _are_numbers(*columns: Cells) -> bool:
    return all(cells.type == "number" for cells in columns)


def _are_flags(cells: Cells) -> bool:
    if cells.type == "boolean":
        return True
    values = cells.numbers()[0]
    present = values[~np.isnan(values)]
    return cells.type == "number" and bool(np.all((present == 0) | (present == 1)))


def _are_probabilities(columns: Columns) -> bool:
    if not _are_numbers(columns.live, columns.shadow):
        return False
    for cells in (columns.live, columns.shadow):
        values = cells.numbers()[0]
        present = values[np.isfinite(values)]
        if np.mean((present < 0) | (present > 1)) > 0.05 or _are_flags(cells):
            return False
    return True


def _quoted(cells: Cells) -> str:
    names = [repr(str(name)) for name in cells.levels().cat.categories[:3]]
    return ", ".join(names) or "nothing"
