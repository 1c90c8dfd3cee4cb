"""A server under test, started and surely ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.answers import Checked, check, wait_until_answers
from benchmarks.serving.houses import Houses
from benchmarks.serving.server import ROOT, Place, Server

_START_S = 90.0
_END_S = 45.0
_KEEPER = str(Path(__file__).parent / "keeper.py")
# What would let this checkout's settings, or a terminal's, reach a server.
_WITHHELD = ("UNDERSTUDY_", "PYTHONDONTWRITEBYTECODE", "PG")


class ServerFailed(Exception):
    """A server did not start or ended early; the message has the end of its log."""


@dataclass(frozen=True)
class Running:
    """A server that answers: `root` is the process that all of it comes of."""

    server: Server
    place: Place
    root: int
    start_s: float
    checked: Checked | None

    @property
    def url(self) -> str:
        """Where it predicts."""
        return f"http://127.0.0.1:{self.place.port}{self.server.path}"


@contextmanager
def running(server: Server, place: Place, houses: Houses) -> Iterator[Running]:
    """
    Run a server for as long as the block lasts, its answers checked.

    Raises ServerFailed, or AnswerWrong.
    """
    with kept(server.command(place), environment(server, place), place.folder) as process:
        began = time.monotonic()
        try:
            wait_until_answers(
                server, place.port, houses, began + _START_S, lambda: process.poll() is None
            )
        except TimeoutError as error:
            raise ServerFailed(f"{error}; {last_words(place.folder)}") from error
        start_s = time.monotonic() - began
        checked = check(server, place.port, houses)
        server.hold(place, process.pid)
        yield Running(server, place, process.pid, start_s, checked)


def environment(server: Server, place: Place) -> dict[str, str]:
    """Return the whole environment of a server."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(_WITHHELD)}
    # Some peers look for their programs beside their Python.
    path = f"{place.python.parent}:{inherited.get('PATH', '')}"
    return {**inherited, "PATH": path, **place.environment(), **server.variables(place)}


@contextmanager
def kept(
    command: Sequence[str], variables: dict[str, str], folder: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command under a keeper, in a session of its own, and end all that came of it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _KEEPER, *command],
            env=variables,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def last_words(folder: Path) -> str:
    """Return the end of a server's log on one line."""
    lines = (folder / "log").read_text(errors="replace").splitlines()
    return "its log ends: " + (" / ".join(line.strip() for line in lines[-3:])[-300:] or "(empty)")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the keeper to end; one that does not is killed with its session."""
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
