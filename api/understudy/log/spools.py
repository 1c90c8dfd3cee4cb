"""What is known in Postgres of each api worker's spool."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from understudy.log.schema import spool


@dataclass(frozen=True)
class SpoolReport:
    """
    What a worker says of itself through its spool.

    `deployment_id` is what it serves, `problem` why not a later one, `lost` how many instances it
    answered without being able to record them, counted from the beginning of the spool.
    """

    uuid: UUID
    host: str = ""
    deployment_id: int | None = None
    problem: str | None = None
    lost: int = 0


@dataclass(frozen=True)
class SpoolState(SpoolReport):
    """A report and what the log adds to it; times are Postgres' own."""

    watermark: int = 0
    closed: bool = False
    seen_at: datetime | None = None
    unseen_s: float = 0.0


def report_spool(connection: Connection, endpoint: str, report: SpoolReport) -> None:
    """Store what a worker reports now; a closed spool that reports again is open again."""
    said = {
        "host": report.host,
        "deployment_id": report.deployment_id,
        "problem": report.problem,
        "lost": report.lost,
        "closed": False,
        "seen_at": func.now(),
    }
    connection.execute(
        insert(spool)
        .values(uuid=report.uuid, endpoint=endpoint, **said)
        .on_conflict_do_update(index_elements=[spool.c.uuid], set_=said)
    )


def close_spool(connection: Connection, uuid: UUID) -> None:
    """Note that a spool is shipped to its end and that its worker is gone."""
    connection.execute(
        update(spool).where(spool.c.uuid == uuid).values(closed=True, seen_at=func.now())
    )


def list_spools(connection: Connection, endpoint: str) -> list[SpoolState]:
    """Return the open spools of an endpoint: the workers that serve it, as far as is known."""
    query = (
        select(
            spool.c.uuid,
            spool.c.host,
            spool.c.deployment_id,
            spool.c.problem,
            spool.c.lost,
            spool.c.watermark,
            spool.c.closed,
            spool.c.seen_at,
            func.extract("epoch", func.now() - spool.c.seen_at).label("unseen_s"),
        )
        .where(spool.c.endpoint == endpoint, spool.c.closed.is_(False))
        .order_by(spool.c.created_at, spool.c.uuid)
    )
    rows = connection.execute(query).mappings()
    return [SpoolState(**{**row, "unseen_s": float(row["unseen_s"])}) for row in rows]
