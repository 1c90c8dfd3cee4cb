"""The service of one build, alone on a free port of loopback, with one model live."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from differential_tests.builds import Build
from differential_tests.errors import BuildFailed, OperationFailed, ServiceFailed
from differential_tests.processes import Process, last_lines, run, running

PLACE = Path(__file__).with_name("place.py")
PLACE_S, READY_S, POLL_S, ANSWER_S = 120, 90, 0.05, 60
ATTEMPTS = 3


@contextmanager
def serving(build: Build, artefact: Path, folder: Path) -> Iterator[httpx.Client]:
    """
    Serve an artefact for as long as the block lasts; give a client that asks for it.

    Raises BuildFailed if the build cannot be told what to serve, ServiceFailed if its service does
    not become ready.
    """
    for attempt in range(1, ATTEMPTS + 1):
        port, home = _free_port(), folder / f"attempt-{attempt}"
        environment = build.environment(
            UNDERSTUDY_DATA_DIR=str(home / "data"),
            UNDERSTUDY_PORT=str(port),
            UNDERSTUDY_WORKERS="1",
        )
        _place(build, artefact, home, environment)
        log = home / "serve.log"
        with (
            running(build.command("understudy", "serve"), folder=build.folder,
                    environment=environment, log=log) as process,
            _client(port) as client,
        ):  # fmt: skip
            if _is_ready(build, process, client, log):
                yield client
                if process.poll() is not None:
                    raise ServiceFailed(build.title, "ended while it was asked", last_lines(log))
                return
            # Somebody took the port between our look and the start: look for another.
            if attempt == ATTEMPTS or "in use" not in log.read_text(errors="replace"):
                raise ServiceFailed(build.title, "ended before it was ready", last_lines(log))


def _place(build: Build, artefact: Path, home: Path, environment: dict[str, str]) -> None:
    try:
        run(
            [str(build.python), str(PLACE), str(artefact)], folder=build.folder,
            environment=environment, log=home / "place.log", timeout_s=PLACE_S,
        )  # fmt: skip
    except OperationFailed as error:
        raise BuildFailed(build.title, f"its model cannot be deployed: {error}") from error


def _is_ready(build: Build, process: Process, client: httpx.Client, log: Path) -> bool:
    """Wait until the service answers; False if it has ended by itself."""
    deadline = time.monotonic() + READY_S
    while process.poll() is None:
        try:
            if client.get("/health/ready").status_code == 200:
                return True
        except httpx.TransportError:
            pass  # it does not listen yet
        if time.monotonic() > deadline:
            problem = f"was not ready within {READY_S} s"
            raise ServiceFailed(build.title, problem, last_lines(log))
        time.sleep(POLL_S)
    return False


def _client(port: int) -> httpx.Client:
    # A proxy of the environment knows nothing of loopback.
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_S, trust_env=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
