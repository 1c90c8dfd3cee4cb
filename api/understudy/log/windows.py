"""Windows of a live version's traffic: which are over, their rows, and what was found in each."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from psycopg2 import sql
from sqlalchemy import Connection, Select, func, insert, select, text

from understudy.log.captures import read_captures
from understudy.log.roles import DeploymentRow, fold, fold_each
from understudy.log.schema import drift_window
from understudy.log.tabular import Fields, Kinds, copy_out

DAY_S = 86_400.0
MARGIN_S = 3600.0
"""How long after its end a day is left open for what is still being shipped."""
PATIENCE_S = DAY_S
"""How long a spool of which nothing is heard keeps a day open."""
REQUEST = "request"


@dataclass(frozen=True)
class LiveVersion:
    """
    The version that answers on an endpoint, and since when it first did.

    `unit` is the field whose values are counted, or `request`: that of the newest policy on record.
    """

    endpoint: str
    name: str
    version: str
    digest: str
    first_at: datetime
    unit: str = REQUEST

    @property
    def key(self) -> dict[str, str]:
        """What its windows are filed under."""
        names = ("endpoint", "name", "version", "digest")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class KeptWindow:
    """One window as it stands in the log, from `since` to before `until`."""

    number: int
    since: datetime
    until: datetime
    units: int
    content: Mapping[str, Any]
    at: datetime


def find_live(endpoint: str, history: Sequence[DeploymentRow]) -> LiveVersion | None:
    """Return the live version of an endpoint by its changes of roles, None without any."""
    live = fold(history).live
    if live is None:
        return None
    wanted = live.key, live.digest
    first_at = next(
        row.at
        for row, now in fold_each(history)
        if now.live is not None and (now.live.key, now.live.digest) == wanted
    )
    policies = [row.policy for row in history if row.policy is not None]
    unit = str(policies[-1].get("unit", REQUEST)) if policies else REQUEST
    return LiveVersion(endpoint, live.name, live.version, live.digest, first_at, unit)


# Newest shipments tell how far a spool has come that is being shipped; a spool of which nothing is
# heard may hold answers from any time since. `least` passes over what is null.
_SHIPPED = text("""
    SELECT extract(epoch FROM least(
        clock_timestamp() - make_interval(secs => :margin),
        (SELECT min(seen_at) FROM spool WHERE endpoint = :endpoint AND NOT closed
            AND seen_at > clock_timestamp() - make_interval(secs => :patience)),
        (SELECT min(p.served_at)
            FROM (
                SELECT DISTINCT ON (spool) id, recorded_at FROM shipment
                WHERE endpoint = :endpoint
                    AND recorded_at > clock_timestamp() - make_interval(secs => :margin)
                ORDER BY spool, recorded_at DESC
            ) newest
            JOIN prediction p
                ON p.shipment_id = newest.id AND p.recorded_at = newest.recorded_at)
    ))::float8
""")


def shipped_until(connection: Connection, endpoint: str) -> float:
    """
    Return up to which second since 1970 what was answered is in the log, in all likelihood.

    That is an hour ago, and earlier while older answers are being shipped, or while a spool that
    was heard of within the last day is silent.
    """
    asked = {"endpoint": endpoint, "margin": MARGIN_S, "patience": PATIENCE_S}
    found: float = connection.execute(_SHIPPED, asked).scalar_one()
    return found


_UNIT = """CASE WHEN {unit} = 'request' THEN request_id::text
    ELSE coalesce('=' || (instance ->> {unit}), request_id::text) END"""

# By `recorded_at` for the sake of the index and the partitions: a clock may be a day behind.
_ROWS = """
    endpoint = {endpoint} AND name = {name} AND version = {version}
    AND served_at >= to_timestamp({since}) AND served_at < to_timestamp({until})
    AND recorded_at >= to_timestamp({since} - 86400) AND erased_at IS NULL
"""

_NAMES = ("endpoint", "name", "version", "unit", "since", "until")
_BOUND = {name: f"CAST(:{name} AS {'float8' if name in ('since', 'until') else 'text'})"
          for name in _NAMES}  # fmt: skip

_DAYS = text(f"""
    SELECT day * 86400, count(*) FROM (
        SELECT floor(extract(epoch FROM min(served_at)) / 86400)::float8 AS day
        FROM prediction WHERE {_ROWS.format(**_BOUND)}
        GROUP BY {_UNIT.format(**_BOUND)}
    ) units
    GROUP BY day
""")  # noqa: S608 - composed of this module's own texts


def count_units(
    connection: Connection, live: LiveVersion, since: float, until: float
) -> dict[float, int]:
    """Count the units by the start of the day on which each came first between two moments."""
    rows = connection.execute(_DAYS, _asked(live, since, until)).all()
    return {float(row[0]): int(row[1]) for row in rows}


_ANSWERED = text(f"""
    SELECT DISTINCT deployment_id FROM prediction
    WHERE {_ROWS.format(**_BOUND)} AND deployment_id IS NOT NULL
""")  # noqa: S608 - composed of this module's own texts


def redacted_in(
    connection: Connection, live: LiveVersion, fields: Sequence[str], span: tuple[float, float]
) -> frozenset[str]:
    """Return those of the fields that were not recorded as they were sent, somewhere in a span."""
    captures = read_captures(connection, live.endpoint)
    if not captures:
        return frozenset()
    held = connection.execute(_ANSWERED, _asked(live, *span)).scalars().all()
    return frozenset(name for _, names in captures.redacting(held, fields) for name in names)


# One instance per unit, the one with the smallest hash, and of many units a sample by their hash.
_SAMPLE = """
    WITH one_each AS (
        SELECT DISTINCT ON (unit) request_id, instance_no, recorded_at, unit
        FROM (SELECT *, {unit} AS unit FROM prediction WHERE {rows}) found
        ORDER BY unit, hash_record((request_id, instance_no)), request_id, instance_no
    ), chosen AS (
        SELECT * FROM one_each ORDER BY hashtextextended(unit, 11), unit LIMIT %(most)s
    )
    SELECT {fields} c.instance_no
    FROM chosen c JOIN prediction p USING (request_id, instance_no, recorded_at)
    ORDER BY hashtextextended(c.unit, 11), c.unit
"""
_DRIVEN = {name: f"%({name})s" for name in _NAMES}


def read_units(
    connection: Connection,
    live: LiveVersion,
    fields: Sequence[str],
    span: tuple[float, float],
    most: int,
) -> dict[str, list[object]]:
    """
    Return fields of one instance of each unit that was served in a span, in no order of time.

    Of more than `most` units a sample is read, the same for the same rows.
    """
    chosen = Fields(fields, "p.instance")
    query = sql.SQL(_SAMPLE).format(
        unit=sql.SQL(_UNIT.format(**_DRIVEN)),
        rows=sql.SQL(_ROWS.format(**_DRIVEN)),
        fields=chosen.query,
    )
    asked = _asked(live, *span) | {"most": most} | dict(chosen.parameters)
    kinds = Kinds(integers=("instance_no",)).plus(tuple(chosen.parameters))
    return chosen.read(copy_out(connection, query, asked, kinds))


def _asked(live: LiveVersion, since: float, until: float) -> dict[str, object]:
    return {
        "endpoint": live.endpoint,
        "name": live.name,
        "version": live.version,
        "unit": live.unit,
        "since": since,
        "until": until,
    }


_SHOWN = [drift_window.c[name] for name in KeptWindow.__dataclass_fields__]


def list_windows(connection: Connection, live: LiveVersion) -> list[KeptWindow]:
    """Return all windows of a live version, the first one first."""
    rows = connection.execute(_of(live, select(*_SHOWN)).order_by(drift_window.c.number))
    return [KeptWindow(**row._mapping) for row in rows]


def last_window(connection: Connection, live: LiveVersion) -> tuple[int, float | None]:
    """Return the number and the end of the newest window of a live version, 0 and None if none."""
    newest = drift_window.c.number.desc()
    query = _of(live, select(drift_window.c.number, drift_window.c.until))
    row = connection.execute(query.order_by(newest).limit(1)).one_or_none()
    return (0, None) if row is None else (row[0], row[1].timestamp())


def read_tallies(
    connection: Connection, live: LiveVersion, since: float, until: float
) -> dict[str, Any] | None:
    """Return the counts of the window from one moment to another, None if none is just that."""
    query = _of(live, select(drift_window.c.tallies)).where(
        drift_window.c.since == _moment(since), drift_window.c.until == _moment(until)
    )
    packed = connection.execute(query).scalar_one_or_none()
    if packed is None:
        return None
    found: dict[str, Any] = orjson.loads(zlib.decompress(packed))
    return found


def write_window(
    connection: Connection,
    live: LiveVersion,
    number: int,
    content: Mapping[str, Any],
    tallies: Mapping[str, Any],
) -> None:
    """Keep what was found in a window, whose span and units stand in its look."""
    look = content["look"]
    connection.execute(
        insert(drift_window).values(
            **live.key,
            number=number,
            since=_moment(look["start"]),
            until=_moment(look["end"]),
            units=look["units"],
            content=dict(content),
            tallies=zlib.compress(orjson.dumps(dict(tallies)), level=6),
            at=func.clock_timestamp(),
        )
    )


def _of(live: LiveVersion, query: Select[Any]) -> Select[Any]:
    return query.where(*(drift_window.c[name] == value for name, value in live.key.items()))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
