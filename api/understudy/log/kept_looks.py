"""Looks as they are kept: what each check found, and what it knew when it looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from understudy.log.comparisons import KeptComparison
from understudy.log.schema import look, outcome


@dataclass(frozen=True)
class KeptFinding:
    """
    What one check found at one look, as JSON.

    `last_outcome` is the id of the newest outcome that the look knew, and `folds` the number of
    folds there were then, if it looked at outcomes, or at units by a field.
    """

    family: str
    number: int
    finding: str
    units: int
    content: Mapping[str, Any]
    last_outcome: int | None = None
    folds: int | None = None


def write_looks(
    connection: Connection, comparison_id: int, findings: Sequence[KeptFinding]
) -> None:
    """Keep what a look found; a look that is there already stays as it is."""
    rows = [vars(found) | {"comparison_id": comparison_id} for found in findings]
    if rows:
        connection.execute(insert(look).on_conflict_do_nothing(), rows)


def read_looks(connection: Connection, comparison_id: int) -> list[KeptFinding]:
    """Return all that every look found, in the order of the looks."""
    columns = [look.c[name] for name in KeptFinding.__dataclass_fields__]
    query = (
        select(*columns)
        .where(look.c.comparison_id == comparison_id)
        .order_by(look.c.family, look.c.number, look.c.finding)
    )
    return [KeptFinding(**row._mapping) for row in connection.execute(query)]


def last_outcome(connection: Connection, endpoint: str) -> int:
    """Return the id of the newest outcome; they are written one after the other, in this order."""
    query = select(func.coalesce(func.max(outcome.c.id), 0)).where(outcome.c.endpoint == endpoint)
    found: int = connection.execute(query).scalar_one()
    return found


def outcome_moment(connection: Connection, kept: KeptComparison) -> tuple[int, int]:
    """Return what changes whenever a folded pair gets an outcome: folds, and the newest outcome."""
    return kept.folds, last_outcome(connection, kept.endpoint)


def count_looks(connection: Connection, comparison_id: int) -> dict[str, int]:
    """Return the number of the newest look of each family that has one."""
    query = (
        select(look.c.family, func.max(look.c.number))
        .where(look.c.comparison_id == comparison_id)
        .group_by(look.c.family)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
