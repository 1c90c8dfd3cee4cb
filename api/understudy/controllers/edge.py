"""The outermost layer: limits, ids and counting, for every request whatever becomes of it."""

import re
import time
from collections.abc import Callable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.controllers.access_log import AccessLog
from understudy.controllers.intake import Body, Intake
from understudy.controllers.layers import UI_PATH
from understudy.controllers.predictions import new_request_id
from understudy.controllers.problems import problem
from understudy.errors import BodyTooLarge

Observe = Callable[[str, str, int, float], None]

REQUEST_ID = "understudy.request_id"
"""Key of the ASGI scope: the id under which the service knows a request."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_UNTOLD = 1 << 63
_ECHOED = re.compile(rb"[\x21-\x7e]{1,128}")


class Edge:
    """
    Wraps the whole application.

    Gives each request an id, refuses bodies beyond the limit while they arrive, echoes the client's
    `X-Request-ID`, and counts every answer by route template, the refused ones included.
    """

    def __init__(
        self, app: ASGIApp, *, routes: Mapping[str, str], intake: Intake, observe: Observe
    ) -> None:
        self._app = app
        self._routes = routes
        self._intake = intake
        self._observe = observe
        self._log = AccessLog()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection's event stream."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500
        request_id = new_request_id()
        scope[REQUEST_ID] = request_id
        # Connexion's routing writes its finding into this dict; a copy of the scope shares it.
        routing: dict[str, str] = {}
        scope["extensions"] = {**scope.get("extensions", {}), "connexion_routing": routing}
        echoed = _echoed(scope, request_id)

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", echoed)]
                if status == 413 or (body is not None and body.is_refused):
                    # The rest of the body is not read, so the connection cannot be used again.
                    headers.append((b"connection", b"close"))
                message["headers"] = headers
            await send(message)

        declared = _declared_length(scope)
        # The server takes no more than is declared: what is small needs no counting.
        body = None if declared <= self._intake.free else Body(self._intake)
        try:
            if body is None:
                await self._app(scope, receive, send_marked)
            elif _UNTOLD > declared > self._intake.most_of_one:
                await _refuse(send_marked, self._intake.most_of_one)
            else:
                await self._app(scope, body.through(receive), send_marked)
        finally:
            if body is not None:
                body.let_go()
            seconds = time.perf_counter() - start
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            route = self._routes.get(routing.get("operation_id", ""), _unrouted(scope["path"]))
            self._observe(route, method, status, seconds)
            self._log.write(request_id, method, route, status, seconds)


def _echoed(scope: Scope, request_id: str) -> bytes:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ECHOED.fullmatch(value):
            return bytes(value)
    return request_id.encode()


def _declared_length(scope: Scope) -> int:
    """Return how long the body is, as declared; one that comes in chunks is of untold length."""
    declared = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return _UNTOLD
        if name == b"content-length":
            declared = int(value) if value.isdigit() else _UNTOLD
    return declared


async def _refuse(send: Send, limit: int) -> None:
    status, headers, body = problem(BodyTooLarge(limit))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _unrouted(path: str) -> str:
    """Name what Connexion serves outside the contract; anything else is one label."""
    if path.startswith(UI_PATH):
        return UI_PATH
    return "/openapi.json" if path == "/openapi.json" else "(unknown)"
