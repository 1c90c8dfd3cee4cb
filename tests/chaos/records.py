"""What Postgres and the spools hold, read from outside, past the product's own readers."""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
import psycopg2.extensions

from understudy.log.premises import find_premises

Version = tuple[str, str]


class Recorded(NamedTuple):
    """One row of the prediction log."""

    client_id: str | None
    request_id: str
    instance_no: int
    version: str
    output: object
    shipment_id: int


@dataclass(frozen=True)
class Records:
    """
    All that was recorded of an endpoint.

    `shadows` are those deployed at each shipment, with their shares, `playing` those deployed now
    beside `live`. `scored` counts the shadows' rows per version and instance, and `failures` are
    request, instance and reason of those that a shadow could not predict. `quarantined` are the
    payloads of requests that Postgres or the reader of a spool refused.
    """

    predictions: list[Recorded]
    open_work: int
    shadows: dict[int, dict[Version, float]]
    live: Version
    playing: dict[Version, float]
    scored: "Counter[tuple[Version, str, int]]"
    statuses: "Counter[str]"
    failures: list[tuple[str, int, str]]
    lost: int
    quarantined: list[bytes]


def address(data_dir: Path) -> str:
    """Return the address of a stack's own Postgres for psycopg2, whether it runs or not."""
    where = find_premises(data_dir).socket_dir
    return f"host={where} port=5432 user=postgres dbname=postgres"


@contextlib.contextmanager
def connected(url: str, *, autocommit: bool = True) -> Iterator[psycopg2.extensions.connection]:
    """Give a connection to Postgres under a name of its own."""
    connection = psycopg2.connect(url, application_name="chaos", connect_timeout=5)
    connection.autocommit = autocommit
    try:
        yield connection
    finally:
        connection.close()


def ask(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of one query."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


def command(url: str, statement: str, *values: object) -> None:
    """Carry out one statement."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def read_records(url: str, endpoint: str) -> Records:
    """Read everything of an endpoint in one snapshot."""
    with connected(url, autocommit=False) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)

        def rows(query: str) -> list[tuple[Any, ...]]:
            with connection.cursor() as cursor:
                cursor.execute(query, (endpoint,))
                return cursor.fetchall()

        results, changes = rows(_RESULTS), rows(_ROLES)
        return Records(
            predictions=[Recorded(*row) for row in rows(_PREDICTIONS)],
            open_work=rows(_OPEN)[0][0],
            shadows={number: _shadows(changes, at) for number, at in rows(_SHIPMENTS)},
            live=[
                (name, version)
                for _, action, name, version, _ in changes
                if action in ("live", "promote", "rollback")
            ][-1],
            playing=_shadows(changes, changes[-1][0]),
            scored=Counter(((name, version), *place) for name, version, *place, _, _ in results),
            statuses=Counter(row[4] for row in results),
            failures=[(row[2], row[3], row[5]) for row in results if row[4] == "failed"],
            lost=int(rows("SELECT coalesce(sum(lost), 0) FROM spool WHERE endpoint = %s")[0][0]),
            quarantined=[
                bytes(payload)
                for (payload,) in rows("SELECT payload FROM quarantine WHERE endpoint = %s")
            ],
        )


_PREDICTIONS = """
    SELECT client_id, request_id::text, instance_no, version, output, shipment_id
    FROM prediction WHERE endpoint = %s
"""
_OPEN = "SELECT count(*) FROM work WHERE endpoint = %s AND state <> 'done'"
_RESULTS = """
    SELECT name, version, request_id::text, instance_no, status, error
    FROM shadow_prediction WHERE endpoint = %s
"""
_SHIPMENTS = "SELECT id, recorded_at FROM shipment WHERE endpoint = %s"
_ROLES = """
    SELECT at, action, name, version, share FROM deployment WHERE endpoint = %s ORDER BY id
"""


def _shadows(changes: list[tuple[Any, ...]], until: datetime) -> dict[Version, float]:
    """
    Return which shadows were deployed at a moment, with their shares.

    A shipment lies wholly before a change or wholly after it, and both have Postgres' clock.
    """
    shadows: dict[Version, float] = {}
    for at, action, name, version, share in changes:
        if at > until:
            break
        if action == "shadow":
            shadows[name, version] = share
        else:  # promoted, withdrawn, or live again: it plays no shadow any more
            shadows.pop((name, version), None)
    return shadows


def is_shipped(spools: Path, url: str) -> bool:
    """Say whether Postgres has everything that stands in the spools."""
    watermarks = dict(ask(url, "SELECT uuid::text, watermark FROM spool"))
    last = {path.stem: _last_number(path) for path in spools.glob("*.spool")}
    return all(number <= watermarks.get(uuid, 0) for uuid, number in last.items())


def _last_number(spool: Path) -> int:
    # It may be removed at any moment, being empty then; one that cannot be read is not shipped.
    try:
        with contextlib.closing(sqlite3.connect(f"file:{spool}?mode=ro", uri=True)) as file:
            return int(file.execute("SELECT coalesce(max(seq), 0) FROM request").fetchone()[0])
    except sqlite3.Error:
        return 2**62 if spool.exists() else 0
