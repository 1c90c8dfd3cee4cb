"""Logs of all earlier versions, with what these recorded, come to the tables of this one."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, text

from tests.earlier.record import LOGS, ROWS, STATES
from tests.integration.log.tables import differences
from understudy.log.comparisons import list_comparisons
from understudy.log.coverage import coverage_counts
from understudy.log.database import connect, driver
from understudy.log.deployments import current, history
from understudy.log.kept_looks import read_looks
from understudy.log.migrate import migrate
from understudy.log.partitions import ensure_partitions
from understudy.log.predictions import find
from understudy.log.schema import metadata
from understudy.log.shipping import ship
from understudy.log.work import claim, complete, read_work
from understudy.log.work_item import ShadowResult
from understudy.records import ServedRequest

MakeRequest = Callable[..., ServedRequest]
LIVE, SHADOW = ("tiny-houses", "1.0.0"), ("tiny-houses", "2.0.0")
DAWN = datetime(2026, 1, 1, tzinfo=UTC)

Rows = dict[str, list[tuple[object, ...]]]

_SHIP_AS_THE_FIRST = """
    WITH shipped AS (
        INSERT INTO shipment (endpoint, spool, first_seq, last_seq, instances, recorded_at)
        VALUES ('houses', gen_random_uuid(), 1, 1, 1, now()) RETURNING id),
    waiting AS (
        INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, share, instances)
        SELECT 'houses', 'tiny-houses', '2.0.0', id, now(), 0.5, 1 FROM shipped)
    INSERT INTO prediction (endpoint, request_id, instance_no, client_id, served_at, recorded_at,
        shipment_id, name, version, instance, output, value, label)
    SELECT 'houses', CAST(:id AS uuid), 0, null, now(), now(),
        id, 'tiny-houses', '1.0.0', '{}', '1', 1, null
    FROM shipped
"""
_CLAIM_AS_THE_FIRST = """
    UPDATE work SET state = 'leased', claimed_by = 'first', lease_until = now() + interval '1 h'
    WHERE id = (SELECT id FROM work WHERE state = 'waiting' AND endpoint = 'houses'
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
"""


@pytest.fixture(params=[state.name for state in STATES])
def earlier(request: pytest.FixtureRequest, empty_database_url: str) -> Iterator[Engine]:
    """A log as an earlier version left it."""
    engine = connect(empty_database_url, pool_size=6)
    with engine.begin() as connection:
        driver(connection).cursor().execute((LOGS / f"{request.param}.sql").read_text())
        ensure_partitions(connection)
    yield engine
    engine.dispose()


def _rows(connection: Connection, columns: dict[str, list[str]]) -> Rows:
    found: Rows = {}
    for table, names in columns.items():
        wanted = ", ".join(f'"{name}"::text' for name in names)
        query = text(f"SELECT {wanted} FROM {table}")  # noqa: S608 - names of our own tables
        found[table] = sorted(tuple(row) for row in connection.execute(query))
    return found


def _columns(connection: Connection) -> dict[str, list[str]]:
    """Return the columns of every table, the days left out: their rows are those of the whole."""
    query = text(
        "SELECT c.relname, array_agg(attname::text ORDER BY attnum) FROM pg_class c"
        " JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped"
        " WHERE relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'"
        " AND relnamespace = 'public'::regnamespace GROUP BY 1"
    )
    return {str(table): list(names) for table, names in connection.execute(query)}


@pytest.mark.promise(
    "upgrade", "Logs of all earlier versions come to today's tables with every row as it was"
)
def test_nothing_is_lost_or_changed(
    earlier: Engine, empty_database_url: str, make_request: MakeRequest
) -> None:
    """Every row keeps every column, the tables are those of today, and work goes on in them."""
    with earlier.connect() as connection:
        columns = _columns(connection)
        before = _rows(connection, columns)
    assert len(before["prediction"]) == len(before["outcome"]) == ROWS
    migrate(empty_database_url)
    with earlier.connect() as connection:
        assert _rows(connection, columns) == before
    assert differences(earlier, metadata) == []
    _use(earlier, make_request)


def _use(engine: Engine, make_request: MakeRequest) -> None:
    """Read what the earlier version recorded, and record and score more."""
    with engine.begin() as connection:
        now = current(connection, "houses")
        assert now.live is not None
        assert [role.model for role in now.shadows] == ["tiny-houses:2.0.0"]
        assert len(history(connection, "houses")) == 2
        for kept in list_comparisons(connection, "houses"):
            assert read_looks(connection, kept.id) == []
        ids = connection.execute(text("SELECT request_id FROM prediction")).scalars().all()
        for request_id in ids:
            assert find(connection, "houses", str(request_id)) is not None
    fresh = make_request(1, name="tiny-houses", deployment_id=now.id)
    assert ship(engine, "houses", uuid4(), [fresh]).instances == 2
    item = claim(engine, "houses", *SHADOW, "test", 30)
    assert item is not None
    results = [
        ShadowResult(row.request_id, row.instance_no, "scored", output=1.0, value=1.0)
        for row in read_work(engine, item)
    ]
    assert complete(engine, item, results, 2 - len(results)) is not None
    with engine.begin() as connection:
        coverage = coverage_counts(connection, "houses", LIVE, SHADOW, role_since=DAWN)
    assert coverage.recorded == ROWS + 2
    assert coverage.waiting == 0
    assert coverage.scored > 1


@pytest.mark.promise("upgrade", "The first version goes on shipping and claiming while they do")
def test_the_first_version_goes_on_meanwhile(earlier: Engine, empty_database_url: str) -> None:
    """Its agents ship, its shadows claim and a report reads long: nobody fails, nothing is lost."""
    stop = threading.Event()

    def repeat(statement: str) -> list[str]:
        done = []
        while not stop.is_set():
            request_id = str(uuid4())
            with earlier.begin() as connection:
                connection.execute(text(statement), {"id": request_id})
            done.append(request_id)
        return done

    with ThreadPoolExecutor(4) as pool:
        shipping = [pool.submit(repeat, _SHIP_AS_THE_FIRST) for _ in range(2)]
        claiming = pool.submit(repeat, _CLAIM_AS_THE_FIRST)
        try:
            with earlier.connect() as reader:
                reader.execute(text("SELECT count(*) FROM work, prediction"))
                migrating = pool.submit(migrate, empty_database_url)
                # Kept for longer than a migration waits at a time: it gives way, and comes again.
                reader.execute(text("SELECT pg_sleep(0.5)"))
            migrating.result(timeout=60)
        finally:
            stop.set()
        shipped = {request_id for part in shipping for request_id in part.result(timeout=60)}
        assert claiming.result(timeout=60)
    assert shipped
    with earlier.connect() as connection:
        ids = connection.execute(text("SELECT request_id::text FROM prediction")).scalars().all()
    assert len(ids) == len(set(ids)) == ROWS + len(shipped)
    assert shipped <= set(ids)
