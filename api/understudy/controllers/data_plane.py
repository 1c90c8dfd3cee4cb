"""The data plane: what is answered on the event loop, after Connexion's validation."""

import asyncio
from collections.abc import Awaitable, Callable

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.controllers import health, predictions
from understudy.controllers.bodies import ACCEPTED
from understudy.controllers.desk import Desk
from understudy.controllers.edge import REQUEST_ID
from understudy.controllers.services import Metrics
from understudy.errors import TooSlow
from understudy.serving.worker import Worker

PREDICT = "understudy.controllers.predictions.create"

Answer = Callable[[Scope, Send], Awaitable[None]]


class DataPlane:
    """Answers predictions, probes and metrics itself and passes all else on to Flask."""

    def __init__(
        self, app: ASGIApp, *, worker: Worker, desk: Desk, timeout_s: float, metrics: Metrics
    ) -> None:
        self._app = app
        self._desk = desk
        self._worker = worker
        self._timeout_s = timeout_s
        self._source = metrics
        self._answers: dict[str, Answer] = {
            PREDICT: self._predict,
            "understudy.controllers.health.live": self._live,
            "understudy.controllers.health.ready": self._ready,
            "understudy.controllers.health.metrics": self._metrics,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the operation that Connexion's routing found, or pass it on."""
        routing = scope.get("extensions", {}).get("connexion_routing", {})
        answer = self._answers.get(routing.get("operation_id"))
        if answer is None:
            said: list[Message] = []

            async def keep(message: Message) -> None:
                said.append(message)

            async with self._desk.place():
                await self._app(scope, receive, keep)
            for message in said:  # to a client that may be slow to read, and then holds no place
                await send(message)
        else:
            await answer(scope, send)

    async def _predict(self, scope: Scope, send: Send) -> None:
        generation, instances = scope[ACCEPTED]
        answering = predictions.create(
            self._worker,
            generation,
            instances,
            request_id=scope[REQUEST_ID],
            client_id=client_id(scope),
        )
        if generation.is_slow:
            try:
                body = await asyncio.wait_for(answering, self._timeout_s)
            except TimeoutError:
                raise TooSlow(self._timeout_s) from None
        else:
            body = await answering  # it runs on this very loop: no timer could interrupt it
        await _send(send, body)

    async def _live(self, _: Scope, send: Send) -> None:
        await _send(send, orjson.dumps(health.live()))

    async def _ready(self, _: Scope, send: Send) -> None:
        await _send(send, orjson.dumps(health.ready(self._worker)))

    async def _metrics(self, _: Scope, send: Send) -> None:
        # On a thread of its own: Flask's may all be waiting for Postgres.
        text, content_type = await asyncio.to_thread(health.metrics, self._source)
        await _send(send, text, content_type.encode())


def client_id(scope: Scope) -> str | None:
    """Return the `X-Request-ID` that the client sent, if it sent one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return str(value, "latin-1")
    return None


async def _send(send: Send, body: bytes, content_type: bytes = b"application/json") -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
