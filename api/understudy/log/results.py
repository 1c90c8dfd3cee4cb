"""Writes the results of a shadow so that one refused row costs no other."""

from collections.abc import Sequence
from io import BytesIO

import orjson
import psycopg2
from sqlalchemy import Connection

from understudy.log.copying import cell
from understudy.log.database import driver
from understudy.log.work_item import ShadowResult, Status, WorkItem

_COLUMNS = (
    "endpoint, name, version, shipment_id, recorded_at,"
    " request_id, instance_no, status, output, value, label, error"
)
_REFUSALS = (
    psycopg2.DataError,
    psycopg2.IntegrityError,
    UnicodeEncodeError,
    orjson.JSONEncodeError,
)


def store_results(
    connection: Connection, item: WorkItem, results: Sequence[ShadowResult]
) -> list[Status]:
    """
    Insert the results and return how each was stored, in order.

    Where Postgres refuses a row, the rows are halved until it stands alone; it is stored as a
    failure with Postgres' words. (Where even that is refused, for want of a partition, it counts as
    failed without a row.)
    """
    if not results:
        return []
    try:
        with connection.begin_nested():
            _copy(connection, item, results)
    except _REFUSALS as refusal:
        if len(results) == 1:
            return [_store_refused(connection, item, results[0], refusal)]
        middle = len(results) // 2
        first = store_results(connection, item, results[:middle])
        return first + store_results(connection, item, results[middle:])
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
            _copy(connection, item, [failure])
    except _REFUSALS:
        pass
    return "failed"


def _copy(connection: Connection, item: WorkItem, results: Sequence[ShadowResult]) -> None:
    place = (item.endpoint, item.name, item.version, item.shipment_id, item.recorded_at)
    head = b"\t".join(cell(part) for part in place)
    lines = b"".join(b"%b\t%b\n" % (head, _line(result)) for result in results)
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(f"COPY shadow_prediction ({_COLUMNS}) FROM STDIN", BytesIO(lines))


def _line(result: ShadowResult) -> bytes:
    output = None if result.output is None else orjson.dumps(result.output).decode()
    error = None if result.error is None else storable(result.error)
    parts = (result.request_id, result.instance_no, result.status, output, result.value)
    return b"\t".join(cell(part) for part in (*parts, result.label, error))
