"""Everything the log knows of one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

_LIVE = text("""
    SELECT request_id::text, client_id, instance_no, served_at, recorded_at, name, version,
        deployment_id, instance, output, value, label
    FROM prediction WHERE endpoint = :endpoint AND request_id = :id ORDER BY instance_no
""")

_SHADOWS = text("""
    SELECT instance_no, name, version, status, output, value, label, error, scored_at
    FROM shadow_prediction WHERE endpoint = :endpoint AND request_id = :id
    ORDER BY name, version, instance_no
""")

_OUTCOMES = text("""
    SELECT instance_no, revision, value, received_at
    FROM outcome WHERE endpoint = :endpoint AND request_id = :id ORDER BY instance_no, revision
""")

# The index holds the beginning of the client's id; the second condition settles it.
_BY_CLIENT = text("""
    SELECT request_id::text, max(served_at) AS served_at, max(name) AS name,
        max(version) AS version, count(*) AS instances
    FROM prediction
    WHERE endpoint = :endpoint
        AND left(client_id, 100) = left(:client_id, 100) AND client_id = :client_id
    GROUP BY request_id ORDER BY max(served_at) DESC, request_id LIMIT :limit
""")


_QUARANTINED = text("""
    SELECT error FROM quarantine WHERE endpoint = :endpoint AND request_id = :id
    ORDER BY id DESC LIMIT 1
""")


@dataclass(frozen=True)
class LivePrediction:
    """What was answered for one instance."""

    instance_no: int
    instance: Mapping[str, object]
    output: object
    value: float | None
    label: str | None


@dataclass(frozen=True)
class ShadowPrediction:
    """What a shadow made of one instance; `status` is scored, skipped or failed."""

    instance_no: int
    name: str
    version: str
    status: str
    output: object
    value: float | None
    label: str | None
    error: str | None
    scored_at: datetime


@dataclass(frozen=True)
class OutcomeRevision:
    """One value that was reported as true; of several the highest revision counts."""

    instance_no: int
    revision: int
    value: object
    received_at: datetime


@dataclass(frozen=True)
class RecordedRequest:
    """
    One request with the answer it got, all shadows' predictions, and the outcomes.

    `deployment_id` is the deployment whose generation answered, None where that was not recorded.
    """

    request_id: str
    client_id: str | None
    name: str
    version: str
    deployment_id: int | None
    served_at: datetime
    recorded_at: datetime
    predictions: Sequence[LivePrediction]
    shadows: Sequence[ShadowPrediction]
    outcomes: Sequence[OutcomeRevision]


@dataclass(frozen=True)
class ClientRequest:
    """One of the requests that a client sent under its own id."""

    request_id: str
    served_at: datetime
    name: str
    version: str
    instances: int


def find(connection: Connection, endpoint: str, request_id: str) -> RecordedRequest | None:
    """Return everything about one request, None if it is not in the log (yet)."""
    try:
        key = {"endpoint": endpoint, "id": UUID(request_id)}
    except ValueError:
        return None
    rows = connection.execute(_LIVE, key).all()
    if not rows:
        return None
    first = rows[0]
    return RecordedRequest(
        request_id=first.request_id,
        client_id=first.client_id,
        name=first.name,
        version=first.version,
        deployment_id=first.deployment_id,
        served_at=first.served_at,
        recorded_at=first.recorded_at,
        predictions=[
            LivePrediction(row.instance_no, row.instance, row.output, row.value, row.label)
            for row in rows
        ],
        shadows=[ShadowPrediction(**row) for row in connection.execute(_SHADOWS, key).mappings()],
        outcomes=[OutcomeRevision(**row) for row in connection.execute(_OUTCOMES, key).mappings()],
    )


def why_quarantined(connection: Connection, endpoint: str, request_id: str) -> str | None:
    """Return why an answered request could not be recorded, None unless it is in quarantine."""
    try:
        key = {"endpoint": endpoint, "id": UUID(request_id)}
    except ValueError:
        return None
    error: str | None = connection.execute(_QUARANTINED, key).scalar()
    return error


class ClientRequests(NamedTuple):
    """Requests with one id of the client's, the latest first, and whether there are others."""

    requests: list[ClientRequest]
    has_more: bool


def find_by_client(
    connection: Connection, endpoint: str, client_id: str, limit: int = 100
) -> ClientRequests:
    """Return the latest requests that a client sent under its own id, which is no key."""
    if "\0" in client_id:
        return ClientRequests([], has_more=False)
    rows = connection.execute(
        _BY_CLIENT, {"endpoint": endpoint, "client_id": client_id, "limit": limit + 1}
    )
    found = [ClientRequest(**row) for row in rows.mappings()]
    return ClientRequests(found[:limit], len(found) > limit)
