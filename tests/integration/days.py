"""A live version whose answers are moved to earlier days, as if they had been served then."""

import time

from sqlalchemy import text

from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.review.windows import Windows, close_windows, read_windows

DAY = 86_400.0
TODAY = time.time() // DAY * DAY


class Days:
    """An endpoint whose rows are moved to earlier days as soon as they are recorded."""

    def __init__(self, endpoint: Endpoint, live: Artefact) -> None:
        self.endpoint, self.live = endpoint, live
        self._seed = 0
        endpoint.deploy("live", live)
        self.execute("UPDATE deployment SET at = at - interval '40 days'")

    def execute(self, statement: str, **parameters: object) -> None:
        """Change rows by hand."""
        with self.endpoint.engine.begin() as connection:
            connection.execute(text(statement), parameters)

    def serve(self, ago: float, units: int, *, area: float = 0.0) -> None:
        """Answer some requests spread over a day; `area` is added to all areas."""
        self._seed += 1
        ids = [request.request_id for request in self.endpoint.serve(self.live, units, self._seed)]
        self.execute(
            "UPDATE prediction SET served_at = to_timestamp(:day + 86000 * random()),"
            " instance = jsonb_set(instance, '{area}',"
            " to_jsonb((instance ->> 'area')::float8 + :area))"
            " WHERE request_id = ANY(CAST(:ids AS uuid[]))",
            day=TODAY - ago * DAY,
            area=area,
            ids=ids,
        )

    def close(self) -> int:
        """Answer one request now, as shipping shows by this that it has caught up, and test."""
        self.endpoint.serve(self.live, 1)
        self.execute("UPDATE spool SET seen_at = now()")
        return close_windows(self.endpoint.engine, self.endpoint.settings, self.endpoint.store)

    @property
    def windows(self) -> Windows:
        """What is kept of the live version."""
        with self.endpoint.engine.connect() as connection:
            found = read_windows(connection, ENDPOINT)
        assert found is not None
        return found

    @property
    def spans(self) -> list[tuple[float, float, int]]:
        """From how many days ago to how many each window goes, and its units."""
        return [
            ((TODAY - look.start) / DAY, (TODAY - look.end) / DAY, look.units)
            for look in self.windows.looks
        ]
