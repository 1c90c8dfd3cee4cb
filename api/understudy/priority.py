"""Who goes first where processors are short: those that answer requests (docs/adr/0022)."""

import os
import threading
from contextlib import suppress
from pathlib import Path

BEHIND = 10
"""The niceness of what has to get on: about a tenth of a processor that predictions want whole."""
_LAST = 19
_BACKEND = b"postgres: "


def step_back(pid: int | None = None) -> None:
    """
    Let a process, this one or another, and all that it starts from now on, give way.

    For what has to get on under any load: shipping, deployments, Postgres. To be called before
    there are threads: those that run already stay where they are.
    """
    _be_nice(pid or os.getpid(), BEHIND)


def step_back_children(pid: int) -> None:
    """
    Let the children of a process give way that have begun sessions of their own by now.

    Every backend of Postgres does, and the kernel gives a new session a niceness of 0, whatever its
    process has: one that ships would weigh as much as all api workers together. To be called again
    and again, as such children come and go.
    """
    with suppress(OSError):  # not every kernel tells it
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            _hold_session_back(int(child), BEHIND)


def go_last() -> None:
    """
    Let this thread, and all that it starts from now on, have only what nobody else wants.

    For what can wait, such as the shadow: whoever answers a request interrupts it at once, while a
    process that is only nicer may finish its turn of some milliseconds first. The main thread says
    it for a whole process.
    """
    _be_nice(threading.get_native_id(), _LAST)
    with suppress(OSError):  # a sandbox may forbid it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def take_along(backend: int) -> None:
    """
    Let a backend of Postgres that works for this thread give way as far as it does.

    Does nothing unless the number is that of a backend here, which may give way further already.
    """
    with suppress(OSError):  # gone, or another user's
        if not Path(f"/proc/{backend}/cmdline").read_bytes().startswith(_BACKEND):
            return
        _be_nice(backend, os.getpriority(os.PRIO_PROCESS, 0))
        if os.sched_getscheduler(0) == os.SCHED_IDLE:
            os.sched_setscheduler(backend, os.SCHED_IDLE, os.sched_param(0))


def _be_nice(pid: int, niceness: int) -> None:
    niceness = max(niceness, os.getpriority(os.PRIO_PROCESS, pid))
    os.setpriority(os.PRIO_PROCESS, pid, niceness)
    _hold_session_back(pid, niceness)


def _hold_session_back(pid: int, niceness: int) -> None:
    """
    Take a session back with the process that leads it.

    Where the kernel shares the processors between sessions first (autogroup), niceness counts
    within a session only.
    """
    place = Path(f"/proc/{pid}/autogroup")
    # Not every kernel has it, those that have it may have it switched off, and whoever is not root
    # may change one in a tenth of a second.
    with suppress(OSError):
        said = place.read_text().split() if os.getsid(pid) == pid else []
        if said and int(said[-1]) < niceness:
            place.write_text(str(niceness))


def stood_in_line_s(pid: int) -> float:
    """Return for how long a process was ready to run and got no processor; 0 if nobody knows."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
