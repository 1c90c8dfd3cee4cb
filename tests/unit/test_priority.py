"""Everything but the api gives way."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.priority import BEHIND, step_back, stood_in_line_s


@pytest.fixture(params=[True, False], ids=["its own session", "a session of others"])
def process(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that waits for the end of its input."""
    command = ["cat"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, start_new_session=request.param
    ) as started:
        yield started


def test_a_process_steps_back_with_its_session(process: subprocess.Popen[bytes]) -> None:
    """A session is taken back by its leader only: it may be somebody's terminal."""
    ours = _autogroup(os.getpid())
    for _ in range(2):  # the second time changes nothing
        step_back(process.pid)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == max(BEHIND, os.nice(0))
    if ours is not None and os.getsid(process.pid) == process.pid:
        assert _autogroup(process.pid) == max(BEHIND, os.nice(0))
    assert _autogroup(os.getpid()) == ours


def test_whoever_goes_last_is_interrupted_by_anyone() -> None:
    """It is said of this process and holds for what it starts."""
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import subprocess, understudy.priority as p; p.go_last();"
            "subprocess.run(['cat', '/proc/self/stat'])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    fields = found.stdout.rpartition(")")[2].split()
    assert (int(fields[38]), int(fields[16])) == (os.SCHED_IDLE, 19)


def test_time_in_line_is_told_apart_from_time_spent_waiting() -> None:
    """Two processes that want one processor: each stands in line half of the time."""
    code = "import os, time; os.sched_setaffinity(0, {0}); t = time.monotonic()\n"
    code += "while time.monotonic() < t + 30: pass"
    with subprocess.Popen([sys.executable, "-c", code]) as one:
        with subprocess.Popen([sys.executable, "-c", code]) as other:
            while not (stood_in_line_s(one.pid) > 0.3 and stood_in_line_s(other.pid) > 0.3):
                time.sleep(0.05)
            other.kill()
        one.kill()
    with subprocess.Popen(["sleep", "30"]) as idle:
        time.sleep(0.2)
        assert stood_in_line_s(idle.pid) < 0.2
        idle.kill()
    assert stood_in_line_s(idle.pid) == 0


def _autogroup(pid: int) -> int | None:
    """Return the niceness of a process's session, None where the kernel knows of none."""
    path = Path(f"/proc/{pid}/autogroup")
    return int(path.read_text().split()[-1]) if path.exists() else None
