"""Brings answered requests from a spool into the prediction log, each exactly once."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from understudy.log import copying
from understudy.log.copy_stream import copy_lines
from understudy.log.database import log_errors, sqlstate
from understudy.log.deployments import current
from understudy.log.locks import DEPLOYMENTS
from understudy.log.schema import quarantine, spool
from understudy.records import ServedRequest

WORK_CHANNEL = "understudy_work"

_COPY = f"COPY prediction ({', '.join(copying.COLUMNS)}) FROM STDIN"
# Each step reads the one before, so Postgres takes them in this order: nobody moves the watermark
# any more, no role changes (this shipment lies wholly before or wholly after a change), and only
# then the clock is read.
_BEGIN = text("""
    WITH locked AS MATERIALIZED (SELECT watermark FROM spool WHERE uuid = :uuid FOR UPDATE),
    held AS MATERIALIZED (
        SELECT watermark, pg_advisory_xact_lock_shared(:lock, hashtext(:endpoint)) FROM locked)
    SELECT watermark, nextval('shipment_id_seq'), clock_timestamp() FROM held
""")
_MOVE = text("UPDATE spool SET watermark = :watermark, seen_at = now() WHERE uuid = :uuid")
_CLOSE = text("""
    WITH shipped AS (
        INSERT INTO shipment (id, endpoint, spool, first_seq, last_seq, instances, recorded_at)
        VALUES (:id, :endpoint, :uuid, :first_seq, :last_seq, :instances, :recorded_at)),
    moved AS (
        UPDATE spool SET watermark = :watermark, seen_at = now() WHERE uuid = :uuid),
    waiting AS (
        INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, share, instances)
        SELECT :endpoint, name, version, :id, :recorded_at, share, :instances
        FROM unnest(CAST(:names AS text[]), CAST(:versions AS text[]),
            CAST(:shares AS double precision[])) AS shadow (name, version, share)
        RETURNING id)
    SELECT pg_notify(:channel, :endpoint) FROM waiting LIMIT 1
""")
# Data that cannot be stored: of the wrong form, against a constraint, over a limit of Postgres.
_REFUSALS = ("22", "23", "54")
_CHECK_VIOLATION = "23514"


@dataclass(frozen=True)
class Shipped:
    """
    What became of a batch.

    Every request up to `watermark` is in Postgres: the spool may forget it. `skipped` requests
    had been shipped before, and `missing` numbers in front of and between the others have no
    request; `shipment_id` is None if nothing new was stored.
    """

    shipment_id: int | None
    requests: int
    instances: int
    quarantined: int
    skipped: int
    missing: int
    watermark: int


class _Begun(NamedTuple):
    """What a shipment starts from; `at` is Postgres' clock."""

    watermark: int
    shipment_id: int
    at: datetime


class _Parcel(NamedTuple):
    """One request and its lines, the smallest thing that is stored or refused."""

    request: ServedRequest
    lines: bytes


class _Refusal(NamedTuple):
    request: ServedRequest
    error: str


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
                return _ship(connection, endpoint, uuid, _noted(requests, taken), by_halves=False)
        except psycopg2.Error as error:
            if not _is_refusal(error):
                raise
        # Something among them is refused, and with it all of them were: once more, with savepoints,
        # which the many shipments without such a request need not pay for.
        with engine.begin() as connection:
            return _ship(connection, endpoint, uuid, iter(taken), by_halves=True)


def _noted(
    requests: Iterable[ServedRequest], taken: list[ServedRequest]
) -> Iterator[ServedRequest]:
    for request in requests:
        taken.append(request)
        yield request


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
            shipment = _Shipment(connection, endpoint, uuid, begun, by_halves)
            return shipment.store(chain((request,), requests), skipped)
        skipped += 1
    return Shipped(None, 0, 0, 0, skipped, 0, begun.watermark)


def _begin(connection: Connection, endpoint: str, uuid: UUID) -> _Begun:
    """Lock a spool, known from now on, and the endpoint's roles; both are held to the end."""
    place = {"endpoint": endpoint, "uuid": uuid, "lock": DEPLOYMENTS}
    row = connection.execute(_BEGIN, place).one_or_none()
    if row is None:
        fresh = upsert(spool).values(uuid=uuid, endpoint=endpoint).on_conflict_do_nothing()
        connection.execute(fresh)
        row = connection.execute(_BEGIN, place).one()
    return _Begun(*row)


class _Shipment:
    """One shipment on its way, inside the transaction that stores it."""

    def __init__(
        self, connection: Connection, endpoint: str, uuid: UUID, begun: _Begun, by_halves: bool
    ) -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._spool = uuid
        self._before = begun.watermark
        self._id = begun.shipment_id
        self._recorded_at = begun.at
        self._by_halves = by_halves

    def store(self, requests: Iterator[ServedRequest], skipped: int) -> Shipped:
        """Write everything that belongs to these requests."""
        fresh: list[ServedRequest] = []
        refused: list[_Refusal] = []
        parcels = self._pack(_noted(requests, fresh), refused)
        if self._by_halves:
            refused += self._copy(list(parcels))
        else:
            self._copy_lines(parcels)
        lost = {refusal.request.seq for refusal in refused}
        stored = [request for request in fresh if request.seq not in lost]
        instances = sum(len(request.instances) for request in stored)
        self._write_quarantine(refused)
        watermark = fresh[-1].seq
        if instances:
            self._close(stored, instances, watermark)
        else:
            self._connection.execute(_MOVE, {"uuid": self._spool, "watermark": watermark})
        shipment_id = self._id if instances else None
        missing = watermark - self._before - len(fresh)
        return Shipped(
            shipment_id, len(stored), instances, len(refused), skipped, missing, watermark
        )

    def _pack(
        self, requests: Iterable[ServedRequest], refused: list[_Refusal]
    ) -> Iterator[_Parcel]:
        """Yield the parcels one by one; a request that has no lines is added to `refused`."""
        for request in requests:
            try:
                lines = copying.encode(request, self._endpoint, self._recorded_at, self._id)
            except (ValueError, TypeError, OverflowError, OSError, AttributeError) as error:
                refused.append(_Refusal(request, f"{type(error).__name__}: {error}"))
            else:
                yield _Parcel(request, lines)

    def _copy(self, parcels: Sequence[_Parcel]) -> list[_Refusal]:
        """Store what can be stored, halving what is refused until the culprit stands alone."""
        if not parcels:
            return []
        savepoint = self._connection.begin_nested()
        try:
            self._copy_lines(parcels)
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

    def _copy_lines(self, parcels: Iterable[_Parcel]) -> None:
        copy_lines(self._connection, _COPY, (parcel.lines for parcel in parcels))

    def _close(self, stored: Sequence[ServedRequest], instances: int, watermark: int) -> None:
        """Write the shipment, its work and the watermark, and wake whoever waits for work."""
        shadows = current(self._connection, self._endpoint).shadows
        self._connection.execute(
            _CLOSE,
            {
                "id": self._id,
                "endpoint": self._endpoint,
                "uuid": self._spool,
                "first_seq": stored[0].seq,
                "last_seq": stored[-1].seq,
                "instances": instances,
                "recorded_at": self._recorded_at,
                "watermark": watermark,
                "names": [role.name for role in shadows],
                "versions": [role.version for role in shadows],
                "shares": [role.share for role in shadows],
                "channel": WORK_CHANNEL,
            },
        )

    def _write_quarantine(self, refused: Sequence[_Refusal]) -> None:
        rows = [
            {
                "endpoint": self._endpoint,
                "spool": self._spool,
                "seq": request.seq,
                "request_id": _uuid(request.request_id),
                "payload": json.dumps(request._asdict(), default=str).encode(),
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
