"""The work list of the shadows: items are leased, scored with no transaction open, and closed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Engine, Text, case, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from understudy.log.claiming import Version, lease_end, oldest_free, somebody_waits
from understudy.log.database import log_errors
from understudy.log.results import storable, store_results
from understudy.log.schema import prediction, shadow_state, work
from understudy.log.work_item import ShadowResult, WorkCounts, WorkItem, WorkRow

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
            if not is_urgent and somebody_waits(connection, endpoint, deployed):
                return None
            oldest = oldest_free(endpoint, (name, version), replayed=replayed)
            row = connection.execute(
                update(work)
                .where(work.c.id == oldest.scalar_subquery())
                .values(state="leased", attempts=work.c.attempts + 1, **lease)
                .returning(*_LEASE_COLUMNS)
            ).one_or_none()
            if row is not None:
                return WorkItem(**row._mapping)
    return None


def read_work(engine: Engine, item: WorkItem) -> list[WorkRow]:
    """
    Return the instances of an item, in order of request and instance number.

    No transaction stays open. Raises LogUnavailable.
    """
    query = (
        # As text: json would give a whole number of 300 digits for the 1e300 that jsonb spells out.
        select(prediction.c.request_id, prediction.c.instance_no, cast(prediction.c.instance, Text))
        .where(
            prediction.c.recorded_at == item.recorded_at,
            prediction.c.shipment_id == item.shipment_id,
            prediction.c.endpoint == item.endpoint,
        )
        .order_by(prediction.c.request_id, prediction.c.instance_no)
    )
    with log_errors(), engine.connect() as connection:
        found = connection.execute(query).all()
    return [WorkRow(str(request), number, orjson.loads(text)) for request, number, text in found]


def complete(
    engine: Engine, item: WorkItem, results: Sequence[ShadowResult], sampled_out: int
) -> WorkCounts | None:
    """
    Store the results and close the item in one transaction, if the lease is still the claimant's.

    A result that Postgres refuses is stored as a failure with its error; the counts returned are
    those stored. Instances without a result (the retention has dropped them) count as skipped. None
    if the lease was lost: then nothing is stored. Raises LogUnavailable.
    """
    with log_errors(), engine.begin() as connection:
        held = select(work.c.id).where(*_lease_of(item)).with_for_update()
        if connection.execute(held).one_or_none() is None:
            return None
        statuses = Counter(store_results(connection, item, results))
        gone = item.instances - len(results) - sampled_out
        counts = WorkCounts(
            statuses["scored"], sampled_out, statuses["skipped"] + gone, statuses["failed"]
        )
        connection.execute(
            update(work)
            .where(work.c.id == item.id)
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
    return counts


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
