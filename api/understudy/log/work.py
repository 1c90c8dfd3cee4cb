"""The work list of the shadows: items are leased, scored with no transaction open, and closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from understudy.log.claiming import Version, lease_end, oldest_free, somebody_waits
from understudy.log.database import driver, log_errors
from understudy.log.erasure import ERASED, erased_in
from understudy.log.results import REFUSALS, copy_results, storable, store_one_by_one
from understudy.log.schema import shadow_state, work
from understudy.log.work_item import ShadowResult, Status, WorkCounts, WorkItem, WorkRow

_LEASE_COLUMNS = (
    work.c.id,
    work.c.endpoint,
    work.c.name,
    work.c.version,
    work.c.shipment_id,
    work.c.recorded_at,
    work.c.share,
    work.c.instances,
    work.c.claimed_by,
    work.c.attempts,
)


# Both as text: a UUID would be made and turned into text again, and json would give a whole number
# of 300 digits for the 1e300 that jsonb spells out. Past SQLAlchemy, whose rows cost as much again.
_READ = """
    SELECT request_id::text, instance_no, instance::text, deployment_id,
        erased_at IS NOT NULL
    FROM prediction
    WHERE recorded_at = %s AND shipment_id = %s AND endpoint = %s
    ORDER BY prediction.request_id, instance_no
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a shadow version has yet to score; `oldest_s` is how long the oldest item waits."""

    name: str
    version: str
    items: int
    instances: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class ShadowState:
    """How a shadow version fares, and since when."""

    name: str
    version: str
    state: str
    detail: str
    since: datetime


State = Literal["scoring", "broken", "failing"]


def claim(
    engine: Engine,
    endpoint: str,
    name: str,
    version: str,
    claimed_by: str,
    lease_s: float,
    ahead: Sequence[Version] | None = None,
) -> WorkItem | None:
    """
    Lease the oldest item of a shadow version that waits or whose lease has expired.

    `ahead` are the versions that play a shadow now; without it the version itself is one. Live
    items come before replayed ones. A replayed item, or any of a version that plays no shadow, is
    given out only while no live item waits for a version ahead; one that is broken or failing has
    no use for the time, so it holds back nobody. None if there is nothing to do. Raises
    LogUnavailable.
    """
    deployed = ((name, version),) if ahead is None else ahead
    lease = {"claimed_by": claimed_by, "lease_until": lease_end(lease_s)}
    with log_errors(), engine.begin() as connection:
        for replayed in (False, True):
            is_urgent = not replayed and (name, version) in deployed
            oldest = oldest_free(endpoint, (name, version), replayed=replayed)
            wanted = update(work).where(work.c.id == oldest.scalar_subquery())
            if not is_urgent:
                wanted = wanted.where(~somebody_waits(endpoint, deployed))
            row = connection.execute(
                wanted.values(state="leased", attempts=work.c.attempts + 1, **lease).returning(
                    *_LEASE_COLUMNS
                )
            ).one_or_none()
            if row is not None:
                return WorkItem(**row._mapping)
    return None


def read_work(engine: Engine, item: WorkItem) -> list[WorkRow]:
    """
    Return the instances of an item, as JSON, in order of request and instance number.

    No transaction stays open. Raises LogUnavailable.
    """
    with log_errors(), engine.connect() as connection, driver(connection).cursor() as cursor:
        cursor.execute(_READ, (item.recorded_at, item.shipment_id, item.endpoint))
        found = cursor.fetchall()
    return list(map(WorkRow._make, found))


def complete(
    engine: Engine, item: WorkItem, results: Sequence[ShadowResult], sampled_out: int
) -> WorkCounts | None:
    """
    Store the results and close the item in one transaction, if the lease is still the claimant's.

    A result that Postgres refuses is stored as a failure with its error; the counts returned are
    those stored. Instances without a result (the retention has dropped them) count as skipped. None
    if the lease was lost: then nothing is stored. Raises LogUnavailable.
    """
    with log_errors():
        try:
            with engine.begin() as connection:
                return _complete_whole(connection, item, results, sampled_out)
        except REFUSALS:
            # Once more, with savepoints: the many items without a refused result do not pay them.
            with engine.begin() as connection:
                return _complete_by_halves(connection, item, results, sampled_out)


def _complete_whole(
    connection: Connection, item: WorkItem, results: Sequence[ShadowResult], sampled_out: int
) -> WorkCounts | None:
    counts = _count(item, Counter(result.status for result in results), sampled_out)
    if not _close(connection, item, counts):
        return None
    kept = _without_erased(connection, item, results)
    if kept is not results:
        counts = _count(item, Counter(result.status for result in kept), sampled_out)
        _correct(connection, item, counts)
    copy_results(connection, item, kept)
    return counts


def _complete_by_halves(
    connection: Connection, item: WorkItem, results: Sequence[ShadowResult], sampled_out: int
) -> WorkCounts | None:
    held = select(work.c.id).where(*_lease_of(item)).with_for_update()
    if connection.execute(held).one_or_none() is None:
        return None
    results = _without_erased(connection, item, results)
    statuses = store_one_by_one(connection, item, results)
    counts = _count(item, Counter(statuses), sampled_out)
    _close(connection, item, counts)
    return counts


def _without_erased(
    connection: Connection, item: WorkItem, results: Sequence[ShadowResult]
) -> Sequence[ShadowResult]:
    """Return the results without what was erased since its instance was read; the item is held."""
    erased = erased_in(connection, item.endpoint, item.shipment_id)
    if not erased:
        return results
    return [
        ShadowResult(result.request_id, result.instance_no, "skipped", error=ERASED)
        if result.request_id in erased
        else result
        for result in results
    ]


def _correct(connection: Connection, item: WorkItem, counts: WorkCounts) -> None:
    connection.execute(update(work).where(work.c.id == item.id).values(**asdict(counts)))


def _count(item: WorkItem, statuses: Mapping[Status, int], sampled_out: int) -> WorkCounts:
    gone = item.instances - sum(statuses.values()) - sampled_out
    scored, skipped, failed = (statuses.get(kind, 0) for kind in ("scored", "skipped", "failed"))
    return WorkCounts(scored, sampled_out, skipped + gone, failed)


def _close(connection: Connection, item: WorkItem, counts: WorkCounts) -> bool:
    """Close an item, if the lease is still the claimant's, and keep others from it till the end."""
    closed = connection.execute(
        update(work)
        .where(*_lease_of(item))
        .values(
            state="done",
            lease_until=None,
            done_at=func.clock_timestamp(),
            scored=counts.scored,
            sampled_out=counts.sampled_out,
            skipped=counts.skipped,
            failed=counts.failed,
        )
    )
    return closed.rowcount == 1


def renew(engine: Engine, item: WorkItem, lease_s: float) -> bool:
    """Lengthen a lease from now on; False if it is no longer the claimant's."""
    return _change_lease(engine, item, lease_until=lease_end(lease_s))


def release(engine: Engine, item: WorkItem) -> bool:
    """Give an item back unscored, for anyone to claim at once; False if the lease was lost."""
    return _change_lease(engine, item, state="waiting", claimed_by=None, lease_until=None)


def backlog(connection: Connection, endpoint: str) -> list[Backlog]:
    """
    Return what every shadow version of an endpoint has yet to score; none means no row.

    Replayed items are left out: nobody is late with them.
    """
    age = func.extract("epoch", func.clock_timestamp() - func.min(work.c.created_at))
    query = (
        select(work.c.name, work.c.version, func.count(), func.sum(work.c.instances), age)
        .where(work.c.endpoint == endpoint, work.c.state != "done", ~work.c.replayed)
        .group_by(work.c.name, work.c.version)
        .order_by(work.c.name, work.c.version)
    )
    return [
        Backlog(name, version, items, int(instances), max(0.0, float(oldest_s)))
        for name, version, items, instances, oldest_s in connection.execute(query)
    ]


def set_state(
    connection: Connection, endpoint: str, name: str, version: str, state: State, detail: str
) -> None:
    """Record how a shadow version fares; `since` moves only when the state changes."""
    fresh = insert(shadow_state).values(
        endpoint=endpoint, name=name, version=version, state=state, detail=storable(detail)
    )
    unchanged = shadow_state.c.state == fresh.excluded.state
    connection.execute(
        fresh.on_conflict_do_update(
            index_elements=[shadow_state.c.endpoint, shadow_state.c.name, shadow_state.c.version],
            set_={
                "state": fresh.excluded.state,
                "detail": fresh.excluded.detail,
                "since": case((unchanged, shadow_state.c.since), else_=func.now()),
            },
        )
    )


def forget_state(connection: Connection, endpoint: str, name: str, version: str) -> None:
    """Remove the state of a version that is no shadow any more."""
    connection.execute(
        delete(shadow_state).where(
            shadow_state.c.endpoint == endpoint,
            shadow_state.c.name == name,
            shadow_state.c.version == version,
        )
    )


def read_states(connection: Connection, endpoint: str) -> list[ShadowState]:
    """Return how every shadow version of an endpoint fares."""
    columns = [shadow_state.c[name] for name in ShadowState.__dataclass_fields__]
    query = select(*columns).where(shadow_state.c.endpoint == endpoint).order_by(*columns[:2])
    return [ShadowState(**row._mapping) for row in connection.execute(query)]


def _lease_of(item: WorkItem) -> tuple[Any, ...]:
    return (
        work.c.id == item.id,
        work.c.state == "leased",
        work.c.claimed_by == item.claimed_by,
        work.c.attempts == item.attempts,
    )


def _change_lease(engine: Engine, item: WorkItem, **values: Any) -> bool:
    with log_errors(), engine.begin() as connection:
        changed = connection.execute(update(work).where(*_lease_of(item)).values(**values))
    return changed.rowcount == 1
