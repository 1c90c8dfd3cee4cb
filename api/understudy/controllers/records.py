"""GET /v1/predictions: what was answered, by whom, and what came of it."""

import re

import flask

from understudy.controllers.documents import Json, answer
from understudy.controllers.services import log_transaction, services
from understudy.errors import NotRecordedYet, RecordUnknown
from understudy.log.predictions import (
    LivePrediction,
    RecordedRequest,
    find,
    find_by_client,
)

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def get(request_id: str) -> flask.Response:
    """Return everything about one request. Raises NotRecordedYet, or RecordUnknown for no id."""
    if not _UUID.fullmatch(request_id):
        raise RecordUnknown(f"{request_id!r} is not a request id: that is a UUID.")
    with log_transaction() as connection:
        found = find(connection, services().settings.endpoint, request_id)
    if found is None:
        raise NotRecordedYet(request_id)
    return answer(
        {
            "request_id": found.request_id,
            "client_id": found.client_id,
            "model": {"name": found.name, "version": found.version},
            "served_at": found.served_at,
            "recorded_at": found.recorded_at,
            "instances": [_instance(found, live) for live in found.predictions],
        }
    )


def search(client_id: str) -> flask.Response:
    """Return the requests that carry this id of the client's. Raises RecordUnknown."""
    with log_transaction() as connection:
        found = find_by_client(connection, services().settings.endpoint, client_id)
    if not found:
        raise RecordUnknown(f"No prediction is recorded under the client's id {client_id!r}.")
    return answer(
        {
            "requests": [
                {
                    "request_id": request.request_id,
                    "model": {"name": request.name, "version": request.version},
                    "served_at": request.served_at,
                    "instances": request.instances,
                }
                for request in found
            ]
        }
    )


def _instance(request: RecordedRequest, live: LivePrediction) -> Json:
    number = live.instance_no
    return {
        "instance": live.instance,
        "prediction": live.output,
        "shadows": [
            {
                "model": {"name": shadow.name, "version": shadow.version},
                "status": shadow.status,
                "prediction": shadow.output,
                "error": shadow.error,
                "scored_at": shadow.scored_at,
            }
            for shadow in request.shadows
            if shadow.instance_no == number
        ],
        "outcomes": [
            {
                "revision": outcome.revision,
                "value": outcome.value,
                "received_at": outcome.received_at,
            }
            for outcome in request.outcomes
            if outcome.instance_no == number
        ],
    }
