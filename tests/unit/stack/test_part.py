"""A part is restarted when it dies, and nothing of it outlives a stop or its owner."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from understudy.stack import part as part_module
from understudy.stack.part import Part

# Tells its own process id, starts a child of its own, and ends when asked; twice if it is stubborn.
CHILD = """
import os, signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
print("born", os.getpid(), child.pid, flush=True)
if sys.argv[1] == "stubborn":
    signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
if sys.argv[1] == "brief":
    sys.exit("nothing to do")
while True:
    time.sleep(0.05)
"""


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, and fail after 20 seconds."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in 20 s"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time of the test."""
        return self.now


class Bench:
    """A part that runs a made program, its clock, and what it says."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.program = tmp_path / "program.py"
        self.program.write_text(CHILD)
        self.said: list[str] = []
        self.clock = Clock()
        self.log = tmp_path / "logs" / "serve.log"
        # The real command line around another program: setpriv and the shell are under test too.
        real = part_module._command
        monkeypatch.setattr(
            part_module, "_command",
            lambda name: [*real(name)[:-5], sys.executable, str(self.program), name],
        )  # fmt: skip

    def part(self, behaviour: str) -> Part:
        """Make a part that is patient, stubborn or brief."""
        return Part(behaviour, dict(os.environ), self.log, self.said.append, self.clock)

    def born(self) -> list[tuple[int, int]]:
        """Return the process ids of the part and its child, for every start so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        words = [line.split() for line in lines if line.startswith("born")]
        return [(int(own), int(child)) for _, own, child in words]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A bench whose processes are gone afterwards."""
    made = Bench(tmp_path, monkeypatch)
    yield made
    for pair in made.born():
        for pid in pair:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)


def test_a_stop_ends_the_part_and_its_children(bench: Bench) -> None:
    """A child of a child holds no port after a stop."""
    part = bench.part("patient")
    part.start()
    until(bench.born)
    own, child = bench.born()[0]
    assert part.pid == own
    part.stop(patience_s=10)
    assert not is_alive(own)
    until(lambda: not is_alive(child))
    assert bench.said == []


def test_a_stubborn_part_is_killed(bench: Bench) -> None:
    """Patience ends, and that is said."""
    part = bench.part("stubborn")
    part.start()
    until(bench.born)
    part.stop(patience_s=0.2)
    assert not is_alive(bench.born()[0][0])
    assert "stubborn does not end within 0.2 s" in bench.said[0]


def test_a_part_that_was_never_started_can_be_stopped(bench: Bench) -> None:
    """An interrupted start cleans up like any other."""
    part = bench.part("patient")
    part.stop(patience_s=1)
    part.tend()
    assert part.pid is None
    assert part.last_words() == "it said nothing"


def test_a_dead_part_is_restarted_with_growing_patience(bench: Bench) -> None:
    """The delay doubles up to ten seconds, and its last words are passed on."""
    part = bench.part("brief")
    part.start()
    delays = []
    for restarts in range(1, 7):
        until(lambda: part.ending() is not None)
        part.tend()
        delays.append(float(bench.said[-1].split("restarting it in ")[1].split(" s ")[0]))
        part.tend()
        assert part.restarts == restarts - 1
        bench.clock.now += delays[-1]
        part.tend()
        assert part.restarts == restarts
    assert delays == [0.5, 1, 2, 4, 8, 10]
    assert "brief ended with status 1: nothing to do;" in bench.said[0]
    part.stop(patience_s=5)


def test_a_part_that_ran_long_is_restarted_soon(bench: Bench) -> None:
    """One death in a day is not the fifth in a row; the orphans of the dead are gone."""
    part = bench.part("patient")
    part.start()
    for number in range(3):
        until(lambda number=number: len(bench.born()) == number + 1)
        own, child = bench.born()[-1]
        bench.clock.now += 61
        os.kill(own, signal.SIGKILL)
        until(lambda: part.ending() is not None)
        part.tend()
        assert "by SIGKILL" in bench.said[-1]
        assert "restarting it in 0.5 s" in bench.said[-1]
        until(lambda child=child: not is_alive(child))
        bench.clock.now += 0.5
        part.tend()
    part.stop(patience_s=5)


def test_a_part_that_cannot_be_restarted_is_tried_again(bench: Bench) -> None:
    """No room for a process or its log: the owner lives on, says so, and tries once more."""
    part = bench.part("brief")
    part.start()
    until(lambda: part.ending() is not None)
    part.tend()
    logs = bench.log.parent
    away = logs.rename(logs.with_name("away"))
    logs.write_text("in the way")
    for delay in (1, 2):
        bench.clock.now += 10
        part.tend()
        assert "brief cannot be restarted" in bench.said[-1]
        assert bench.said[-1].endswith(f"trying again in {delay} s.")
        said = len(bench.said)
        part.tend()  # not at once
        assert len(bench.said) == said
    assert "its log cannot be read" in part.last_words()
    logs.unlink()
    away.rename(logs)
    bench.clock.now += 2
    part.tend()
    assert part.restarts == 1
    until(lambda: len(bench.born()) == 2)
    part.stop(patience_s=5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"log.level": "error", "message": "no disk"}', "no disk"),
        ("[1, 2]", "[1, 2]"),
        ("Error: no disk", "Error: no disk"),
    ],
)
def test_last_words_are_read_from_log_lines(bench: Bench, line: str, words: str) -> None:
    """Logs are JSON for machines; a person hears the message."""
    bench.log.parent.mkdir()
    bench.log.write_text(f"earlier\n{line}\n\n")
    assert bench.part("patient").last_words() == words


def test_a_long_log_makes_room(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """One older log is kept."""
    monkeypatch.setattr(part_module, "_LONGEST_LOG", 10)
    bench.log.parent.mkdir()
    bench.log.write_text("older than everything\n")
    part = bench.part("patient")
    part.start()
    until(bench.born)
    part.stop(patience_s=5)
    assert bench.log.with_suffix(".log.1").read_text() == "older than everything\n"


def test_the_log_of_a_part_that_runs_makes_room(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part goes on at the new beginning of its log, and never notices."""
    monkeypatch.setattr(part_module, "_LONGEST_LOG", 100)
    part = bench.part("stubborn")
    part.start()
    until(bench.born)
    born = bench.log.read_text()
    part.tend()
    assert bench.log.read_text() == born
    with bench.log.open("a") as log:
        log.write("x" * 100)
    part.tend()
    assert part.ending() is None
    assert bench.log.with_suffix(".log.1").read_text() == born + "x" * 100
    assert part.pid is not None
    os.kill(part.pid, signal.SIGTERM)
    until(lambda: bench.log.read_text() == "no\n")  # and no hole before it
    part.stop(patience_s=0.2)


def test_last_words_are_looked_for_at_the_end_of_a_log(bench: Bench) -> None:
    """A log of many gigabytes is not read into memory."""
    bench.log.parent.mkdir()
    with bench.log.open("wb") as log:
        log.truncate(1 << 40)  # takes no room on the disk
        log.seek(0, os.SEEK_END)
        log.write(b"\nError: no disk\n")
    assert bench.part("patient").last_words() == "Error: no disk"
    bench.log.unlink()


def test_a_part_ends_with_an_owner_that_is_killed(bench: Bench, tmp_path: Path) -> None:
    """Nobody is left behind by kill -9."""
    owner = tmp_path / "owner.py"
    owner.write_text(
        "import sys, time\nfrom pathlib import Path\nfrom understudy.stack import part\n"
        "real = part._command\n"
        f"part._command = lambda n: [*real(n)[:-5], sys.executable, {str(bench.program)!r}, n]\n"
        f"part.Part('patient', {{}}, Path({str(bench.log)!r}), print).start()\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, str(owner)]) as process:
        until(bench.born)
        process.kill()
    until(lambda: not is_alive(bench.born()[0][0]))


def test_a_part_whose_owner_is_gone_does_not_start(tmp_path: Path) -> None:
    """The shell between us and the part looks whether its parent is still the owner."""
    command = part_module._command("serve")
    place = command.index(str(os.getpid()))
    for owner, runs in ((os.getpid(), True), (1 if os.getpid() != 1 else 2, False)):
        marker = tmp_path / str(owner)
        subprocess.run(
            [*command[:place], str(owner), "touch", str(marker)], check=False, timeout=10
        )
        assert marker.exists() == runs


def test_without_setpriv_the_part_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The promise of the kernel is Linux's; elsewhere a stop in order still ends everything."""
    monkeypatch.setattr(part_module.shutil, "which", lambda _: None)
    assert part_module._command("serve") == [sys.executable, "-P", "-m", "understudy", "serve"]
