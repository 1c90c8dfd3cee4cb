"""POST /v1/outcomes: the true values, known later."""

from dataclasses import asdict

import flask

from understudy.controllers.documents import Json, answer
from understudy.controllers.services import log_transaction, services
from understudy.log.outcomes import OutcomeItem, record


def create(body: Json) -> flask.Response:
    """Record outcomes and say what became of them."""
    sent = [
        OutcomeItem(item["request_id"], item.get("instance", 0), item["value"])
        for item in body["outcomes"]
    ]
    with log_transaction() as connection:
        counts = record(connection, services().settings.endpoint, sent)
    return answer(asdict(counts))
