"""GET /v1/deployments: who serves what, since when, by whose decision."""

from dataclasses import asdict

import flask

from understudy.controllers.documents import answer
from understudy.controllers.services import log_transaction, services
from understudy.log import deployments


def search() -> flask.Response:
    """Return the present roles and every decision that led to them, newest first."""
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        now = deployments.current(connection, endpoint)
        history = deployments.history(connection, endpoint)
    return answer(
        {
            "endpoint": endpoint,
            "deployment_id": now.id,
            "live": asdict(now.live) if now.live else None,
            "previous": asdict(now.previous) if now.previous else None,
            "shadows": [asdict(shadow) for shadow in now.shadows],
            "history": [asdict(decision) for decision in reversed(history)],
        }
    )
