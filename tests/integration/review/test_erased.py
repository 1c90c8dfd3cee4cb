"""What is decided stays decided when requests are erased and days expire."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.integration.conftest import NewDatabase
from tests.integration.endpoint import ENDPOINT
from tests.integration.review.decisions import Decisions
from understudy.comparison.certificate import Certificate
from understudy.errors import CertificateUnverifiable
from understudy.log.database import Connection
from understudy.log.erasure import erase
from understudy.log.partitions import TABLES, drop_old
from understudy.records import ServedRequest
from understudy.review.ended import review_ended

pytestmark = pytest.mark.xdist_group("erased")  # so that the log is filled once

Decided = tuple[Decisions, Certificate, list[ServedRequest]]
_KEPT = ("comparison", "look", "drift_window", "audit", "deployment", "shipment", "work")


@pytest.fixture(scope="module")
def filled(blank: Decisions, new_database: NewDatabase) -> Iterator[Decided]:
    """A comparison with outcomes and looks, certified."""
    with blank.copied(new_database) as decisions:
        decisions.deploy()
        requests = decisions.play(210, 1, ["failed"])
        decisions.report(requests[:140], 3.0)
        yield decisions, decisions.certify(), requests


@pytest.fixture
def decided(filled: Decided, new_database: NewDatabase) -> Iterator[Decisions]:
    """A copy of that log."""
    with filled[0].copied(new_database) as decisions:
        yield decisions


def _erase(decisions: Decisions, *requests: ServedRequest) -> None:
    with decisions.engine.begin() as connection:
        for request in requests:
            erase(connection, ENDPOINT, request.request_id, "ann", "asked for")


def test_what_is_erased_before_it_is_counted_is_excluded(decisions: Decisions) -> None:
    """It stays in the accounting, in no statistic, and a certificate of the rest can be had."""
    decisions.deploy()
    requests = decisions.play(130, 1)
    decisions.report(requests)
    _erase(decisions, *requests[:2])
    found = decisions.review()
    coverage = found.comparison.coverage
    assert (coverage.recorded, coverage.compared, coverage.excluded) == (130, 128, 2)
    assert found.comparison.pairs.pairs == 128
    assert found.comparison.input_drift is not None
    assert (found.comparison.input_drift.units, found.comparison.input_drift.rows) == (128, 128)
    # An empty instance is no instance with nulls.
    missing = [one for one in found.comparison.input_drift.alarms if "missing" in one.finding]
    assert missing == []
    with decisions.engine.connect() as connection:
        reasons = connection.execute(text("SELECT reason FROM excluded_pair")).scalars().all()
    assert reasons == ["erased", "erased"]
    certificate = decisions.certify()
    assert decisions.verify(certificate).is_identical


def test_what_is_erased_after_it_was_counted_changes_no_look_and_no_sum(
    decided: Decisions, filled: Decided
) -> None:
    """The certificate says that a row is gone, and not that anything was changed."""
    _, certificate, requests = filled
    before = decided.review().comparison
    _erase(decided, requests[5], requests[200])
    after = decided.review().comparison
    assert (after.verdict, after.coverage, after.units) == (
        before.verdict, before.coverage, before.units,
    )  # fmt: skip
    assert after.pairs.guards == before.pairs.guards
    assert after.input_drift == before.input_drift
    told = "2 of 210 predictions, 2 of 210 shadow predictions, 1 of 140 outcomes"
    with pytest.raises(CertificateUnverifiable, match=told):
        decided.verify(certificate)


def test_a_request_that_was_counted_is_erased_in_a_comparison_by_field(
    decisions: Decisions,
) -> None:
    """There rows are read again: a request that is gone is no unit any more."""
    decisions.deploy(unit="agent")
    requests = decisions.play(120, 1)
    before = decisions.review().comparison.pairs.pairs
    _erase(decisions, requests[0])
    found = decisions.review().comparison
    assert found.pairs.pairs == before - 1
    assert found.coverage.recorded == 120


def test_days_that_expire_take_nothing_else_along(decided: Decisions, filled: Decided) -> None:
    """Verdicts, looks, windows, certificates and the accounting are not kept by days."""
    certificate = filled[1]
    before = decided.review().comparison
    decided.execute(
        "INSERT INTO drift_window (endpoint, name, version, digest, number, since, until, units,"
        " content, tallies) VALUES ('houses', 'tiny-houses', '1.0.0', 'd', 1,"
        " now() - interval '1 day', now(), 1000, '{}', '')"
    )
    decided.deploy(aim="same")  # the comparison is over
    endpoint = decided.endpoint
    review_ended(endpoint.engine, endpoint.settings, endpoint.store)
    with decided.engine.begin() as connection:
        then = _rows(connection)
        _age(connection)
    with decided.engine.begin() as connection:
        assert set(map(_table_of, drop_old(connection, 30))) == set(TABLES)
    endpoint = decided.endpoint
    review_ended(endpoint.engine, endpoint.settings, endpoint.store)
    with decided.engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM prediction")).scalar_one() == 0
        assert _rows(connection) == then
        kept = connection.execute(text("SELECT verdict ->> 'verdict' FROM comparison")).scalars()
        assert before.verdict in kept.all()
    with pytest.raises(CertificateUnverifiable, match="210 of 210 predictions"):
        decided.verify(certificate)


def _rows(connection: Connection) -> dict[str, list[str]]:
    """Return every row of what is kept, without the folds of whoever looks meanwhile."""
    queries = {
        table: f"SELECT CAST(row AS text) FROM {table} row ORDER BY 1"  # noqa: S608 - our own names
        for table in _KEPT
    }
    return {
        table: list(connection.execute(text(query)).scalars()) for table, query in queries.items()
    }


def _age(connection: Connection) -> None:
    """Let the days that hold something look long past, as only a clock could."""
    for table in TABLES:
        query = text(f"SELECT DISTINCT tableoid::regclass::text FROM {table}")  # noqa: S608
        for number, name in enumerate(connection.execute(query).scalars().all(), start=1):
            connection.execute(text(f"ALTER TABLE {name} RENAME TO {table}_2020010{number}"))


def _table_of(partition: str) -> str:
    return partition.rpartition("_")[0]
