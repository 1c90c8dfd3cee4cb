"""Brings answered requests from a spool into the prediction log, each exactly once."""

from collections.abc import Iterable, Iterator
from itertools import chain
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert as upsert

from understudy.log.database import log_errors
from understudy.log.deployments import LAST_CHANGE
from understudy.log.erasure import read_awaited
from understudy.log.schema import spool
from understudy.log.shipment import Begun, Overtaken, Shipment, Shipped, is_refusal, noted
from understudy.records import ServedRequest

# Nobody moves the watermark any more, and only then the clock is read: later than the last change
# was made that this statement sees.
_BEGIN = text(f"""
    WITH locked AS MATERIALIZED (SELECT watermark FROM spool WHERE uuid = :uuid FOR UPDATE)
    SELECT watermark, nextval('shipment_id_seq'), clock_timestamp(), {LAST_CHANGE} FROM locked
""")  # noqa: S608 - composed of our own texts


def ship(
    engine: Engine, endpoint: str, spool_uuid: UUID | str, requests: Iterable[ServedRequest]
) -> Shipped:
    """
    Store the requests that are above the spool's watermark, in one transaction.

    `requests` are in order of `seq`, and are asked for while Postgres takes those before. The same
    transaction writes the shipment, one work item for each shadow that is deployed at that moment,
    and the new watermark: a crash at any moment loses nothing and a repetition doubles nothing. A
    request that Postgres refuses goes to `quarantine` whole, the others are stored.

    Changes of the roles or of the capture policy, and erasures, never wait for rows: only at the
    end of the transaction they are locked out, and if there was one meanwhile, all begins anew. So
    a shipment lies wholly before each or wholly after it.

    Raises LogUnavailable for everything that is not the fault of a request, and whatever
    `requests` raises; nothing is stored then.
    """
    uuid, source = UUID(str(spool_uuid)), iter(requests)
    by_halves = False
    with log_errors():
        while True:
            taken: list[ServedRequest] = []
            try:
                with engine.begin() as connection:
                    due = noted(source, taken)
                    return _ship(connection, endpoint, uuid, due, by_halves=by_halves)
            except Overtaken:
                pass
            except psycopg2.Error as error:
                # Something among them is refused, and with it all of them were: once more, with
                # savepoints, which the many shipments without such a request need not pay for.
                if by_halves or not is_refusal(error):
                    raise
                by_halves = True
            source = chain(taken, source)


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
            # By a query of its own: that of the spool knows nothing of what came while it waited.
            begun = begun._replace(awaited=read_awaited(connection, endpoint))
            shipment = Shipment(connection, endpoint, uuid, begun, by_halves)
            return shipment.store(chain((request,), requests), skipped)
        skipped += 1
    return Shipped(None, 0, 0, 0, skipped, 0, begun.watermark)


def _begin(connection: Connection, endpoint: str, uuid: UUID) -> Begun:
    """Lock a spool, known from now on, which is held to the end."""
    place = {"endpoint": endpoint, "uuid": uuid}
    row = connection.execute(_BEGIN, place).one_or_none()
    if row is None:
        fresh = upsert(spool).values(uuid=uuid, endpoint=endpoint).on_conflict_do_nothing()
        connection.execute(fresh)
        row = connection.execute(_BEGIN, place).one()
    return Begun(*row)
