"""Which item comes next: live work before replays, and the oldest first."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_

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


def somebody_waits(connection: Connection, endpoint: str, deployed: Sequence[Version]) -> bool:
    """Tell whether live work waits for a deployed shadow that is able to score it."""
    if not deployed:
        return False
    is_unable = (
        select(shadow_state.c.state)
        .where(
            shadow_state.c.endpoint == work.c.endpoint,
            shadow_state.c.name == work.c.name,
            shadow_state.c.version == work.c.version,
            shadow_state.c.state != "scoring",
        )
        .exists()
    )
    waiting = select(work.c.id).where(
        work.c.endpoint == endpoint,
        tuple_(work.c.name, work.c.version).in_(deployed),
        ~work.c.replayed,
        _is_free(),
        ~is_unable,
    )
    return bool(connection.execute(select(waiting.exists())).scalar_one())


def _is_free() -> ColumnElement[bool]:
    is_expired = work.c.lease_until < func.clock_timestamp()
    return or_(work.c.state == "waiting", and_(work.c.state == "leased", is_expired))
