"""
Erasure: the contents of a request go, a tombstone stays.

What identifies and what was said is removed from every table; that a request was answered, by whom,
when, and what was counted of it stays, so that the accounting adds up and kept verdicts stand.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from understudy.log.audit import note
from understudy.log.locks import lock_deployments, lock_outcomes
from understudy.log.schema import erasure, reproduction
from understudy.records import ServedRequest

ERASED = "erased"
"""What stands where a reason or an error stood."""

# Whoever stores a shadow's results holds its item: either they are there already, or it sees the
# erasure.
_HOLD_WORK = text("""
    SELECT id FROM work WHERE shipment_id IN (
        SELECT shipment_id FROM prediction WHERE endpoint = :endpoint AND request_id = :id
    ) ORDER BY id FOR UPDATE
""")
_PREDICTIONS = text("""
    UPDATE prediction SET instance = '{}', output = 'null', value = NULL, label = NULL,
        client_id = NULL, erased_at = clock_timestamp()
    WHERE endpoint = :endpoint AND request_id = :id AND erased_at IS NULL
    RETURNING shipment_id
""")
_SHADOWS = text("""
    UPDATE shadow_prediction SET status = 'skipped', output = NULL, value = NULL, label = NULL,
        error = :erased
    WHERE endpoint = :endpoint AND request_id = :id
""")
_OUTCOMES = text("""
    UPDATE outcome SET value = 'null'
    WHERE endpoint = :endpoint AND request_id = :id AND value <> 'null'
""")
# One whose request id could not be read is found by its payload.
_QUARANTINED = text("""
    UPDATE quarantine SET payload = '', error = :erased, request_id = :id
    WHERE endpoint = :endpoint AND payload <> ''
        AND (request_id = :id OR position(CAST(:spelt AS bytea) IN payload) > 0)
""")
_BY_CLIENT = text("""
    SELECT request_id FROM prediction
    WHERE endpoint = :endpoint
        AND left(client_id, 100) = left(:client_id, 100) AND client_id = :client_id
    UNION
    SELECT request_id FROM quarantine
    WHERE endpoint = :endpoint AND request_id IS NOT NULL
        AND position(CAST(:spelt AS bytea) IN payload) > 0
    ORDER BY request_id
""")
_REPORTS = text("""
    SELECT id, report FROM reproduction
    WHERE endpoint = :endpoint AND position(:id IN CAST(report AS text)) > 0
""")


@dataclass(frozen=True)
class Erased:
    """
    What was removed of one request, in rows.

    Nothing at all `is_found` where it is not recorded yet, or never was: it is erased when it is
    shipped. `was_erased` says that somebody had erased it before.
    """

    request_id: str
    is_found: bool
    was_erased: bool
    instances: int
    shadow_predictions: int
    outcomes: int
    quarantined: int


def find_requests_of(connection: Connection, endpoint: str, client_id: str) -> list[str]:
    """Return the ids of the recorded requests that a client sent under its own id."""
    if "\0" in client_id:
        return []
    spelt = f'"client_id": {json.dumps(client_id)},'.encode()  # as it stands in a payload
    given = {"endpoint": endpoint, "client_id": client_id, "spelt": spelt}
    return [str(found) for found in connection.execute(_BY_CLIENT, given).scalars()]


def erase(connection: Connection, endpoint: str, request_id: str, who: str, why: str) -> Erased:
    """
    Erase one request wherever it is; it counts once the caller commits.

    A shipment under way brings it back no more: it has come to its end, which is waited for, or
    begins anew. Doing it again does what is left to do.
    """
    lock_deployments(connection, endpoint, shared=False)
    lock_outcomes(connection)
    given = {"endpoint": endpoint, "id": UUID(request_id)}
    row = {"endpoint": endpoint, "request_id": given["id"], "who": who, "why": why}
    fresh = upsert(erasure).values(**row, is_found=False).on_conflict_do_nothing()
    was_erased = connection.execute(fresh).rowcount == 0
    found = replace(_remove(connection, given), was_erased=was_erased)
    note(connection, endpoint, who, "erase", found.request_id, why, _told(found))
    return found


def without_contents(awaited: Collection[str], request: ServedRequest) -> ServedRequest:
    """Return a request as it is to be recorded: without its contents if it is to be erased."""
    if request.request_id not in awaited:
        return request
    nothing = [None] * len(request.instances)
    return request._replace(
        client_id=None, instances=[{} for _ in nothing], outputs=nothing, values=nothing,
        labels=nothing,
    )  # fmt: skip


def read_awaited(connection: Connection, endpoint: str) -> frozenset[str]:
    """Return the requests that are to be erased when they are shipped."""
    query = select(erasure.c.request_id).where(erasure.c.endpoint == endpoint, ~erasure.c.is_found)
    return frozenset(str(found) for found in connection.execute(query).scalars())


def settle_awaited(connection: Connection, endpoint: str, request_ids: Iterable[str]) -> int:
    """Make tombstones of awaited requests that are recorded by now, and count them."""
    places = ({"endpoint": endpoint, "id": UUID(found)} for found in request_ids)
    return sum(_remove(connection, place).is_found for place in places)


def erase_arrived(connection: Connection, endpoint: str) -> int:
    """Erase what an agent of an earlier version recorded though it was to be erased; count it."""
    if not read_awaited(connection, endpoint):
        return 0
    lock_deployments(connection, endpoint, shared=False)
    return settle_awaited(connection, endpoint, read_awaited(connection, endpoint))


def erased_in(connection: Connection, endpoint: str, shipment_id: int) -> frozenset[str]:
    """Return the requests of a shipment that are erased."""
    query = select(erasure.c.request_id).where(
        erasure.c.endpoint == endpoint, erasure.c.shipment_id == shipment_id
    )
    return frozenset(str(found) for found in connection.execute(query).scalars())


def erased_among(connection: Connection, endpoint: str, ids: Collection[str]) -> frozenset[str]:
    """Return which of these requests are erased, or will be when they are recorded."""
    query = select(erasure.c.request_id).where(
        erasure.c.endpoint == endpoint, erasure.c.request_id.in_(list(map(UUID, ids)))
    )
    return frozenset(str(found) for found in connection.execute(query).scalars())


def erased_at(connection: Connection, endpoint: str, request_id: str) -> datetime | None:
    """Return when a request was erased, None if it was not."""
    try:
        wanted = UUID(request_id)
    except ValueError:
        return None
    query = select(erasure.c.at).where(
        erasure.c.endpoint == endpoint, erasure.c.request_id == wanted
    )
    at: datetime | None = connection.execute(query).scalar_one_or_none()
    return at


def _remove(connection: Connection, given: dict[str, Any]) -> Erased:
    request_id = str(given["id"])
    told = {**given, "erased": ERASED, "spelt": request_id.encode()}
    connection.execute(_HOLD_WORK, given)
    shipments = connection.execute(_PREDICTIONS, given).scalars().all()
    shadows = connection.execute(_SHADOWS, told).rowcount if shipments else 0
    outcomes = connection.execute(_OUTCOMES, given).rowcount
    quarantined = connection.execute(_QUARANTINED, told).rowcount
    _clear_reports(connection, given)
    place = erasure.c.endpoint == given["endpoint"], erasure.c.request_id == given["id"]
    if shipments or quarantined:
        shipment = shipments[0] if shipments else None
        marked = update(erasure).where(*place).values(is_found=True, shipment_id=shipment)
        connection.execute(marked)
    is_found = connection.execute(select(erasure.c.is_found).where(*place)).scalar_one()
    return Erased(request_id, is_found, True, len(shipments), shadows, outcomes, quarantined)


def _clear_reports(connection: Connection, given: dict[str, Any]) -> None:
    """Take what was answered out of the examples that the watcher's runs kept."""
    request_id = str(given["id"])
    for number, report in connection.execute(_REPORTS, {**given, "id": request_id}).all():
        cleared = without_examples_of({request_id}, report)
        kept = update(reproduction).where(reproduction.c.id == number).values(report=cleared)
        connection.execute(kept)


def without_examples_of(erased: Collection[str], report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report of what was scored again, without what erased requests were answered."""
    versions = [
        {**version, "examples": [_cleared(one, erased) for one in version["examples"]]}
        for version in report["versions"]
    ]
    return {**report, "versions": versions}


def _cleared(example: Mapping[str, Any], erased: Collection[str]) -> Mapping[str, Any]:
    if example["request_id"] not in erased:
        return example
    return {**example, "recorded": None, "again": None, "error": ERASED}


def _told(found: Erased) -> dict[str, object]:
    names = ("is_found", "instances", "shadow_predictions", "outcomes", "quarantined")
    return {name: getattr(found, name) for name in names}
