"""The whole shadow process: real Postgres, real store, real artefacts, real children."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import Engine, text

from tests import tiny
from tests.s3 import S3Server
from tests.traffic import ENDPOINT, Spool, deploy_shadow, withdraw_shadow
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.store import ArtefactStore
from understudy.errors import SettingInvalid
from understudy.log.database import connect
from understudy.log.migrate import migrate
from understudy.log.replay import Replay, begin_replay, insert_missing
from understudy.log.work import ShadowState
from understudy.serving.engines import load_engine
from understudy.settings import Settings
from understudy.shadow.events import Event, ItemClosed, LagMeasured, StateChanged, VersionEnded
from understudy.shadow.process import run_shadow

Until = Callable[[Callable[[], object]], None]
Counts = Callable[[], dict[str, int]]
State = Callable[[], ShadowState | None]
Running = tuple[threading.Event, list[Event]]

_PROGRAM = """
import signal, threading
from understudy.settings import read_settings
from understudy.shadow.process import run_shadow
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_shadow(read_settings(), stop)
"""


@pytest.fixture
def settings(database_url: str, tmp_path: Path, boosting_artefact: Artefact) -> Settings:
    """Settings of a machine whose store holds `tiny-houses:2.0.0`."""
    settings = Settings(
        endpoint=ENDPOINT, data_dir=tmp_path, database_url=database_url, shadow_batch=100
    )
    ArtefactStore(settings.artefacts_url).push(boosting_artefact)
    return settings


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[..., Running]]:
    """Run shadow processes on threads; returns what stops each and the events it tells."""
    started: list[tuple[threading.Event, threading.Thread]] = []

    def run(with_settings: Settings = settings) -> Running:
        stop, events = threading.Event(), list[Event]()
        thread = threading.Thread(target=run_shadow, args=(with_settings, stop, events.append))
        thread.start()
        started.append((stop, thread))
        return stop, events

    yield run
    for stop, _ in started:
        stop.set()
    for _, thread in started:
        thread.join(15)
        assert not thread.is_alive()


@pytest.fixture
def start_program(settings: Settings) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start shadow processes of their own; those that still run are killed after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def run() -> subprocess.Popen[bytes]:
        environment = {**os.environ, **settings.environment()}
        started.append(subprocess.Popen([sys.executable, "-c", _PROGRAM], env=environment))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait(10)


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_live_traffic_is_scored_by_the_deployed_shadow(
    database: Engine,
    start: Callable[..., Running],
    counts: Counts,
    until: Until,
    boosting_artefact: Artefact,
) -> None:
    """A shadow that is deployed while the process runs scores what comes from then on."""
    _, events = start()
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    instances = tiny.make_instances(250)
    ids = Spool(database).record(instances, per_request=50)
    until(lambda: counts()["scored"] == 250)
    expected = load_engine(boosting_artefact).predict(instances).values
    with database.connect() as connection:
        query = text("SELECT request_id, instance_no, value FROM shadow_prediction")
        found = {(str(one), number): value for one, number, value in connection.execute(query)}
    keys = [(one, number) for one in ids for number in range(50)]
    assert [found[key] for key in keys] == expected
    until(lambda: any(isinstance(event, ItemClosed) for event in events))
    until(lambda: any(isinstance(event, LagMeasured) for event in events))
    assert any(isinstance(event, StateChanged) for event in events)


def test_a_withdrawn_shadow_ends_with_its_child_and_state(
    database: Engine,
    start: Callable[..., Running],
    state: State,
    until: Until,
    boosting_artefact: Artefact,
) -> None:
    """Roles come and go without a restart of the process."""
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    _, events = start()
    until(lambda: state() is not None)
    before = set(_children(os.getpid()))
    withdraw_shadow(database, "tiny-houses", "2.0.0")
    until(lambda: VersionEnded("tiny-houses", "2.0.0") in events)
    assert state() is None
    assert len(set(_children(os.getpid()))) == len(before) - 1
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    until(lambda: state() is not None)


def test_a_shadow_that_nobody_signed_waits_until_somebody_does(
    database: Engine, settings: Settings, start: Callable[..., Running], state: State,
    until: Until, boosting_artefact: Artefact, tmp_path: Path,
) -> None:  # fmt: skip
    """It is asked for its signature where one is required, and needs no restart to have it."""
    private, public = make_keys(tmp_path / "mine")
    folder = copytree(boosting_artefact.folder, tmp_path / "copy")
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    start(replace(settings, trusted_keys=public))
    until(lambda: (found := state()) and found.state == "broken")
    found = state()
    assert found is not None
    assert "tiny-houses:2.0.0 is not trusted: it is not signed" in found.detail
    sign(folder, private)
    ArtefactStore(settings.artefacts_url).push(open_artefact(folder))
    until(lambda: (found := state()) and found.state == "scoring")


def test_a_store_that_is_away_is_told(
    database: Engine, settings: Settings, start: Callable[..., Running], state: State,
    until: Until, boosting_artefact: Artefact, s3: S3Server,
) -> None:  # fmt: skip
    """In words, not as an error that nobody has thought of."""
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    start(replace(settings, artefact_store="s3://not-there/models"))
    until(lambda: (found := state()) and found.state == "broken")
    found = state()
    assert found is not None
    assert found.detail.startswith("The artefact store s3://not-there/models cannot be used")


def test_an_artefact_other_than_the_deployed_one_is_broken(
    database: Engine, start: Callable[..., Running], state: State, until: Until
) -> None:
    """The digest of the deployment decides, not the name and version."""
    deploy_shadow(database, "tiny-houses", "2.0.0", digest="0" * 64)
    start()
    until(lambda: state() is not None)
    found = state()
    assert found
    assert found.state == "broken"
    assert "but 000000000000… was deployed" in found.detail


def test_it_waits_for_the_tables(
    empty_database_url: str, settings: Settings, start: Callable[..., Running], until: Until
) -> None:
    """Whoever starts first: the shadow begins once the migrations have run."""
    start(replace(settings, database_url=empty_database_url))
    migrate(empty_database_url)
    engine = connect(empty_database_url)
    deploy_shadow(engine, "tiny-houses", "2.0.0")

    def told() -> object:
        with engine.connect() as connection:
            return connection.execute(text("SELECT state FROM shadow_state")).first()

    until(told)
    engine.dispose()


def test_it_stops_while_it_waits_for_postgres(settings: Settings, until: Until) -> None:
    """A shadow without a database ends as promptly as any."""
    absent = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    stop = threading.Event()
    thread = threading.Thread(target=run_shadow, args=(absent, stop))
    thread.start()
    stop.set()
    until(lambda: not thread.is_alive())


def test_it_goes_on_after_an_outage(
    database: Engine,
    start: Callable[..., Running],
    counts: Counts,
    until: Until,
    outage: Callable[[], AbstractContextManager[None]],
    boosting_artefact: Artefact,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It follows the deployments again once Postgres is back, and what was recorded is scored."""
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    start()
    spool = Spool(database)
    spool.record(tiny.make_instances(20))
    until(lambda: counts()["scored"] == 20)
    with outage():
        until(lambda: "the shadow waits" in caplog.text)
    spool.record(tiny.make_instances(20))
    until(lambda: counts()["scored"] == 40)


def test_a_database_url_is_needed(tmp_path: Path) -> None:
    """Without one the setting is named."""
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_DATABASE_URL"):
        run_shadow(Settings(data_dir=tmp_path), threading.Event())


def test_processes_share_the_work_and_a_killed_one_costs_nothing(
    database: Engine,
    start_program: Callable[[], subprocess.Popen[bytes]],
    counts: Counts,
    until: Until,
    boosting_artefact: Artefact,
) -> None:
    """kill -9 of one of two processes in the midst of the work: all is scored, each once."""
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    spool = Spool(database)
    one, two = start_program(), start_program()
    until(lambda: _children(one.pid) and _children(two.pid))
    child = _children(one.pid)[0]
    for seed in range(40):
        spool.record(tiny.make_instances(50, seed))
    one.kill()
    until(lambda: not _is_running(child))
    with database.begin() as connection:  # the lease of the dead need not be waited for
        connection.execute(text("UPDATE work SET lease_until = now() WHERE state = 'leased'"))
    until(lambda: counts()["open"] == 0)
    assert counts() == {
        "scored": 2000,
        "sampled_out": 0,
        "skipped": 0,
        "failed": 0,
        "open": 0,
        "leased": 0,
    }
    with database.connect() as connection:
        query = text("SELECT count(*), count(DISTINCT request_id) FROM shadow_prediction")
        assert tuple(connection.execute(query).one()) == (2000, 2000)
    two.terminate()
    assert two.wait(10) == 0


def test_a_sigterm_ends_it_promptly_without_a_child_or_a_lease(
    database: Engine,
    start_program: Callable[[], subprocess.Popen[bytes]],
    state: State,
    until: Until,
    boosting_artefact: Artefact,
) -> None:
    """The process ends with success within seconds."""
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    process = start_program()
    until(lambda: state() is not None)
    (child,) = _children(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert not _is_running(child)
    with database.connect() as connection:
        query = text("SELECT count(*) FROM work WHERE state = 'leased'")
        assert connection.execute(query).scalar_one() == 0


@pytest.fixture
def stored_linear(settings: Settings, linear_artefact: Artefact) -> Artefact:
    """Return `tiny-houses:1.0.0`, which is in the store and has no role."""
    ArtefactStore(settings.artefacts_url).push(linear_artefact)
    return linear_artefact


def _replay(database: Engine, artefact: Artefact) -> int:
    """Have all that is recorded scored by a version; return how many shipments that is."""
    now = datetime.now(UTC)
    manifest = artefact.manifest
    wanted = Replay(
        ENDPOINT, manifest.name, manifest.version, artefact.digest, 1.0,
        now - timedelta(hours=1), now + timedelta(hours=1),
    )  # fmt: skip
    with database.begin() as connection:
        begun, _ = begin_replay(connection, wanted, "ann")
    return sum(batch.shipments for batch in insert_missing(database, begun))


def test_a_replay_needs_no_role_and_live_work_does_not_wait_for_it(
    database: Engine, stored_linear: Artefact, start: Callable[..., Running], counts: Counts,
    state: State, until: Until, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """While a backlog is replayed, each live shipment is scored before the replay goes on."""
    spool = Spool(database)
    for _ in range(60):
        spool.record(tiny.make_instances(4))
    assert _replay(database, stored_linear) == 60
    deploy_shadow(database, "tiny-houses", "2.0.0", digest=boosting_artefact.digest)
    _, events = start()
    until(lambda: counts()["scored"] >= 12)
    for _ in range(5):
        spool.record(tiny.make_instances(2))
    until(lambda: counts()["open"] == 0)
    assert counts()["scored"] == 60 * 4 + 5 * 2
    overtaking = text(
        "SELECT count(*) FROM work live JOIN work replay ON replay.replayed"
        " AND replay.done_at > live.created_at AND replay.done_at < live.done_at"
        " WHERE NOT live.replayed GROUP BY live.id"
    )
    with database.connect() as connection:
        # When the live shipment came, one item was being scored, one read ahead of it, and one done
        # whose results were still being written. Nothing more is begun.
        assert max(connection.execute(overtaking).scalars(), default=0) <= 3
    until(lambda: VersionEnded("tiny-houses", "1.0.0") in events)
    assert (found := state()) is None or found.version == "2.0.0"


def test_a_replay_of_other_content_than_was_asked_for_is_broken(
    database: Engine, start: Callable[..., Running], state: State, until: Until,
    boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """The store was changed since the replay was asked for: it says so, and scores nothing."""
    Spool(database).record(tiny.make_instances(1))
    other = replace(boosting_artefact.manifest, description="another")
    _replay(database, Artefact(boosting_artefact.folder, other))
    start()
    until(lambda: (found := state()) and found.state == "broken")
