"""Programs that are started here, and ended here, by their process id."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from differential_tests.errors import CommandFailed

STOP_S = 15
LAST_LINES = 12
FOREIGN = ("UNDERSTUDY_", "PYTHON", "VIRTUAL_ENV", "COVERAGE_", "COV_", "PYTEST_", "TOX_")

Process = subprocess.Popen[bytes]


def clean_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would reach into a build, and with `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, **variables}


def run(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path,
    timeout_s: float,
) -> None:  # fmt: skip
    """Run a program to its end; raises CommandFailed with its last lines."""
    with running(command, folder=folder, environment=environment, log=log) as process:
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            what = f"did not end within {timeout_s:.0f} s"
            raise CommandFailed(list(command), what, last_lines(log)) from None
    if status != 0:
        raise CommandFailed(list(command), f"ended with status {status}", last_lines(log))


@contextmanager
def running(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[Process]:
    """
    Keep a program running for as long as the block lasts.

    It has a session of its own, so that Ctrl-C reaches this process alone, which then ends it:
    politely when the block is done, at once when the block is left by an exception.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield process
    except BaseException:
        _kill(process)
        raise
    _end(process)


def last_lines(log: Path) -> str:
    """Return the end of what a program said."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"    {line[:300]}" for line in lines[-LAST_LINES:])


def _end(process: Process) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_S)
    except BaseException as error:
        _kill(process)
        if not isinstance(error, subprocess.TimeoutExpired):
            raise


def _kill(process: Process) -> None:
    """Kill the program and what it started; a program that has ended leaves nothing behind."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
