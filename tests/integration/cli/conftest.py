"""A running stack, and the command line in this process."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.integration.stacks import running_stack
from understudy.cli import main
from understudy.settings import Settings


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
    with running_stack() as settings:
        yield settings


@pytest.fixture
def stack(running: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The running stack, which commands find by its data directory alone."""
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(running.data_dir))
    return running
