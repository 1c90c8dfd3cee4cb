"""Looks as they are kept: one row per finding, read back as they were taken."""

from collections.abc import Sequence
from dataclasses import replace

from understudy.comparison.finding import Finding
from understudy.comparison.looks import Look
from understudy.comparison.slices import SliceLook
from understudy.log import kept_looks
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection
from understudy.log.kept_looks import KeptFinding

SLICES, SELECTION = "slices", "selection"


def as_kept(family: str, look: Look) -> list[KeptFinding]:
    """Return a look as rows to keep, one per finding."""
    return [
        KeptFinding(family, look.number, _name(found), look.units, found.to_json())
        for found in look.findings
    ]


def in_order(look: Look) -> Look:
    """Return a look with its findings as they are read back: by name, in no country's order."""
    return replace(look, findings=tuple(sorted(look.findings, key=_name)))


def _name(found: Finding) -> str:
    return f"{found.column}: {found.finding}"


def as_kept_slices(look: SliceLook) -> KeptFinding:
    """Return a look at slices as the row to keep."""
    return KeptFinding(SLICES, look.number, SLICES, look.units, look.to_json())


def keep_looks(
    connection: Connection, kept: KeptComparison, fresh: Sequence[KeptFinding], last_outcome: int
) -> None:
    """Keep looks with their moment: the folds of `kept`, and the newest outcome there was."""
    told = [replace(found, last_outcome=last_outcome, folds=kept.folds) for found in fresh]
    kept_looks.write_looks(connection, kept.id, told)


def read_looks(connection: Connection, kept: KeptComparison) -> dict[str, list[Look]]:
    """Return every look at columns, by family and in order."""
    found: dict[str, dict[int, list[KeptFinding]]] = {}
    for row in kept_looks.read_looks(connection, kept.id):
        if row.family != SLICES:
            found.setdefault(row.family, {}).setdefault(row.number, []).append(row)
    return {
        family: [_look(numbers[number]) for number in sorted(numbers)]
        for family, numbers in found.items()
    }


def _look(rows: list[KeptFinding]) -> Look:
    findings = tuple(Finding.from_json(row.content) for row in rows)
    return in_order(Look(rows[0].number, rows[0].units, findings))


def read_slice_looks(connection: Connection, kept: KeptComparison) -> list[SliceLook]:
    """Return every look at slices, in order."""
    rows = kept_looks.read_looks(connection, kept.id)
    return [SliceLook.from_json(row.content) for row in rows if row.family == SLICES]
