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
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        arguments = [sys.executable, "-m", *command]
        process = subprocess.Popen(arguments, cwd=folder, stdout=output)
        watch = _Watch(process.pid, postgres)
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
    found = Run(what, wall, cpu, watch.peak_mb, said, watch.postgres_cpu_s, watch.postgres_mb)
    return found, lines


class _Watch:
    """
    Reads /proc now and then, for a process and for a server with its children.

    What the kernel tells at the end of a process counts in what its parent had when it forked.
    """

    def __init__(self, pid: int, server: int | None) -> None:
        self._pid = pid
        self._server = server
        self._before = 0.0 if server is None else _cpu_s(server)
        self._done = threading.Event()
        self.peak_mb = self.postgres_mb = self.postgres_cpu_s = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()
        if self._server is not None:
            self.postgres_cpu_s = _cpu_s(self._server) - self._before

    def _look(self) -> None:
        while not self._done.wait(_EVERY_S):
            self.peak_mb = max(self.peak_mb, _kb(self._pid, "VmHWM") / 1024)
            if self._server is not None:
                family = (self._server, *_children(self._server))
                own = sum(_kb(pid, "RssAnon") for pid in family)
                self.postgres_mb = max(self.postgres_mb, own / 1024)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _kb(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(name))


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
