"""A child of an api worker: a process that is asked a line and answers with one."""

import logging
import os
import select
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import orjson

from understudy import errors
from understudy.errors import BoardNotDrawn, UnderstudyError
from understudy.settings import PREFIX, Settings

LONGEST_S = 300.0

log = logging.getLogger("understudy.dashboard")


class Child:
    """
    Runs a program that is started when it is asked, and again when it has ended since.

    One thread asks at a time. `failed` makes the error for what was not answered, and why.
    """

    def __init__(
        self,
        program: Sequence[str],
        settings: Settings,
        failed: Callable[[str, str], UnderstudyError] = BoardNotDrawn,
    ) -> None:
        self._program = program
        self._settings = settings
        self._failed = failed
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, kind: str, subject: str) -> Any:
        """
        Return what the child makes of a kind for a subject, such as a shadow, `NAME:VERSION`.

        Raises what `failed` makes if it ends or takes too long, or the error that it told.
        """
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = self._start()
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None  # noqa: S101 - for mypy: both are pipes
        assert answers is not None  # noqa: S101
        reply, is_late = b"", False
        with suppress(OSError, ValueError):  # the pipes of a child that ended
            questions.write(orjson.dumps([kind, subject]) + b"\n")
            questions.flush()
            is_late = not select.select([answers], [], [], LONGEST_S)[0]
            reply = b"" if is_late else answers.readline()
        if reply:
            return self._read(subject, reply)
        self.end()
        reason = f"it took more than {LONGEST_S:g} s" if is_late else "its process ended"
        raise self._failed(subject, reason)

    def end(self) -> None:
        """End the process and whatever it was doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with process:  # closes the pipes and waits
                pass

    def _start(self) -> "subprocess.Popen[bytes]":
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
        return subprocess.Popen(
            self._program,
            env=inherited | self._settings.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def _read(self, subject: str, reply: bytes) -> Any:
        found: dict[str, Any] = orjson.loads(reply)
        if "made" in found:
            return found["made"]
        if "crash" in found:
            error = self._failed(subject, "it failed; the log of the api says more")
            log.error("%s\n%s", error, found["crash"])
            raise error
        raise _error(found["error"], found["message"])


def _error(name: str, message: str) -> UnderstudyError:
    """Return an error of our tree as the child raised it; constructors would build it anew."""
    kind: type[UnderstudyError] = getattr(errors, name)
    error = kind.__new__(kind)
    error.args = (message,)
    return error
