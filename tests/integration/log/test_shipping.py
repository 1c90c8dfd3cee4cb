"""What a spool holds arrives once, whole and true, whatever stands in it and whatever fails."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from tests.integration.agent.bench import until
from tests.integration.counting import counted
from understudy.capture import CapturePolicy
from understudy.errors import LogUnavailable
from understudy.log.database import connect
from understudy.log.deployments import Change, append, change_capture
from understudy.log.notices import Listener
from understudy.log.partitions import ensure_partitions
from understudy.log.predictions import find
from understudy.log.shipment import WORK_CHANNEL
from understudy.log.shipping import ship
from understudy.log.spools import SpoolReport, close_spool, list_spools, report_spool
from understudy.records import ServedRequest

MakeRequest = Callable[..., ServedRequest]
SPOOL = UUID(int=1)


def _scalars(engine: Engine, query: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def _deploy(engine: Engine, *versions: str) -> None:
    with engine.begin() as connection:
        for version in versions:
            append(connection, "e", Change("shadow", "me", "house-prices", version, "d", share=0.5))


def test_a_request_comes_back_as_it_was_served(database: Engine, make_request: MakeRequest) -> None:
    """Instances, outputs, ids and times survive, with signs that COPY or JSON might misread."""
    request = make_request(
        1, client_id="a\\b\tc\nd\re'\"", labels=["\\.", None], outputs=[{"label": "\\N"}, 1e-300],
        deployment_id=2**40,
    )  # fmt: skip
    shipped = ship(database, "e", SPOOL, [request])
    assert (shipped.requests, shipped.instances, shipped.watermark) == (1, 2, 1)
    with database.connect() as connection:
        found = find(connection, "e", request.request_id)
    assert found is not None
    assert [one.instance for one in found.predictions] == request.instances
    assert [one.output for one in found.predictions] == request.outputs
    assert [one.value for one in found.predictions] == request.values
    assert [one.label for one in found.predictions] == request.labels
    assert found.client_id == request.client_id
    assert found.served_at.timestamp() == request.served_at
    assert (found.name, found.version) == ("house-prices", "1.0.0")
    assert found.deployment_id == 2**40


def test_an_answer_without_its_deployment_is_recorded(
    database: Engine, make_request: MakeRequest
) -> None:
    """The spool of an earlier version does not say it."""
    request = make_request(1)
    ship(database, "e", SPOOL, [request])
    with database.connect() as connection:
        found = find(connection, "e", request.request_id)
    assert found is not None
    assert found.deployment_id is None


def test_what_was_shipped_before_is_not_shipped_again(
    database: Engine, make_request: MakeRequest
) -> None:
    """A spool that could not be told of its watermark offers its rows a second time."""
    requests = [make_request(seq) for seq in range(1, 6)]
    ship(database, "e", SPOOL, requests[:3])
    second = ship(database, "e", str(SPOOL), requests)
    assert (second.skipped, second.requests, second.watermark) == (3, 2, 5)
    third = ship(database, "e", SPOOL, requests)
    assert (third.shipment_id, third.skipped, third.watermark) == (None, 5, 5)
    assert ship(database, "e", SPOOL, []).watermark == 5
    assert _scalars(database, "SELECT count(*) FROM prediction") == [10]
    ranges = "SELECT (first_seq, last_seq, instances)::text FROM shipment ORDER BY id"
    assert _scalars(database, ranges) == ["(1,3,6)", "(4,5,4)"]


def test_a_shipment_costs_nine_statements(
    database: Engine, database_url: str, make_request: MakeRequest
) -> None:
    """However many rows and shadows: a look at the connection, the start, what is to be erased, the
    rows, the lock of the roles, their last change, what is to be erased by
    now, the roles, the end. The first one of a spool makes it known; only a refused request costs
    savepoints."""
    _deploy(database, "2.0.0", "3.0.0")
    end = ["SELECT", "SELECT", "SELECT", "SELECT", "WITH"]
    with counted(database_url) as (engine, sent):
        ship(engine, "e", SPOOL, [make_request(1)])
        assert sent == ["SELECT", "WITH", "INSERT", "WITH", "SELECT", "COPY", *end]
        sent.clear()
        ship(engine, "e", SPOOL, [make_request(seq) for seq in range(2, 50)])
        assert sent == ["SELECT", "WITH", "SELECT", "COPY", *end]
        sent.clear()
        ship(engine, "e", SPOOL, [make_request(seq) for seq in range(2, 50)])
        assert sent == ["SELECT", "WITH"]


def test_two_agents_with_one_spool_double_nothing(
    database: Engine, make_request: MakeRequest
) -> None:
    """The second one waits for the first and then has nothing to do."""
    requests = [make_request(seq) for seq in range(1, 101)]
    with ThreadPoolExecutor(4) as pool:
        shipped = list(pool.map(lambda _: ship(database, "e", SPOOL, requests), range(4)))
    assert sorted(one.requests for one in shipped) == [0, 0, 0, 100]
    assert _scalars(database, "SELECT count(*) FROM prediction") == [200]


def test_each_deployed_shadow_gets_one_work_item_for_a_shipment(
    database: Engine, make_request: MakeRequest
) -> None:
    """Items carry the share, the number of instances and the time of the shipment."""
    ship(database, "e", SPOOL, [make_request(1)])
    _deploy(database, "2.0.0", "3.0.0")
    with Listener(database, [WORK_CHANNEL]) as listener:
        ship(database, "e", SPOOL, [make_request(2)])
        assert listener.wait(30) == [(WORK_CHANNEL, "e")]
    ship(database, "other", uuid4(), [make_request(1)])
    query = (
        "SELECT (version, work.instances, share, state,"
        " work.recorded_at = shipment.recorded_at)::text"
        " FROM work JOIN shipment ON shipment_id = shipment.id ORDER BY version"
    )
    assert _scalars(database, query) == [
        "(2.0.0,2,0.5,waiting,t)",
        "(3.0.0,2,0.5,waiting,t)",
    ]
    times = "SELECT count(DISTINCT p.recorded_at) FROM prediction p JOIN shipment s"
    assert _scalars(database, times + " ON s.id = p.shipment_id GROUP BY s.id") == [1, 1, 1]


def test_a_shipment_lies_wholly_before_or_after_a_change_of_roles(
    database: Engine, make_request: MakeRequest
) -> None:
    """Under concurrency, exactly the shipments recorded after the change have a work item."""

    def ship_many(spool: int) -> None:
        for seq in range(1, 31):
            ship(database, "e", UUID(int=spool), [make_request(seq)])

    with ThreadPoolExecutor(3) as pool:
        agents = [pool.submit(ship_many, spool) for spool in (1, 2)]
        pool.submit(_deploy, database, "2.0.0").result()
        for agent in agents:
            agent.result()
    query = (
        "SELECT count(*) FROM shipment s CROSS JOIN deployment d"
        " LEFT JOIN work w ON w.shipment_id = s.id"
        " WHERE (w.id IS NOT NULL) <> (s.recorded_at > d.at)"
    )
    assert _scalars(database, query) == [0]


def _change_roles(engine: Engine) -> None:
    _deploy(engine, "2.0.0")


def _change_policy(engine: Engine) -> None:
    policy = CapturePolicy.from_json({"fields": {"Area": "drop"}})
    with engine.begin() as connection:
        change_capture(connection, "e", policy, "me", "")


@pytest.mark.parametrize("change", [_change_roles, _change_policy])
@pytest.mark.parametrize("odd", [{}, {"client_id": "nul\0l"}], ids=["sound", "refused"])
def test_a_change_of_roles_waits_for_no_rows(
    database: Engine, make_request: MakeRequest, change: Callable[[Engine], None],
    odd: dict[str, Any],
) -> None:  # fmt: skip
    """It is made while a shipment's rows are read, and the shipment then lies wholly behind it."""
    asked_for: list[int] = []

    def requests() -> Iterator[ServedRequest]:
        for seq in range(1, 8):
            asked_for.append(seq)
            if seq == 4:
                change(database)
            yield make_request(seq, **(odd if seq == 6 else {}))

    shipped = ship(database, "e", SPOOL, requests())
    assert (shipped.requests, shipped.quarantined, shipped.watermark) == (7 - len(odd), len(odd), 7)
    assert asked_for == [1, 2, 3, 4, 5, 6, 7]
    assert _scalars(database, "SELECT count(*) FROM prediction") == [2 * (7 - len(odd))]
    assert _scalars(database, "SELECT count(*) FROM shipment") == [1]
    changes = "(SELECT at FROM deployment UNION ALL SELECT at FROM capture_policy)"
    later = f"SELECT recorded_at > (SELECT max(at) FROM {changes} AS c) FROM shipment"  # noqa: S608
    assert _scalars(database, later) == [True]
    items = _scalars(database, "SELECT version FROM work")
    assert items == (["2.0.0"] if change is _change_roles else [])


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nul\0l"},
        {"instances": [{"Zone": "nul\0l"}, {}]},
        {"instances": [{"Zone": "\ud800"}, {}]},
        {"instances": [{"Area": 2**80}, {}]},
        {"request_id": "no request id"},
        {"request_id": None},
        {"deployment_id": 2**70},
        {"served_at": 1e18},
        {"outputs": [1.0]},
        {"labels": ["nul\0l", None]},
    ],
)
@pytest.mark.parametrize("place", [0, 6, 9])
def test_a_request_that_postgres_refuses_is_set_aside_alone(
    database: Engine, make_request: MakeRequest, changes: dict[str, object], place: int
) -> None:
    """Its neighbours are shipped, the watermark moves on, and a person can read what it was."""
    requests = [make_request(seq) for seq in range(1, 11)]
    requests[place] = make_request(place + 1, **changes)
    shipped = ship(database, "e", SPOOL, requests)
    assert (shipped.requests, shipped.quarantined, shipped.watermark) == (9, 1, 10)
    assert _scalars(database, "SELECT count(*) FROM prediction") == [18]
    assert _scalars(database, "SELECT instances FROM shipment") == [18]
    assert _scalars(database, "SELECT seq FROM quarantine WHERE error <> ''") == [place + 1]
    (payload,) = _scalars(database, "SELECT payload FROM quarantine")
    assert json.loads(bytes(payload))["seq"] == place + 1  # type: ignore[arg-type]
    assert ship(database, "e", SPOOL, requests).skipped == 10


@pytest.mark.parametrize("changes", [{"client_id": "\0"}, {"outputs": []}])
def test_a_shipment_of_nothing_but_refused_requests_moves_the_watermark(
    database: Engine, make_request: MakeRequest, changes: dict[str, object]
) -> None:
    """There is no shipment then, and no work."""
    _deploy(database, "2.0.0")
    requests = [make_request(seq, **changes) for seq in (1, 2, 3)]
    shipped = ship(database, "e", SPOOL, requests)
    assert (shipped.shipment_id, shipped.quarantined, shipped.watermark) == (None, 3, 3)
    assert _scalars(database, "SELECT count(*) FROM shipment") == [0]
    assert _scalars(database, "SELECT count(*) FROM work") == [0]


def test_a_request_that_came_twice_is_stored_once(
    database: Engine, make_request: MakeRequest
) -> None:
    """The key of the table stops the second one, which is set aside."""
    first = make_request(1)
    again = make_request(2, request_id=first.request_id)
    assert ship(database, "e", SPOOL, [first, again]).quarantined == 1
    assert _scalars(database, "SELECT count(*) FROM prediction") == [2]


@pytest.mark.parametrize("length", [3000, 300_000])
def test_a_client_id_of_any_length_is_stored(
    database: Engine, make_request: MakeRequest, length: int
) -> None:
    """An index has a limit for its keys; the row must not fail because of it."""
    client_id = "".join(chr(33 + (7919 * place) % 90) for place in range(length))
    assert ship(database, "e", SPOOL, [make_request(1, client_id=client_id)]).quarantined == 0


def _without_days(engine: Engine, names: Sequence[str]) -> None:
    with engine.begin() as connection:
        for name in names:
            connection.execute(text(f'DROP TABLE "{name}"'))


def test_a_missing_day_is_nobodys_fault_and_loses_nothing(
    database: Engine, make_request: MakeRequest
) -> None:
    """No request is set aside for it, and the same call succeeds once the day is there."""
    days = _scalars(
        database,
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'prediction'::regclass AND inhrelid::regclass::text LIKE '%_2%'",
    )
    _without_days(database, [str(day) for day in days])
    with pytest.raises(LogUnavailable, match="no partition"):
        ship(database, "e", SPOOL, [make_request(1)])
    assert _scalars(database, "SELECT count(*) FROM quarantine") == [0]
    assert _scalars(database, "SELECT count(*) FROM spool") == [0]
    with database.begin() as connection:
        ensure_partitions(connection)
    assert ship(database, "e", SPOOL, [make_request(1)]).watermark == 1


def test_a_connection_that_breaks_halfway_leaves_nothing(
    database: Engine, make_request: MakeRequest
) -> None:
    """Postgres ends the session between the rows and the watermark; the next try ships all."""
    with database.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER break_off BEFORE INSERT ON shipment"
                " FOR EACH ROW EXECUTE FUNCTION break_off()"
            )
        )
    with pytest.raises(LogUnavailable):
        ship(database, "e", SPOOL, [make_request(1)])
    assert _scalars(database, "SELECT count(*) FROM prediction") == [0]
    with database.begin() as connection:
        connection.execute(text("DROP TRIGGER break_off ON shipment"))
    assert ship(database, "e", SPOOL, [make_request(1)]).requests == 1


COPYING = "FROM pg_stat_progress_copy WHERE relid = 'prediction'::regclass"


def _large(make_request: MakeRequest, numbers: range) -> list[ServedRequest]:
    """Return requests of which a few are more than what a connection holds back."""
    text_ = {"text": "x" * 50_000}
    return [make_request(seq, instances=[text_, text_]) for seq in numbers]


def test_requests_are_read_while_postgres_takes_those_before(
    database: Engine, make_request: MakeRequest
) -> None:
    """Rows of the first have arrived, as is seen from beside, before the last is asked for."""

    def requests() -> Iterator[ServedRequest]:
        yield from _large(make_request, range(1, 11))
        until(lambda: _scalars(database, f"SELECT 1 {COPYING} AND tuples_processed >= 4"))
        yield make_request(11)

    assert ship(database, "e", SPOOL, requests()).requests == 11
    assert _scalars(database, "SELECT count(*) FROM prediction") == [22]


def test_a_connection_that_breaks_while_requests_are_read_leaves_nothing(
    database: Engine, make_request: MakeRequest
) -> None:
    """What was read by then is still in its spool, and is shipped by the next try."""
    requests = _large(make_request, range(1, 11))

    def breaking() -> Iterator[ServedRequest]:
        yield from requests[:5]
        assert _scalars(database, f"SELECT pg_terminate_backend(pid, 10000) {COPYING}") == [True]
        yield from requests[5:]

    with pytest.raises(LogUnavailable):
        ship(database, "e", SPOOL, breaking())
    assert _scalars(database, "SELECT count(*) FROM prediction") == [0]
    assert ship(database, "e", SPOOL, requests).requests == 10
    assert _scalars(database, "SELECT count(*) FROM prediction") == [20]


def test_an_error_of_reading_is_raised_as_it_is_and_stores_nothing(
    database: Engine, make_request: MakeRequest
) -> None:
    """It does not pass for an absent Postgres."""

    def requests() -> Iterator[ServedRequest]:
        yield make_request(1)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        ship(database, "e", SPOOL, requests())
    assert _scalars(database, "SELECT count(*) FROM prediction") == [0]
    assert _scalars(database, "SELECT count(*) FROM spool") == [0]


def test_what_is_asked_for_once_can_be_sent_again(
    database: Engine, make_request: MakeRequest
) -> None:
    """A refused request costs only itself also where the others were read on the way."""
    requests = (make_request(seq, client_id="\0" if seq == 7 else None) for seq in range(1, 11))
    shipped = ship(database, "e", SPOOL, requests)
    assert (shipped.requests, shipped.quarantined, shipped.watermark) == (9, 1, 10)
    assert _scalars(database, "SELECT count(DISTINCT request_id) FROM prediction") == [9]


def test_numbers_without_a_request_are_told_once(
    database: Engine, make_request: MakeRequest
) -> None:
    """In front and in between, by the shipment that moves the watermark past them."""
    requests = [make_request(seq) for seq in (3, 4, 6)]
    assert ship(database, "e", SPOOL, requests).missing == 3
    assert ship(database, "e", SPOOL, requests).missing == 0
    assert ship(database, "e", SPOOL, [*requests, make_request(7)]).missing == 0


def test_a_database_without_tables_is_an_unavailable_log(
    empty_database_url: str, make_request: MakeRequest
) -> None:
    """Before `migrate` nothing is lost either."""
    engine = connect(empty_database_url)
    with pytest.raises(LogUnavailable, match="spool"):
        ship(engine, "e", SPOOL, [make_request(1)])
    engine.dispose()


def test_a_spool_is_known_by_its_reports_until_it_is_closed(
    database: Engine, make_request: MakeRequest
) -> None:
    """Reports and shipments meet in one row; the latest report counts."""
    ship(database, "e", SPOOL, [make_request(1), make_request(2)])
    with database.begin() as connection:
        report_spool(connection, "e", SpoolReport(SPOOL, "host", 7, "the artefact is away", 3))
        report_spool(connection, "e", SpoolReport(UUID(int=2), "host", 8))
        report_spool(connection, "other", SpoolReport(UUID(int=3)))
        first, second = sorted(list_spools(connection, "e"), key=lambda one: one.uuid)
        assert (first.watermark, first.deployment_id, first.lost) == (2, 7, 3)
        assert first.problem == "the artefact is away"
        assert (second.watermark, second.problem) == (0, None)
        assert 0 <= first.unseen_s < 30
        report_spool(connection, "e", SpoolReport(SPOOL, "host", 8, None, 3))
        close_spool(connection, UUID(int=2))
        (only,) = list_spools(connection, "e")
        assert (only.uuid, only.deployment_id, only.problem) == (SPOOL, 8, None)
        report_spool(connection, "e", SpoolReport(UUID(int=2), "host", 8))
        assert len(list_spools(connection, "e")) == 2
