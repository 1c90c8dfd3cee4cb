"""Every error has a status, and its document says what the error says."""

import json
from collections.abc import Iterator

import pytest

from understudy import errors
from understudy.controllers.problems import problem, status_of
from understudy.errors import UnderstudyError, Violation


def leaves(kind: type[UnderstudyError] = UnderstudyError) -> Iterator[type[UnderstudyError]]:
    """Walk the tree of errors."""
    children = kind.__subclasses__()
    if not children:
        yield kind
    for child in children:
        yield from leaves(child)


@pytest.mark.parametrize("kind", sorted(set(leaves()), key=lambda kind: kind.__name__))
def test_every_leaf_of_the_error_tree_has_a_status(kind: type[UnderstudyError]) -> None:
    """A new error cannot be forgotten: it inherits a status or the table is incomplete."""
    status, title = status_of(kind.__new__(kind))
    assert 400 <= status <= 599
    assert title


def test_an_error_without_a_place_in_the_table_is_noticed() -> None:
    """The check above can fail: the root itself has no status."""
    with pytest.raises(LookupError):
        status_of(UnderstudyError("nobody thought of this"))


def test_violations_are_listed_with_instance_and_field() -> None:
    """A client can point at the cell that is wrong."""
    status, headers, body = problem(
        errors.InstancesInvalid([Violation(2, "LotArea", "too large"), Violation(None, None, "x")])
    )
    assert status == 400
    assert headers["content-type"] == "application/problem+json"
    document = json.loads(body)
    assert document["detail"].startswith("instances[2].LotArea: too large")
    assert document["errors"] == [
        {"instance": 2, "field": "LotArea", "message": "too large"},
        {"message": "x"},
    ]


def test_whoever_may_come_again_is_told_when() -> None:
    """503 and a record on its way carry Retry-After."""
    assert problem(errors.NoLiveModel())[1]["retry-after"] == "1"
    assert problem(errors.NotRecordedYet("r1"))[1]["retry-after"] == "1"
    assert "retry-after" not in problem(errors.RecordUnknown("no"))[1]
