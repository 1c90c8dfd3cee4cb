"""
Starts a server and keeps hold of every process that comes of it, also of those that it lets go.

Run as a program: `python keeper.py COMMAND …`. Whatever a server leaves behind becomes a child of
this process, so that its CPU is counted and it ends with the rest. SIGTERM asks the server to end;
what is still there some seconds later is killed. Needs the standard library only, on Linux.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PATIENCE_S = 30.0
_SUBREAPER, _PARENT_DEATH = 36, 1
_WANTED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


def main() -> int:
    """Run the command to its end, or until SIGTERM; returns its status."""
    control = ctypes.CDLL(None).prctl
    control(_SUBREAPER, 1, 0, 0, 0)
    control(_PARENT_DEATH, signal.SIGTERM, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, _WANTED)
    server = subprocess.Popen(sys.argv[1:], preexec_fn=_as_a_child)  # noqa: PLW1509 # one thread
    status = _wait(server.pid, None)
    if status is None:
        server.send_signal(signal.SIGTERM)
        status = _wait(server.pid, time.monotonic() + _PATIENCE_S)
    _kill_the_rest()
    return 1 if status is None else os.waitstatus_to_exitcode(status) & 0xFF


def _as_a_child() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _WANTED)
    ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


def _wait(pid: int, deadline: float | None) -> int | None:
    """Reap whatever ends until this process does; None if told to end, or at the deadline."""
    while True:
        for ended, status in _reap():
            if ended == pid:
                return status
        if deadline is None:
            if signal.sigwait(_WANTED) != signal.SIGCHLD:
                return None
            continue
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        signal.sigtimedwait(_WANTED, left)


def _reap() -> list[tuple[int, int]]:
    found = []
    try:
        while (one := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(one)
    except ChildProcessError:
        pass
    return found


def _kill_the_rest() -> None:
    """Kill children until there are none; those of the killed ones come to this process."""
    while children := _children():
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        _reap()
        time.sleep(0.01)


def _children() -> list[int]:
    """Return the children, unreaped ones included: only their parent can wait for them."""
    own = os.getpid()
    return [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]


if __name__ == "__main__":
    sys.exit(main())
