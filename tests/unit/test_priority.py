"""Everything but the api gives way."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.priority import BEHIND, step_back


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


def _autogroup(pid: int) -> int | None:
    """Return the niceness of a process's session, None where the kernel knows of none."""
    path = Path(f"/proc/{pid}/autogroup")
    return int(path.read_text().split()[-1]) if path.exists() else None
