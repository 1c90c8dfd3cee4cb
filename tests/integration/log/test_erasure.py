"""Erasure: the contents of a request are nowhere, and everything still adds up."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from understudy.errors import RequestErased
from understudy.log.audit import read_audit
from understudy.log.coverage import coverage_counts
from understudy.log.database import connect
from understudy.log.deployments import Change, append
from understudy.log.erasure import (
    erase,
    erase_arrived,
    find_requests_of,
    read_awaited,
)
from understudy.log.outcomes import OutcomeItem, record
from understudy.log.reproduction import Span, Stratum, draw, find_strata
from understudy.log.shipping import ship
from understudy.log.work import claim, complete, read_work
from understudy.log.work_item import ShadowResult, WorkItem
from understudy.records import ServedRequest
from understudy.review.answer import find_answer

ENDPOINT, SPOOL = "houses", uuid4()
PLANTED = "Adalina-Nowhere"
OTHERS = 3


def _served(seq: int, **changes: Any) -> ServedRequest:
    given: dict[str, Any] = {
        "seq": seq, "request_id": str(uuid4()), "client_id": f"{PLANTED}-{seq}",
        "served_at": datetime.now(UTC).timestamp(), "name": "live", "version": "1",
        "instances": [{"agent": PLANTED}, {"agent": PLANTED}], "outputs": [1.0, {"label": PLANTED}],
        "values": [1.0, None], "labels": [None, PLANTED], "deployment_id": 1,
    }  # fmt: skip
    return ServedRequest(**(given | changes))


def _everywhere(database: Engine, request_id: str) -> list[str]:
    """Return the tables in which something of a request, but its tombstone, is left."""
    found = []
    with database.connect() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        for table in tables.all():
            rows = f'SELECT count(*) FROM "{table}" row'  # noqa: S608 - a name of our own
            query = text(f"{rows} WHERE CAST(row AS text) ~ :secret AND CAST(row AS text) ~ :id")
            # bytea is shown in hexadecimal digits.
            secret = f"{PLANTED}|{PLANTED.encode().hex()}"
            place = f"{request_id}|{request_id.encode().hex()}"
            if connection.execute(query, {"secret": secret, "id": place}).scalar_one():
                found.append(table)
    return found


@pytest.fixture
def requests(database: Engine) -> list[ServedRequest]:
    """Requests of an endpoint with a shadow, not shipped yet."""
    with database.begin() as connection:
        append(connection, ENDPOINT, Change("live", "ann", "live", "1", "d"))
        append(connection, ENDPOINT, Change("shadow", "ann", "shadow", "2", "e"))
    return [_served(seq) for seq in range(1, OTHERS + 2)]


def _score(database: Engine, item: WorkItem | None = None) -> None:
    item = item or claim(database, ENDPOINT, "shadow", "2", "test", 30)
    assert item is not None
    rows = read_work(database, item)
    assert complete(database, item, _results([(r.request_id, r.instance_no) for r in rows]), 0)


def _results(places: Sequence[tuple[str, int]]) -> list[ShadowResult]:
    return [
        ShadowResult(request_id, number, "scored", {"label": PLANTED}, None, PLANTED)
        for request_id, number in places
    ]


def _erase(database: Engine, request_id: str) -> Any:
    with database.begin() as connection:
        return erase(connection, ENDPOINT, request_id, "ann", "she asked for it")


def _coverage(database: Engine) -> tuple[int, int, int]:
    with database.connect() as connection:
        found = coverage_counts(connection, ENDPOINT, ("live", "1"), ("shadow", "2"))
    return found.recorded, found.scored, found.skipped


def test_a_request_is_erased_from_every_table(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Prediction, shadow, outcomes with their revisions, and what the watcher's run showed."""
    ship(database, ENDPOINT, SPOOL, requests)
    _score(database)
    gone, kept = requests[0].request_id, requests[1].request_id
    with database.begin() as connection:
        for value in (PLANTED, f"{PLANTED} again"):
            items = [OutcomeItem(one, 1, value) for one in (gone, kept)]
            record(connection, ENDPOINT, items)
        connection.execute(
            text("INSERT INTO reproduction (endpoint, report) VALUES (:endpoint, :report)"),
            {"endpoint": ENDPOINT, "report": (
                '{"versions": [{"examples": ['
                f'{{"request_id": "{gone}", "recorded": "{PLANTED}", "again": 1, "error": null}},'
                f'{{"request_id": "{kept}", "recorded": 2, "again": 1, "error": null}}]}}]}}'
            )},
        )  # fmt: skip
    assert set(_everywhere(database, gone)) > {"outcome", "reproduction"}
    before = _coverage(database)
    found = _erase(database, gone)
    assert (found.is_found, found.instances, found.shadow_predictions, found.outcomes) == (
        True, 2, 2, 2,
    )  # fmt: skip
    assert _everywhere(database, gone) == []
    assert "outcome" in _everywhere(database, kept)  # the others are as they were
    recorded, scored, skipped = _coverage(database)
    assert (recorded, scored + skipped) == (before[0], before[1])
    assert skipped == 2
    with database.connect() as connection:
        with pytest.raises(RequestErased, match="was erased"):
            find_answer(connection, ENDPOINT, gone)
        assert find_answer(connection, ENDPOINT, kept).request.client_id is not None
        assert find_requests_of(connection, ENDPOINT, f"{PLANTED}-1") == []
        (act, *_) = read_audit(connection, ENDPOINT)
    assert (act.action, act.subject, act.why) == ("erase", gone, "she asked for it")
    assert PLANTED not in str(act)
    again = _erase(database, gone)
    assert (again.is_found, again.was_erased, again.instances) == (True, True, 0)


@pytest.mark.promise(
    "privacy", "What is erased before it is shipped never has its contents in the log"
)
def test_a_request_in_a_spool_is_erased_when_it_is_shipped(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Its contents are never in the log, and its row is: it was answered, and is counted."""
    gone = requests[1].request_id
    found = _erase(database, gone)
    assert (found.is_found, found.instances) == (False, 0)
    with pytest.raises(RequestErased), database.connect() as connection:
        find_answer(connection, ENDPOINT, gone)
    shipped = ship(database, ENDPOINT, SPOOL, requests)
    assert (shipped.requests, shipped.instances) == (len(requests), 2 * len(requests))
    assert _everywhere(database, gone) == []
    with database.connect() as connection:
        assert read_awaited(connection, ENDPOINT) == frozenset()
    assert _erase(database, gone).is_found
    _score(database)
    assert _everywhere(database, gone) == []
    assert _coverage(database) == (8, 6, 2)


def test_an_earlier_agent_does_not_bring_it_back_for_long(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """It knows of no erasure; whoever keeps house next does what it left."""
    gone = requests[0].request_id
    ship(database, ENDPOINT, SPOOL, requests)
    with database.begin() as connection:
        connection.execute(
            text("INSERT INTO erasure (endpoint, request_id, who, is_found)"
                 " VALUES (:endpoint, :id, 'ann', false)"),
            {"endpoint": ENDPOINT, "id": gone},
        )  # fmt: skip
        assert erase_arrived(connection, ENDPOINT) == 1
        assert erase_arrived(connection, ENDPOINT) == 0
    assert _everywhere(database, gone) == []


def test_a_shadow_that_has_read_it_does_not_bring_it_back(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Its answer to what is erased is not stored, and the counts say skipped."""
    ship(database, ENDPOINT, SPOOL, requests)
    item = claim(database, ENDPOINT, "shadow", "2", "test", 30)
    assert item is not None
    rows = read_work(database, item)
    _erase(database, requests[0].request_id)
    counts = complete(database, item, _results([(r.request_id, r.instance_no) for r in rows]), 0)
    assert counts is not None
    assert (counts.scored, counts.skipped) == (6, 2)
    assert _everywhere(database, requests[0].request_id) == []
    with database.connect() as connection:
        done = connection.execute(text("SELECT state, scored, skipped FROM work")).one()
    assert tuple(done) == ("done", 6, 2)


@pytest.mark.parametrize("served_at", [1.0, 1e300], ids=["stored", "refused"])
def test_erasing_waits_for_no_rows(
    database: Engine, requests: list[ServedRequest], served_at: float
) -> None:
    """A shipment that is reading them begins anew, and has the contents no more."""
    requests = [one._replace(served_at=served_at) for one in requests]
    gone = requests[0].request_id
    erased: list[Any] = []

    def slowly() -> Any:
        yield requests[0]
        if not erased:
            erased.append(_erase(database, gone))
        yield from requests[1:]

    shipped = ship(database, ENDPOINT, SPOOL, slowly())
    assert [one.is_found for one in erased] == [False]
    assert shipped.requests + shipped.quarantined == len(requests)
    assert _everywhere(database, gone) == []


def test_erasing_waits_for_the_end_of_a_shipment(
    database: Engine, database_url: str, requests: list[ServedRequest]
) -> None:
    """The request is then in the log already."""
    engine = connect(database_url)
    gone = requests[0].request_id
    with database.connect() as holder:
        holder.execute(text("LOCK TABLE shipment IN SHARE MODE"))
        shipping = threading.Thread(target=ship, args=(engine, ENDPOINT, SPOOL, requests))
        shipping.start()
        _wait_for(database_url, "relation")
        erased: list[Any] = []
        erasing = threading.Thread(target=lambda: erased.append(_erase(database, gone)))
        erasing.start()
        _wait_for(database_url, "advisory")
    shipping.join(30)
    erasing.join(30)
    assert [one.is_found for one in erased] == [True]
    assert _everywhere(database, gone) == []
    engine.dispose()


def _wait_for(database_url: str, lock: str) -> None:
    """Wait until somebody waits for a lock of this kind."""
    waits = text("SELECT count(*) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND wait_event = :lock")  # fmt: skip
    deadline = datetime.now(UTC) + timedelta(seconds=30)
    engine = connect(database_url)
    with engine.connect() as connection:
        while not connection.execute(waits, {"lock": lock}).scalar_one():
            connection.rollback()
            assert datetime.now(UTC) < deadline
    engine.dispose()


def test_a_request_in_quarantine_is_erased_too(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """Also where its id could be read by nobody but a person; and by the client's id."""
    refused = _served(9, served_at=1e300)
    ship(database, ENDPOINT, SPOOL, [*requests, refused])
    with database.begin() as connection:
        assert find_requests_of(connection, ENDPOINT, f"{PLANTED}-9") == [refused.request_id]
        connection.execute(text("UPDATE quarantine SET request_id = NULL"))
    assert _everywhere(database, refused.request_id) == ["quarantine"]
    found = _erase(database, refused.request_id)
    assert (found.is_found, found.quarantined) == (True, 1)
    assert _everywhere(database, refused.request_id) == []
    with database.connect() as connection:
        row = connection.execute(text("SELECT seq, error, payload FROM quarantine")).one()
    assert (row.seq, row.error, bytes(row.payload)) == (9, "erased", b"")


def test_a_client_id_is_not_found_within_another(database: Engine) -> None:
    """Of what is in quarantine only what was sent under just this id is found."""
    ship(database, ENDPOINT, SPOOL, [_served(9, served_at=1e300, client_id="order-71")])
    with database.connect() as connection:
        for other in ("order-7", "rder-71", "7", "order", '", "name', "%", ""):
            assert find_requests_of(connection, ENDPOINT, other) == []
        assert len(find_requests_of(connection, ENDPOINT, "order-71")) == 1


def test_an_outcome_of_an_erased_request_is_not_stored(
    database: Engine, requests: list[ServedRequest]
) -> None:
    """The sender is told, and the others of the call are."""
    ship(database, ENDPOINT, SPOOL, requests)
    gone, kept = requests[0].request_id, requests[1].request_id
    _erase(database, gone)
    with database.begin() as connection:
        found = record(
            connection, ENDPOINT, [OutcomeItem(gone.upper(), 0, PLANTED), OutcomeItem(kept, 0, 1.0)]
        )
    assert (found.new, found.matched, found.waiting, found.erased) == (1, 1, 0, 1)
    assert _everywhere(database, gone) == []


def test_nothing_erased_is_scored_again(database: Engine, requests: list[ServedRequest]) -> None:
    """A reproduction draws from what is there."""
    ship(database, ENDPOINT, SPOOL, requests)
    _erase(database, requests[0].request_id)
    now = datetime.now(UTC)
    span = Span(now - timedelta(hours=1), now + timedelta(hours=1))
    with database.connect() as connection:
        (stratum,) = find_strata(connection, ENDPOINT, span)
        assert isinstance(stratum, Stratum)
        assert stratum.count == 2 * OTHERS
        drawn = draw(connection, ENDPOINT, span, stratum, 100, 1)
    assert len(drawn) == 2 * OTHERS
    assert requests[0].request_id not in {one.request_id for one in drawn}
