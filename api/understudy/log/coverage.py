"""Which instances a shadow was compared on, and where the others went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from understudy.log.readers import ModelVersion

# Each row falls into exactly one place, whatever the counters in `work` say.
_COVERAGE = text("""
    SELECT place, count(*) FROM (
        SELECT CASE
            WHEN p.served_at <= CAST(:training_end AS timestamptz) THEN 'excluded'
            WHEN s.status IS NOT NULL THEN s.status
            WHEN w.state = 'done' THEN 'sampled_out'
            ELSE 'waiting' END AS place
        FROM prediction p
        LEFT JOIN work w ON w.shipment_id = p.shipment_id
            AND w.endpoint = :endpoint AND w.name = :shadow AND w.version = :shadow_version
        LEFT JOIN shadow_prediction s ON s.request_id = p.request_id
            AND s.instance_no = p.instance_no AND s.recorded_at = p.recorded_at
            AND s.endpoint = :endpoint AND s.name = :shadow AND s.version = :shadow_version
        WHERE p.endpoint = :endpoint AND p.name = :live AND p.version = :live_version
            AND (w.id IS NOT NULL OR p.recorded_at >= CAST(:role_since AS timestamptz))
    ) placed GROUP BY place
""")


@dataclass(frozen=True)
class Coverage:
    """
    The whereabouts of every instance that a live version answered in a shadow's time.

    `recorded` is the sum of all others. `excluded` are not later than the end of the shadow's
    training data, whatever became of them.
    """

    scored: int = 0
    sampled_out: int = 0
    skipped: int = 0
    failed: int = 0
    excluded: int = 0
    waiting: int = 0

    @property
    def recorded(self) -> int:
        """All instances the shadow had to deal with."""
        return (
            self.scored
            + self.sampled_out
            + self.skipped
            + self.failed
            + self.excluded
            + self.waiting
        )


def coverage_counts(
    connection: Connection,
    endpoint: str,
    live: ModelVersion,
    shadow: ModelVersion,
    *,
    role_since: datetime | None = None,
    training_end: datetime | None = None,
) -> Coverage:
    """
    Count where the instances went that the shadow got as work, replayed ones too.

    With `role_since`, the beginning of a role that still lasts, instances recorded since then
    count as waiting even if no work item was made for them, so that nothing can get lost unseen.
    """
    rows = connection.execute(
        _COVERAGE,
        {
            "endpoint": endpoint,
            "live": live[0],
            "live_version": live[1],
            "shadow": shadow[0],
            "shadow_version": shadow[1],
            "role_since": role_since,
            "training_end": training_end,
        },
    )
    return Coverage(**{row[0]: row[1] for row in rows})
