"""The columns that say who answered come to a log that is in use, and nothing is lost meanwhile."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Engine, text

from understudy.errors import LogUnavailable
from understudy.log.database import connect, log_errors
from understudy.log.deployments import Change, append, history
from understudy.log.migrate import _configuration, migrate, wait_for_schema
from understudy.log.partitions import ensure_partitions
from understudy.log.predictions import find, why_quarantined
from understudy.log.shipping import ship
from understudy.records import ServedRequest

MakeRequest = Callable[..., ServedRequest]
SPOOL = UUID(int=1)

_INSERT_BEFORE = text("""
    INSERT INTO prediction (endpoint, request_id, instance_no, client_id, served_at, recorded_at,
        shipment_id, name, version, instance, output, value, label)
    VALUES ('e', :id, 0, null, now(), now(), 1, 'm', '1', '{}', '1', 1, null)
""")


@pytest.fixture
def old_log(empty_database_url: str) -> Iterator[Engine]:
    """A log as the first version made it."""
    engine = connect(empty_database_url)
    configuration = _configuration()
    with engine.begin() as connection:
        configuration.attributes.update(connection=connection, progress=lambda _: None)
        command.upgrade(configuration, "0001")
        ensure_partitions(connection)
    yield engine
    engine.dispose()


def _record_as_before(engine: Engine) -> str:
    """Record one instance as an agent of the first version does, table after table."""
    request_id = str(uuid4())
    with engine.begin() as connection:
        connection.execute(_INSERT_BEFORE, {"id": request_id})
        connection.execute(text("SELECT count(*) FROM deployment"))
    return request_id


def _files(engine: Engine) -> list[object]:
    query = (
        "SELECT inhrelid::regclass::text, pg_relation_filenode(inhrelid) FROM pg_inherits"
        " WHERE inhparent = 'prediction'::regclass ORDER BY 1"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_what_was_recorded_before_stays_and_is_not_rewritten(
    old_log: Engine, empty_database_url: str, make_request: MakeRequest
) -> None:
    """Old rows have null in the new columns, and every day keeps the very file it had."""
    request_id = _record_as_before(old_log)
    with old_log.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO deployment (endpoint, who, action, name, version, digest)"
                " VALUES ('e', 'ada', 'live', 'm', '1', 'd')"
            )
        )
    files = _files(old_log)
    migrate(empty_database_url)
    wait_for_schema(empty_database_url, 0)
    assert _files(old_log) == files
    with old_log.begin() as connection:
        found = find(connection, "e", request_id)
        assert found is not None
        assert found.deployment_id is None
        assert [row.waivers for row in history(connection, "e")] == [None]
        connection.execute(text("DROP TABLE " + files[0][0]))  # type: ignore[index]
        (made,) = ensure_partitions(connection)
        assert made == files[0][0]  # type: ignore[index]
    fresh = make_request(2, deployment_id=5)
    ship(old_log, "e", UUID(int=2), [fresh])


def test_a_command_on_an_older_log_says_what_helps(old_log: Engine) -> None:
    """The tables lack what it asks for until somebody migrates."""
    with pytest.raises(LogUnavailable, match="run `understudy migrate`"), log_errors():
        _append_live(old_log)


def _append_live(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, "e", Change("live", "ada", "m", "1", "d"))


def test_an_agent_of_the_first_version_ships_into_the_new_tables(database: Engine) -> None:
    """During a rolling change its rows come without the deployment, and none is refused."""
    request_id = _record_as_before(database)
    with database.connect() as connection:
        found = find(connection, "e", request_id)
    assert found is not None
    assert found.deployment_id is None


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Let the threads end even if the test fails."""
    try:
        yield
    finally:
        stop.set()


def test_a_migration_under_load_fails_nobody(old_log: Engine, empty_database_url: str) -> None:
    """Agents ship, a watcher reads both tables in the other order, a report reads long."""
    stop = threading.Event()

    def ship() -> int:
        shipped = 0
        while not stop.is_set():
            _record_as_before(old_log)
            shipped += 1
        return shipped

    def watch() -> int:
        rounds = 0
        while not stop.is_set():
            with old_log.begin() as connection:
                connection.execute(text("SELECT count(*) FROM deployment"))
                connection.execute(text("SELECT count(*) FROM prediction"))
            rounds += 1
        return rounds

    with ThreadPoolExecutor(4) as pool, _stopping(stop):
        working = [pool.submit(ship), pool.submit(ship), pool.submit(watch)]
        reader = old_log.connect()
        reader.execute(text("SELECT count(*) FROM prediction"))
        migrating = pool.submit(migrate, empty_database_url)
        # The reader keeps its table for longer than the migration waits at a time.
        reader.execute(text("SELECT pg_sleep(0.7)"))
        assert not migrating.done()
        reader.close()
        migrating.result(timeout=60)
        stop.set()
        shipped = sum(part.result(timeout=60) for part in working[:2])
        assert working[2].result(timeout=60) > 0
    with old_log.connect() as connection:
        query = text("SELECT count(DISTINCT request_id) FROM prediction")
        assert connection.execute(query).scalar() == shipped


def test_a_refused_request_is_found_in_quarantine(
    database: Engine, make_request: MakeRequest
) -> None:
    """Whoever looks for its answer is told what happened to it."""
    request = make_request(1, client_id="nul\0l", deployment_id=3)
    ship(database, "e", SPOOL, [request])
    with database.begin() as connection:
        found = why_quarantined(connection, "e", request.request_id)
        assert found is not None
        assert "ValueError" in found or "22" in found
        assert why_quarantined(connection, "other", request.request_id) is None
        assert why_quarantined(connection, "e", "no id") is None
        (payload,) = connection.execute(text("SELECT payload FROM quarantine")).scalars()
        assert b'"deployment_id": 3' in bytes(payload)


def test_the_last_change_is_the_one_that_answers(
    database: Engine, make_request: MakeRequest
) -> None:
    """The number that a worker serves is the number that is recorded."""
    with database.begin() as connection:
        now = append(connection, "e", Change("live", "ada", "house-prices", "1.0.0", "d"))
    request = make_request(1, deployment_id=now.id)
    ship(database, "e", SPOOL, [request])
    with database.connect() as connection:
        found = find(connection, "e", request.request_id)
        assert found is not None
        assert [row.id for row in history(connection, "e")] == [found.deployment_id]
    assert found.recorded_at <= datetime.now(UTC)
