"""Who goes first where processors are short: those that answer requests."""

import os
from contextlib import suppress
from pathlib import Path

BEHIND = 10
"""The niceness of all others: about a tenth of a processor that predictions want whole."""


def step_back(pid: int | None = None) -> None:
    """
    Let a process, this one or another, and all that it starts from now on, give way.

    Where the kernel shares the processors between sessions first (autogroup), niceness counts
    within a session only; a process that leads one therefore takes its session back as well. To be
    called before there are threads: those that run already stay where they are.
    """
    pid = pid or os.getpid()
    niceness = max(BEHIND, os.getpriority(os.PRIO_PROCESS, pid))
    os.setpriority(os.PRIO_PROCESS, pid, niceness)
    if os.getsid(pid) == pid:
        with suppress(OSError):  # not every kernel has it
            Path(f"/proc/{pid}/autogroup").write_text(str(niceness))
