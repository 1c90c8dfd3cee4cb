"""Who changed what, when and why: every act upon an endpoint, wherever it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, text

from understudy.log.schema import audit

_READ = text("""
    SELECT at, who, action, subject, why, details FROM (
        SELECT at, who, action, subject, why, details FROM audit WHERE endpoint = :endpoint
        UNION ALL
        SELECT at, who, action, name || ':' || version, why, jsonb_build_object('deployment', id)
        FROM deployment WHERE endpoint = :endpoint
        UNION ALL
        SELECT at, who, 'replay', name || ':' || version, '',
            jsonb_build_object('since', since, 'until', until, 'share', share)
        FROM replay WHERE endpoint = :endpoint
        UNION ALL
        SELECT at, who, 'capture', 'capture policy ' || id, why,
            policy || jsonb_build_object('deployment', id)
        FROM capture_policy WHERE endpoint = :endpoint
    ) AS act
    WHERE at >= coalesce(CAST(:since AS timestamptz), '-infinity')
    ORDER BY at DESC, action LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Act:
    """One act: by whom, upon what, why, and what else is to be known of it."""

    at: datetime
    who: str
    action: str
    subject: str
    why: str
    details: Mapping[str, object]


def note(
    connection: Connection,
    endpoint: str,
    who: str,
    action: str,
    subject: str,
    why: str,
    details: Mapping[str, object] | None = None,
) -> None:
    """Record an act that has no table of its own; it counts once the caller commits."""
    connection.execute(
        insert(audit).values(
            endpoint=endpoint, who=who, action=action, subject=subject, why=why,
            details=dict(details or {}),
        )
    )  # fmt: skip


def read_audit(
    connection: Connection, endpoint: str, *, since: datetime | None = None, limit: int = 1000
) -> list[Act]:
    """Return the acts upon an endpoint, the newest first: deployments, replays, keys, capture."""
    rows = connection.execute(_READ, {"endpoint": endpoint, "since": since, "limit": limit})
    return [Act(**row._mapping) for row in rows]
