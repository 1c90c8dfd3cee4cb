"""
Requests at a constant rate, whatever the answers do, and how long each answer took.

Run as a program: `rate.py PORT PATH BODIES RATE SECONDS`. What is due in the same millisecond is
sent together. A request is timed from when it is sent, or, if all connections are busy then, from
when it was due; nothing waits for an earlier answer, so that a slow server is not asked less.
"""

import asyncio
import gc
import json
import math
import sys
import time
from collections import deque
from pathlib import Path
from typing import cast

import uvloop

_CONNECTIONS = 128
_TICK_S = 0.001
_LAST_ANSWERS_S = 10.0
_END = b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """One connection with at most one request in flight."""

    def __init__(self, driver: "Driver") -> None:
        self._driver = driver
        self._transport: asyncio.WriteTransport | None = None
        self._since = 0.0
        self._missing = 0
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for work."""
        # That of uvloop can write, but does not say so.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._driver.idle.append(self)

    def send(self, request: bytes, since: float) -> None:
        """Send a request that is timed from `since`."""
        assert self._transport is not None  # noqa: S101 # it was idle
        self._since, self._missing = since, 0
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count what comes of an answer; at its end, time it."""
        if not self._missing:
            self._head += data
            head, found, body = self._head.partition(_END)
            if not found:
                return
            self._head = b""
            self._missing = _length(head) - len(body)
            self._driver.errors += not head.startswith(b"HTTP/1.1 200")
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._missing = 0
            self._driver.answered(self, time.perf_counter() - self._since)

    def connection_lost(self, error: Exception | None) -> None:
        """Take no more requests; one in flight has no answer."""
        if self in self._driver.idle:
            self._driver.idle.remove(self)

    def close(self) -> None:
        """End the connection, and wait for nothing."""
        if self._transport is not None:
            self._transport.abort()


class Driver:
    """Sends what is due and keeps what it took."""

    def __init__(self, requests: list[bytes], rate: float, seconds: float) -> None:
        # In turn, so that none is idle for so long that the server closes it.
        self.idle: deque[Connection] = deque()
        self.errors = 0
        self.took_s: list[float] = []
        self._requests = requests
        self._rate, self._seconds = rate, seconds
        self._queue: deque[tuple[bytes, float]] = deque()
        self._sent = 0

    async def run(self, host: str, port: int) -> None:
        """Send everything and wait for the last answers."""
        connections = [Connection(self) for _ in range(_CONNECTIONS)]
        try:
            for connection in connections:
                await _connected(connection, host, port)
            await self._send_all()
        finally:
            for connection in connections:
                connection.close()
            await asyncio.sleep(0)

    async def _send_all(self) -> None:
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < self._seconds:
            self._send_due(int(passed * self._rate))
            await asyncio.sleep(_TICK_S)
        deadline = time.perf_counter() + _LAST_ANSWERS_S
        while len(self.took_s) < self._sent and time.perf_counter() < deadline:
            await asyncio.sleep(0.01)

    def answered(self, connection: Connection, took_s: float) -> None:
        """Keep what an answer took, and give its connection what waits."""
        self.took_s.append(took_s)
        if self._queue:
            connection.send(*self._queue.popleft())
        else:
            self.idle.append(connection)

    def figures(self) -> dict[str, float]:
        """Return the percentiles in milliseconds, and what went wrong."""
        took = sorted(self.took_s)
        return {
            "sent": self._sent,
            "errors": self.errors + self._sent - len(took),
            **{f"p{share}_ms": 1000 * percentile(took, share) for share in (50, 95, 99)},
        }

    def _send_due(self, due: int) -> None:
        now = time.perf_counter()
        while self._sent < due:
            request = self._requests[self._sent % len(self._requests)]
            self._sent += 1
            if self.idle:
                self.idle.popleft().send(request, now)
            else:
                self._queue.append((request, now))


async def _connected(connection: Connection, host: str, port: int) -> None:
    await asyncio.get_running_loop().create_connection(lambda: connection, host, port)


def percentile(ordered: list[float], share: float) -> float:
    """Return the smallest value that so many per cent of the values do not exceed."""
    if not ordered:
        return float("nan")
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def wrapped(path: str, body: bytes) -> bytes:
    """Return the whole request of a body."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def main() -> int:
    """Drive the server that is named, and print one JSON object."""
    port, path, bodies, rate, seconds = sys.argv[1:]
    requests = [wrapped(path, line) for line in Path(bodies).read_bytes().splitlines()]
    driver = Driver(requests, float(rate), float(seconds))
    gc.disable()
    uvloop.run(driver.run("127.0.0.1", int(port)))
    sys.stdout.write(json.dumps(driver.figures()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
