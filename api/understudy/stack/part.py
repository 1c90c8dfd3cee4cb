"""One part of the stack: a child process that is started, watched, restarted and stopped."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from understudy.rotation import Rotation

_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 10.0
_SOUND_AFTER_S = 60.0  # a part that ran so long starts with a clean slate
_LONGEST_LOG = 50_000_000
_LAST_WORDS = 64 * 1024

# The kernel's promise to end a child with its owner is missed by an owner that ends first.
_UNLESS_ORPHANED = 'test "$PPID" = "$0" && exec "$@"'


class Part:
    """
    A child process `understudy NAME` that ends with its owner, also by `kill -9`.

    It leads a process group of its own, so that Ctrl-C at the terminal reaches the owner alone
    and nothing of the part outlives a stop. Start it from the main thread: the kernel ends the
    child when the thread that spawned it ends.
    """

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        log: Path,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.log = log
        self.restarts = 0
        self._environment = dict(environment)
        self._say = say
        self._clock = clock
        self._rotation = Rotation(log, _LONGEST_LOG, clock)
        self._process: subprocess.Popen[bytes] | None = None
        self._group: int | None = None
        self._started = 0.0
        self._delay_s = _FIRST_DELAY_S
        self._due: float | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child, if it was started."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Spawn the child; raises OSError where the system has no room for it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._rotation.tend()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                _command(self.name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                process_group=0,
            )
        self._group = self._process.pid
        self._started = self._clock()
        self._due = None

    def ending(self) -> int | None:
        """Return the status with which the child ended, or None while it runs."""
        return None if self._process is None else self._process.poll()

    def last_words(self) -> str:
        """Return what the child said last, as a person would read it."""
        try:
            lines = _end_of(self.log).splitlines()
        except FileNotFoundError:
            lines = []
        except OSError as error:
            return f"its log cannot be read ({error})"
        last = next((line for line in reversed(lines) if line.strip()), "it said nothing")
        return _message(last)

    def tend(self) -> None:
        """
        Restart the child if it died, after a delay that grows with every death in a row.

        A restart for which there is no room now is tried again after the next delay. The log is
        kept from growing for ever.
        """
        self._rotation.tend()
        if self.ending() is None:
            return
        now = self._clock()
        if self._due is None:
            self._plan_restart(now)
        elif now >= self._due:
            # Whatever of the group still stands would hold the port.
            self._end_group()
            self._restart(now)

    def _restart(self, now: float) -> None:
        try:
            self.start()
        except OSError as error:
            delay_s = self._delay_next(now)
            self._say(f"{self.name} cannot be restarted ({error}); trying again in {delay_s:g} s.")
        else:
            self.restarts += 1

    def _delay_next(self, now: float) -> float:
        """Put the next start off, and the one after it for longer."""
        delay_s = self._delay_s
        self._due = now + delay_s
        self._delay_s = min(delay_s * 2, _LONGEST_DELAY_S)
        return delay_s

    def _plan_restart(self, now: float) -> None:
        self._signal_group(signal.SIGTERM)
        if now - self._started > _SOUND_AFTER_S:
            self._delay_s = _FIRST_DELAY_S
        delay_s = self._delay_next(now)
        self._say(
            f"{self.name} ended {self._describe_ending()};"
            f" restarting it in {delay_s:g} s (log: {self.log})."
        )

    def stop(self, patience_s: float) -> None:
        """Ask the child to end, and end its whole group when it does not in time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._say(f"{self.name} does not end within {patience_s:g} s; it is killed.")
        self._end_group()
        self._process.wait()

    def _describe_ending(self) -> str:
        status = self.ending()
        if status is not None and status < 0:
            return f"by {signal.Signals(-status).name}"
        return f"with status {status}: {self.last_words()}"

    def _end_group(self) -> None:
        self._signal_group(signal.SIGKILL)
        self._group = None  # nothing is left of it, and its number may become somebody else's

    def _signal_group(self, request: signal.Signals) -> None:
        if self._group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._group, request)


def _command(name: str) -> list[str]:
    # -P: a file of the working directory must never stand in for a module.
    python = [sys.executable, "-P", "-m", "understudy", name]
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return python
    return [setpriv, "--pdeathsig", "TERM", "--", "/bin/sh", "-c", _UNLESS_ORPHANED,
            str(os.getpid()), *python]  # fmt: skip


def _end_of(log: Path) -> str:
    """Return the end of a log, which may be much longer."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LAST_WORDS))
        return file.read(_LAST_WORDS).decode(errors="replace")


def _message(line: str) -> str:
    """Return the message of a log line in JSON, and any other line as it is."""
    try:
        content = json.loads(line)
    except ValueError:
        return line
    return str(content.get("message", line)) if isinstance(content, dict) else line
