"""True values are kept once each, with their revisions, whether the prediction is there or not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from understudy.errors import InstancesInvalid
from understudy.log.outcomes import OutcomeItem, Recorded, Value, record
from understudy.log.shipping import ship
from understudy.records import ServedRequest
from understudy.review.answer import find_answer

ID = "00000000-0000-0000-0000-00000000000a"


def _record(engine: Engine, *items: OutcomeItem, endpoint: str = "e") -> Recorded:
    with engine.begin() as connection:
        return record(connection, endpoint, items)


def _revisions(engine: Engine) -> list[tuple[int, object]]:
    query = "SELECT revision, value FROM outcome ORDER BY request_id, instance_no, revision"
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(text(query))]


@pytest.mark.promise(
    "exactly once", "An outcome posted twice counts once; another value is a revision"
)
def test_the_same_value_again_changes_nothing_and_another_is_a_revision(database: Engine) -> None:
    """A client may post as often as it likes."""
    assert _record(database, OutcomeItem(ID, 0, 5)) == Recorded(1, 0, 0, 0, 1)
    assert _record(database, OutcomeItem(ID.upper(), 0, 5.0)) == Recorded(0, 1, 0, 0, 1)
    assert _record(database, OutcomeItem(ID, 0, 6)) == Recorded(0, 0, 1, 0, 1)
    assert _record(database, OutcomeItem(ID, 0, 5)) == Recorded(0, 0, 1, 0, 1)
    assert _record(database, OutcomeItem(ID, 1, "sold")) == Recorded(1, 0, 0, 0, 1)
    assert _revisions(database) == [(1, 5), (2, 6), (3, 5), (1, "sold")]


def test_of_two_values_in_one_call_the_last_one_counts(database: Engine) -> None:
    """Items are taken in order, as if each had been posted alone."""
    values: list[Value] = [1, 1, 2, 2, 1]
    found = _record(database, *(OutcomeItem(ID, 0, value) for value in values))
    assert (found.new, found.unchanged, found.revised, found.waiting) == (1, 2, 2, 5)
    assert _revisions(database) == [(1, 1), (2, 2), (3, 1)]


def test_true_is_not_one(database: Engine) -> None:
    """A label that is a boolean differs from a number."""
    _record(database, OutcomeItem(ID, 0, 1))
    assert _record(database, OutcomeItem(ID, 0, True)).revised == 1
    assert _record(database, OutcomeItem(ID, 0, "1")).revised == 1


def test_an_outcome_is_matched_once_its_prediction_is_there(
    database: Engine, make_request: Callable[..., ServedRequest]
) -> None:
    """One that comes first waits; an instance that was not in the request waits for ever."""
    request = make_request(1)
    item = OutcomeItem(request.request_id, 1, 5)
    assert _record(database, item) == Recorded(1, 0, 0, 0, 1)
    ship(database, "e", UUID(int=1), [request])
    assert _record(database, item) == Recorded(0, 1, 0, 1, 0)
    assert _record(database, OutcomeItem(request.request_id, 2, 5)).waiting == 1
    assert _record(database, item, endpoint="other").matched == 0


@pytest.mark.promise(
    "exactly once",
    "Outcomes may come, and be corrected, before their prediction",
)
def test_what_was_posted_again_and_corrected_before_its_prediction_counts_once_it_is_there(
    database: Engine, make_request: Callable[..., ServedRequest]
) -> None:
    """Nothing of it is lost or doubled by coming first; what counts is the correction."""
    request = make_request(1)
    first, corrected = (OutcomeItem(request.request_id, 0, value) for value in (5, 6))
    assert [_record(database, item) for item in (first, first, corrected, corrected)] == [
        Recorded(1, 0, 0, 0, 1), Recorded(0, 1, 0, 0, 1), Recorded(0, 0, 1, 0, 1),
        Recorded(0, 1, 0, 0, 1),
    ]  # fmt: skip
    for _ in range(2):
        ship(database, "e", UUID(int=1), [request])
    assert _record(database, corrected) == Recorded(0, 1, 0, 1, 0)
    assert _revisions(database) == [(1, 5), (2, 6)]
    with database.begin() as connection:
        found = find_answer(connection, "e", request.request_id).to_json()["instances"][0]
    assert [outcome["value"] for outcome in found["outcomes"]] == [5, 6]


def test_nothing_to_record_is_no_error(database: Engine) -> None:
    """An empty list counts nothing."""
    assert _record(database) == Recorded(0, 0, 0, 0, 0)


def test_writers_at_the_same_moment_lose_and_double_nothing(database: Engine) -> None:
    """Four post overlapping values: each instance has gapless revisions and no repetition."""
    ids = [str(uuid4()) for _ in range(20)]

    def post(turn: int) -> Recorded:
        order = ids if turn % 2 else list(reversed(ids))
        return _record(database, *(OutcomeItem(one, 0, turn % 3) for one in order))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(post, range(12)))
    assert sum(one.new for one in found) == len(ids)
    written = sum(one.new + one.revised for one in found)
    with database.connect() as connection:
        rows = connection.execute(
            text("SELECT max(revision), count(*) FROM outcome GROUP BY request_id")
        ).all()
    assert sum(row[1] for row in rows) == written
    assert all(row[0] == row[1] for row in rows)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (OutcomeItem("no id", 0, 1), "request_id"),
        (OutcomeItem(ID, -1, 1), "instance"),
        (OutcomeItem(ID, 2**31, 1), "instance"),
        (OutcomeItem(ID, 0, float("nan")), "value"),
        (OutcomeItem(ID, 0, float("inf")), "value"),
        (OutcomeItem(ID, 0, 2**63), "value"),
        (OutcomeItem(ID, 0, "nul\0l"), "value"),
        (OutcomeItem(ID, 0, "\ud800"), "value"),
        (OutcomeItem(ID, 0, None), "value"),  # type: ignore[arg-type]
    ],
)
def test_an_outcome_that_cannot_be_stored_is_named(
    database: Engine, item: OutcomeItem, field: str
) -> None:
    """The place in the list and the field are said, and nothing of the call is stored."""
    with pytest.raises(InstancesInvalid) as caught:
        _record(database, OutcomeItem(ID, 0, 1), item)
    assert [(one.instance, one.field) for one in caught.value.violations] == [(1, field)]
    assert _revisions(database) == []
