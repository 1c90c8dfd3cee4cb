"""Everything but the api gives way."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.priority import BEHIND, step_back, stood_in_line_s, take_along


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


def test_only_a_backend_is_taken_along(process: subprocess.Popen[bytes]) -> None:
    """The number may be that of a process elsewhere, and be somebody else's here, or nobody's."""
    code = f"import understudy.priority as p; p.go_last(); p.take_along({process.pid})"
    before = os.getpriority(os.PRIO_PROCESS, process.pid)
    subprocess.run([sys.executable, "-c", code], check=True)
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == before
    assert os.sched_getscheduler(process.pid) == os.SCHED_OTHER
    take_along(2**22 + 1)  # beyond what Linux gives out


def test_time_in_line_is_told_apart_from_time_spent_waiting() -> None:
    """Two processes that want one processor each stand in line half of a second; a sleeper not."""
    place = min(os.sched_getaffinity(0))
    busy = (
        f"import os, time; os.sched_setaffinity(0, {{{place}}}); end = time.monotonic() + 1\n"
        "while time.monotonic() < end: pass"
    )
    commands = [[sys.executable, "-c", busy], [sys.executable, "-c", busy], ["sleep", "1"]]
    processes = [subprocess.Popen(command) for command in commands]
    for process in processes:  # ended, but known until somebody waits for it
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    one, other, asleep = (stood_in_line_s(process.pid) for process in processes)
    assert asleep < 0.2 < min(one, other)
    for process in processes:
        process.wait()
        assert stood_in_line_s(process.pid) == 0


def _autogroup(pid: int) -> int | None:
    """Return the niceness of a process's session, None where the kernel shares by no session."""
    path = Path(f"/proc/{pid}/autogroup")
    said = path.read_text().split() if path.exists() else []  # empty where it is switched off
    return int(said[-1]) if said else None
