"""One owner per data directory, found by everyone else."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from understudy.errors import AlreadyRunning
from understudy.settings import Settings
from understudy.stack.running import (
    Running,
    announce,
    find_running,
    hold_data_dir,
    is_held,
    withdraw,
)

RUNNING = Running(
    pid=4711, started="2026-01-02T03:04:05+00:00", endpoint="houses", data_dir="/data",
    api="http://127.0.0.1:8000", artefacts="/data/artefacts", database_url=None,
    metrics={}, logs={},
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data directory that does not exist yet."""
    return Settings(data_dir=tmp_path / "data")


def test_a_running_stack_is_found_while_it_is_held(settings: Settings) -> None:
    """The run file counts only while its writer lives."""
    assert find_running(settings) is None
    with hold_data_dir(settings):
        assert find_running(settings) is None
        announce(settings, RUNNING)
        assert find_running(settings) == RUNNING
        assert settings.run_file.stat().st_mode & 0o077 == 0
    assert settings.run_file.exists()
    assert find_running(settings) is None


def test_a_second_owner_hears_who_the_first_is(settings: Settings) -> None:
    """The refusal names the process, since when, and the address."""
    with hold_data_dir(settings):
        with pytest.raises(AlreadyRunning, match="starting or stopping"), hold_data_dir(settings):
            pass
        announce(settings, RUNNING)
        with pytest.raises(AlreadyRunning) as refusal, hold_data_dir(settings):
            pass
        for part in ("4711", "2026-01-02T03:04:05", "http://127.0.0.1:8000"):
            assert part in str(refusal.value)
        withdraw(settings)
        assert find_running(settings) is None


def test_a_killed_owner_leaves_nothing_that_misleads(settings: Settings) -> None:
    """The lock ends with its process, and the next owner removes the old run file."""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom understudy.settings import Settings\n"
        "from understudy.stack.running import hold_data_dir\n"
        "with hold_data_dir(Settings(data_dir=Path(sys.argv[1]))):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code, str(settings.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        assert is_held(settings)
        announce(settings, RUNNING)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    assert not is_held(settings)
    with hold_data_dir(settings):
        assert not settings.run_file.exists()


def test_a_look_does_not_keep_an_owner_out(settings: Settings) -> None:
    """A command that asks whether somebody is here holds the lock for an instant only."""
    with hold_data_dir(settings):
        pass
    look = os.open(settings.data_dir / "lock", os.O_RDONLY)
    fcntl.flock(look, fcntl.LOCK_SH)
    start = time.monotonic()
    with pytest.raises(AlreadyRunning), hold_data_dir(settings):
        pass
    assert time.monotonic() - start >= 0.1  # it looked more than once
    os.close(look)
    with hold_data_dir(settings):
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": 1}'])
def test_a_run_file_of_another_kind_is_no_stack(settings: Settings, content: bytes) -> None:
    """Half a file or one of another version misleads nobody."""
    with hold_data_dir(settings):
        settings.run_file.write_bytes(content)
        assert find_running(settings) is None
