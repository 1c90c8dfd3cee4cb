"""GET /v1/comparisons: the verdict on a shadow and all that stands behind it."""

from typing import Any

from understudy.controllers.services import log_engine, log_transaction, services
from understudy.log import deployments
from understudy.review.shadow import review_shadow

Json = dict[str, Any]


def search() -> Json:
    """Return the shadows that can be compared with the live model now."""
    with log_transaction() as connection:
        now = deployments.current(connection, services().settings.endpoint)
    return {"shadows": [shadow.title for shadow in now.shadows]}


def get(shadow: str) -> Json:
    """Return the comparison of one shadow. Raises RecordUnknown if it is not deployed."""
    found = services()
    return review_shadow(log_engine(), found.settings, found.store, shadow).to_json()
