"""What the client of an experiment knows: every request it sent, and what became of it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(eq=False)
class Request:
    """
    One request; moments are by the monotonic clock, in seconds.

    `ended` is None while it is under way; `status` is None where no answer came, and `error` says
    what came instead. `request_id`, `version` and `predictions` are those of an answer with 200.
    """

    client_id: str
    instances: int
    sent: float
    ended: float | None = None
    status: int | None = None
    error: str | None = None
    request_id: str | None = None
    version: str | None = None
    predictions: list[object] = field(default_factory=list)

    @property
    def waited(self) -> float:
        """The seconds until an answer or a failure came; 0 while there is neither."""
        return 0.0 if self.ended is None else self.ended - self.sent

    @property
    def is_answered(self) -> bool:
        """Whether the client has its predictions."""
        return self.status == 200


class Outage(NamedTuple):
    """A time in which the api itself, or a part of it, was taken away or held on purpose."""

    began: float
    ended: float

    def meets(self, request: Request) -> bool:
        """Say whether a request was under way in it."""
        ended = float("inf") if request.ended is None else request.ended
        return request.sent <= self.ended and ended >= self.began


class Ledger:
    """Every request of an experiment, and when one might go without an answer or wait for it."""

    def __init__(self) -> None:
        self._requests: dict[str, Request] = {}
        self._outages: list[Outage] = []
        self._holds: list[Outage] = []
        self._lock = threading.Lock()

    def note(self, request: Request) -> None:
        """Remember a request, before it is sent."""
        with self._lock:
            self._requests[request.client_id] = request

    def excuse(self, began: float, ended: float) -> None:
        """Remember when the api was taken away: who was under way then may go without."""
        with self._lock:
            self._outages.append(Outage(began, ended))

    def delay(self, began: float, ended: float) -> None:
        """Remember when the api was held still: who was under way then has to be answered, late."""
        with self._lock:
            self._holds.append(Outage(began, ended))

    @property
    def requests(self) -> list[Request]:
        """All requests so far, in the order in which they were sent."""
        with self._lock:
            return list(self._requests.values())

    @property
    def answered(self) -> list[Request]:
        """Those that have their predictions."""
        return [request for request in self.requests if request.is_answered]

    @property
    def failed(self) -> list[Request]:
        """Those that ended without predictions."""
        return [one for one in self.requests if one.ended is not None and not one.is_answered]

    @property
    def outages(self) -> list[Outage]:
        """When the api was taken away."""
        with self._lock:
            return list(self._outages)

    def is_excused(self, request: Request) -> bool:
        """Say whether a request was under way while the api was taken away."""
        return any(outage.meets(request) for outage in self.outages)

    def may_wait(self, request: Request) -> bool:
        """Say whether a request was under way while the api was taken away or held."""
        with self._lock:
            holds = list(self._holds)
        return self.is_excused(request) or any(hold.meets(request) for hold in holds)

    def in_flight(self, requests: Iterable[Request]) -> int:
        """Count the requests that were under way in an outage, answered or not."""
        return sum(map(self.is_excused, requests))
