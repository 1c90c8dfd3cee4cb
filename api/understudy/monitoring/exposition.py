"""The small HTTP server on which a process shows its metrics and its health."""

import errno
import hmac
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from understudy.errors import PortTaken, SettingInvalid
from understudy.hosts import is_loopback, names_nobody_else

_MOST_CONNECTIONS = 16
_SLOWEST_CLIENT_S = 5.0
_WHOLE_REQUEST_S = 10.0
_STOP_POLL_S = 0.05
_OTHER_NAME = (
    "No key is asked for here, so only localhost and addresses are answered: any other name may be"
    " that of a site that reads through its visitor's browser."
)

logger = logging.getLogger(__name__)

IsReady = Callable[[], str | None]
"""Returns why the process cannot do its work now, or None if it can."""


class MetricsServer:
    """
    Answers `GET /metrics`, `/health/live` and `/health/ready` from threads of its own.

    Sixteen connections at a time, and each for ten seconds at most, whatever its client does.
    With an `api_key`, `/metrics` wants it as `Authorization: Bearer` or `X-API-Key`; the probes
    never do. Without one it listens on loopback only, or SettingInvalid is raised, and answers
    only where it is called `localhost` or by an address. `setting` names the variable that moves
    the port, for the error when it is taken.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        address: tuple[str, int],
        is_ready: IsReady,
        *,
        api_key: str | None = None,
        setting: str = "UNDERSTUDY_PORT",
    ) -> None:
        if api_key is None and not is_loopback(address[0]):
            raise SettingInvalid(
                "UNDERSTUDY_METRICS_HOST",
                address[0],
                "without UNDERSTUDY_API_KEY metrics are shown on loopback only",
            )
        self._server = _listen(address, setting)
        self._server.is_open = api_key is None
        self._server.answers = {
            "/metrics": _metrics(registry, api_key),
            "/health/live": lambda _: _as_json(200, {"status": "live"}),
            "/health/ready": lambda _: _readiness(is_ready()),
        }
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_STOP_POLL_S,), name="metrics", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on; useful when it was asked for port 0."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


Answer = tuple[int, str, bytes]
"""Status, content type and body."""


class _Server(ThreadingHTTPServer):
    answers: dict[str, Callable[[str | None], Answer]]
    is_open: bool
    # An answer under way must not keep the process from ending.
    daemon_threads = True
    block_on_close = False

    def __init__(self, *given: Any) -> None:
        self._ends: dict[Any, float] = {}
        self._lock = threading.Lock()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, or hang up where there are too many."""
        with self._lock:
            is_full = len(self._ends) >= _MOST_CONNECTIONS
            if not is_full:
                self._ends[request] = time.monotonic() + _WHOLE_REQUEST_S
        if is_full:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def service_actions(self) -> None:
        """Cut off whoever has had its time; called between any two connections and all the time."""
        now = time.monotonic()
        with self._lock:
            for request in [request for request, end in self._ends.items() if end <= now]:
                del self._ends[request]
                with suppress(OSError):  # the client has gone
                    request.shutdown(socket.SHUT_RDWR)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, of which nothing is held from then on."""
        with self._lock:
            self._ends.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong here; that a client hangs up is not worth a line."""
        if not isinstance(sys.exception(), OSError):
            logger.exception("A request for metrics could not be answered.")


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "understudy"
    sys_version = ""
    timeout = _SLOWEST_CLIENT_S

    def do_GET(self) -> None:
        answer = self.server.answers.get(self.path.partition("?")[0])
        if self.server.is_open and not names_nobody_else(self._host()):
            status, content_type, body = _as_json(403, {"detail": _OTHER_NAME})
        elif answer is None:
            status, content_type, body = _as_json(404, {"detail": "There is nothing here."})
        else:
            status, content_type, body = answer(self._sent_key())
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a scrape every few seconds is not news."""

    def _host(self) -> bytes:
        """Return the name by which this server is addressed; old clients tell none."""
        return str(self.headers.get("Host", "localhost")).encode("latin-1", "replace")

    def _sent_key(self) -> str | None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return self.headers.get("X-API-Key") or (token if scheme.lower() == "bearer" else None)


def _listen(address: tuple[str, int], setting: str) -> _Server:
    host, port = address
    kind = _Server6 if ":" in host else _Server
    try:
        return kind((host, port), _Handler)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(host, port, setting) from error


def _metrics(registry: CollectorRegistry, api_key: str | None) -> Callable[[str | None], Answer]:
    def answer(sent: str | None) -> Answer:
        if api_key is not None and not hmac.compare_digest(
            (sent or "").strip().encode(), api_key.encode()
        ):
            return _as_json(401, {"detail": "The API key is missing or not valid."})
        return 200, CONTENT_TYPE_LATEST, generate_latest(registry)

    return answer


def _readiness(reason: str | None) -> Answer:
    if reason is None:
        return _as_json(200, {"status": "ready"})
    return _as_json(503, {"status": "not ready", "detail": reason})


def _as_json(status: int, content: dict[str, str]) -> Answer:
    return status, "application/json", json.dumps(content).encode()
