"""One shipment on its way into the prediction log: its rows, its work and the watermark."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, insert, text

from understudy.log import copying
from understudy.log.copy_stream import copy_lines
from understudy.log.database import sqlstate
from understudy.log.deployments import history, last_change
from understudy.log.erasure import read_awaited, settle_awaited, without_contents
from understudy.log.locks import lock_deployments
from understudy.log.roles import fold
from understudy.log.schema import quarantine
from understudy.records import ServedRequest

WORK_CHANNEL = "understudy_work"

_COPY = f"COPY prediction ({', '.join(copying.COLUMNS)}) FROM STDIN"
_MOVE = text("UPDATE spool SET watermark = :watermark, seen_at = now() WHERE uuid = :uuid")
_CLOSE = text("""
    WITH shipped AS (
        INSERT INTO shipment (id, endpoint, spool, first_seq, last_seq, instances, recorded_at,
            deployments)
        VALUES (:id, :endpoint, :uuid, :first_seq, :last_seq, :instances, :recorded_at,
            CAST(:deployments AS bigint[]))),
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


class Begun(NamedTuple):
    """
    What a shipment starts from.

    `at` is Postgres' clock, `change` the number of the last change of the roles or of the capture
    policy before that, and `awaited` are to be erased.
    """

    watermark: int
    shipment_id: int
    at: datetime
    change: int
    awaited: frozenset[str] = frozenset()


class Overtaken(Exception):
    """The roles or the capture policy changed, or something was erased, while rows were written."""


class _Parcel(NamedTuple):
    """One request and its lines, the smallest thing that is stored or refused."""

    request: ServedRequest
    lines: bytes


class _Refusal(NamedTuple):
    request: ServedRequest
    error: str


class Shipment:
    """One shipment on its way, inside the transaction that stores it."""

    def __init__(
        self, connection: Connection, endpoint: str, uuid: UUID, begun: Begun, by_halves: bool
    ) -> None:
        self._connection = connection
        self._endpoint = endpoint
        self._spool = uuid
        self._before = begun.watermark
        self._id = begun.shipment_id
        self._recorded_at = begun.at
        self._change = begun.change
        self._awaited = begun.awaited
        self._by_halves = by_halves

    def store(self, requests: Iterator[ServedRequest], skipped: int) -> Shipped:
        """Write everything that belongs to these requests; raises Overtaken."""
        fresh: list[ServedRequest] = []
        refused: list[_Refusal] = []
        parcels = self._pack(noted(requests, fresh), refused)
        if self._by_halves:
            refused += self._copy(list(parcels))
        else:
            self._copy_lines(parcels)
        lost = {refusal.request.seq for refusal in refused}
        stored = [request for request in fresh if request.seq not in lost]
        instances = sum(len(request.instances) for request in stored)
        self._hold_others_off()
        self._write_quarantine(refused)
        watermark = fresh[-1].seq
        if instances:
            self._close(stored, instances, watermark)
        else:
            self._connection.execute(_MOVE, {"uuid": self._spool, "watermark": watermark})
        if self._awaited:
            came = [one.request_id for one in fresh if one.request_id in self._awaited]
            settle_awaited(self._connection, self._endpoint, came)
        shipment_id = self._id if instances else None
        missing = watermark - self._before - len(fresh)
        return Shipped(
            shipment_id, len(stored), instances, len(refused), skipped, missing, watermark
        )

    def _pack(
        self, requests: Iterable[ServedRequest], refused: list[_Refusal]
    ) -> Iterator[_Parcel]:
        """Yield the parcels one by one; a request that has no lines is added to `refused`."""
        for given in requests:
            request = without_contents(self._awaited, given) if self._awaited else given
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
            if not is_refusal(error):
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

    def _hold_others_off(self) -> None:
        """From here to the end let nothing change the roles, and nothing be erased."""
        lock_deployments(self._connection, self._endpoint, shared=True)
        if last_change(self._connection, self._endpoint) != self._change:
            raise Overtaken
        if not read_awaited(self._connection, self._endpoint) <= self._awaited:
            raise Overtaken

    def _close(self, stored: Sequence[ServedRequest], instances: int, watermark: int) -> None:
        """Write the shipment, its work and the watermark, and wake whoever waits for work."""
        shadows = fold(history(self._connection, self._endpoint)).shadows
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
                "deployments": sorted({request.deployment_id or 0 for request in stored}),
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


def noted(requests: Iterable[ServedRequest], taken: list[ServedRequest]) -> Iterator[ServedRequest]:
    """Yield the requests, and remember in `taken` which were asked for."""
    for request in requests:
        taken.append(request)
        yield request


def is_refusal(error: psycopg2.Error) -> bool:
    """Say whether it is the data's fault; a day without its partition looks alike but is not."""
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
