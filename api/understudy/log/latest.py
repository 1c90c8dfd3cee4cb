"""The newest pairs of a live and a shadow version, for people who want to look at some."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from understudy.log.readers import ModelVersion

# By `recorded_at`, of which there is an index per version; what was shipped together by its time.
# Outcomes are looked up for the chosen few only, also while Postgres knows nothing of the tables.
_LATEST = text("""
    SELECT newest.*, (
        SELECT o.value FROM outcome o
        WHERE o.request_id = CAST(newest.request_id AS uuid)
            AND o.instance_no = newest.instance_no AND o.endpoint = :endpoint
        ORDER BY o.revision DESC LIMIT 1
    ) AS outcome
    FROM (
        SELECT s.request_id::text, s.instance_no, p.served_at, p.value AS live_value,
            p.label AS live_label, s.value AS shadow_value, s.label AS shadow_label, s.error
        FROM shadow_prediction s JOIN prediction p USING (request_id, instance_no, recorded_at)
        WHERE s.endpoint = :endpoint AND s.name = :shadow AND s.version = :shadow_version
            AND s.status IN ('scored', 'failed')
            AND p.endpoint = :endpoint AND p.name = :live AND p.version = :live_version
        ORDER BY s.recorded_at DESC, p.served_at DESC, s.request_id, s.instance_no LIMIT :most
    ) newest
    ORDER BY served_at DESC, request_id, instance_no
""")


@dataclass(frozen=True)
class LatestPair:
    """Both answers to one instance, and the true value if it is known; `error` if one failed."""

    request_id: str
    instance_no: int
    served_at: datetime
    live_value: float | None
    live_label: str | None
    shadow_value: float | None
    shadow_label: str | None
    error: str | None
    outcome: object


def latest_pairs(
    connection: Connection, endpoint: str, live: ModelVersion, shadow: ModelVersion, most: int = 20
) -> tuple[LatestPair, ...]:
    """Return the pairs that were recorded last, the newest first, failures of the shadow too."""
    rows = connection.execute(
        _LATEST,
        {
            "endpoint": endpoint,
            "live": live[0],
            "live_version": live[1],
            "shadow": shadow[0],
            "shadow_version": shadow[1],
            "most": most,
        },
    )
    return tuple(LatestPair(**row) for row in rows.mappings())
