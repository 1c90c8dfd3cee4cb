"""Every way in which a command can end has its own exit status, and none looks like a verdict."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from understudy.cli.program import Commands, main, program
from understudy.errors import NothingRuns, SettingInvalid


def ending_of(arguments: list[str]) -> object:
    """Run the command line in this process and return the status it ends with."""
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    return ending.value.code


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> "type[Command]":
    """Let `understudy try` do whatever the test says."""
    real = Commands.get_command

    def get(self: Commands, ctx: click.Context, name: str) -> click.Command | None:
        if name == "try":
            return click.Command("try", callback=Command.does)
        return real(self, ctx, name)

    monkeypatch.setattr(Commands, "get_command", get)
    return Command


class Command:
    """What `understudy try` does."""

    @staticmethod
    def does() -> object:
        """Do nothing, unless a test says otherwise."""


def raises(error: BaseException) -> staticmethod:  # type: ignore[type-arg]
    """Make a command that raises."""

    def do() -> None:
        raise error

    return staticmethod(do)


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (
            SettingInvalid("UNDERSTUDY_PORT", "x", "it must be a whole number"),
            64,
            "UNDERSTUDY_PORT",
        ),
        (click.UsageError("no such thing"), 64, "no such thing"),
        (NothingRuns(Path("/somewhere"), "UNDERSTUDY_DATABASE_URL"), 70, "understudy up"),
        (KeyError("surprise"), 70, "KeyError: 'surprise' (an unexpected error)"),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_each_error_has_its_status_and_one_line(
    command: type[Command], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    error: BaseException, status: int, line: str,
) -> None:  # fmt: skip
    """Usage ends with 64, everything else with 70, Ctrl-C with 130, and nothing traces back."""
    monkeypatch.setattr(command, "does", raises(error))
    assert ending_of(["try"]) == status
    said = capsys.readouterr().err
    assert line in said
    assert "Traceback" not in said


def test_a_traceback_comes_when_asked_for(
    command: type[Command], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At log level DEBUG a person sees where it happened."""
    monkeypatch.setenv("UNDERSTUDY_LOG_LEVEL", "DEBUG")
    monkeypatch.setattr(command, "does", raises(KeyError("surprise")))
    assert ending_of(["try"]) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "status"), [(None, 0), (0, 0), (1, 70), (3, 70), ("a reason", 70)]
)
def test_a_foreign_exit_never_reads_as_a_verdict(
    command: type[Command], monkeypatch: pytest.MonkeyPatch, code: object, status: int
) -> None:
    """Libraries that call sys.exit with small numbers do not speak for a comparison."""
    monkeypatch.setattr(command, "does", raises(SystemExit(code)))
    assert ending_of(["try"]) == status


def test_a_verdict_may_use_the_small_numbers(
    command: type[Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that exits by click's own means chooses its status."""
    monkeypatch.setattr(command, "does", raises(click.exceptions.Exit(3)))
    assert ending_of(["try"]) == 3


def test_a_broken_setting_is_an_error_of_usage(
    command: type[Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for tracebacks in an unreadable environment is no second error."""
    monkeypatch.setenv("UNDERSTUDY_PROT", "8000")
    monkeypatch.setattr(command, "does", raises(KeyError("surprise")))
    assert ending_of(["try"]) == 70


@pytest.mark.parametrize("arguments", [["nonsense"], ["deploy"], ["send", "no-such-file.csv"], []])
def test_clicks_own_complaints_are_errors_of_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """No typo ends with click's 2, which is HOLD to a gate."""
    assert ending_of(arguments) == 64
    assert "Usage: understudy" in capsys.readouterr().err


def test_every_command_that_is_listed_exists() -> None:
    """The list of commands has no entry that cannot be run, and each says what it does."""
    context = click.Context(program, info_name="understudy")
    group = context.command
    assert isinstance(group, Commands)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        assert found.help, name


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    """`--help` needs neither a database driver nor numpy nor rich."""
    code = (
        "import sys\nbefore = set(sys.modules)\nfrom understudy.cli import main\n"
        "try:\n    main(['--help'])\n"
        "finally:\n    new = set(sys.modules) - before\n"
        "    heavy = {'sqlalchemy', 'numpy', 'rich', 'httpx'} & new\n"
        "    assert not heavy and len(new) < 150, (heavy, sorted(new))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert b"promote" in ended.stdout


def test_the_module_is_the_command_line_too() -> None:
    """`python -m understudy` is the same program, and a closed pipe is no verdict."""
    command = [sys.executable, "-m", "understudy", "--version"]
    ended = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (ended.returncode, ended.stdout.split()[0]) == (0, "understudy,")
    reader, writer = os.pipe()
    os.close(reader)
    piped = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert piped.returncode == 70
