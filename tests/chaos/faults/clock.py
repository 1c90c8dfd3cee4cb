"""Faults: the clock of the stack's processes steps. Needs a C compiler, for a few lines."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.records import ask
from tests.chaos.stage import current
from tests.stack import Stack, eventually

_SOURCE = Path(__file__).with_name("clock.c")


@contextmanager
def with_a_clock_of_its_own(stack: Stack) -> Iterator[Path]:
    """
    Let the stack's processes read the time of day with a shift that stands in a file.

    Postgres keeps the machine's clock, and what measures durations is left alone, as by a real
    step. (libfaketime 0.9.10 breaks `time.sleep`, or lets the monotonic clock step as well.)
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("A C compiler is missing. On Debian: apt-get install gcc libc6-dev")
    library, file = (stack.folder.with_name(name) for name in ("clock.so", "clock"))
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE)]
    subprocess.run(command, check=True)
    file.write_text("0\n")
    stack.more |= {"LD_PRELOAD": str(library), "CHAOS_CLOCK": str(file)}
    yield file


def step(seconds: float) -> None:
    """Let the clock step by so many seconds, and requests be answered after it."""
    stage = current()
    assert isinstance(stage.prepared, Path)
    began = time.time()
    stage.prepared.write_text(f"{seconds:.0f}\n")
    stage.fault()
    stage.wait_for_answers(150)
    # A library that is not loaded is only warned of: that the step was seen stands in the log.
    query = "SELECT 1 FROM prediction WHERE abs(extract(epoch FROM served_at) - %s) > %s LIMIT 1"
    eventually(lambda: ask(stage.postgres, query, began, abs(seconds) / 2), 60)
