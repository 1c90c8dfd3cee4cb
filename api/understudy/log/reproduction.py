"""What was served, drawn by chance to be scored again, and the runs that the watcher made of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, text, update

from understudy.capture import Capture
from understudy.log.captures import Captures, read_captures
from understudy.log.deployments import history
from understudy.log.erasure import erased_among, without_examples_of
from understudy.log.lineage import find_answerer, known_digests
from understudy.log.locks import lock_deployments, lock_reproductions
from understudy.log.schema import reproduction

_GIVEN_UP_AFTER_S = 3600.0

_STRATA = text("""
    SELECT name, version, deployment_id, count(*)
    FROM prediction
    WHERE endpoint = :endpoint AND recorded_at >= :since AND recorded_at < :until
        AND erased_at IS NULL
    GROUP BY name, version, deployment_id
""")

# By a hash of the row and the seed: the same rows for the same log and seed, whatever the plan.
_DRAW = text("""
    SELECT request_id::text, instance_no, instance::text, output::text
    FROM prediction
    WHERE endpoint = :endpoint AND name = :name AND version = :version
        AND recorded_at >= :since AND recorded_at < :until
        AND coalesce(deployment_id, 0) = ANY(:deployments) AND erased_at IS NULL
    ORDER BY hashtextextended(request_id::text || '/' || instance_no, :seed)
    LIMIT :count
""")


@dataclass(frozen=True)
class Stratum:
    """
    The instances that one content of one version answered, by way of some deployments.

    `digest` is None where nobody knows which content that was; deployment 0 stands for answers that
    were recorded without one. `capture` is the policy by which all of them were recorded.
    """

    name: str
    version: str
    digest: str | None
    deployments: tuple[int, ...]
    count: int
    capture: Capture | None = None


@dataclass(frozen=True)
class Served:
    """One recorded instance with the answer it got."""

    request_id: str
    instance_no: int
    instance: dict[str, object]
    output: object


@dataclass(frozen=True)
class Span:
    """The time of recording that is asked about: from `since` to before `until`."""

    since: datetime
    until: datetime


def find_strata(connection: Connection, endpoint: str, span: Span) -> list[Stratum]:
    """Return who answered in a time, by version, content and capture policy."""
    changes, captures = history(connection, endpoint), read_captures(connection, endpoint)
    known = known_digests(changes)
    found: dict[tuple[str, str, str, int], list[tuple[int, int]]] = {}
    rows = connection.execute(_STRATA, {"endpoint": endpoint} | vars(span))
    for name, version, deployment_id, count in rows:
        answerer = find_answerer(changes, (name, version), deployment_id, captures.ids)
        digest = known.get((name, version)) if answerer is None else answerer.decision.digest
        policy = captures.of(deployment_id)
        kind = name, version, digest or "", 0 if policy is None else policy.id
        found.setdefault(kind, []).append((deployment_id or 0, count))
    return [_stratum(kind, parts, captures) for kind, parts in sorted(found.items())]


def _stratum(
    kind: tuple[str, str, str, int], parts: list[tuple[int, int]], captures: Captures
) -> Stratum:
    name, version, digest, capture = kind
    row = captures.of(capture)
    return Stratum(
        name, version, digest or None, tuple(number for number, _ in parts),
        sum(count for _, count in parts), None if row is None else row.capture,
    )  # fmt: skip


def draw(
    connection: Connection, endpoint: str, span: Span, stratum: Stratum, count: int, seed: int
) -> list[Served]:
    """Return `count` instances of a stratum, drawn by chance; the same ones for the same seed."""
    parameters = vars(span) | {
        "endpoint": endpoint,
        "name": stratum.name,
        "version": stratum.version,
        "deployments": list(stratum.deployments),
        "count": count,
        "seed": seed,
    }
    return [
        Served(request_id, number, orjson.loads(instance), orjson.loads(output))
        for request_id, number, instance, output in connection.execute(_DRAW, parameters)
    ]


def begin_run(connection: Connection, endpoint: str, interval_s: float) -> tuple[int, Span] | None:
    """
    Begin the watcher's next run if it is due, and return its number and the time to ask about.

    That is the time since the run before, or the last interval. Of several watchers one begins; a
    run that is not finished after an hour counts as cut short. None if nothing is due, or nothing
    was recorded in that time; commit at once.
    """
    lock_reproductions(connection, endpoint)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    last = connection.execute(
        select(reproduction.c.started_at, reproduction.c.finished_at)
        .where(reproduction.c.endpoint == endpoint)
        .order_by(reproduction.c.id.desc())
        .limit(1)
    ).one_or_none()
    interval = timedelta(seconds=interval_s)
    if last is not None:
        is_open = last.finished_at is None
        patience = timedelta(seconds=min(interval_s, _GIVEN_UP_AFTER_S)) if is_open else interval
        if now < last.started_at + patience:
            return None
    done = select(func.max(reproduction.c.started_at)).where(
        reproduction.c.endpoint == endpoint, reproduction.c.finished_at.is_not(None)
    )
    span = Span(connection.execute(done).scalar() or now - interval, now)
    if not find_strata(connection, endpoint, span):
        return None
    number = connection.execute(
        insert(reproduction).values(endpoint=endpoint, started_at=now).returning(reproduction.c.id)
    ).scalar_one()
    return number, span


def finish_run(connection: Connection, endpoint: str, number: int, report: dict[str, Any]) -> None:
    """Keep what came of a run, without what was erased while it went on."""
    lock_deployments(connection, endpoint, shared=True)  # as an erasure takes it for itself alone
    named = {one["request_id"] for version in report["versions"] for one in version["examples"]}
    report = without_examples_of(erased_among(connection, endpoint, named), report)
    connection.execute(
        update(reproduction)
        .where(reproduction.c.id == number)
        .values(finished_at=func.clock_timestamp(), report=report)
    )


def last_run(connection: Connection, endpoint: str) -> tuple[datetime, dict[str, Any]] | None:
    """Return when the watcher's last run was finished, and what came of it."""
    found = connection.execute(
        select(reproduction.c.finished_at, reproduction.c.report)
        .where(reproduction.c.endpoint == endpoint, reproduction.c.finished_at.is_not(None))
        .order_by(reproduction.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def first_recorded(connection: Connection, endpoint: str) -> datetime | None:
    """Return when the first shipment of an endpoint was recorded, None without any."""
    query = text("SELECT min(recorded_at) FROM shipment WHERE endpoint = :endpoint")
    first: datetime | None = connection.execute(query, {"endpoint": endpoint}).scalar()
    return first
