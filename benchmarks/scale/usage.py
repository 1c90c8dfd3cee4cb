"""What a child process and the Postgres beside it take: clock, CPU, resident memory."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_S = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """
    What one command took: seconds on the clock and of CPU, MB resident, and what it said.

    That of Postgres is the CPU of all its processes, and the most that they had for themselves at
    one moment, without the buffers that they share.
    """

    what: str
    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str
    postgres_cpu_s: float = 0.0
    postgres_mb: float = 0.0


def run(
    what: str, command: Sequence[str], folder: Path | str, postgres: int | None = None
) -> tuple[Run, list[str]]:
    """Run a Python module with arguments in a folder; returns what it took, and its lines."""
    with tempfile.TemporaryFile() as output, _Watch(postgres) as watch:
        started = time.monotonic()
        arguments = [sys.executable, "-m", *command]
        process = subprocess.Popen(arguments, cwd=folder, stdout=output)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        watch.stop()
        output.seek(0)
        lines = output.read().decode().splitlines()
    said = f"status {process.returncode}"
    cpu = used.ru_utime + used.ru_stime
    found = Run(what, wall, cpu, used.ru_maxrss / 1024, said, watch.cpu_s, watch.peak_mb)
    return found, lines


class _Watch:
    """Reads /proc for a server and its children now and then."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._before = 0.0 if pid is None else _cpu_s(pid)
        self.peak_mb = 0.0
        self.cpu_s = 0.0

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if not self._done.is_set():
            self._done.set()
            self._thread.join()
            self.cpu_s = 0.0 if self._pid is None else _cpu_s(self._pid) - self._before

    def _look(self) -> None:
        while self._pid is not None and not self._done.wait(_EVERY_S):
            own = sum(_own_kb(pid) for pid in (self._pid, *_children(self._pid)))
            self.peak_mb = max(self.peak_mb, own / 1024)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _own_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def _cpu_s(pid: int) -> float:
    """Return what a server took so far: its own, that of its ended children, and the others'."""
    own, ended = _ticks(pid)
    return (own + ended + sum(_ticks(child)[0] for child in _children(pid))) / _TICKS


def _ticks(pid: int) -> tuple[int, int]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0
    user, system, ended_user, ended_system = (int(field) for field in fields[11:15])
    return user + system, ended_user + ended_system
