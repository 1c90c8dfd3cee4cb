"""A small client that sends at a steady rate, never more than so many at a time, and notes all."""

import asyncio
import itertools
import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx

from tests.chaos.ledger import Ledger, Request

MOST_AT_A_TIME = 24
_PATH = "/v1/predictions"
_TIMEOUT_S = 20.0
_SIZES = (1, 1, 2, 1, 5, 1, 1, 20)  # instances per request, in turn

Instance = dict[str, Any]


class Load:
    """
    A thread that sends requests while it flows; `rate` is in requests per second.

    No request is sent twice, so that each has one fate. Instances are taken in turn.
    """

    def __init__(
        self, url: str, instances: Sequence[Instance], ledger: Ledger, rate: float
    ) -> None:
        self._url = url
        self._instances = itertools.cycle(instances)
        self._ledger = ledger
        self._interval_s = 1.0 / rate
        self._flows = threading.Event()
        self._ends = threading.Event()
        self._under_way = 0
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self._thread.start()

    def flow(self) -> None:
        """Send on."""
        self._flows.set()

    def take(self, count: int) -> list[Instance]:
        """Return the next instances that would be sent."""
        return list(itertools.islice(self._instances, count))

    def post(self, request: Request, instances: Sequence[Instance]) -> None:
        """Send one request beside the flow, and wait for its answer."""
        with httpx.Client(base_url=self._url, timeout=_TIMEOUT_S) as client:
            try:
                _read(request, client.post(_PATH, **_content(request, instances)))
            except httpx.TransportError as error:
                request.error = f"{type(error).__name__}: {error}"
            finally:
                request.ended = time.monotonic()

    def hold(self) -> None:
        """Send no more, and wait for the answers that are under way."""
        self._flows.clear()
        deadline = time.monotonic() + 2 * _TIMEOUT_S
        while self._under_way:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._under_way} requests do not end.")
            time.sleep(0.02)

    def close(self) -> None:
        """End the thread."""
        self._ends.set()
        self._thread.join(2 * _TIMEOUT_S)

    def _run(self) -> None:
        asyncio.run(self._send_all())

    async def _send_all(self) -> None:
        # A connection for each: one that is kept may be closed by the api, which keeps it for two
        # seconds, just as it is used again. Every client of HTTP has to send once more then, and
        # here nothing is sent twice.
        limits = httpx.Limits(max_connections=MOST_AT_A_TIME, max_keepalive_connections=0)
        sizes = itertools.cycle(_SIZES)
        async with (
            httpx.AsyncClient(base_url=self._url, timeout=_TIMEOUT_S, limits=limits) as client,
            asyncio.TaskGroup() as sending,
        ):
            due = time.monotonic()
            while not self._ends.is_set():
                due = max(due + self._interval_s, time.monotonic() - 1.0)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if self._flows.is_set() and self._under_way < MOST_AT_A_TIME:
                    self._under_way += 1
                    if not self._flows.is_set():  # `hold` may have looked in between
                        self._under_way -= 1
                        continue
                    batch = list(itertools.islice(self._instances, next(sizes)))
                    sending.create_task(self._send(client, batch))

    async def _send(self, client: httpx.AsyncClient, batch: list[Instance]) -> None:
        request = Request(uuid4().hex, len(batch), time.monotonic())
        self._ledger.note(request)
        try:
            _read(request, await client.post(_PATH, **_content(request, batch)))
        except httpx.TransportError as error:
            request.error = f"{type(error).__name__}: {error}"
        finally:
            request.ended = time.monotonic()
            self._under_way -= 1


def _content(request: Request, instances: Sequence[Instance]) -> dict[str, Any]:
    return {"json": {"instances": instances}, "headers": {"x-request-id": request.client_id}}


def _read(request: Request, answer: httpx.Response) -> None:
    request.status = answer.status_code
    if request.is_answered:
        said = answer.json()
        request.request_id = said["request_id"]
        request.version = said["model"]["version"]
        request.predictions = said["predictions"]
