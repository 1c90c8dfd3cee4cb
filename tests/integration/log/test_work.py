"""The work list of the shadows, on a real Postgres."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text, update

from tests.integration.counting import counted
from tests.traffic import ENDPOINT, Spool, deploy_shadow
from understudy.errors import LogUnavailable
from understudy.log.database import connect
from understudy.log.schema import prediction, shadow_prediction, work
from understudy.log.work import (
    backlog,
    claim,
    complete,
    forget_state,
    read_states,
    read_work,
    release,
    renew,
    set_state,
)
from understudy.log.work_item import ShadowResult, WorkCounts, WorkItem, WorkRow


@pytest.fixture
def spool(database: Engine) -> Spool:
    """Live traffic with `model:2.0.0` in the shadow."""
    deploy_shadow(database, "model", "2.0.0")
    return Spool(database)


def _claim(engine: Engine, claimant: str = "one", lease_s: float = 60) -> WorkItem | None:
    return claim(engine, ENDPOINT, "model", "2.0.0", claimant, lease_s)


def _must_claim(engine: Engine, claimant: str = "one", lease_s: float = 60) -> WorkItem:
    item = _claim(engine, claimant, lease_s)
    assert item is not None
    return item


def _scored(row: WorkRow, output: object = 1.0) -> ShadowResult:
    return ShadowResult(row.request_id, row.instance_no, "scored", output, 1.0, None)


def _stored(engine: Engine) -> list[tuple[str, object, str | None]]:
    """Return status, output and error of every shadow prediction, by request id."""
    columns = (shadow_prediction.c.status, shadow_prediction.c.output, shadow_prediction.c.error)
    query = select(*columns).order_by(shadow_prediction.c.request_id)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def _eventually(claims: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claims():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_without_work_there_is_nothing_to_claim(database: Engine) -> None:
    """An empty list gives no item."""
    assert _claim(database) is None


def test_an_item_costs_eight_statements(database: Engine, database_url: str, spool: Spool) -> None:
    """To claim, to read and to close it, whatever it holds; each looks at its connection first.

    To find nothing costs three.
    """
    spool.record([{"x": number} for number in range(30)])
    with counted(database_url) as (engine, sent):
        item = _must_claim(engine)
        assert sent == ["SELECT", "UPDATE"]
        sent.clear()
        results = [_scored(row) for row in read_work(engine, item)]
        assert sent == ["SELECT", "SELECT"]
        sent.clear()
        assert complete(engine, item, results, 0) == WorkCounts(30, 0, 0, 0)
        assert sent == ["SELECT", "UPDATE", "SELECT", "COPY"]
        sent.clear()
        assert _claim(engine) is None
        assert sent == ["SELECT", "UPDATE", "UPDATE"]


def test_the_oldest_item_is_claimed_first(database: Engine, spool: Spool) -> None:
    """Items come in the order in which they were shipped, and none twice."""
    for seq in (1, 2, 3):
        spool.record([{"x": seq}])
    items = [_must_claim(database) for _ in range(3)]
    assert [orjson.loads(read_work(database, item)[0].instance) for item in items] == [
        {"x": 1},
        {"x": 2},
        {"x": 3},
    ]
    assert _claim(database) is None


def test_an_item_of_another_version_is_left_alone(database: Engine, spool: Spool) -> None:
    """A claimant gets the work of its own version and endpoint only."""
    spool.record([{"x": 1}])
    assert claim(database, ENDPOINT, "model", "3.0.0", "one", 60) is None
    assert claim(database, "flats", "model", "2.0.0", "one", 60) is None


def test_an_item_gives_its_instances_in_order(database: Engine, spool: Spool) -> None:
    """All instances of the shipment, by request and number, with nothing but themselves."""
    ids = spool.record([{"x": 1}, {"x": None, "y": 'ä"\\\n'}, {"x": 2.5}])
    item = _must_claim(database)
    rows = read_work(database, item)
    found = {row.request_id: orjson.loads(row.instance) for row in rows}
    assert found == dict(zip(ids, [{"x": 1}, {"x": None, "y": 'ä"\\\n'}, {"x": 2.5}], strict=True))
    assert [row.request_id for row in rows] == sorted(ids, key=lambda one: UUID(one).int)
    assert item.instances == 3


def test_no_transaction_stays_open_after_reading(database: Engine, spool: Spool) -> None:
    """A shadow that scores for an hour must not hold back the cleaning of Postgres."""
    spool.record([{"x": 1}])
    read_work(database, _must_claim(database))
    with database.connect() as connection:
        query = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in tr%'")
        assert connection.execute(query).scalar_one() == 0


@given(
    value=st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.sampled_from([1e300, -1.7976931348623157e308, 5e-324, 1e22])
)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_number_is_read_as_the_double_that_was_served(database: Engine, value: float) -> None:
    """jsonb spells 1e300 out in digits; the shadow computes with the same double all the same."""
    with database.connect() as connection:
        query = text("SELECT CAST(CAST(:json AS jsonb) AS text)")
        found = connection.execute(query, {"json": orjson.dumps(value).decode()}).scalar_one()
    assert float(orjson.loads(found)) == value
    assert orjson.dumps(orjson.loads(found))


def test_large_numbers_survive_the_way_through_the_log(database: Engine, spool: Spool) -> None:
    """What is read back can be sent on as JSON."""
    spool.record([{"x": 1e300, "y": 12345678901234567890123.0}])
    (row,) = read_work(database, _must_claim(database))
    instance = orjson.loads(row.instance)
    assert instance == {"x": 1e300, "y": 12345678901234567890123.0}
    assert orjson.dumps(instance)


def test_a_closed_item_has_its_results_and_counts(database: Engine, spool: Spool) -> None:
    """Scored, skipped and failed instances are rows, those out of the sample only a count."""
    spool.record([{"x": number} for number in range(4)])
    item = _must_claim(database)
    one, two, three, _ = read_work(database, item)
    results = [
        ShadowResult(one.request_id, 0, "scored", {"label": "a\tb\\"}, 0.5, "a\tb\\"),
        ShadowResult(two.request_id, 0, "skipped", error="x: missing"),
        ShadowResult(three.request_id, 0, "failed", error="raised\nValueError"),
    ]
    assert complete(database, item, results, sampled_out=1) == WorkCounts(1, 1, 1, 1)
    assert _stored(database) == [
        ("scored", {"label": "a\tb\\"}, None),
        ("skipped", None, "x: missing"),
        ("failed", None, "raised\nValueError"),
    ]
    with database.connect() as connection:
        row = connection.execute(select(work)).one()
    assert (row.state, row.lease_until, row.scored, row.sampled_out) == ("done", None, 1, 1)
    assert row.done_at is not None


def test_results_lie_in_the_partition_of_their_prediction(database: Engine, spool: Spool) -> None:
    """A pair has one and the same moment of recording."""
    spool.record([{"x": 1}])
    item = _must_claim(database)
    complete(database, item, [_scored(read_work(database, item)[0])], 0)
    joined = select(func.count()).select_from(
        prediction.join(
            shadow_prediction,
            (prediction.c.request_id == shadow_prediction.c.request_id)
            & (prediction.c.recorded_at == shadow_prediction.c.recorded_at),
        )
    )
    with database.connect() as connection:
        assert connection.execute(joined).scalar_one() == 1


def test_an_item_is_closed_once(database: Engine, spool: Spool) -> None:
    """A second completion of the same lease stores nothing."""
    spool.record([{"x": 1}])
    item = _must_claim(database)
    results = [_scored(read_work(database, item)[0])]
    assert complete(database, item, results, 0)
    assert complete(database, item, results, 0) is None
    assert len(_stored(database)) == 1


def test_a_lease_that_ran_out_is_free_and_the_late_claimant_stores_nothing(
    database: Engine,
    spool: Spool,
) -> None:
    """Whoever was killed or too slow loses the item; its results count once, from the other."""
    spool.record([{"x": 1}])
    slow = _must_claim(database, "slow", lease_s=0.05)
    quick: list[WorkItem] = []
    _eventually(
        lambda: bool(quick.append(item) or item if (item := _claim(database, "quick")) else 0)
    )
    results = [_scored(read_work(database, slow)[0], output=7.0)]
    assert complete(database, slow, results, 0) is None
    assert not renew(database, slow, 60)
    assert not release(database, slow)
    assert complete(database, quick[0], [_scored(read_work(database, slow)[0])], 0)
    assert _stored(database) == [("scored", 1.0, None)]
    assert quick[0].attempts == 2


def test_the_same_claimant_cannot_use_its_old_lease(database: Engine, spool: Spool) -> None:
    """A claimant that got the item a second time holds only the second lease."""
    spool.record([{"x": 1}])
    first = _must_claim(database)
    release(database, first)
    second = _must_claim(database)
    assert complete(database, first, [], 1) is None
    assert complete(database, second, [], 1)


def test_an_expired_lease_that_nobody_took_still_counts(database: Engine, spool: Spool) -> None:
    """Late results are welcome as long as nobody else has begun."""
    spool.record([{"x": 1}])
    item = _must_claim(database, lease_s=-1)
    assert complete(database, item, [_scored(read_work(database, item)[0])], 0)


def test_a_renewed_lease_is_not_free(database: Engine, spool: Spool) -> None:
    """Renewal counts from the moment it is made."""
    spool.record([{"x": 1}])
    item = _must_claim(database, lease_s=-1)
    assert renew(database, item, 60)
    assert _claim(database, "other") is None


def test_a_released_item_is_free_at_once(database: Engine, spool: Spool) -> None:
    """Whoever stops gives its item to the next."""
    spool.record([{"x": 1}])
    assert release(database, _must_claim(database))
    assert _must_claim(database, "other").claimed_by == "other"


def test_many_claimants_share_the_items_without_doubling(database: Engine, spool: Spool) -> None:
    """Eight claimants at once get forty items, each exactly one."""
    for seq in range(1, 41):
        spool.record([{"x": seq}])

    def work_off(claimant: str) -> list[int]:
        mine = []
        while item := _claim(database, claimant):
            assert complete(database, item, [_scored(read_work(database, item)[0])], 0)
            mine.append(item.id)
        return mine

    with ThreadPoolExecutor(4) as pool:
        found = [item for mine in pool.map(work_off, "abcd") for item in mine]
    assert len(found) == len(set(found)) == len(_stored(database)) == 40


@pytest.mark.parametrize(
    "bad", [{"label": "a\0b"}, {"output": {"label": "\0"}}, {"output": {"label": "\ud800"}}]
)
def test_a_refused_result_costs_no_other(
    database: Engine, spool: Spool, bad: dict[str, object]
) -> None:
    """A text that Postgres cannot hold becomes a failure among scored neighbours."""
    spool.record([{"x": number} for number in range(7)])
    item = _must_claim(database)
    rows = read_work(database, item)
    results = [_scored(row) for row in rows]
    results[4] = ShadowResult(rows[4].request_id, 0, "scored", **({"output": 1.0} | bad))
    assert complete(database, item, results, 0) == WorkCounts(6, 0, 0, 1)
    statuses = [status for status, _, _ in _stored(database)]
    assert statuses == ["scored"] * 4 + ["failed"] + ["scored"] * 2
    assert "Postgres refuses the result" in str(_stored(database)[4][2])


def test_a_reason_that_holds_anything_is_stored(database: Engine, spool: Spool) -> None:
    """Models raise errors with NUL characters and lone surrogates in them."""
    spool.record([{"x": 1}])
    item = _must_claim(database)
    row = read_work(database, item)[0]
    bad = ShadowResult(row.request_id, 0, "failed", error="a\0b\ud800c")
    assert complete(database, item, [bad], 0) == WorkCounts(0, 0, 0, 1)
    assert _stored(database) == [("failed", None, "a\\x00b\\ud800c")]


def test_instances_that_the_retention_dropped_count_as_skipped(
    database: Engine, spool: Spool
) -> None:
    """An item whose rows are gone is closed all the same, and its counts add up."""
    spool.record([{"x": 1}, {"x": 2}])
    item = _must_claim(database)
    assert complete(database, item, [], 0) == WorkCounts(0, 0, 2, 0)


def test_results_without_a_partition_are_counted_as_failed(database: Engine, spool: Spool) -> None:
    """Where the day is gone there is no place for a row, but the item is closed."""
    spool.record([{"x": 1}, {"x": 2}])
    item = _must_claim(database)
    results = [_scored(row) for row in read_work(database, item)]
    with database.begin() as connection:
        day = item.recorded_at.astimezone(UTC)
        connection.execute(text(f"DROP TABLE shadow_prediction_{day:%Y%m%d}"))
    assert complete(database, item, results, 0) == WorkCounts(0, 0, 0, 2)


def test_the_backlog_tells_what_waits_and_for_how_long(database: Engine, spool: Spool) -> None:
    """Waiting and leased items count until they are closed."""
    spool.record([{"x": 1}, {"x": 2}])
    spool.record([{"x": 3}])
    with database.begin() as connection:
        connection.execute(update(work).values(created_at=func.now() - text("interval '100 s'")))
    item = _must_claim(database)
    with database.connect() as connection:
        (found,) = backlog(connection, ENDPOINT)
    assert (found.name, found.version, found.items, found.instances) == ("model", "2.0.0", 2, 3)
    assert 100 <= found.oldest_s < 110
    complete(database, item, [], 2)
    complete(database, _must_claim(database), [], 1)
    with database.connect() as connection:
        assert backlog(connection, ENDPOINT) == []


def test_claiming_uses_the_index_of_open_work(database: Engine) -> None:
    """The list of closed items may grow for months without slowing a claim."""
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, instances,"
                " state, skipped) SELECT 'houses', 'model', '2.0.0', n, now(), 1,"
                " CASE WHEN n > 49000 THEN 'waiting' ELSE 'done' END, 1"
                " FROM generate_series(1, 50000) n"
            )
        )
        connection.execute(text("ANALYZE work"))
    assert _claim(database)
    with database.connect() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN SELECT id FROM work WHERE endpoint = 'houses' AND name = 'model'"
                " AND version = '2.0.0' AND NOT replayed"
                " AND (state = 'waiting' OR (state = 'leased' AND lease_until < clock_timestamp()))"
                " ORDER BY recorded_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
            )
        ).scalars()
        assert "work_open_live" in "\n".join(plan)


def test_a_state_is_kept_since_it_changed(database: Engine) -> None:
    """A new detail leaves the beginning of a state; a new state moves it."""
    with database.begin() as connection:
        set_state(connection, ENDPOINT, "model", "2.0.0", "broken", "no \0 artefact")
    with database.begin() as connection:
        (first,) = read_states(connection, ENDPOINT)
        set_state(connection, ENDPOINT, "model", "2.0.0", "broken", "quiz failed")
        (second,) = read_states(connection, ENDPOINT)
        set_state(connection, ENDPOINT, "model", "2.0.0", "scoring", "")
        (third,) = read_states(connection, ENDPOINT)
    assert first.detail == "no \\x00 artefact"
    assert (second.detail, second.since) == ("quiz failed", first.since)
    assert third.since > first.since


def test_a_forgotten_state_is_gone(database: Engine) -> None:
    """A version that is no shadow any more has no state."""
    with database.begin() as connection:
        set_state(connection, ENDPOINT, "model", "2.0.0", "scoring", "")
        set_state(connection, ENDPOINT, "model", "3.0.0", "scoring", "")
        forget_state(connection, ENDPOINT, "model", "2.0.0")
        assert [state.version for state in read_states(connection, ENDPOINT)] == ["3.0.0"]


def test_an_absent_postgres_is_named() -> None:
    """Whoever works without Postgres hears LogUnavailable, not a driver's error."""
    engine = connect("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(LogUnavailable):
        claim(engine, ENDPOINT, "model", "2.0.0", "one", 60)
    engine.dispose()
