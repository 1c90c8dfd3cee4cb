"""POST /v1/outcomes: the true values, known later."""

from dataclasses import asdict
from typing import Any

from understudy.controllers.services import log_transaction, services
from understudy.log.outcomes import OutcomeItem, record

Json = dict[str, Any]


def create(body: Json) -> Json:
    """Record outcomes and say what became of them."""
    sent = [
        OutcomeItem(item["request_id"], item.get("instance", 0), item["value"])
        for item in body["outcomes"]
    ]
    with log_transaction() as connection:
        return asdict(record(connection, services().settings.endpoint, sent))
