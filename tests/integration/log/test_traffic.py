"""How much traffic there is lately, as a plan needs to know it."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from understudy.log.outcomes import OutcomeItem, record
from understudy.log.shipping import ship
from understudy.log.traffic import recent_traffic
from understudy.records import ServedRequest

DAY = 86_400.0


def test_an_endpoint_without_traffic_has_none(database: Engine) -> None:
    """Nothing is made up: the caller asks for a rate."""
    with database.begin() as connection:
        assert recent_traffic(connection, "e", 7.0) is None


def test_requests_and_instances_of_the_last_days_are_counted(
    database: Engine, make_request: Callable[..., ServedRequest]
) -> None:
    """Two days of traffic are two days, older answers and other endpoints are left out."""
    now = time.time()
    made = [make_request(seq, served_at=now - 2 * DAY + seq) for seq in range(1, 11)]
    ship(database, "e", UUID(int=1), [*made, make_request(11, served_at=now - 30 * DAY)])
    ship(database, "other", UUID(int=2), [make_request(1, served_at=now)])
    with database.begin() as connection:
        found = recent_traffic(connection, "e", 7.0)
        short = recent_traffic(connection, "e", 1.0)
    assert found is not None
    assert (found.units, found.instances) == (10, 20)
    assert found.days == pytest.approx(2.0, abs=0.01)
    assert found.outcomes == 0
    assert found.outcome_delay_days is None
    assert found.prediction_bytes is None
    assert short is None


def test_outcomes_and_their_delay_are_measured(
    database: Engine, make_request: Callable[..., ServedRequest]
) -> None:
    """Only the first revision counts, by how long after the answer it came."""
    now = time.time()
    made = [make_request(seq, served_at=now - 3 * DAY) for seq in range(1, 5)]
    ship(database, "e", UUID(int=1), made)
    with database.begin() as connection:
        for value in (100.0, 120.0):
            record(connection, "e", [OutcomeItem(made[0].request_id, 0, value)])
    with database.begin() as connection:
        found = recent_traffic(connection, "e", 7.0)
    assert found is not None
    assert found.outcomes == 1
    assert found.outcome_delay_days == pytest.approx(3.0, abs=0.01)


def test_units_may_be_a_field_of_the_instances(
    database: Engine, make_request: Callable[..., ServedRequest]
) -> None:
    """A policy that counts zones finds as many units as there are zones; without, the request."""
    now = time.time()
    made = [
        make_request(seq, served_at=now - DAY, instances=[{"Zone": seq % 2}, {"Zone": None}])
        for seq in range(1, 7)
    ]
    ship(database, "e", UUID(int=1), made)
    with database.begin() as connection:
        found = recent_traffic(connection, "e", 7.0, "Zone")
    assert found is not None
    assert found.units == 2 + 6


def test_bytes_of_a_row_are_measured_once_there_are_many(
    database: Engine, make_request: Callable[..., ServedRequest]
) -> None:
    """A thousand rows tell what one takes, indexes included."""
    now = time.time()
    ship(
        database, "e", UUID(int=1), [make_request(seq, served_at=now - 60) for seq in range(1, 601)]
    )
    with database.begin() as connection:
        connection.execute(text("ANALYZE prediction"))
        found = recent_traffic(connection, "e", 7.0)
    assert found is not None
    assert found.prediction_bytes is not None
    assert 150 < found.prediction_bytes < 1500
    assert found.shadow_bytes is None
