"""Who goes first where processors are short: those that answer requests (docs/adr/0022)."""

import os
from contextlib import suppress
from pathlib import Path

BEHIND = 10
"""The niceness of what has to get on: about a tenth of a processor that predictions want whole."""
_LAST = 19


def step_back(pid: int | None = None) -> None:
    """
    Let a process, this one or another, and all that it starts from now on, give way.

    For what has to get on under any load: shipping, deployments, Postgres. To be called before
    there are threads: those that run already stay where they are.
    """
    _be_nice(pid or os.getpid(), BEHIND)


def go_last() -> None:
    """
    Let this process, and all that it starts from now on, have only what nobody else wants.

    For what can wait, such as the shadow: whoever answers a request interrupts it at once, while a
    process that is only nicer may finish its turn of some milliseconds first.
    """
    _be_nice(os.getpid(), _LAST)
    with suppress(OSError):  # a sandbox may forbid it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _be_nice(pid: int, niceness: int) -> None:
    niceness = max(niceness, os.getpriority(os.PRIO_PROCESS, pid))
    os.setpriority(os.PRIO_PROCESS, pid, niceness)
    # Where the kernel shares the processors between sessions first (autogroup), niceness counts
    # within a session only: whoever leads one takes it back as well.
    if os.getsid(pid) == pid:
        with suppress(OSError):  # not every kernel has it
            Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def stood_in_line_s(pid: int) -> float:
    """Return for how long a process was ready to run and got no processor; 0 if nobody knows."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
