"""Comparisons as they are kept: who with whom, what was folded in, and every look ever taken."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from understudy.log.episodes import Episode
from understudy.log.schema import comparison, excluded_pair, look, outcome, work

ModelVersion = tuple[str, str]

_COLUMNS = [column for column in comparison.c if column is not comparison.c.state]


@dataclass(frozen=True)
class KeptComparison:
    """
    One comparison as it stands in the log.

    `policy` has the defaults that it had at the start; `verdict` is the newest word with its
    reasons, judged at `judged_at`. `folds` counts the times something was folded in.
    """

    id: int
    endpoint: str
    deployment_id: int
    live_name: str
    live_version: str
    live_digest: str
    name: str
    version: str
    digest: str
    policy: Mapping[str, Any]
    policy_digest: str
    shadows: int
    started_at: datetime
    ended_at: datetime | None
    folds: int
    verdict: Mapping[str, Any] | None
    judged_at: datetime | None

    @property
    def live(self) -> ModelVersion:
        """Name and version of the live model."""
        return self.live_name, self.live_version

    @property
    def shadow(self) -> ModelVersion:
        """Name and version of the shadow."""
        return self.name, self.version


@dataclass(frozen=True)
class KeptFinding:
    """
    What one check found at one look, as JSON.

    `last_outcome` is the id of the newest outcome that the look knew, and `folds` the number of
    folds there were then, if it looked at outcomes, or at units by a field.
    """

    family: str
    number: int
    finding: str
    units: int
    content: Mapping[str, Any]
    last_outcome: int | None = None
    folds: int | None = None


def open_comparison(
    connection: Connection,
    endpoint: str,
    episode: Episode,
    policy: Mapping[str, Any],
    policy_digest: str,
) -> int:
    """Return the id of the comparison of an episode, which is made if it is not there yet."""
    live, shadow = episode.live, episode.shadow
    made = insert(comparison).values(
        endpoint=endpoint,
        deployment_id=episode.deployment_id,
        live_name=live.name,
        live_version=live.version,
        live_digest=live.digest,
        name=shadow.name,
        version=shadow.version,
        digest=shadow.digest,
        policy=dict(policy),
        policy_digest=policy_digest,
        shadows=max(1, episode.shadows),
        started_at=episode.started_at,
        ended_at=episode.ended_at,
    )
    connection.execute(made.on_conflict_do_nothing())
    found: int = connection.execute(
        select(comparison.c.id).where(
            comparison.c.endpoint == endpoint,
            comparison.c.deployment_id == episode.deployment_id,
            comparison.c.name == shadow.name,
            comparison.c.version == shadow.version,
        )
    ).scalar_one()
    return found


def end_comparison(connection: Connection, comparison_id: int, ended_at: datetime) -> None:
    """Note that a comparison's episode is over."""
    connection.execute(
        update(comparison)
        .where(comparison.c.id == comparison_id, comparison.c.ended_at.is_(None))
        .values(ended_at=ended_at)
    )


def read_comparison(
    connection: Connection, comparison_id: int, *, lock: bool = False
) -> KeptComparison:
    """Return a comparison; with `lock` nobody else folds or looks until the transaction ends."""
    query = select(*_COLUMNS).where(comparison.c.id == comparison_id)
    row = connection.execute(query.with_for_update() if lock else query).one()
    return KeptComparison(**row._mapping)


def at_fold(kept: KeptComparison, folds: int) -> KeptComparison:
    """Return a comparison as if nothing had been folded in after so many folds."""
    return replace(kept, folds=folds)


def list_comparisons(connection: Connection, endpoint: str) -> list[KeptComparison]:
    """Return every comparison of an endpoint, the newest first."""
    query = select(*_COLUMNS).where(comparison.c.endpoint == endpoint)
    ordered = query.order_by(comparison.c.started_at.desc(), comparison.c.id.desc())
    return [KeptComparison(**row._mapping) for row in connection.execute(ordered)]


def read_state(connection: Connection, comparison_id: int) -> dict[str, Any] | None:
    """Return what was folded in so far, None before the first fold."""
    query = select(comparison.c.state).where(comparison.c.id == comparison_id)
    packed = connection.execute(query).scalar_one()
    if packed is None:
        return None
    found: dict[str, Any] = orjson.loads(zlib.decompress(packed))
    return found


def write_state(connection: Connection, comparison_id: int, state: Mapping[str, Any]) -> None:
    """Keep what is folded in now, and count the fold."""
    packed = zlib.compress(orjson.dumps(dict(state)), level=1)
    connection.execute(
        update(comparison)
        .where(comparison.c.id == comparison_id)
        .values(state=packed, folds=comparison.c.folds + 1)
    )


def write_verdict(connection: Connection, comparison_id: int, verdict: Mapping[str, Any]) -> None:
    """Keep the newest verdict."""
    connection.execute(
        update(comparison)
        .where(comparison.c.id == comparison_id)
        .values(verdict=dict(verdict), judged_at=func.clock_timestamp())
    )


def write_looks(
    connection: Connection, comparison_id: int, findings: Sequence[KeptFinding]
) -> None:
    """Keep what a look found; a look that is there already stays as it is."""
    rows = [vars(found) | {"comparison_id": comparison_id} for found in findings]
    if rows:
        connection.execute(insert(look).on_conflict_do_nothing(), rows)


def read_looks(connection: Connection, comparison_id: int) -> list[KeptFinding]:
    """Return all that every look found, in the order of the looks."""
    columns = [look.c[name] for name in KeptFinding.__dataclass_fields__]
    query = (
        select(*columns)
        .where(look.c.comparison_id == comparison_id)
        .order_by(look.c.family, look.c.number, look.c.finding)
    )
    return [KeptFinding(**row._mapping) for row in connection.execute(query)]


def last_outcome(connection: Connection, endpoint: str) -> int:
    """Return the id of the newest outcome; they are written one after the other, in this order."""
    query = select(func.coalesce(func.max(outcome.c.id), 0)).where(outcome.c.endpoint == endpoint)
    found: int = connection.execute(query).scalar_one()
    return found


def outcome_moment(connection: Connection, kept: KeptComparison) -> tuple[int, int]:
    """Return what changes whenever a folded pair gets an outcome: folds, and the newest outcome."""
    return kept.folds, last_outcome(connection, kept.endpoint)


def count_looks(connection: Connection, comparison_id: int) -> dict[str, int]:
    """Return the number of the newest look of each family that has one."""
    query = (
        select(look.c.family, func.max(look.c.number))
        .where(look.c.comparison_id == comparison_id)
        .group_by(look.c.family)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


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


def write_exclusions(
    connection: Connection, comparison_id: int, rows: Sequence[tuple[str, int, str]]
) -> None:
    """Keep which pairs do not count, by request id, instance number and reason."""
    if rows:
        connection.execute(
            insert(excluded_pair).on_conflict_do_nothing(),
            [
                {
                    "comparison_id": comparison_id,
                    "request_id": key,
                    "instance_no": no,
                    "reason": why,
                }
                for key, no, why in rows
            ],
        )


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
