"""Capture policies on record: which is in force, and what was recorded by which."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from understudy.capture import CapturePolicy
from understudy.log.audit import read_audit
from understudy.log.captures import (
    NO_CAPTURES,
    deployments_in_span,
    read_captures,
)
from understudy.log.deployments import Change, append, change_capture, current, history
from understudy.log.lineage import find_answerer
from understudy.log.shipping import ship
from understudy.records import ServedRequest

ENDPOINT = "houses"
DROPS = CapturePolicy.from_json({"fields": {"agent": "drop"}})
BUCKETS = CapturePolicy.from_json({"fields": {"area": {"bucket": [100]}}})


def _served(seq: int, deployment_id: int | None) -> ServedRequest:
    return ServedRequest(
        seq, str(uuid4()), None, 0.0, "m", "1", [{"area": 1.0}], [1.0], [1.0], [None], deployment_id
    )


@pytest.fixture
def numbered(database: Engine) -> Engine:
    """A live model (1), a capture policy (2), the model anew (3), another policy (4)."""
    with database.begin() as connection:
        append(connection, ENDPOINT, Change("live", "ann", "m", "1", "d"))
        change_capture(connection, ENDPOINT, DROPS, "ann", "the agents asked for it")
        append(connection, ENDPOINT, Change("live", "ann", "m", "1", "e"))
        change_capture(connection, ENDPOINT, BUCKETS, "ben", "areas as well")
        change_capture(connection, "flats", DROPS, "ann", "elsewhere")
    return database


def test_policies_are_numbered_with_the_deployments(numbered: Engine) -> None:
    """So the number that a worker serves, and a prediction carries, tells both."""
    with numbered.begin() as connection:
        now = current(connection, ENDPOINT)
        captures = read_captures(connection, ENDPOINT)
    assert (now.id, now.capture and now.capture.id) == (4, 4)
    assert now.capture is not None
    assert now.capture.policy == BUCKETS
    assert [row.id for row in captures.rows] == [2, 4]
    found = [row and row.id for row in map(captures.of, (None, 1, 2, 3, 4, 9))]
    assert found == [None, None, 2, 2, 4, 4]
    names = ["area", "agent", "zone"]
    told = [(row.id, fields) for row, fields in captures.redacting([1, 3, 4], names)]
    assert told == [(2, ("agent",)), (4, ("area",))]
    assert captures.redacting([1], names) == []


def test_an_answer_under_a_policy_still_leads_to_its_decision(numbered: Engine) -> None:
    """The policy changes no role: the decision is the one before it."""
    with numbered.begin() as connection:
        changes, ids = history(connection, ENDPOINT), read_captures(connection, ENDPOINT).ids
    for number, decision in ((1, 1), (2, 1), (3, 3), (4, 3)):
        found = find_answerer(changes, ("m", "1"), number, ids)
        assert found is not None
        assert found.decision.id == decision
    assert find_answerer(changes, ("m", "1"), 5, ids) is None  # of another endpoint


def test_the_audit_tells_who_and_why(numbered: Engine) -> None:
    """With what the policy says."""
    with numbered.begin() as connection:
        acts = [act for act in read_audit(connection, ENDPOINT) if act.action == "capture"]
    assert [(act.who, act.subject, act.why) for act in acts] == [
        ("ben", "capture policy 4", "areas as well"),
        ("ann", "capture policy 2", "the agents asked for it"),
    ]
    assert acts[1].details["fields"] == {"agent": "drop"}


def test_a_shipment_says_by_which_policies_it_was_recorded(numbered: Engine) -> None:
    """Also one of an earlier agent, which wrote nothing down: its rows are asked."""
    now = datetime.now(UTC)
    span = now - timedelta(hours=1), now + timedelta(hours=1)
    ship(numbered, ENDPOINT, uuid4(), [_served(1, 3), _served(2, 4), _served(3, None)])
    with numbered.begin() as connection:
        captures = read_captures(connection, ENDPOINT)
        assert sorted(deployments_in_span(connection, ENDPOINT, captures, *span)) == [0, 3, 4]
        assert deployments_in_span(connection, ENDPOINT, captures, span[0], now) == []
        connection.execute(text("UPDATE shipment SET deployments = NULL"))
        assert sorted(deployments_in_span(connection, ENDPOINT, captures, *span)) == [3, 4]
        assert deployments_in_span(connection, ENDPOINT, NO_CAPTURES, *span) == []
        assert deployments_in_span(connection, "flats", captures, *span) == []
