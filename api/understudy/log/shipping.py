"""Brings answered requests from a spool into the prediction log, each exactly once."""

from collections.abc import Iterable, Iterator
from itertools import chain
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert as upsert

from understudy.log.database import log_errors
from understudy.log.erasure import read_awaited
from understudy.log.locks import DEPLOYMENTS
from understudy.log.schema import spool
from understudy.log.shipment import Begun, Shipment, Shipped, is_refusal, noted
from understudy.records import ServedRequest

# Each step reads the one before, so Postgres takes them in this order: nobody moves the watermark
# any more, no role changes (this shipment lies wholly before or wholly after a change), and only
# then the clock is read.
_BEGIN = text("""
    WITH locked AS MATERIALIZED (SELECT watermark FROM spool WHERE uuid = :uuid FOR UPDATE),
    held AS MATERIALIZED (
        SELECT watermark, pg_advisory_xact_lock_shared(:lock, hashtext(:endpoint)) FROM locked)
    SELECT watermark, nextval('shipment_id_seq'), clock_timestamp() FROM held
""")


def ship(
    engine: Engine, endpoint: str, spool_uuid: UUID | str, requests: Iterable[ServedRequest]
) -> Shipped:
    """
    Store the requests that are above the spool's watermark, in one transaction.

    `requests` are in order of `seq`, and are asked for while Postgres takes those before. The same
    transaction writes the shipment, one work item for each shadow that is deployed at that moment,
    and the new watermark: a crash at any moment loses nothing and a repetition doubles nothing. A
    request that Postgres refuses goes to `quarantine` whole, the others are stored.

    Raises LogUnavailable for everything that is not the fault of a request, and whatever
    `requests` raises; nothing is stored then.
    """
    uuid = UUID(str(spool_uuid))
    taken: list[ServedRequest] = []
    with log_errors():
        try:
            with engine.begin() as connection:
                return _ship(connection, endpoint, uuid, noted(requests, taken), by_halves=False)
        except psycopg2.Error as error:
            if not is_refusal(error):
                raise
        # Something among them is refused, and with it all of them were: once more, with savepoints,
        # which the many shipments without such a request need not pay for.
        with engine.begin() as connection:
            return _ship(connection, endpoint, uuid, iter(taken), by_halves=True)


def _ship(
    connection: Connection,
    endpoint: str,
    uuid: UUID,
    requests: Iterator[ServedRequest],
    *,
    by_halves: bool,
) -> Shipped:
    begun = _begin(connection, endpoint, uuid)
    skipped = 0
    for request in requests:
        if request.seq > begun.watermark:
            # By a query of its own: that of the lock knows nothing of what came while it waited.
            begun = begun._replace(awaited=read_awaited(connection, endpoint))
            shipment = Shipment(connection, endpoint, uuid, begun, by_halves)
            return shipment.store(chain((request,), requests), skipped)
        skipped += 1
    return Shipped(None, 0, 0, 0, skipped, 0, begun.watermark)


def _begin(connection: Connection, endpoint: str, uuid: UUID) -> Begun:
    """Lock a spool, known from now on, and the endpoint's roles; both are held to the end."""
    place = {"endpoint": endpoint, "uuid": uuid, "lock": DEPLOYMENTS}
    row = connection.execute(_BEGIN, place).one_or_none()
    if row is None:
        fresh = upsert(spool).values(uuid=uuid, endpoint=endpoint).on_conflict_do_nothing()
        connection.execute(fresh)
        row = connection.execute(_BEGIN, place).one()
    return Begun(*row)
