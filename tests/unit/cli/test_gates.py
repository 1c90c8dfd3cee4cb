"""No error of a command that can be a gate ends with a status that reads as a verdict."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest

import understudy.comparison
from tests.integration.cli.conftest import CommandLine
from understudy.cli import verdicts
from understudy.cli.commands import Commands
from understudy.cli.program import program

VERDICTS = (0, 1, 2, 3)
ROWS = "live,shadow,truth\n" + "".join(f"{n},{n + 1},{n}\n" for n in range(50))

Break = Callable[[pytest.MonkeyPatch, BaseException], None]


def _break(place: object, name: str) -> Break:
    def install(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(place, name, fail)

    return install


# Of each gate: good arguments, arguments without their file or stack, and where it can break.
GATES: dict[str, tuple[list[str], list[str], Break]] = {
    "compare": ([], [], _break(verdicts, "find_settings")),
    "drift": (
        ["rows.csv", "rows.csv"],
        ["rows.csv", "gone.csv"],
        _break(understudy.comparison, "drift_by_column"),
    ),
    "pairs": (
        ["rows.csv", "--live", "live", "--shadow", "shadow", "--outcome", "truth"],
        ["gone.csv", "--live", "live", "--shadow", "shadow"],
        _break(understudy.comparison, "compare"),
    ),
}
gates = pytest.mark.parametrize("gate", list(GATES))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file and no stack."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "rows.csv").write_text(ROWS)
    return tmp_path


def test_every_gate_is_tried_here() -> None:
    """A new command with --gate has to be added above."""
    group = program
    assert isinstance(group, Commands)
    context = click.Context(group)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    found = {
        name
        for name, command in commands.items()
        if command and any("--gate" in option.opts for option in command.params)
    }
    assert found == set(GATES)


@gates
@pytest.mark.parametrize(
    "wrong",
    [["--nonsense"], ["--gate=yes"], ["--json=1"], ["one", "too", "many"], ["--shadow"]],
)
def test_a_bad_option_is_an_error_of_usage(
    understudy: CommandLine, gate: str, wrong: list[str]
) -> None:
    """No typo ends with click's own 2, which is HOLD."""
    ending = understudy(gate, *GATES[gate][0], *wrong, "--gate")
    assert (ending.status, ending.out) == (64, "")


@gates
def test_what_is_missing_is_no_verdict(understudy: CommandLine, gate: str) -> None:
    """Neither a missing file nor a missing stack."""
    ending = understudy(gate, *GATES[gate][1], "--gate")
    assert ending.status in (64, 70)
    assert ending.out == ""


@gates
@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("surprise"), MemoryError(), SystemExit(1), SystemExit(3), ZeroDivisionError(),
        OSError(2, "gone"), AssertionError(), RecursionError(), KeyError("NEW_VERDICT"),
        KeyboardInterrupt(),
    ],
)  # fmt: skip
def test_no_exception_is_a_verdict(
    understudy: CommandLine, monkeypatch: pytest.MonkeyPatch, gate: str, error: BaseException
) -> None:
    """Python's 1 for a traceback is REJECT, and 0 after it would be worse."""
    good, _, break_it = GATES[gate]
    break_it(monkeypatch, error)
    ending = understudy(gate, *good, "--gate")
    assert ending.status in ((130,) if isinstance(error, KeyboardInterrupt) else (70,))
    assert ending.out == ""


@pytest.mark.parametrize("gate", ["drift", "pairs"])
def test_the_same_arguments_unbroken_give_a_verdict(understudy: CommandLine, gate: str) -> None:
    """So that the errors above are those of what was broken."""
    assert understudy(gate, *GATES[gate][0], "--gate").status in VERDICTS


@pytest.mark.parametrize("gate", ["drift", "pairs"])
@pytest.mark.parametrize("content", ["", "a,b\n", "live,live,shadow,truth\n1,2,3,4\n"])
def test_a_file_that_says_nothing_is_no_verdict(
    understudy: CommandLine, folder: Path, gate: str, content: str
) -> None:
    """An export that went wrong must not let a model pass."""
    (folder / "rows.csv").write_text(content)
    ending = understudy(gate, *GATES[gate][0], "--gate")
    assert (ending.status, ending.out) == (64, "")
