"""What a watcher measures of the log: lags, sizes and counts."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

_SHIPPING_LAG = text("""
    SELECT extract(epoch FROM max(p.recorded_at - p.served_at))::float8
    FROM (
        SELECT id, recorded_at FROM shipment WHERE endpoint = :endpoint
        ORDER BY recorded_at DESC LIMIT 1
    ) newest
    JOIN prediction p ON p.shipment_id = newest.id AND p.recorded_at = newest.recorded_at
""")

_SHADOW_LAG = text("""
    SELECT name, version, count(*) AS items, sum(instances)::bigint AS instances,
        extract(epoch FROM clock_timestamp() - min(recorded_at))::float8 AS oldest_s
    FROM work WHERE endpoint = :endpoint AND state <> 'done' AND NOT replayed
    GROUP BY name, version ORDER BY name, version
""")

_TOTALS = text("""
    SELECT
        (SELECT coalesce(sum(instances), 0) FROM shipment WHERE endpoint = :endpoint) AS recorded,
        (SELECT count(*) FROM quarantine WHERE endpoint = :endpoint) AS quarantined,
        (SELECT coalesce(sum(lost), 0) FROM spool WHERE endpoint = :endpoint) AS lost,
        (SELECT count(*) FROM outcome WHERE endpoint = :endpoint AND revision = 1) AS outcomes
""")

_SIZES = text("""
    SELECT tables.name, sum(pg_total_relation_size(part.oid)) AS bytes,
        sum(greatest(part.reltuples, 0)) AS rows, count(*) FILTER (WHERE part.relispartition)
    FROM unnest(CAST(:tables AS text[])) AS tables (name)
    JOIN pg_class part ON part.relkind = 'r' AND (
        part.oid = to_regclass(tables.name)
        OR part.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass(tables.name))
    )
    GROUP BY tables.name ORDER BY tables.name
""")

_TABLES = ["prediction", "shadow_prediction", "shipment", "work", "outcome", "quarantine"]


@dataclass(frozen=True)
class ShadowLag:
    """How much work a shadow version has before it, and the age of the oldest in seconds."""

    name: str
    version: str
    items: int
    instances: int
    oldest_s: float


@dataclass(frozen=True)
class Totals:
    """All of an endpoint: instances recorded and lost, requests quarantined, outcomes known."""

    recorded: int
    quarantined: int
    lost: int
    outcomes: int


@dataclass(frozen=True)
class TableSize:
    """What a table takes with all its indexes; `rows` is Postgres' own estimate."""

    table: str
    bytes: int
    rows: int
    partitions: int


def shipping_lag(connection: Connection, endpoint: str) -> float | None:
    """Return how many seconds the newest shipment's oldest answer took to get here, if any."""
    lag: float | None = connection.execute(_SHIPPING_LAG, {"endpoint": endpoint}).scalar()
    return lag


def shadow_lag(connection: Connection, endpoint: str) -> list[ShadowLag]:
    """Return the shadow versions that have live work before them; replays are never late."""
    rows = connection.execute(_SHADOW_LAG, {"endpoint": endpoint}).mappings()
    return [ShadowLag(**row) for row in rows]


def totals(connection: Connection, endpoint: str) -> Totals:
    """Return how much of everything an endpoint has in the log."""
    row = connection.execute(_TOTALS, {"endpoint": endpoint}).mappings().one()
    return Totals(**{name: int(count) for name, count in row.items()})


def table_sizes(connection: Connection) -> list[TableSize]:
    """Return the sizes of the tables that grow, all partitions together."""
    rows = connection.execute(_SIZES, {"tables": _TABLES})
    return [TableSize(row[0], int(row[1]), int(row[2]), int(row[3])) for row in rows]
