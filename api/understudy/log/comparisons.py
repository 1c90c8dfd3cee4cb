"""Comparisons as they are kept: who with whom, what was folded in, and the newest verdict."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from understudy.log.episodes import Episode
from understudy.log.schema import comparison, excluded_pair

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
