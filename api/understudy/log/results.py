"""Writes the results of a shadow so that one refused row costs no other."""

from collections.abc import Sequence
from io import BytesIO

import orjson
import psycopg2
from sqlalchemy import Connection

from understudy.log.copying import NULL, cell, json, optional
from understudy.log.database import driver
from understudy.log.work_item import ShadowResult, Status, WorkItem

_COLUMNS = (
    "endpoint, name, version, shipment_id, recorded_at,"
    " request_id, instance_no, status, output, value, label, error"
)
REFUSALS = (
    psycopg2.DataError,
    psycopg2.IntegrityError,
    UnicodeEncodeError,
    orjson.JSONEncodeError,
)


def store_one_by_one(
    connection: Connection, item: WorkItem, results: Sequence[ShadowResult]
) -> list[Status]:
    """
    Insert results of which some are refused, and return how each was stored, in order.

    Where Postgres refuses a row, the rows are halved until it stands alone; it is stored as a
    failure with Postgres' words. (Where even that is refused, for want of a partition, it counts as
    failed without a row.)
    """
    if not results:
        return []
    try:
        with connection.begin_nested():
            copy_results(connection, item, results)
    except REFUSALS as refusal:
        if len(results) == 1:
            return [_store_refused(connection, item, results[0], refusal)]
        middle = len(results) // 2
        first = store_one_by_one(connection, item, results[:middle])
        return first + store_one_by_one(connection, item, results[middle:])
    return [result.status for result in results]


def storable(text: str) -> str:
    """Return a text that Postgres takes: without NUL characters and lone surrogates."""
    return text.encode(errors="backslashreplace").decode().replace("\x00", "\\x00")


def _store_refused(
    connection: Connection, item: WorkItem, result: ShadowResult, refusal: Exception
) -> Status:
    words = str(refusal).partition("\n")[0]
    failure = ShadowResult(
        result.request_id,
        result.instance_no,
        "failed",
        error=f"Postgres refuses the result: {words}",
    )
    try:
        with connection.begin_nested():
            copy_results(connection, item, [failure])
    except REFUSALS:
        pass
    return "failed"


def copy_results(connection: Connection, item: WorkItem, results: Sequence[ShadowResult]) -> None:
    """Insert the results, all or none. Raises one of REFUSALS; the transaction is over then."""
    if not results:
        return
    place = (item.endpoint, item.name, item.version, item.shipment_id, item.recorded_at)
    head = b"\t".join(cell(part) for part in place)
    lines = b"".join(b"%b\t%b\n" % (head, _line(result)) for result in results)
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(f"COPY shadow_prediction ({_COLUMNS}) FROM STDIN", BytesIO(lines))


def _line(result: ShadowResult) -> bytes:
    return b"%b\t%d\t%b\t%b\t%b\t%b\t%b" % (
        cell(result.request_id),
        result.instance_no,
        result.status.encode(),
        NULL if result.output is None else json(result.output),
        cell(result.value),
        optional(result.label),
        NULL if result.error is None else cell(storable(result.error)),
    )
