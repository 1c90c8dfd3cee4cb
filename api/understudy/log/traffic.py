"""How much traffic an endpoint has, and what its rows take in the log."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from understudy.log.figures import table_sizes

# Of fewer rows the pages that Postgres takes in advance would be most of what is measured.
LEAST_MEASURED = 1000

_TRAFFIC = text("""
    SELECT count(*) AS instances,
        count(DISTINCT CASE WHEN :unit = 'request' THEN request_id::text
            ELSE coalesce(instance ->> :unit, request_id::text) END) AS units,
        least(
            CAST(:days AS float8),
            extract(epoch FROM now() - min(served_at))::float8 / 86400
        ) AS days
    FROM prediction
    WHERE endpoint = :endpoint AND served_at > now() - make_interval(secs => :days * 86400)
        AND recorded_at > now() - make_interval(secs => :days * 86400)
""")

_OUTCOMES = text("""
    SELECT count(*) AS outcomes, percentile_cont(0.9) WITHIN GROUP (
        ORDER BY greatest(0, extract(epoch FROM o.received_at - p.served_at)::float8 / 86400)
    ) AS delay
    FROM outcome o JOIN prediction p USING (request_id, instance_no)
    WHERE o.endpoint = :endpoint AND o.revision = 1 AND p.endpoint = :endpoint
        AND o.received_at > now() - make_interval(secs => :days * 86400)
""")


@dataclass(frozen=True)
class RecentTraffic:
    """
    What came in the last `days` (fewer than asked for where the log is younger).

    `outcomes` are those that arrived in this time, `outcome_delay_days` after how long nine of ten
    of them did. Bytes are those of one row with its indexes, None where too few rows tell.
    """

    days: float
    units: int
    instances: int
    outcomes: int
    outcome_delay_days: float | None
    prediction_bytes: float | None
    shadow_bytes: float | None


def recent_traffic(
    connection: Connection, endpoint: str, days: float, unit: str = "request"
) -> RecentTraffic | None:
    """Measures the traffic of the last days; None if there was none."""
    asked = {"endpoint": endpoint, "days": days}
    row = connection.execute(_TRAFFIC, {**asked, "unit": unit}).mappings().one()
    if not row["instances"] or not row["days"]:
        return None
    known = connection.execute(_OUTCOMES, asked).mappings().one()
    sizes = {
        size.table: size.bytes / size.rows
        for size in table_sizes(connection)
        if size.rows >= LEAST_MEASURED
    }
    return RecentTraffic(
        days=row["days"],
        units=row["units"],
        instances=row["instances"],
        outcomes=known["outcomes"],
        outcome_delay_days=known["delay"],
        prediction_bytes=sizes.get("prediction"),
        shadow_bytes=sizes.get("shadow_prediction"),
    )
