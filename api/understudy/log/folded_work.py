"""The work of a comparison: which of it is folded in, what is to be folded, and what waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from understudy.log.comparisons import KeptComparison
from understudy.log.schema import work


def count_pairs(connection: Connection, kept: KeptComparison) -> int:
    """Count the instances that were folded into a comparison, roughly: excluded ones are in it."""
    query = select(func.coalesce(func.sum(work.c.scored), 0)).where(
        work.c.comparison_id == kept.id, work.c.fold <= kept.folds
    )
    return int(connection.execute(query).scalar_one())


@dataclass(frozen=True)
class FoldedShare:
    """What was folded in of the work that sampled one share of the requests."""

    share: float
    instances: int
    scored: int
    sampled_out: int
    skipped: int
    failed: int


def folded_shares(connection: Connection, kept: KeptComparison) -> list[FoldedShare]:
    """Return what was folded in per sampling share, the smallest share first."""
    names = ("instances", "scored", "sampled_out", "skipped", "failed")
    query = (
        select(work.c.share, *(func.sum(work.c[name]) for name in names))
        .where(work.c.comparison_id == kept.id, work.c.fold <= kept.folds)
        .group_by(work.c.share)
        .order_by(work.c.share)
    )
    return [FoldedShare(row[0], *map(int, row[1:])) for row in connection.execute(query)]


# Work belongs to the comparison that was under way when it was recorded, replayed work to the one
# under which it was replayed, or else to the next: a version may be replayed before it is deployed.
# Which, does not depend on when it is closed or folded.
_EARLIER = """
    WITH earlier AS (
        SELECT coalesce(max(ended_at), '-infinity') AS at FROM comparison
        WHERE endpoint = :endpoint AND name = :name AND version = :version
            AND started_at < :started_at
    )
"""

_CLAIM = text(f"""
    {_EARLIER}
    UPDATE work SET comparison_id = :comparison, fold = :fold
    WHERE id IN (SELECT id FROM (
        SELECT id, row_number() OVER arrived AS place,
            sum(instances) OVER arrived AS instances
        FROM work
        WHERE endpoint = :endpoint AND name = :name AND version = :version
            AND state = 'done' AND comparison_id IS NULL
            AND CASE WHEN replayed THEN created_at >= (SELECT at FROM earlier)
                ELSE recorded_at >= :started_at END
            AND (CAST(:ended_at AS timestamptz) IS NULL
                OR CASE WHEN replayed THEN created_at ELSE recorded_at END < :ended_at)
        WINDOW arrived AS (ORDER BY recorded_at, id ROWS UNBOUNDED PRECEDING)
        ORDER BY recorded_at, id LIMIT :most
    ) closed WHERE place = 1 OR closed.instances <= :most_instances)
    RETURNING instances
""")  # noqa: S608 - composed of this module's own texts


def claim_work(connection: Connection, kept: KeptComparison, most: int, most_instances: int) -> int:
    """
    Mark up to `most` closed items as folded into the next fold; returns their instances.

    They have at most `most_instances` together, unless the first alone has more.
    """
    rows = connection.execute(
        _CLAIM,
        {
            "comparison": kept.id,
            "fold": kept.folds + 1,
            "endpoint": kept.endpoint,
            "name": kept.name,
            "version": kept.version,
            "started_at": kept.started_at,
            "ended_at": kept.ended_at,
            "most": most,
            "most_instances": most_instances,
        },
    ).all()
    return sum(row[0] for row in rows)


_CLOSED = text(f"""
    {_EARLIER}
    SELECT EXISTS (
        SELECT 1 FROM work
        WHERE endpoint = :endpoint AND name = :name AND version = :version
            AND state = 'done' AND comparison_id IS NULL
            AND CASE WHEN replayed THEN created_at >= (SELECT at FROM earlier)
                ELSE recorded_at >= :started_at END
            AND CASE WHEN replayed THEN created_at ELSE recorded_at END < :ended_at
    )
""")  # noqa: S608 - composed of this module's own texts


def has_closed_work(connection: Connection, kept: KeptComparison, ended_at: datetime) -> bool:
    """Tell whether an ended comparison has work that was closed and not folded in."""
    parameters = {
        "endpoint": kept.endpoint,
        "name": kept.name,
        "version": kept.version,
        "started_at": kept.started_at,
        "ended_at": ended_at,
    }
    return bool(connection.execute(_CLOSED, parameters).scalar_one())


_WAITING = text(f"""
    {_EARLIER}, open AS (
        SELECT s.id, s.recorded_at
        FROM shipment s LEFT JOIN work w ON w.shipment_id = s.id
            AND w.endpoint = :endpoint AND w.name = :name AND w.version = :version
        WHERE s.endpoint = :endpoint AND s.recorded_at >= :started_at
            AND (CAST(:ended_at AS timestamptz) IS NULL OR s.recorded_at < :ended_at)
            AND w.comparison_id IS NULL
        UNION
        SELECT w.shipment_id, w.recorded_at FROM work w
        WHERE w.endpoint = :endpoint AND w.name = :name AND w.version = :version
            AND w.replayed AND w.comparison_id IS NULL
            AND w.created_at >= (SELECT at FROM earlier)
            AND (CAST(:ended_at AS timestamptz) IS NULL OR w.created_at < :ended_at)
    )
    SELECT count(*) FROM open JOIN prediction p
        ON p.shipment_id = open.id AND p.recorded_at = open.recorded_at
    WHERE p.endpoint = :endpoint AND p.name = :live AND p.version = :live_version
""")  # noqa: S608 - composed of this module's own texts


def count_waiting(connection: Connection, kept: KeptComparison) -> int:
    """Count the instances of the live version that are recorded and not folded in yet."""
    found: int = connection.execute(
        _WAITING,
        {
            "endpoint": kept.endpoint,
            "name": kept.name,
            "version": kept.version,
            "live": kept.live_name,
            "live_version": kept.live_version,
            "started_at": kept.started_at,
            "ended_at": kept.ended_at,
        },
    ).scalar_one()
    return found
