"""What the log says of requests: what went wrong, and of that no more than a disk can take."""

import logging
import time
from collections.abc import Callable

_PERIOD_S = 10.0
_FAULTS = 1000
REFUSALS = 100
"""Lines that a worker writes in ten seconds about what it refuses."""

access = logging.getLogger("understudy.access")


class LineAllowance:
    """
    Lets so many lines through in ten seconds, and then says how many it has left out.

    Strangers choose how often they are refused, and the disk of the log is that of the spools.
    """

    def __init__(
        self, what: str, most: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._what = what
        self._most = most
        self._clock = clock
        self._until = float("-inf")
        self._left = 0
        self._left_out = 0

    def allows(self) -> bool:
        """Say whether one more line may be written now."""
        now = self._clock()
        if now >= self._until:
            self._until, self._left = now + _PERIOD_S, self._most
            if self._left_out:
                access.warning("%d lines about %s were left out", self._left_out, self._what)
                self._left_out = 0
        if self._left == 0:
            self._left_out += 1
            return False
        self._left -= 1
        return True


class AccessLog:
    """The lines of one worker. Metrics count every answer, whether it has a line or not."""

    def __init__(self) -> None:
        self._refusals = LineAllowance("refused requests", REFUSALS)
        self._faults = LineAllowance("requests answered with 5xx", _FAULTS)

    def write(self, request_id: str, method: str, route: str, status: int, seconds: float) -> None:
        """Tell of a request, if it is worth a line: answers are in the prediction log already."""
        level = logging.DEBUG if status < 400 else logging.WARNING
        if not access.isEnabledFor(level):
            return
        if status >= 400 and not (self._faults if status >= 500 else self._refusals).allows():
            return
        access.log(
            level,
            "%s %s %d",
            method,
            route,
            status,
            extra={
                "http.request.id": request_id,
                "http.request.method": method,
                "url.path": route,
                "http.response.status_code": status,
                "event.duration": int(seconds * 1e9),
            },
        )


class SparingWarnings(logging.Filter):
    """Bounds what a server says of bytes that are no request; its errors all pass."""

    def __init__(self) -> None:
        super().__init__()
        self._warnings = LineAllowance("what is no request", REFUSALS)

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line is written."""
        return record.levelno != logging.WARNING or self._warnings.allows()
