"""The parent's hold on one child process: asks it, watches its time and memory, ends it."""

import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from understudy.priority import stood_in_line_s
from understudy.shadow.framing import FrameUnreadable, pack, take

POLL_S = 0.05
_CHUNK = 256 * 1024
_STDERR_KEPT = 2000
# Where the clients of artefact stores find their credentials.
_STORES = ("AWS_", "FSSPEC_", "GOOGLE_", "GCLOUD_", "AZURE_")
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")


class ChildDied(Exception):
    """A child ended, hung or outgrew its memory; it is gone by now."""


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """
    Return the environment of a child: one thread, and nothing that opens the prediction log.

    A child runs a model that is not yet trusted, so it gets no address and no secret of ours.
    """
    withheld = ("UNDERSTUDY_", "PG", *_STORES)
    kept = {name: value for name, value in environ.items() if not name.startswith(withheld)}
    return kept | {f"{name}_NUM_THREADS": "1" for name in _THREADS}


class ChildHandle:
    """
    One running child, started with `command`.

    It never outlives the thread that started it: the kernel kills it then (where `setpriv` is
    found), and the end of its stdin tells it to go. It has a process group of its own, so that
    what it starts ends with it and a Ctrl-C in the terminal is left to the parent.
    """

    def __init__(self, command: Sequence[str], memory_bytes: int) -> None:
        bond = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        self._memory_bytes = memory_bytes
        self._process = subprocess.Popen(
            [*bond, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(os.environ),
            process_group=0,
            bufsize=0,
        )
        self._turn = 0
        self._outgoing = memoryview(b"")
        self._answers, self._said = bytearray(), bytearray()
        self._selector = selectors.DefaultSelector()
        for pipe, kept in (
            (self._process.stdout, self._answers),
            (self._process.stderr, self._said),
        ):
            os.set_blocking(_pipe(pipe).fileno(), False)
            self._selector.register(_pipe(pipe), selectors.EVENT_READ, kept)
        os.set_blocking(_pipe(self._process.stdin).fileno(), False)

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._process.pid

    @property
    def is_over_memory(self) -> bool:
        """Whether the child holds more resident memory than it may."""
        return resident_bytes(self.pid) > self._memory_bytes

    def ask(
        self, message: Mapping[str, object], time_limit_s: float, interrupt: Callable[[], None]
    ) -> dict[str, object]:
        """
        Send a message and return the answer.

        `interrupt` is called while waiting; what it raises ends the child and is passed on. Raises
        ChildDied with the reason if there is no answer.
        """
        self._turn += 1
        self._outgoing = memoryview(pack({"turn": self._turn, **message}))
        self._selector.register(_pipe(self._process.stdin), selectors.EVENT_WRITE)
        return self._converse(time_limit_s, interrupt)

    def listen(self, time_limit_s: float, interrupt: Callable[[], None]) -> dict[str, object]:
        """Return what the child says without being asked: its greeting. Raises as `ask` does."""
        return self._converse(time_limit_s, interrupt)

    def end(self) -> None:
        """Kill the child with its process group and wait until it is gone."""
        if self._process.returncode is not None:
            return
        # Until it is waited for its number stays taken, so that this hits no one else's group.
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            _pipe(pipe).close()

    def _converse(self, time_limit_s: float, interrupt: Callable[[], None]) -> dict[str, object]:
        try:
            answer = self._wait_for_answer(time_limit_s, interrupt)
            if answer.get("turn") != self._turn or self._outgoing:
                # It would be laid beside the wrong instances.
                raise ChildDied("answered out of turn")
        except FrameUnreadable as error:
            self.end()
            raise ChildDied(str(error)) from error
        except BaseException:
            self.end()
            raise
        return answer

    def _wait_for_answer(
        self, time_limit_s: float, interrupt: Callable[[], None]
    ) -> dict[str, object]:
        watched_at = time.monotonic()
        # The child goes last: where predictions want all processors it is slow without hanging.
        deadline, stood_s = watched_at + time_limit_s, stood_in_line_s(self.pid)
        while (answer := take(self._answers)) is None:
            for key, _ in self._selector.select(POLL_S):
                if key.data is None:
                    self._send(key.fd)
                else:
                    self._receive(key)
            interrupt()
            now = time.monotonic()
            if now > deadline and now > deadline + stood_in_line_s(self.pid) - stood_s:
                raise ChildDied(f"no answer within {time_limit_s:g} s")
            if now > watched_at + POLL_S:
                watched_at = now
                self._watch_memory()
        return answer

    def _send(self, stdin: int) -> None:
        try:
            self._outgoing = self._outgoing[os.write(stdin, self._outgoing) :]
        except BrokenPipeError:  # the end of its stdout will tell why
            self._outgoing = memoryview(b"")
        if not self._outgoing:
            self._selector.unregister(stdin)

    def _receive(self, key: selectors.SelectorKey) -> None:
        chunk = os.read(key.fd, _CHUNK)
        key.data.extend(chunk)
        del self._said[:-_STDERR_KEPT]
        if chunk:
            return
        self._selector.unregister(key.fileobj)
        if key.data is self._answers:
            raise ChildDied(self._epitaph())

    def _watch_memory(self) -> None:
        if self.is_over_memory:
            limit = f"{self._memory_bytes / 1024**3:.3g} GiB"
            raise ChildDied(f"killed by signal 9 (memory limit {limit})")

    def _epitaph(self) -> str:
        deadline = time.monotonic() + 1.0
        # WNOWAIT leaves it to `end` to collect the child, after what it may have started.
        peek = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while (ended := os.waitid(os.P_PID, self.pid, peek)) is None:
            if time.monotonic() > deadline:
                return "closed its side of the conversation"
            time.sleep(POLL_S / 10)
        if ended.si_code != os.CLD_EXITED:
            return f"killed by signal {ended.si_status} ({signal.strsignal(ended.si_status)})"
        last = self._said.decode(errors="replace").strip().rpartition("\n")[2]
        return f"ended with status {ended.si_status}" + (f": {last}" if last else "")


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 where the kernel does not tell (or no more)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    _, found, rest = status.partition("VmRSS:")
    return int(rest.split(maxsplit=1)[0]) * 1024 if found else 0


def python_command(artefact_folder: Path, trusted_keys: Path | None = None) -> list[str]:
    """Return the command that starts the child for an artefact, which asks for its signature."""
    keys = [] if trusted_keys is None else [str(trusted_keys)]
    # -P: a file of the working directory must not stand in for a module.
    return [sys.executable, "-P", "-m", "understudy.shadow.child", str(artefact_folder), *keys]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 # all three were asked for
    return pipe
