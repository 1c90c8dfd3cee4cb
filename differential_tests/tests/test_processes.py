"""What is started is ended."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from differential_tests.errors import CommandFailed
from differential_tests.processes import clean_environment, run, running

# Starts a child, says both ids, and waits.
FAMILY = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _wait_for(is_true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_interrupt_ends_a_program_and_its_children(tmp_path: Path) -> None:
    """Ctrl-C leaves nothing behind, whatever the program started itself."""
    log = tmp_path / "log"

    def work() -> None:
        with running([sys.executable, "-c", FAMILY], folder=tmp_path,
                     environment=clean_environment({}), log=log):  # fmt: skip
            _wait_for(lambda: len(log.read_text().split()) == 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    pids = [int(pid) for pid in log.read_text().split()]
    _wait_for(lambda: not any(map(_alive, pids)))


def test_a_program_ends_with_its_block(tmp_path: Path) -> None:
    """A program that is not needed any more is asked to end."""
    with running(["sleep", "600"], folder=tmp_path, environment=dict(os.environ),
                 log=tmp_path / "log") as process:  # fmt: skip
        assert process.poll() is None
    assert process.returncode == -15


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    """The message has the status and the last lines."""
    command = [sys.executable, "-c", "import sys; print('so many words'); sys.exit(3)"]
    with pytest.raises(CommandFailed, match=r"ended with status 3(.|\n)*so many words"):
        run(command, folder=tmp_path, environment=dict(os.environ), log=tmp_path / "log",
            timeout_s=60)  # fmt: skip


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """Nothing hangs for ever."""
    with pytest.raises(CommandFailed, match="did not end within 0 s"):
        run(["sleep", "600"], folder=tmp_path, environment=dict(os.environ),
            log=tmp_path / "log", timeout_s=0.1)  # fmt: skip


def test_settings_of_the_caller_do_not_reach_into_a_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A database or a path of the caller must not decide what a build answers."""
    monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", "postgresql://elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    found = clean_environment({"UNDERSTUDY_PORT": "1"})
    assert [name for name in found if name.startswith(("UNDERSTUDY_", "PYTHON"))] == [
        "UNDERSTUDY_PORT"
    ]
