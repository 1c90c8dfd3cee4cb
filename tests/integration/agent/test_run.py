"""The agent waits for what it needs, outlives an outage, and loses nothing when it is killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.agent.bench import ENDPOINT, Bench, ids, served, until
from understudy.agent.events import LogReached, Shipped
from understudy.agent.run import run_agent
from understudy.errors import SettingInvalid
from understudy.log.database import connect
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.migrate import migrate
from understudy.settings import Settings


@pytest.fixture
def postgres() -> Iterator[EmbeddedPostgres]:
    """A Postgres of one's own, that a test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-outage-"))
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder, settings={"fsync": "off"})
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


def test_what_comes_is_shipped_at_once(bench: Bench) -> None:
    """A prediction is in Postgres well within a second, and a stop ends the agent."""
    with bench.agent():
        writer = bench.writer()
        request = served()
        writer.append([request])
        until(lambda: bench.recorded() == ids([request]), seconds=10)
        until(lambda: bench.seen.of(Shipped))
        assert bench.seen.of(Shipped)[0].lag_s < 5
        writer.close()
        until(lambda: not bench.spools())


def test_a_stream_of_requests_is_shipped_in_lots(bench: Bench) -> None:
    """What comes while requests gather goes in one shipment, the first one alone and at once."""
    with bench.agent():
        writer = bench.writer(first := served())
        until(lambda: bench.recorded() == ids([first]))
        rest = [served() for _ in range(40)]
        for request in rest:
            writer.append([request])
        until(lambda: bench.recorded() == ids([first, *rest]))
        until(lambda: sum(len(event.requests) for event in bench.seen.of(Shipped)) == 41)
        assert len(bench.seen.of(Shipped)) < 10
        writer.close()


def test_the_agent_waits_for_the_tables(bench: Bench, empty_database_url: str) -> None:
    """Started first, it begins as soon as somebody has migrated."""
    bench.settings = replace(bench.settings, database_url=empty_database_url)
    bench.engine = connect(empty_database_url)
    writer = bench.writer(request := served())
    with bench.agent():
        until(lambda: bench.seen.of(LogReached) == [LogReached(False)])
        migrate(empty_database_url)
        until(lambda: bench.recorded() == ids([request]))
    bench.engine.dispose()
    writer.close()


def test_an_outage_loses_and_doubles_nothing(bench: Bench, postgres: EmbeddedPostgres) -> None:
    """While Postgres is away the spools keep everything; when it returns all of it is there."""
    migrate(postgres.url)
    bench.settings = replace(bench.settings, database_url=postgres.url)
    bench.engine = connect(postgres.url)
    requests = [served() for _ in range(30)]
    writer = bench.writer(*requests[:10])
    with bench.agent():
        until(lambda: len(bench.recorded()) == 10)
        postgres.stop()
        writer.append(requests[10:20])
        until(lambda: bench.seen.of(LogReached)[-1] == LogReached(False))
        writer.append(requests[20:])
        postgres.start()
        until(lambda: bench.recorded() == ids(requests))
        until(lambda: bench.seen.of(LogReached)[-1] == LogReached(True))
    assert sum(len(event.requests) for event in bench.seen.of(Shipped)) == 30
    bench.engine.dispose()
    writer.close()


def test_the_days_missed_in_an_outage_are_made_up_for(bench: Bench) -> None:
    """Without a partition for today the agent makes it and goes on."""
    writer = bench.writer(request := served())
    days = bench.ask(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'prediction'::regclass"
    )
    with bench.agent():
        until(lambda: bench.recorded() == ids([request]))
        with bench.engine.begin() as connection:
            for (day,) in days:
                connection.execute(text(f"DROP TABLE {day}"))
        writer.append([late := served()])
        until(lambda: bench.recorded() == ids([late]))
    writer.close()


def test_old_days_are_dropped_when_asked(bench: Bench) -> None:
    """Retention is the agent's housekeeping."""
    with bench.engine.begin() as connection:
        connection.execute(text("CREATE TABLE prediction_20200101 (LIKE prediction INCLUDING ALL)"))
        connection.execute(
            text(
                "ALTER TABLE prediction ATTACH PARTITION prediction_20200101"
                " FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-01-02 00:00:00+00')"
            )
        )
    bench.settings = replace(bench.settings, retention_days=30)
    with bench.agent():
        until(lambda: bench.ask("SELECT to_regclass('prediction_20200101')") == [(None,)])


def test_a_stop_ships_what_is_left(bench: Bench) -> None:
    """The api stops first; what it answered last is shipped before the agent ends."""
    requests = [served() for _ in range(50)]
    bench.writer(*requests).close()
    stop = threading.Event()
    stop.set()
    run_agent(bench.settings, stop)
    assert bench.recorded() == ids(requests)
    assert bench.spools() == []


@pytest.mark.promise(
    "spools", "A stop drains within its deadline, and the next agent ships the rest"
)
def test_a_stop_drains_within_a_deadline_and_leaves_the_rest(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When it is over the turn under way is finished; the next agent ships what is left, once."""
    requests = [served() for _ in range(50)]
    bench.writer(*requests).close()
    monkeypatch.setattr("understudy.agent.courier.BATCH_INSTANCES", 5)
    monkeypatch.setattr("understudy.agent.courier._BATCHES_PER_TURN", 2)
    monkeypatch.setattr("understudy.agent.run._DRAIN_S", 0.0)
    stop = threading.Event()
    stop.set()
    run_agent(bench.settings, stop)
    assert len(bench.recorded()) == 10
    assert len(bench.spools()) == 1
    assert "The spools are not empty; the next agent ships the rest." in caplog.text
    monkeypatch.setattr("understudy.agent.run._DRAIN_S", 60.0)
    run_agent(bench.settings, stop)
    assert bench.recorded() == ids(requests)
    assert bench.spools() == []


def test_a_stop_does_not_wait_for_an_absent_postgres(bench: Bench) -> None:
    """What cannot be shipped stays in the spools."""
    writer = bench.writer(served())
    stop = threading.Event()
    stop.set()
    nowhere = "postgresql://nobody@/nothing?host=/nonexistent"
    run_agent(replace(bench.settings, database_url=nowhere), stop)
    assert bench.spools() == [writer.path]
    writer.close()


def test_without_a_prediction_log_there_is_nothing_to_do(tmp_path: Path) -> None:
    """The missing setting is named."""
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_DATABASE_URL"):
        run_agent(Settings(data_dir=tmp_path), threading.Event())


@pytest.mark.promise(
    "exactly once", "An agent that is killed again and again loses and doubles nothing"
)
def test_killing_the_agent_again_and_again_costs_nothing(bench: Bench) -> None:
    """Real processes, kill -9 at any moment, every request exactly once."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    environment |= bench.settings.environment()
    code = (
        "import threading\nfrom understudy.agent import run_agent\n"
        "from understudy.settings import read_settings\n"
        "run_agent(read_settings(), threading.Event())\n"
    )
    requests = [served() for _ in range(2000)]
    writer = bench.writer()
    shipped = 0
    for place in range(0, 2000, 500):
        with subprocess.Popen([sys.executable, "-c", code], env=environment) as agent:
            for request in requests[place : place + 500]:
                writer.append([request])
            until(lambda before=shipped: len(bench.recorded()) > before)
            agent.send_signal(signal.SIGKILL)
        shipped = len(bench.recorded())
    writer.close()
    with bench.agent():
        until(lambda: not bench.spools())
    assert bench.recorded() == ids(requests)
    assert bench.ask("SELECT count(*) FROM spool WHERE endpoint = :e", e=ENDPOINT) == [(1,)]
