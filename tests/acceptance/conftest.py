"""The real thing: `understudy up` in processes of its own, driven by its commands and over HTTP."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact

UNDERSTUDY = [sys.executable, "-m", "understudy"]
START_S, STOP_S = 90, 60


@dataclass
class Stack:
    """One running stack and the ways to use it."""

    folder: Path
    port: int
    process: "subprocess.Popen[str]" = field(init=False)
    client: httpx.Client = field(init=False, default_factory=lambda: httpx.Client(timeout=150))

    @property
    def url(self) -> str:
        """Where the api listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this stack."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTUDY_")}
        return inherited | {
            "UNDERSTUDY_DATA_DIR": str(self.folder),
            "UNDERSTUDY_PORT": str(self.port),
        }

    def start(self) -> None:
        """Start everything and wait until it says where it is."""
        self.process = subprocess.Popen(
            [*UNDERSTUDY, "up"], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        eventually(self._is_up, START_S)

    def _is_up(self) -> bool:
        """Say whether the running process, not one before it, has announced itself."""
        if self.process.poll() is not None:
            said = self.process.stdout.read() if self.process.stdout else ""
            logs = sorted((self.folder / "logs").glob("*.log"))
            ends = "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in logs)
            status = self.process.returncode
            raise AssertionError(f"understudy up ended with {status}:\n{said}\n{ends}")
        announced = self.folder / "run.json"
        return announced.exists() and json.loads(announced.read_text())["pid"] == self.process.pid

    def stop(self) -> int:
        """End everything as Ctrl-C would, and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=STOP_S)
        return self.process.returncode

    def run(self, *arguments: object, status: int = 0) -> str:
        """Run one command and return what it prints."""
        ended = subprocess.run(
            [*UNDERSTUDY, *map(str, arguments)], env=self.environment, text=True, check=False,
            capture_output=True, timeout=120,
        )  # fmt: skip
        assert ended.returncode == status, f"{arguments}: {ended.stdout}\n{ended.stderr}"
        return ended.stdout if status == 0 else ended.stderr

    def answer(self, *arguments: object) -> Any:
        """Run one command with --json and return what it says."""
        return json.loads(self.run(*arguments, "--json"))

    def predict(self, count: int = 1, seed: int = 1, **headers: str) -> httpx.Response:
        """Send one request over HTTP."""
        return self.client.post(
            f"{self.url}/v1/predictions",
            json={"instances": make_instances(count, seed)},
            headers=headers,
        )

    def get(self, path: str) -> httpx.Response:
        """Ask the api for something."""
        return self.client.get(f"{self.url}{path}")

    def recorded(self, request_id: str) -> Any:
        """Wait until a request is in the prediction log and return what is known of it."""
        found: list[Any] = []

        def is_there() -> bool:
            response = self.get(f"/v1/predictions/{request_id}")
            if response.status_code == 200:
                found.append(response.json())
            return bool(found)

        eventually(is_there, 30)
        return found[0]

    def pids(self, part: str) -> list[int]:
        """Return the processes of one part, the oldest first."""
        listed = subprocess.run(
            ["ps", "-eww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        mine = [int(pid) for pid, ppid, args in rows
                if int(ppid) == self.process.pid and f"understudy {part}" in args]  # fmt: skip
        return mine + [int(pid) for pid, ppid, _ in rows if int(ppid) in mine]


def eventually(is_true: Callable[[], object], seconds: float = 30) -> None:
    """Wait until a condition holds, at most so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.05)


# Each worker of pytest-xdist has ports of its own: what is free now may be another's in a moment.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_ports = count(21_000 + 3_000 * _WORKER, 4)


def free_port() -> int:
    """Find four ports in a row that nobody uses now."""
    for start in _ports:
        try:
            for port in range(start, start + 4):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return start
    raise AssertionError("unreachable: the ports never end")


@contextmanager
def stack_in_a_new_folder() -> Iterator[Stack]:
    """Give a stack that has not been started; what it leaves behind is removed."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-acceptance-"))
    # As root, Postgres runs as another user, who has to pass through.
    folder.chmod(0o711)
    stack = Stack(folder / "data", free_port())
    try:
        yield stack
    finally:
        if hasattr(stack, "process"):
            stack.stop()
        stack.client.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stopped(linear_artefact: Artefact, boosting_artefact: Artefact) -> Iterator[Stack]:
    """A stack with both tiny models in its store and 1.0.0 live, which was stopped in order."""
    with stack_in_a_new_folder() as stack:
        stack.start()
        for artefact in (linear_artefact, boosting_artefact):
            stack.run("models", "push", artefact.folder)
        stack.run("deploy", "tiny-houses:1.0.0", "--live", "--why", "the test begins")
        eventually(lambda: stack.get("/health/ready").status_code == 200)
        assert stack.stop() == 0
        yield stack


@pytest.fixture
def stack(stopped: Stack) -> Iterator[Stack]:
    """A running stack of this test alone, with both tiny models in its store and 1.0.0 live."""
    with stack_in_a_new_folder() as stack:
        # Its owner and its modes come along: Postgres takes no folder of somebody else.
        subprocess.run(["cp", "-a", stopped.folder, stack.folder], check=True)
        stack.start()
        eventually(lambda: stack.get("/health/ready").status_code == 200)
        yield stack
