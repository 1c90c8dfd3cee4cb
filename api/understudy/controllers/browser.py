"""What a browser needs: headers that hold pages in, and errors as pages."""

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.controllers.problems import CONTENT_TYPE
from understudy.dashboard.endpoint import problem_page
from understudy.dashboard.rendering import Frame, page

PAGES = "understudy.controllers.dashboard."

Headers = list[tuple[bytes, bytes]]

# No script at all; style and icon from here; nobody may put a page into a frame of theirs.
_HELD_IN: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        b" base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_ASKS_FOR_KEY = (b"www-authenticate", b'Basic realm="Understudy", charset="UTF-8"')


class BrowserPages:
    """
    Wraps Connexion: its answers to readers of the dashboard become fit for a browser.

    Pages get headers that allow no script, no frame and no copy. A problem document becomes a page
    with the same status, on the addresses of the dashboard, and for a browser on those that are
    nothing at all. Everything else passes through.
    """

    def __init__(self, app: ASGIApp, *, endpoint: str) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send, self._endpoint)
        await self._app(scope, receive, answer.send)


class _Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send, endpoint: str) -> None:
        self._scope = scope
        self._send = send
        self._endpoint = endpoint
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass a message on; hold back a problem until it is whole, and send it as a page."""
        if message["type"] == "http.response.start" and self._is_for_readers():
            headers: Headers = list(message.get("headers", ()))
            if _value(headers, b"content-type").startswith(CONTENT_TYPE.encode()):
                self._start = message
                return
            message["headers"] = [*headers, *_HELD_IN]
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._send_page(self._start)

    def _is_for_readers(self) -> bool:
        """Say whether this is a page of the dashboard, or nothing and asked for by a browser."""
        operation = self._scope["extensions"]["connexion_routing"].get("operation_id")
        if operation is not None:
            return str(operation).startswith(PAGES)
        is_api = self._scope["path"].startswith(("/v1/", "/openapi.json"))
        return not is_api and b"text/html" in _value(self._scope["headers"], b"accept")

    async def _send_page(self, start: Message) -> None:
        status = start["status"]
        problem = orjson.loads(self._body)
        title, path = problem["title"], self._scope["path"]
        content = problem_page(status, title, problem.get("detail") or "", path)
        body = page(Frame(title, self._endpoint, path), content).encode()
        kept = [
            (name, value)
            for name, value in start.get("headers", ())
            if name.lower() not in (b"content-type", b"content-length")
        ]
        headers: Headers = [
            *kept,
            *_HELD_IN,
            (b"cache-control", b"no-store"),
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        if status == 401:
            headers.append(_ASKS_FOR_KEY)
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _value(headers: Headers, name: bytes) -> bytes:
    return next((value for key, value in headers if key.lower() == name), b"")
