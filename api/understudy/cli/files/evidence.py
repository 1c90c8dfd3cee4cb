"""From a file of pairs to the evidence of a comparison, with every row accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.cli.files.answers import Answers, read_answers
from understudy.cli.files.asked import Asked
from understudy.cli.files.cells import Cells
from understudy.cli.files.table import Table
from understudy.cli.files.task import Columns, Task, find_task
from understudy.comparison import Coverage, Evidence, Traffic
from understudy.comparison.naming import Coded
from understudy.comparison.units import Values
from understudy.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass
class Case:
    """A file of pairs as evidence; why rows were not compared; what was inferred on the way."""

    evidence: Evidence
    task: Task
    failed: Mapping[str, int]
    excluded: Mapping[str, int]
    remarks: tuple[str, ...]

    def give_evidence(self) -> Evidence:
        """Give the evidence away, so that a comparison can let go of what it has put in order."""
        evidence = self.evidence
        del self.evidence
        return evidence


def read_case(table: Table, asked: Asked) -> Case:
    """Read the named columns of a file; raises UsageError if they make no pairs."""
    columns = _columns(table, asked)
    task = find_task(asked, columns)
    answers = read_answers(asked, columns, task)
    remarks = [
        *table.remarks,
        f"Task: {task.name} ({task.why}).",
        *answers.remarks,
    ]
    units, homeless = _units(table, asked)
    served_at, timeless = _times(table, asked, remarks)
    if asked.unit is None:
        remarks.append(
            "Each row counts as a request of its own; --unit names what belongs together."
        )
    excluded = homeless | timeless
    failed, left_out = _reasons(table, asked, answers, (homeless, timeless))
    evidence = Evidence(
        live=None if answers.numbers is None else answers.numbers[0],
        shadow=None if answers.numbers is None else answers.numbers[1],
        task=task.name,
        units=units,
        served_at=served_at,
        live_labels=None if answers.labels is None else answers.labels[0],
        shadow_labels=None if answers.labels is None else answers.labels[1],
        positive=answers.positive,
        excluded=excluded,
        outcomes=answers.outcomes,
        coverage=_coverage(table, excluded),
        inputs=slice_columns(table, asked, units, served_at),
        offline=_own_errors(answers, excluded) if task.name == "regression" else {},
        live_name=asked.live,
        shadow_name=asked.shadow,
        endpoint=table.path.name,
        target=asked.outcome or "the prediction",
    )
    return Case(evidence, task, failed, left_out, tuple(remarks))


def slice_columns(
    table: Table, asked: Asked, units: Coded | None, served_at: Values | None
) -> Traffic | None:
    """
    Give the columns by which slices are looked for, row by row as the answers stand.

    Numbers stay numbers, everything else becomes categories.
    """
    if not asked.slices:
        return None
    found: dict[str, Values] = {}
    for name in asked.slices:
        cells = Cells(table, name, asked.missing)
        if cells.type in ("time", "nested"):
            raise UsageError(
                f"{name!r} holds times or lists: slices are of numbers and categories."
            )
        found[name] = cells.numbers()[0] if cells.type == "number" else cells.levels()
    return Traffic(found, units=units, served_at=served_at)


def _columns(table: Table, asked: Asked) -> Columns:
    if (asked.live_label is None) != (asked.shadow_label is None):
        raise UsageError("--live-label and --shadow-label are given together or not at all.")

    def cells(name: str | None) -> Cells | None:
        return None if name is None else Cells(table, name, asked.missing)

    return Columns(
        Cells(table, asked.live, asked.missing),
        Cells(table, asked.shadow, asked.missing),
        cells(asked.outcome),
        cells(asked.live_label),
        cells(asked.shadow_label),
    )


def _units(table: Table, asked: Asked) -> tuple[Coded | None, Flags]:
    """Give each row's unit; a row without one is excluded, as nobody knows what it counts for."""
    if asked.unit is None:
        return None, np.zeros(table.rows, dtype=bool)
    units = Cells(table, asked.unit, asked.missing).names()
    homeless = units.is_missing
    return units.filled("\x00none") if homeless.any() else units, homeless


def _times(table: Table, asked: Asked, remarks: list[str]) -> tuple[Floats | None, Flags]:
    if asked.time is None:
        return None, np.zeros(table.rows, dtype=bool)
    times, misfits = Cells(table, asked.time, asked.missing).times()
    timeless = ~np.isfinite(times)
    if timeless.all():
        raise UsageError(f"{asked.time!r} holds no time: {misfits}.")
    if misfits.count:
        remarks.append(f"{asked.time!r} has {misfits} that are no times.")
    if timeless.any():
        times = np.where(timeless, times[~timeless].max(), times)
    return times, timeless


def _coverage(table: Table, excluded: Flags) -> Coverage:
    """Count every row of the file, also those that could not be read."""
    compared = table.rows - int(excluded.sum())
    return Coverage(
        recorded=table.rows + table.unreadable,
        compared=compared,
        excluded=int(excluded.sum()) + table.unreadable,
    )


def _reasons(
    table: Table, asked: Asked, answers: Answers, lacking: tuple[Flags, Flags]
) -> tuple[dict[str, int], dict[str, int]]:
    """Say why rows failed or were excluded; a row counts for the first reason it gives."""
    homeless, timeless = lacking
    live, shadow = answers.usable
    here = ~(homeless | timeless)
    excluded = {
        "row cannot be read": table.unreadable,
        f"no {asked.unit}": int(homeless.sum()),
        f"no {asked.time}": int((timeless & ~homeless).sum()),
        f"no usable {asked.live}": int((here & ~live).sum()),
    }
    failed = {f"no usable {asked.shadow}": int((here & live & ~shadow).sum())}
    return _positive(failed), _positive(excluded)


def _positive(counts: dict[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in counts.items() if count}


def _own_errors(answers: Answers, excluded: Flags) -> dict[str, float]:
    """Measure live's own errors in the file, from which the default margins are taken."""
    if answers.outcomes is None or answers.numbers is None:
        return {}
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(answers.numbers[0] - np.asarray(answers.outcomes, dtype=np.float64))
        errors = errors[np.isfinite(errors) & ~excluded]
        if not len(errors):
            return {}
        return {"rmse": float(np.sqrt(np.mean(errors**2))), "mae": float(errors.mean())}
