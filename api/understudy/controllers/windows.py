"""GET /v1/windows: whether the live version's traffic has moved, one stretch after another."""

import flask

from understudy.controllers.documents import answer
from understudy.controllers.services import log_transaction, services
from understudy.errors import RecordUnknown


def search() -> flask.Response:
    """Return the windows of the live version. Raises RecordUnknown if nothing is live."""
    # Imported here: scipy and pandas would double a worker's memory and its time to start.
    from understudy.review.windows import read_windows

    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        found = read_windows(connection, endpoint)
    if found is None:
        raise RecordUnknown(f"Nothing is live on the endpoint {endpoint}, so it has no windows.")
    return answer(found.to_json())
