"""A running stack, and the command line in this process."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.stacks import settings_in, start, until
from understudy.cli import main
from understudy.settings import Settings
from understudy.stack.running import find_running


@dataclass(frozen=True)
class Ending:
    """How a command ended and what it printed."""

    status: object
    out: str
    err: str


class CommandLine:
    """Runs commands in this process and remembers nothing."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ending:
        """Run one command."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main([str(argument) for argument in arguments])
        said = self._capsys.readouterr()
        return Ending(ending.value.code, said.out, said.err)

    def good(self, *arguments: object) -> str:
        """Run one command that must end well, and return what it printed."""
        ending = self(*arguments)
        assert ending.status == 0, ending
        return ending.out


@pytest.fixture
def understudy(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line."""
    return CommandLine(capsys)


@pytest.fixture(scope="module")
def running() -> Iterator[Settings]:
    """A stack that runs for all tests of a file."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-cli-"))
    folder.chmod(0o711)
    settings = settings_in(folder)
    stack = start(settings)
    try:
        until(lambda: find_running(settings) or stack.poll() is not None)
        assert stack.poll() is None, stack.communicate()
        yield settings
    finally:
        stack.send_signal(signal.SIGINT)
        stack.communicate(timeout=60)
        shutil.rmtree(folder)


@pytest.fixture
def stack(running: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The running stack, which commands find by its data directory alone."""
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(running.data_dir))
    return running
