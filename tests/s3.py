"""An S3-compatible server on a loopback port: moto's, answering one request after another."""

import logging
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

ACCESS_KEY = "tests-access-key"
SECRET_KEY = "tests-very-secret-key"


@dataclass(frozen=True)
class S3Server:
    """A running server, and what its clients find in their environment."""

    endpoint: str
    _numbers: "count[int]"

    @property
    def environment(self) -> dict[str, str]:
        """What a client of this server has in its environment."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }

    def make_bucket(self) -> str:
        """Make a bucket that no other test has, and return its name."""
        name = f"models-{os.getpid()}-{next(self._numbers)}"
        assert httpx.put(f"{self.endpoint}/{name}").status_code == 200
        return name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let the server refuse every key that nobody registered, which is all of them."""
        try:
            self._check_keys_after(0)
            yield
        finally:
            self._check_keys_after(float("inf"))

    def _check_keys_after(self, actions: float) -> None:
        answer = httpx.post(f"{self.endpoint}/moto-api/reset-auth", content=str(actions))
        assert answer.status_code == 200


@contextmanager
def serve_s3() -> Iterator[S3Server]:
    """
    Run the server while the block lasts.

    One request at a time, as S3 itself treats the conditional writes of one key: moto looks whether
    a key exists and writes it in two steps, between which another thread could come.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application, turn = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def serve(environ: Any, start_response: Any) -> Iterable[bytes]:
        with turn:
            return application(environ, start_response)

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield S3Server(f"http://127.0.0.1:{server.server_port}", count(1))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
