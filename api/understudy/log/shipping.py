"""Brings answered requests from a spool into the prediction log, each exactly once."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from understudy.log import copying
from understudy.log.database import driver, log_errors, sqlstate
from understudy.log.deployments import current
from understudy.log.locks import lock_deployments
from understudy.log.notices import notify
from understudy.log.schema import quarantine, shipment, spool, work
from understudy.records import ServedRequest

WORK_CHANNEL = "understudy_work"

_COPY = f"COPY prediction ({', '.join(copying.COLUMNS)}) FROM STDIN"
# Data that cannot be stored: of the wrong form, against a constraint, over a limit of Postgres.
_REFUSALS = ("22", "23", "54")
_CHECK_VIOLATION = "23514"


@dataclass(frozen=True)
class Shipped:
    """
    What became of a batch.

    Every request up to `watermark` is in Postgres: the spool may forget it. `skipped` requests
    had been shipped before; `shipment_id` is None if nothing new was stored.
    """

    shipment_id: int | None
    requests: int
    instances: int
    quarantined: int
    skipped: int
    watermark: int


class _Parcel(NamedTuple):
    """One request and its lines, the smallest thing that is stored or refused."""

    request: ServedRequest
    lines: bytes


class _Refusal(NamedTuple):
    request: ServedRequest
    error: str


def ship(
    engine: Engine, endpoint: str, spool_uuid: UUID | str, requests: Sequence[ServedRequest]
) -> Shipped:
    """
    Store the requests that are above the spool's watermark, in one transaction.

    `requests` are in order of `seq`. The same transaction writes the shipment, one work item for
    each shadow that is deployed at that moment, and the new watermark: a crash at any moment
    loses nothing and a repetition doubles nothing. A request that Postgres refuses goes to
    `quarantine` whole, the others are stored.

    Raises LogUnavailable for everything that is not the fault of a request; nothing is stored
    then.
    """
    uuid = UUID(str(spool_uuid))
    with log_errors(), engine.begin() as connection:
        watermark = _lock_spool(connection, endpoint, uuid)
        fresh = [request for request in requests if request.seq > watermark]
        skipped = len(requests) - len(fresh)
        if not fresh:
            return Shipped(None, 0, 0, 0, skipped, watermark)
        # Held to the end: this shipment lies wholly before or wholly after a change of roles.
        lock_deployments(connection, endpoint, shared=True)
        return _Shipment(connection, endpoint, uuid).store(fresh, skipped)


def _lock_spool(connection: Connection, endpoint: str, uuid: UUID) -> int:
    """Return the watermark of a spool, known from now on, and keep others from moving it."""
    connection.execute(upsert(spool).values(uuid=uuid, endpoint=endpoint).on_conflict_do_nothing())
    watermark: int = connection.execute(
        text("SELECT watermark FROM spool WHERE uuid = :uuid FOR UPDATE"), {"uuid": uuid}
    ).scalar_one()
    return watermark


class _Shipment:
    """One shipment on its way, inside the transaction that stores it."""

    def __init__(self, connection: Connection, endpoint: str, uuid: UUID) -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._spool = uuid
        row = connection.execute(text("SELECT nextval('shipment_id_seq'), clock_timestamp()")).one()
        self._id: int = row[0]
        self._recorded_at: datetime = row[1]

    def store(self, requests: Sequence[ServedRequest], skipped: int) -> Shipped:
        """Write everything that belongs to these requests."""
        parcels, refused = self._pack(requests)
        refused += self._copy(parcels)
        lost = {refusal.request.seq for refusal in refused}
        stored = [request for request in requests if request.seq not in lost]
        instances = sum(len(request.instances) for request in stored)
        if instances:
            self._write_shipment(stored, instances)
            self._write_work(instances)
        self._write_quarantine(refused)
        watermark = requests[-1].seq
        self._connection.execute(
            update(spool)
            .where(spool.c.uuid == self._spool)
            .values(watermark=watermark, seen_at=text("now()"))
        )
        shipment_id = self._id if instances else None
        return Shipped(shipment_id, len(stored), instances, len(refused), skipped, watermark)

    def _pack(self, requests: Sequence[ServedRequest]) -> tuple[list[_Parcel], list[_Refusal]]:
        parcels, refused = [], []
        for request in requests:
            try:
                lines = copying.encode(request, self._endpoint, self._recorded_at, self._id)
            except (ValueError, TypeError, OverflowError, OSError, AttributeError) as error:
                refused.append(_Refusal(request, f"{type(error).__name__}: {error}"))
            else:
                parcels.append(_Parcel(request, lines))
        return parcels, refused

    def _copy(self, parcels: Sequence[_Parcel]) -> list[_Refusal]:
        """Store what can be stored, halving what is refused until the culprit stands alone."""
        if not parcels:
            return []
        savepoint = self._connection.begin_nested()
        try:
            self._copy_lines(b"".join(parcel.lines for parcel in parcels))
        except psycopg2.Error as error:
            if not _is_refusal(error):
                raise
            savepoint.rollback()
            if len(parcels) == 1:
                return [_Refusal(parcels[0].request, _diagnosis(error))]
            half = len(parcels) // 2
            return self._copy(parcels[:half]) + self._copy(parcels[half:])
        savepoint.commit()
        return []

    def _copy_lines(self, lines: bytes) -> None:
        with driver(self._connection).cursor() as cursor:
            cursor.copy_expert(_COPY, io.BytesIO(lines))

    def _write_shipment(self, stored: Sequence[ServedRequest], instances: int) -> None:
        self._connection.execute(
            insert(shipment).values(
                id=self._id,
                endpoint=self._endpoint,
                spool=self._spool,
                first_seq=stored[0].seq,
                last_seq=stored[-1].seq,
                instances=instances,
                recorded_at=self._recorded_at,
            )
        )

    def _write_work(self, instances: int) -> None:
        items = [
            {
                "endpoint": self._endpoint,
                "name": role.name,
                "version": role.version,
                "shipment_id": self._id,
                "recorded_at": self._recorded_at,
                "share": role.share,
                "instances": instances,
            }
            for role in current(self._connection, self._endpoint).shadows
        ]
        if items:
            self._connection.execute(insert(work), items)
            notify(self._connection, WORK_CHANNEL, self._endpoint)

    def _write_quarantine(self, refused: Sequence[_Refusal]) -> None:
        rows = [
            {
                "endpoint": self._endpoint,
                "spool": self._spool,
                "seq": request.seq,
                "request_id": _uuid(request.request_id),
                "payload": json.dumps(asdict(request), default=str).encode(),
                "error": error.replace("\0", "\\0"),
            }
            for request, error in refused
        ]
        if rows:
            self._connection.execute(insert(quarantine), rows)


def _is_refusal(error: psycopg2.Error) -> bool:
    """Whether it is the data's fault; a day without its partition looks alike but is not."""
    state = sqlstate(error) or ""
    if state == _CHECK_VIOLATION and error.diag.constraint_name is None:
        return False
    return state.startswith(_REFUSALS)


def _diagnosis(error: psycopg2.Error) -> str:
    return f"{error.pgcode}: {error.diag.message_primary}"


def _uuid(request_id: str) -> UUID | None:
    try:
        return UUID(request_id)
    except (ValueError, AttributeError, TypeError):
        return None
