"""GET /v1/predictions: what was answered, by whom, and what came of it."""

import re

import flask

from understudy.controllers.documents import answer
from understudy.controllers.services import log_transaction, services
from understudy.errors import RecordUnknown
from understudy.log.predictions import find_by_client
from understudy.review.answer import find_answer

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def get(request_id: str) -> flask.Response:
    """Return everything about one request. Raises NotRecordedYet or RecordUnknown."""
    if not _UUID.fullmatch(request_id):
        raise RecordUnknown(f"{request_id!r} is not a request id: that is a UUID.")
    with log_transaction() as connection:
        found = find_answer(connection, services().settings.endpoint, request_id)
    return answer(found.to_json())


def search(client_id: str) -> flask.Response:
    """Return the requests that carry this id of the client's. Raises RecordUnknown."""
    with log_transaction() as connection:
        found = find_by_client(connection, services().settings.endpoint, client_id)
    if not found.requests:
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
                for request in found.requests
            ],
            "has_more": found.has_more,
        }
    )
