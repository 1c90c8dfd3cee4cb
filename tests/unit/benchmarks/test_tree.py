"""What a tree of processes took: the ended ones count, and nothing counts twice."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.serving import tree

KEEPER = Path(tree.__file__).parent / "keeper.py"
BURN = (
    "import time\n"
    "def burn(seconds):\n"
    "    began = time.process_time()\n"
    "    while time.process_time() - began < seconds: pass\n"
)
# A child that is waited for; one that is let go by its parent, which ends; then the server itself.
WAITED_FOR = BURN + (
    "import os, time\n"
    "if not os.fork():\n"
    "    burn(1.2); os._exit(0)\n"
    "os.wait(); print('done', flush=True); time.sleep(60)\n"
)
LET_GO = BURN + (
    "import os, time\n"
    "if not os.fork():\n"
    "    if not os.fork():\n"
    "        time.sleep(0.2); burn(1.2); print('done', flush=True); os._exit(0)\n"
    "    os._exit(0)\n"
    "os.wait(); time.sleep(60)\n"
)
ALIVE = BURN + "burn(1.2); print('done', flush=True); import time; time.sleep(60)\n"
NOTHING = "import time; print('done', flush=True); time.sleep(60)\n"


@contextmanager
def kept(code: str) -> Iterator["subprocess.Popen[str]"]:
    """Run code under a keeper until it says that it is done."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(KEEPER), sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "done\n"
        yield process
    finally:
        process.terminate()
        process.wait(40)
        process.stdout.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait on a condition, ten seconds at most."""
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("code", [WAITED_FOR, LET_GO, ALIVE], ids=["waited for", "let go", "alive"])
def test_cpu_counts_wherever_it_was_spent(code: str) -> None:
    """1.2 s are found in a child that has ended, in one that was let go, and in the server."""
    with kept(NOTHING) as process:
        start = tree.cpu_s(process.pid)
    with kept(code) as process:
        spent = tree.cpu_s(process.pid) - start
    assert 1.0 < spent < 1.7


def test_cpu_does_not_shrink_when_a_process_ends() -> None:
    """A child's time moves to its parent at once; what shrinks is a tick that was rounded."""
    code = BURN + (
        "import os, time\n"
        "print('done', flush=True)\n"
        "for _ in range(20):\n"
        "    if not os.fork():\n"
        "        burn(0.02); os._exit(0)\n"
        "    os.wait()\n"
        "time.sleep(60)\n"
    )
    with kept(code) as process:
        seen = [tree.cpu_s(process.pid)]
        deadline = time.monotonic() + 10
        while seen[-1] - seen[0] < 0.3 and time.monotonic() < deadline:
            seen.append(tree.cpu_s(process.pid))
    assert seen[-1] - seen[0] >= 0.3
    assert min(later - earlier for earlier, later in pairwise(seen)) > -0.025


def test_nobody_outlives_the_keeper() -> None:
    """Neither a process that was let go, nor one that ignores being asked, is there afterwards."""
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if not os.fork():\n"
        "    os.setsid()\n"
        "    if not os.fork():\n"
        "        print('done', flush=True); time.sleep(600)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "signal.signal(signal.SIGTERM, signal.SIG_DFL); time.sleep(600)\n"
    )
    with kept(code) as process:
        wait_until(lambda: len(tree.family(process.pid)) == 3)
        family = tree.family(process.pid)
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []


def test_memory_and_names_are_of_the_tree() -> None:
    """A process is found by its words, and its memory is more than nothing and less than all."""
    with kept(NOTHING) as process:
        (server,) = tree.find(process.pid, "-c")
        assert 1 < tree.pss_mb([server]) < 100
        kinds = [tree.pss_mb([server], f"Pss_{kind}") for kind in ("Anon", "File", "Shmem")]
        assert sum(kinds) == pytest.approx(tree.pss_mb([server]), rel=0.2)
        assert tree.children(process.pid) == [server]
        assert tree.find(process.pid, "-c", "another word") == []


def test_what_is_gone_took_nothing() -> None:
    """A process that ends while it is looked at is no error."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert tree.cpu_s(process.pid) == 0
    assert tree.pss_mb([process.pid]) == 0
    assert tree.family(os.getpid())[0] == os.getpid()
