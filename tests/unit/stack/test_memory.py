"""What a watcher needs for a piece of work it needs for that piece only."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
from understudy.stack.processes import _give_memory_back
if {gives}:
    _give_memory_back()
import numpy as np, pyarrow

def anonymous_mb():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous")) / 1024

np.ones(125_000)  # from now on glibc would keep pieces of up to this size
before = anonymous_mb()
pieces = [(np.ones(120_000), bytes(2_000)) for _ in range(100)]  # small ones in between
left = [small for _, small in pieces]
del pieces
print(pyarrow.default_memory_pool().backend_name, anonymous_mb() - before)
"""


def _left_mb(*, gives: bool) -> tuple[str, float]:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT.format(gives=gives)],
        capture_output=True,
        text=True,
        check=True,
    )
    pool, left = ended.stdout.split()
    return pool, float(left)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="how glibc keeps memory")
def test_what_is_no_longer_needed_goes_back_to_the_system() -> None:
    """Although something small was kept in between, which pins a heap of glibc's."""
    assert _left_mb(gives=False)[1] > 50
    pool, left = _left_mb(gives=True)
    assert pool == "system"
    assert left < 10
