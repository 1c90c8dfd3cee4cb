"""More spools than may be open at once, and spools that can be neither opened nor put away."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.agent.bench import Bench, execute, ids, served, until
from understudy.agent.events import BacklogMeasured, SpoolSetAside

_AGENT = """
import resource, threading
from understudy.agent import run_agent
from understudy.settings import read_settings
resource.setrlimit(resource.RLIMIT_NOFILE, (500, 500))
run_agent(read_settings(), threading.Event())
"""


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave one place for an orphan, whoever lives, and let a turn ship one request."""
    monkeypatch.setattr("understudy.agent.spools.MOST_OPEN", 1)
    monkeypatch.setattr("understudy.agent.spools._ORPHANS_AT_LEAST", 1)
    monkeypatch.setattr("understudy.agent.courier.BATCH_INSTANCES", 1)
    monkeypatch.setattr("understudy.agent.courier._BATCHES_PER_TURN", 1)


def open_spools(bench: Bench) -> set[str]:
    """Return the names of the spools that this process has open."""
    links = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    folder = str(bench.settings.spool_dir)
    return {link for link in links if link.startswith(folder) and link.endswith(".spool")}


def bar(path: Path, seconds: int = 120) -> list[Path]:
    """Let no file be renamed to what this spool would be called when it is set aside."""
    barred = [path.with_suffix(f".corrupt-{int(time.time()) + n}") for n in range(seconds)]
    for folder in barred:
        folder.mkdir()
    return barred


def break_inside(path: Path) -> None:
    """Damage a page in the middle of a spool."""
    execute(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096 * (path.stat().st_size // 4096 // 2))
        file.write(b"\xff" * 4096)


def test_more_orphans_than_files_may_be_open(bench: Bench) -> None:
    """An agent that may open 500 files ships and removes 300 spools, each request once."""
    requests = [served() for _ in range(300)]
    for request in requests:
        bench.writer(request).close()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    environment |= bench.settings.environment()
    with subprocess.Popen([sys.executable, "-c", _AGENT], env=environment) as agent:
        try:
            until(lambda: agent.poll() is not None or not bench.spools(), 120)
            assert agent.poll() is None
        finally:
            agent.kill()
    assert bench.recorded() == ids(requests)
    assert bench.ask("SELECT closed, count(*) FROM spool GROUP BY 1") == [(True, 300)]


def test_a_living_worker_does_not_wait_for_orphans(bench: Bench, few_places: None) -> None:
    """Of two orphans one is open until it is shipped to its end; who lives is open beside it."""
    orphans = [[served() for _ in range(3)] for _ in range(2)]
    for requests in orphans:
        bench.writer(*requests).close()
    writer = bench.writer(living := served())
    courier = bench.courier()
    assert courier.carry() == 2
    recorded = set(bench.recorded())
    assert living.request_id in recorded
    assert len(open_spools(bench)) == 2
    (begun,) = recorded - {living.request_id}
    (first,) = [one for one in orphans if begun in ids(one)]
    while len(bench.spools()) == 3:
        courier.carry()
    assert bench.recorded() == ids([*first, living])
    while len(bench.spools()) == 2:
        courier.carry()
    assert bench.recorded() == ids([*orphans[0], *orphans[1], living])
    courier.close()
    writer.close()


def test_what_is_not_open_is_measured(bench: Bench, few_places: None) -> None:
    """As while Postgres is away: all that waits is counted, and only what has a place is open."""
    for number in range(5):
        bench.writer(served(2, served_at=1000.0 + number)).close()
    writer = bench.writer(served())
    courier = bench.courier()
    courier.measure()
    (found,) = bench.seen.of(BacklogMeasured)
    assert (found.spools, found.requests, found.instances) == (6, 6, 11)
    assert len(open_spools(bench)) == 2
    while len(bench.spools()) > 1:
        courier.carry()
    until(lambda: courier.measure() or len(bench.seen.of(BacklogMeasured)) == 2)
    last = bench.seen.of(BacklogMeasured)[-1]
    assert (last.spools, last.requests) == (1, 0)
    courier.close()
    writer.close()


@pytest.mark.parametrize("damage", ["no database", "inside"])
def test_a_spool_that_cannot_be_set_aside_keeps_no_place(
    bench: Bench, few_places: None, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are shipped meanwhile; it is said once, and tried until it is possible."""
    bad = bench.writer(*[served(2) for _ in range(200)])
    bad.close()
    if damage == "inside":
        break_inside(bad.path)
    else:
        bad.path.write_bytes(b"this was a database once " * 1000)
    barred = bar(bad.path)
    others = [served() for _ in range(3)]
    for request in others:
        bench.writer(request).close()
    courier = bench.courier()
    deadline = time.monotonic() + 60
    while bench.spools() != [bad.path] or "cannot be set aside" not in caplog.text:
        courier.carry()
        assert time.monotonic() < deadline
    for _ in range(3):
        courier.carry()
    assert set(ids(others)) <= set(bench.recorded())
    assert caplog.text.count("cannot be set aside") == 1
    assert bench.seen.of(SpoolSetAside) == []
    for folder in barred:
        folder.rmdir()
    while bench.spools():
        courier.carry()
    assert len(bench.seen.of(SpoolSetAside)) == 1
    courier.close()


def test_a_spool_that_cannot_be_opened_ends_nobody(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """What stands beside it cannot be read: the others are shipped, and it is when that is over."""
    stuck, fine = bench.writer(first := served()), bench.writer(second := served())
    losses = stuck.path.with_suffix(".lost")
    losses.unlink()
    losses.mkdir()
    courier = bench.courier()
    courier.measure()
    assert courier.carry() == 1
    assert courier.carry() == 0
    assert bench.recorded() == ids([second])
    assert caplog.text.count(f"{stuck.path} cannot be used now") == 1
    losses.rmdir()
    assert courier.carry() == 1
    assert bench.recorded() == ids([first, second])
    courier.close()
    stuck.close()
    fine.close()
