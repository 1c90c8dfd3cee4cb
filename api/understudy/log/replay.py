"""Replay: recorded traffic becomes work of a version that was not in its shadow then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from understudy.errors import DeploymentRefused, NothingRecorded
from understudy.log.database import log_errors
from understudy.log.deployments import current
from understudy.log.partitions import first_day
from understudy.log.roles import Role
from understudy.log.schema import replay, shipment, work

BATCH = 2000

_INSERT = text("""
    INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, share, instances, replayed)
    SELECT s.endpoint, :name, :version, s.id, s.recorded_at, :share, s.instances, true
    FROM shipment s
    WHERE s.endpoint = :endpoint AND s.recorded_at >= :since AND s.recorded_at < :until
        AND (s.recorded_at, s.id) > (:after_at, :after_id)
        AND NOT EXISTS (
            SELECT FROM work w
            WHERE w.shipment_id = s.id AND w.name = :name AND w.version = :version
        )
    ORDER BY s.recorded_at, s.id
    LIMIT :batch
    ON CONFLICT DO NOTHING
    RETURNING shipment_id, recorded_at, instances
""")

_SURVEY = text("""
    SELECT count(*) AS shipments, coalesce(sum(s.instances), 0)::bigint AS instances,
        count(w.id) AS present, coalesce(sum(w.instances), 0)::bigint AS present_instances,
        count(w.id) FILTER (WHERE w.share <> :share) AS other_share
    FROM shipment s
    LEFT JOIN work w ON w.shipment_id = s.id AND w.name = :name AND w.version = :version
    WHERE s.endpoint = :endpoint AND s.recorded_at >= :since AND s.recorded_at < :until
""")

_STANDING = text("""
    SELECT coalesce(sum(scored), 0)::bigint AS scored,
        coalesce(sum(sampled_out), 0)::bigint AS sampled_out,
        coalesce(sum(skipped), 0)::bigint AS skipped, coalesce(sum(failed), 0)::bigint AS failed,
        coalesce(sum(instances) FILTER (WHERE state <> 'done'), 0)::bigint AS waiting
    FROM work
    WHERE endpoint = :endpoint AND name = :name AND version = :version
        AND recorded_at >= :since AND recorded_at < :until
""")

# The newest content of each version that somebody had replayed and that has work left.
_UNDER_WAY = text("""
    SELECT DISTINCT ON (name, version) id, name, version, digest, at, who
    FROM replay r
    WHERE endpoint = :endpoint AND EXISTS (
        SELECT FROM work w
        WHERE w.endpoint = r.endpoint AND w.name = r.name AND w.version = r.version
            AND w.replayed AND w.state <> 'done'
    )
    ORDER BY name, version, id DESC
""")


@dataclass(frozen=True)
class Replay:
    """
    The wish to have what was recorded from `since` to before `until` scored by a version.

    The times are those of recording, by Postgres' clock: a moment after the answer, or later if
    Postgres was away. `digest` is the content that shall score.
    """

    endpoint: str
    name: str
    version: str
    digest: str
    share: float
    since: datetime
    until: datetime

    @property
    def model(self) -> str:
        """The version as people write it."""
        return f"{self.name}:{self.version}"

    @property
    def key(self) -> dict[str, object]:
        """What names the items of this replay in a query."""
        return {
            "endpoint": self.endpoint,
            "name": self.name,
            "version": self.version,
            "since": self.since,
            "until": self.until,
            "share": self.share,
        }


@dataclass(frozen=True)
class Survey:
    """
    What was recorded in the time of a replay, in shipments and instances.

    Of these `present` are work of the version already, `other_share` of them at another share.
    `expired` shipments were dropped by the retention and are none of the others.
    """

    shipments: int
    instances: int
    present: int
    present_instances: int
    other_share: int
    expired: int

    @property
    def missing(self) -> int:
        """Shipments that are to become work."""
        return self.shipments - self.present


@dataclass(frozen=True)
class Standing:
    """Where the instances went that are work of a version in the time of a replay."""

    scored: int
    sampled_out: int
    skipped: int
    failed: int
    waiting: int

    @property
    def settled(self) -> int:
        """Instances whose work is done."""
        return self.scored + self.sampled_out + self.skipped + self.failed


@dataclass(frozen=True)
class Inserted:
    """One batch of shipments that became work."""

    shipments: int
    instances: int


def begin_replay(connection: Connection, wanted: Replay, who: str) -> tuple[Replay, Survey]:
    """
    Record who wants a replay, and return it, without the days that are gone, and what there is.

    Raises NothingRecorded if nothing is left to score, and DeploymentRefused if another content of
    the version is a shadow, or was replayed before: the predictions would stand under one name.
    """
    role = current(connection, wanted.endpoint).shadow(wanted.name, wanted.version)
    earlier = _digest_before(connection, wanted) if role is None else role.digest
    if earlier is not None and earlier != wanted.digest:
        raise DeploymentRefused(
            f"{wanted.model} was scored with the digest {earlier[:12]}…, and the store holds"
            f" {wanted.digest[:12]}… now. Their predictions would stand under one name: give the"
            " new model a new version."
        )
    kept, expired = _without_expired(connection, wanted)
    found = connection.execute(_SURVEY, kept.key).mappings().one()
    if not found["shipments"]:
        raise NothingRecorded(wanted.endpoint, wanted.since, wanted.until, expired)
    connection.execute(insert(replay).values(wanted.key | {"digest": wanted.digest, "who": who}))
    return kept, Survey(**found, expired=expired)


def insert_missing(engine: Engine, wanted: Replay, batch: int = BATCH) -> Iterator[Inserted]:
    """
    Make work of the shipments that are none yet, in short transactions, the oldest first.

    Whatever interrupts it leaves whole batches: called again, it goes on. Shipments become visible
    out of order, so it looks again until it finds nothing. Raises LogUnavailable.
    """
    found = True
    while found:
        found = False
        after = datetime.min.replace(tzinfo=UTC), 0
        while rows := _insert(engine, wanted, after, batch):
            found = True
            after = max((row[1], row[0]) for row in rows)
            yield Inserted(len(rows), sum(row[2] for row in rows))


def read_standing(connection: Connection, wanted: Replay) -> Standing:
    """Return how far the work of a version is in the time of a replay."""
    return Standing(**connection.execute(_STANDING, wanted.key).mappings().one())


def replays_under_way(connection: Connection, endpoint: str) -> list[Role]:
    """Return the versions that have replayed work left; each with the content that shall score."""
    return [
        Role(row.name, row.version, row.digest, row.at, row.who)
        for row in connection.execute(_UNDER_WAY, {"endpoint": endpoint})
    ]


def replay_backlog(connection: Connection, endpoint: str) -> dict[tuple[str, str], int]:
    """Return how many replayed instances wait, by name and version; 0 where all are scored."""
    open_items = (
        select(work.c.name, work.c.version, func.sum(work.c.instances))
        .where(work.c.endpoint == endpoint, work.c.state != "done", work.c.replayed)
        .group_by(work.c.name, work.c.version)
    )
    asked = select(replay.c.name, replay.c.version).where(replay.c.endpoint == endpoint).distinct()
    waiting = {
        (name, version): int(count) for name, version, count in connection.execute(open_items)
    }
    return {(row.name, row.version): 0 for row in connection.execute(asked)} | waiting


def cancel_replays(connection: Connection, endpoint: str, name: str, version: str) -> Inserted:
    """Take back the replayed items of a version that nobody has begun, and return how many."""
    taken = connection.execute(
        delete(work)
        .where(
            work.c.endpoint == endpoint,
            work.c.name == name,
            work.c.version == version,
            work.c.replayed,
            work.c.state == "waiting",
        )
        .returning(work.c.instances)
    ).scalars()
    instances = list(taken)
    return Inserted(len(instances), sum(instances))


def _digest_before(connection: Connection, wanted: Replay) -> str | None:
    """Return the content of the version that was replayed last, if any was."""
    query = (
        select(replay.c.digest)
        .where(
            replay.c.endpoint == wanted.endpoint,
            replay.c.name == wanted.name,
            replay.c.version == wanted.version,
        )
        .order_by(replay.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _without_expired(connection: Connection, wanted: Replay) -> tuple[Replay, int]:
    """Let a replay begin with the first day that is kept; count the shipments before it."""
    day = first_day(connection)
    begin = max(wanted.since, datetime.combine(day, time(), UTC)) if day else wanted.until
    begin = min(begin, wanted.until)
    gone = select(func.count()).where(
        shipment.c.endpoint == wanted.endpoint,
        shipment.c.recorded_at >= wanted.since,
        shipment.c.recorded_at < begin,
    )
    kept = Replay(**{**vars(wanted), "since": begin})
    return kept, int(connection.execute(gone).scalar_one())


def _insert(
    engine: Engine, wanted: Replay, after: tuple[datetime, int], batch: int
) -> list[tuple[int, datetime, int]]:
    parameters = wanted.key | {"after_at": after[0], "after_id": after[1], "batch": batch}
    with log_errors(), engine.begin() as connection:
        return [tuple(row) for row in connection.execute(_INSERT, parameters)]
