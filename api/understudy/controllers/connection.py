"""One connection of a client: how much of it, and for how long, before there is a request."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from understudy.controllers.problems import CONTENT_TYPE
from understudy.settings import Settings


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An answer to what never became a request."""

    status: int
    title: str
    detail: str
    headers: str = ""

    def raw(self) -> bytes:
        """Return the whole answer; the connection ends with it."""
        body = orjson.dumps(
            {"type": "about:blank", "title": self.title, "status": self.status,
             "detail": self.detail}
        )  # fmt: skip
        head = (
            f"HTTP/1.1 {self.status} {self.title}\r\ncontent-type: {CONTENT_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n{self.headers}\r\n"
        )
        return head.encode() + body


class Doors:
    """What the connections of one worker come to: how many there are, and who was sent away."""

    def __init__(self) -> None:
        self.held = 0
        self._refused: Counter[int] = Counter()

    def refuse(self, status: int) -> None:
        """Count somebody who was sent away with this status before there was a request."""
        self._refused[status] += 1

    def take_refused(self) -> Mapping[int, int]:
        """Return how many were sent away since the last time, by status."""
        refused, self._refused = self._refused, Counter()
        return refused


class Connection(HttpToolsProtocol):
    """
    uvicorn's protocol, which trusts its clients, with limits on what one can hold.

    A request has to be whole in time, counted from its first byte and for the first one from the
    connection on; its head has to end in time as well. Who does not read what is answered, so that
    for as long nothing more can be sent, is cut off. Beyond a number of connections further ones
    are told to come again. Keep-alive connections without a request are uvicorn's own to end.
    """

    def __init__(self, *given: Any, limits: Settings, doors: Doors, **options: Any) -> None:
        super().__init__(*given, **options)
        self._limits = limits
        self._doors = doors
        self._overdue: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._answered: RequestResponseCycle | None = None
        self._head_bytes = 0
        self._is_whole = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a client in, unless there are too many."""
        super().connection_made(transport)
        most = self._limits.max_connections
        self._doors.held = len(self.connections)
        if self._doors.held > most:
            text = f"This worker has its {most} connections. Try again in a moment."
            self._refuse(_Refusal(503, "Service Unavailable", text, "retry-after: 1\r\n"))
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._relax()
        self._go_on()
        self._let_go()
        super().connection_lost(exc)
        self._doors.held = len(self.connections)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; whole requests, which nearly all of them are, cost nothing more."""
        super().data_received(data)
        if self._is_whole:
            self._relax()
        elif self._overdue is None:
            self._expect()
        if not self._is_whole and self._is_in_head():
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.max_head_bytes:
                most = self._limits.max_head_bytes
                text = f"The head of the request is longer than the {most} bytes accepted here."
                self._refuse(_Refusal(431, "Request Header Fields Too Large", text))

    def pause_writing(self) -> None:
        """Wait for a client that does not keep up with what it is sent, for a limited time."""
        super().pause_writing()
        self._unread = self.loop.call_later(self._limits.arrival_timeout_s, self._cut_off)

    def resume_writing(self) -> None:
        """Go on sending: the client has read."""
        self._go_on()
        super().resume_writing()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def _cut_off(self) -> None:
        self._let_go()
        self.transport.abort()

    def _let_go(self) -> None:
        """Tell the request that is answered: uvicorn tells the one that came last."""
        if self._answered is not None:
            self._answered.disconnected = True  # or the rest would be written to what is closed

    def _go_on(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(_Refusal(400, "Bad Request", msg))

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._is_whole = False
        self._head_bytes = 0
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """End a request, as far as the client is concerned."""
        self._is_whole = True
        super().on_message_complete()

    def _is_in_head(self) -> bool:
        """Say whether a head has begun and not ended: when it ends uvicorn notes the method."""
        begun = cast(dict[str, object] | None, self.scope)
        return begun is not None and "method" not in begun

    def _expect(self) -> None:
        self._overdue = self.loop.call_later(self._limits.arrival_timeout_s, self._give_up)

    def _relax(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _give_up(self) -> None:
        text = f"The request was not whole within {self._limits.arrival_timeout_s:g} s."
        self._refuse(_Refusal(408, "Request Timeout", text))

    def _refuse(self, refusal: _Refusal) -> None:
        self._relax()
        if not self.transport.is_closing():
            self._doors.refuse(refusal.status)
            self.transport.write(refusal.raw())
            self.transport.close()


def protocol(settings: Settings, doors: Doors) -> "partial[Connection]":
    """Return what makes a protocol for each connection of a server."""
    return partial(Connection, limits=settings, doors=doors)
