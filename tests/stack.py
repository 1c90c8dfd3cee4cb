"""A whole stack: `understudy up` in processes of its own, driven by its commands and over HTTP."""

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
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

UNDERSTUDY = [sys.executable, "-m", "understudy"]
START_S, STOP_S = 90, 60


@dataclass
class Stack:
    """One running stack and the ways to use it; `more` is added to its environment."""

    folder: Path
    port: int
    more: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes]" = field(init=False)
    client: httpx.Client = field(init=False, default_factory=lambda: httpx.Client(timeout=150))

    @property
    def url(self) -> str:
        """Where the api listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this stack."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTUDY_")}
        return inherited | self.more | {
            "UNDERSTUDY_DATA_DIR": str(self.folder),
            "UNDERSTUDY_PORT": str(self.port),
        }  # fmt: skip

    @property
    def said(self) -> str:
        """What `understudy up` has said since its last start."""
        return self._words.read_text(errors="replace") if self._words.exists() else ""

    @property
    def _words(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-up.log")

    def launch(self) -> None:
        """Start everything and wait for nothing."""
        with self._words.open("wb") as words:
            self.process = subprocess.Popen(
                [*UNDERSTUDY, "up"], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=words, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def start(self) -> None:
        """Start everything and wait until it says where it is."""
        self.launch()
        eventually(self.is_up, START_S)

    def is_up(self) -> bool:
        """Say whether the running process, not one before it, has announced itself."""
        if self.process.poll() is not None:
            logs = sorted((self.folder / "logs").glob("*.log"))
            ends = "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in logs)
            status = self.process.returncode
            raise AssertionError(f"understudy up ended with {status}:\n{self.said}\n{ends}")
        announced = self.folder / "run.json"
        return announced.exists() and json.loads(announced.read_text())["pid"] == self.process.pid

    def stop(self) -> int:
        """End everything as Ctrl-C would, and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        """End everything at once with SIGKILL, and wait until nothing of it is left."""
        # Without a parent nobody restarts anybody; whom it had is looked up while it still has it.
        self.process.send_signal(signal.SIGSTOP)
        everyone = self.everyone()
        for pid in (self.process.pid, *everyone):
            _kill(pid)
        self.process.wait()
        eventually(lambda: not any(map(is_alive, everyone)))

    def run(self, *arguments: object, status: int = 0) -> str:
        """Run one command and return what it prints."""
        ended = subprocess.run(
            [*UNDERSTUDY, *map(str, arguments)], env=self.environment, text=True, check=False,
            capture_output=True, timeout=300,
        )  # fmt: skip
        assert ended.returncode == status, f"{arguments}: {ended.stdout}\n{ended.stderr}"
        return ended.stdout if status == 0 else ended.stderr

    def answer(self, *arguments: object) -> Any:
        """Run one command with --json and return what it says."""
        return json.loads(self.run(*arguments, "--json"))

    def predict(self, count: int = 1, seed: int = 1, **headers: str) -> httpx.Response:
        """Send one request over HTTP."""
        from tests.tiny import make_instances

        return self.client.post(
            f"{self.url}/v1/predictions",
            json={"instances": make_instances(count, seed)},
            headers=headers,
        )

    def get(self, path: str) -> httpx.Response:
        """Ask the api for something."""
        return self.client.get(f"{self.url}{path}")

    def metric(self, name: str, *labels: str, port: int = 0) -> float:
        """Sum a metric over its labels, of the api or of the part so many ports behind it."""
        text = self.client.get(f"http://127.0.0.1:{self.port + port}/metrics").text
        lines = [line for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} "))]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines
                   if all(label in line for label in labels))  # fmt: skip

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
        rows = _processes()
        mine = [pid for pid, parent, words in rows
                if parent == self.process.pid and f"understudy {part}" in words]  # fmt: skip
        return mine + [pid for pid, parent, _ in rows if parent in mine]

    def postmasters(self) -> list[int]:
        """Return the first process of Postgres, if it runs."""
        return [pid for pid, parent, words in _processes()
                if parent == self.process.pid and "postgres" in words
                and " -D" in words]  # fmt: skip

    def everyone(self) -> list[int]:
        """Return all processes that `understudy up` started, and those that they started."""
        return [pid for pid, _ in self.family()]

    def family(self) -> list[tuple[int, int]]:
        """Return the same with their parents."""
        rows = _processes()
        found = [(self.process.pid, 0)]
        for pid, _ in found:
            found.extend((child, parent) for child, parent, _ in rows if parent == pid)
        return found[1:]


def _processes() -> list[tuple[int, int, str]]:
    """Return number, parent and command line of every process of this machine, by number."""
    rows = []
    for pid in sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        with suppress(OSError):  # it has ended meanwhile
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            rows.append((pid, parent, words.replace("\0", " ").strip()))
    return rows


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def eventually(is_true: Callable[[], object], seconds: float = 30) -> None:
    """Wait until a condition holds, at most so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.05)


# Each worker of pytest-xdist has ports of its own: what is free now may be another's in a moment.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_ports = count(21_000 + 3_000 * _WORKER, 4)


def free_port(first: int | None = None) -> int:
    """Find four ports in a row that nobody uses now, from `first` on if that is given."""
    for start in _ports if first is None else count(first, 4):
        try:
            for port in range(start, start + 4):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return start
    raise AssertionError("unreachable: the ports never end")


def new_folder(prefix: str) -> Path:
    """Make a folder for temporary files which the user of Postgres may pass through."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)
    return folder


@contextmanager
def stack_in_a_new_folder() -> Iterator[Stack]:
    """Give a stack that has not been started; what it leaves behind is removed."""
    folder = new_folder("understudy-acceptance-")
    stack = Stack(folder / "data", free_port())
    try:
        yield stack
    finally:
        if hasattr(stack, "process"):
            stack.stop()
        stack.client.close()
        shutil.rmtree(folder, ignore_errors=True)
