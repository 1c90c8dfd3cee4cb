"""What a process and all that came of it have taken, by the kernel's accounting."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_S, _BUSY = 0.5, 0.1


def cpu_s(root: int) -> float:
    """
    Return the seconds of CPU of a process and its descendants so far, the ended ones included.

    A parent has the time of the children that it waited for. What a parent leaves behind goes to
    the nearest subreaper, which is `keeper` here; so nothing is lost, and nothing counts twice.
    Parents are read before their children, so that one that ends in between is missed: by one
    look of three.
    """
    return max(sum(sum(_times(pid)) for pid in family(root)) for _ in range(3)) / _TICKS


def family(root: int) -> list[int]:
    """Return a process and its descendants, zombies included."""
    known: dict[int, list[int]] = {}
    for pid, parent in _parents():
        known.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found.extend(known.get(pid, ()))
    return found


def is_busy(root: int) -> bool:
    """Look for half a second whether a process and its descendants have something to do."""
    before = cpu_s(root)
    time.sleep(_LOOK_S)
    return cpu_s(root) - before >= _BUSY * _LOOK_S


def children(parent: int) -> list[int]:
    """Return the direct children of a process."""
    return [pid for pid, found in _parents() if found == parent]


def pss_mb(pids: list[int], kind: str = "Pss") -> float:
    """
    Return the proportional set size of processes: shared pages are parted among their users.

    `kind` is a line of smaps_rollup: `Pss_Anon` for what they took themselves, `Pss_Shmem` for what
    they share on purpose, `Pss_File` for files that they have mapped, `Pss` for all of it.
    """
    return sum(_kb(pid, kind) for pid in pids) / 1024


def find(root: int, *words: str) -> list[int]:
    """Return the descendants whose command line has all of the words."""
    return [pid for pid in family(root)[1:] if set(words) <= set(_words(pid))]


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            yield int(entry.name), int(fields[1])


def _times(pid: int) -> tuple[int, ...]:
    """Return user and system time, its own and that of its ended children, in ticks."""
    return tuple(int(field) for field in _stat(pid)[11:15])


def _stat(pid: int) -> list[str]:
    """Return the fields after the name, which may hold anything; none if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _kb(pid: int, kind: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
