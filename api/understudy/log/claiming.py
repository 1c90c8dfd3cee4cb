"""Which item comes next: live work before replays, and the oldest first."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select, tuple_

from understudy.log.schema import shadow_state, work

Version = tuple[str, str]  # name and version


def lease_end(lease_s: float) -> ColumnElement[object]:
    """Return the end of a lease that begins now, by Postgres' clock."""
    return func.clock_timestamp() + timedelta(seconds=lease_s)


def oldest_free(endpoint: str, version: Version, *, replayed: bool) -> Select[tuple[int]]:
    """Return the query for the oldest item that waits or whose lease has expired, locked."""
    return (
        select(work.c.id)
        .where(
            work.c.endpoint == endpoint,
            work.c.name == version[0],
            work.c.version == version[1],
            # Written as the indexes have it, of which there is one for each.
            work.c.replayed if replayed else ~work.c.replayed,
            _is_free(),
        )
        .order_by(work.c.recorded_at, work.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def somebody_waits(endpoint: str, deployed: Sequence[Version]) -> ColumnElement[bool]:
    """Return the claim that live work waits for a deployed shadow that is able to score it."""
    item = work.alias()
    is_unable = (
        select(shadow_state.c.state)
        .where(
            shadow_state.c.endpoint == item.c.endpoint,
            shadow_state.c.name == item.c.name,
            shadow_state.c.version == item.c.version,
            shadow_state.c.state != "scoring",
        )
        .exists()
    )
    waiting = select(item.c.id).where(
        item.c.endpoint == endpoint,
        tuple_(item.c.name, item.c.version).in_(deployed),
        ~item.c.replayed,
        _is_free(item),
        ~is_unable,
    )
    return waiting.exists()


def _is_free(item: FromClause = work) -> ColumnElement[bool]:
    is_expired = item.c.lease_until < func.clock_timestamp()
    return or_(item.c.state == "waiting", and_(item.c.state == "leased", is_expired))
