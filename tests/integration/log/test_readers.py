"""The comparison reads exactly the pairs it asked for, and every instance is accounted for."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine, insert, text

from understudy.log.coverage import Coverage, coverage_counts
from understudy.log.deployments import Change, append
from understudy.log.figures import ShadowLag, Totals, shadow_lag, shipping_lag, table_sizes, totals
from understudy.log.outcomes import OutcomeItem, record
from understudy.log.predictions import find, find_by_client
from understudy.log.readers import Wanted, read_instances, read_pairs
from understudy.log.schema import shadow_prediction
from understudy.log.shipping import ship
from understudy.log.spools import SpoolReport, report_spool
from understudy.records import ServedRequest

LIVE, SHADOW = ("house-prices", "1.0.0"), ("house-prices", "2.0.0")
START = 1_790_000_000.0


@pytest.fixture
def requests(database: Engine, make_request: Callable[..., ServedRequest]) -> list[ServedRequest]:
    """
    Six requests of two instances, shipped in three shipments while 2.0.0 is a shadow.

    The last one was answered by another live version. The times run against the order of shipping.
    """
    with database.begin() as connection:
        append(connection, "e", Change("shadow", "me", *SHADOW, "digest"))
    made = [
        make_request(seq, served_at=START - seq, client_id=f"client {seq % 2}")
        for seq in range(1, 6)
    ]
    made.append(make_request(6, served_at=START - 6, version="0.9.0"))
    for first in (0, 2, 4):
        ship(database, "e", UUID(int=1), made[first : first + 2])
    ship(database, "other", UUID(int=2), [make_request(1)])
    return made


def _score(
    engine: Engine, request: ServedRequest, *statuses: str | None, version: str = "2.0.0"
) -> None:
    """Write what a shadow made of each instance; None means sampled out."""
    with engine.begin() as connection:
        places = connection.execute(
            text("SELECT recorded_at, shipment_id FROM prediction WHERE request_id = :id"),
            {"id": request.request_id},
        ).first()
        assert places is not None
        for number, status in enumerate(statuses):
            if status is not None:
                scored = status == "scored"
                connection.execute(
                    insert(shadow_prediction).values(
                        endpoint="e",
                        request_id=request.request_id,
                        instance_no=number,
                        recorded_at=places.recorded_at,
                        shipment_id=places.shipment_id,
                        name="house-prices",
                        version=version,
                        status=status,
                        output=request.seq if scored else None,
                        value=request.seq if scored else None,
                        label=f"label {request.seq}" if scored else None,
                        error=None if scored else "it went wrong",
                    )
                )


def _close(engine: Engine, requests: list[ServedRequest]) -> None:
    """Mark the work on the shipments of these requests as done."""
    with engine.begin() as connection:
        for request in requests:
            connection.execute(
                text(
                    "UPDATE work SET state = 'done', scored = instances WHERE shipment_id IN"
                    " (SELECT shipment_id FROM prediction WHERE request_id = :id)"
                ),
                {"id": request.request_id},
            )


def test_pairs_are_those_of_the_two_versions_in_order_of_time(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """What another live version answered, another shadow scored, or was skipped is left out."""
    _score(database, requests[0], "scored", "scored")
    _score(database, requests[1], "scored", "failed")
    _score(database, requests[2], "skipped", None)
    _score(database, requests[3], "scored", version="3.0.0")
    _score(database, requests[5], "scored", "scored")
    with database.connect() as connection:
        pairs = read_pairs(connection, "e", LIVE, SHADOW)
    first, second = requests[0].request_id, requests[1].request_id
    assert len(pairs) == 4
    assert pairs.request_ids.tolist() == [second, second, first, first]
    assert pairs.instance_no.tolist() == [0, 1, 0, 1]
    assert pairs.served_at.tolist() == [START - 2, START - 2, START - 1, START - 1]
    assert pairs.live_value.tolist() == [102.5, 7.0, 101.5, 7.0]
    np.testing.assert_array_equal(pairs.shadow_value, [2.0, np.nan, 1.0, 1.0])
    assert pairs.failed.tolist() == [False, True, False, False]
    assert pairs.live_label.tolist() == [None, None, None, None]
    assert pairs.shadow_label.tolist() == ["label 2", None, "label 1", "label 1"]
    assert np.isnan(pairs.outcome).all()
    assert np.isnan(pairs.outcome_at).all()
    assert pairs.outcome_revision.tolist() == [0, 0, 0, 0]


def test_pairs_can_be_limited_in_time(database: Engine, requests: list[ServedRequest]) -> None:
    """`since` is included, the end of the training data is not."""
    for request in requests[:5]:
        _score(database, request, "scored")
    middle = datetime.fromtimestamp(START - 3, UTC)
    with database.connect() as connection:
        since = read_pairs(connection, "e", LIVE, SHADOW, Wanted(since=middle))
        after = read_pairs(connection, "e", LIVE, SHADOW, Wanted(training_end=middle))
    assert since.served_at.tolist() == [START - 3, START - 2, START - 1]
    assert after.served_at.tolist() == [START - 2, START - 1]


def test_pairs_carry_the_latest_outcome_and_its_first_arrival(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Numbers and labels stand apart; a revision does not change the order of arrival."""
    _score(database, requests[0], "scored", "scored")
    _score(database, requests[1], "scored", "scored")
    one, two = requests[1].request_id, requests[0].request_id
    for items in (
        [OutcomeItem(one, 0, 5), OutcomeItem(two, 0, "")],
        [OutcomeItem(one, 0, 6.5), OutcomeItem(two, 1, True)],
    ):
        with database.begin() as connection:
            record(connection, "e", items)
    with database.connect() as connection:
        pairs = read_pairs(connection, "e", LIVE, SHADOW)
        times = connection.execute(
            text("SELECT extract(epoch FROM received_at)::float8 FROM outcome ORDER BY id")
        ).scalars()
        first = next(iter(times))
    np.testing.assert_array_equal(pairs.outcome, [6.5, np.nan, np.nan, np.nan])
    assert pairs.outcome_label.tolist() == [None, None, "", "true"]
    assert pairs.outcome_revision.tolist() == [2, 0, 1, 1]
    assert pairs.outcome_at[0] == pytest.approx(first, abs=1e-6)


def test_no_pairs_are_empty_arrays_of_the_right_kind(database: Engine) -> None:
    """An empty log is no special case for the comparison."""
    with database.connect() as connection:
        pairs = read_pairs(connection, "e", LIVE, SHADOW)
        instances = read_instances(connection, "e", LIVE, ["Area"])
    assert len(pairs) == len(instances) == 0
    assert pairs.live_value.dtype == np.float64
    assert instances.columns == {"Area": []}


def test_instances_are_columns_of_the_fields_asked_for(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Values keep their JSON type; odd names are names and nothing else."""
    odd = ["Zone", "Area", "pct%s %(live)s {x}", "'; DROP TABLE prediction; --", 'a"b']
    with database.connect() as connection:
        found = read_instances(connection, "e", LIVE, odd)
    assert len(found) == 10
    assert found.served_at.tolist() == sorted(found.served_at.tolist())
    assert found.columns["Area"] == [55, None, 54, None, 53, None, 52, None, 51, None]
    assert found.columns["Zone"] == [None, "a\tb\\n\n\r\"'ü"] * 5
    assert all(found.columns[name] == [None] * 10 for name in odd[2:])
    assert found.value.tolist()[:2] == [105.5, 7.0]
    assert found.label.tolist() == [None] * 10
    assert found.request_ids.tolist()[-1] == requests[0].request_id


def test_instances_can_be_limited_in_time_and_number(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """`until` is not included; a sample is the same each time and has the size asked for."""
    first, last = datetime.fromtimestamp(START - 4, UTC), datetime.fromtimestamp(START - 2, UTC)
    with database.connect() as connection:
        part = read_instances(connection, "e", LIVE, [], since=first, until=last)
        samples = [read_instances(connection, "e", LIVE, [], most=3) for _ in range(2)]
        everything = read_instances(connection, "e", LIVE, [], most=1000)
    assert part.served_at.tolist() == [START - 4, START - 4, START - 3, START - 3]
    assert len(everything) == 10
    assert samples[0].request_ids.tolist() == samples[1].request_ids.tolist()
    assert len(samples[0]) == 3


def test_every_instance_is_somewhere(database: Engine, requests: list[ServedRequest]) -> None:
    """Scored, sampled out, skipped, failed and waiting: the sum is what was recorded."""
    _score(database, requests[0], "scored", "skipped")
    _score(database, requests[1], "failed", None)
    _close(database, requests[:2])
    with database.connect() as connection:
        found = coverage_counts(connection, "e", LIVE, SHADOW)
        other = coverage_counts(connection, "e", ("house-prices", "0.9.0"), SHADOW)
        nothing = coverage_counts(connection, "e", LIVE, ("house-prices", "9.9.9"))
    assert found == Coverage(scored=1, sampled_out=1, skipped=1, failed=1, waiting=6)
    assert found.recorded == 10
    assert other == Coverage(waiting=2)
    assert nothing.recorded == 0


def test_what_the_shadow_was_trained_on_is_excluded_and_counted(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Whatever became of it: it is excluded, not scored and not waiting."""
    for request in requests[:5]:
        _score(database, request, "scored", "failed")
    training_end = datetime.fromtimestamp(START - 3, UTC)
    with database.connect() as connection:
        found = coverage_counts(connection, "e", LIVE, SHADOW, training_end=training_end)
        pairs = read_pairs(connection, "e", LIVE, SHADOW, Wanted(training_end=training_end))
    assert found == Coverage(scored=2, failed=2, excluded=6)
    assert found.scored == (~pairs.failed).sum() == pairs.failed.sum() == found.failed


def test_an_instance_without_a_work_item_is_seen_as_waiting(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """A lost item must not make its instances disappear from the books."""
    with database.begin() as connection:
        since = connection.execute(text("SELECT at FROM deployment")).scalar_one()
        connection.execute(text("DELETE FROM work"))
        assert coverage_counts(connection, "e", LIVE, SHADOW).recorded == 0
        found = coverage_counts(connection, "e", LIVE, SHADOW, role_since=since)
    assert found == Coverage(waiting=10)


def test_one_request_is_found_with_everything_about_it(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Live and shadow predictions, failures, outcomes and their revisions."""
    request = requests[0]
    _score(database, request, "scored", "failed")
    for value in (5, 6):
        with database.begin() as connection:
            record(connection, "e", [OutcomeItem(request.request_id, 1, value)])
    with database.connect() as connection:
        found = find(connection, "e", request.request_id)
        assert find(connection, "other", request.request_id) is None
        assert find(connection, "e", "00000000-0000-0000-0000-000000000000") is None
        assert find(connection, "e", "no id'; --") is None
    assert found is not None
    assert [(one.status, one.value, one.error) for one in found.shadows] == [
        ("scored", 1.0, None),
        ("failed", None, "it went wrong"),
    ]
    assert [(one.instance_no, one.revision, one.value) for one in found.outcomes] == [
        (1, 1, 5),
        (1, 2, 6),
    ]


def test_requests_are_found_by_the_clients_own_id(
    database: Engine, requests: list[ServedRequest], make_request: Callable[..., ServedRequest]
) -> None:
    """The latest first; ids that agree in their beginning only are told apart."""
    long = "x" * 200
    ship(
        database,
        "e",
        UUID(int=9),
        [make_request(1, client_id=long + "a"), make_request(2, client_id=long + "b")],
    )
    with database.connect() as connection:
        found = find_by_client(connection, "e", "client 1")
        assert [one.request_id for one in found.requests] == [
            requests[at].request_id for at in (0, 2, 4)
        ]
        assert [one.instances for one in found.requests] == [2, 2, 2]
        newest = find_by_client(connection, "e", "client 1", limit=1)
        assert (len(newest.requests), newest.has_more) == (1, True)
        assert len(find_by_client(connection, "e", long + "a").requests) == 1
        for endpoint, nobody in (("e", long), ("e", "nul\0l"), ("other", "client 1")):
            assert find_by_client(connection, endpoint, nobody) == ([], False)


def test_the_watcher_sees_lags_sizes_and_totals(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """An empty endpoint has none; another endpoint's are not counted."""
    _close(database, requests[:2])
    with database.begin() as connection:
        report_spool(connection, "e", SpoolReport(UUID(int=1), lost=3))
        record(connection, "e", [OutcomeItem(requests[0].request_id, 0, value) for value in (1, 2)])
        assert totals(connection, "e") == Totals(recorded=12, quarantined=0, lost=3, outcomes=1)
        assert totals(connection, "none") == Totals(0, 0, 0, 0)
        assert shipping_lag(connection, "none") is None
        expected = connection.execute(
            text("SELECT extract(epoch FROM recorded_at)::float8 FROM shipment WHERE id = 3")
        ).scalar_one()
        assert shipping_lag(connection, "e") == pytest.approx(expected - (START - 6), abs=1e-3)
        (lag,) = shadow_lag(connection, "e")
        assert isinstance(lag, ShadowLag)
        assert (lag.version, lag.items, lag.instances) == ("2.0.0", 2, 8)
        assert 0 <= lag.oldest_s < 60
        sizes = {size.table: size for size in table_sizes(connection)}
    assert sizes["prediction"].partitions == 5
    assert sizes["prediction"].bytes > sizes["quarantine"].bytes > 0
    assert sizes["work"].partitions == 0


def test_lookups_use_an_index(database: Engine, requests: list[ServedRequest]) -> None:
    """With many rows each day, nothing may read whole tables to find one request."""
    queries = {
        "request_id": "SELECT 1 FROM prediction WHERE request_id = :id",
        "client_id": "SELECT 1 FROM prediction WHERE endpoint = 'e' AND client_id = 'c'"
        " AND left(client_id, 100) = 'c'",
        "shipment_id": "SELECT 1 FROM prediction WHERE shipment_id = 1",
        "name": "SELECT id FROM work WHERE endpoint = 'e' AND name = 'm' AND version = '1'"
        " AND state <> 'done' ORDER BY id LIMIT 1",
        "request_id ": "SELECT 1 FROM outcome WHERE request_id = :id",
    }
    with database.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        for column, query in queries.items():
            values = {"id": UUID(int=1)} if ":id" in query else {}
            explained = connection.execute(text(f"EXPLAIN {query}"), values)
            conditions = [line for line in explained.scalars() if "Index Cond" in line]
            assert conditions, query
            assert all(column.strip() in condition for condition in conditions)
