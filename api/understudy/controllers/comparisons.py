"""GET /v1/comparisons: the verdict on a shadow and all that stands behind it."""

import flask

from understudy.controllers.documents import answer
from understudy.controllers.services import log_engine, log_transaction, services
from understudy.log import deployments


def search() -> flask.Response:
    """Return the shadows that can be compared with the live model now."""
    with log_transaction() as connection:
        now = deployments.current(connection, services().settings.endpoint)
    return answer({"shadows": [shadow.model for shadow in now.shadows]})


def get(shadow: str) -> flask.Response:
    """Return the comparison of one shadow. Raises RecordUnknown if it is not deployed."""
    # Imported here: scipy and pandas would double a worker's memory and its time to start.
    from understudy.review.shadow import review_shadow

    found = services()
    comparison = review_shadow(log_engine(), found.settings, found.store, shadow)
    return answer(comparison.to_json())
