"""From an answer back to the decision behind it."""

from datetime import UTC, datetime, timedelta

import pytest

from understudy.log.lineage import find_answerer, known_digests
from understudy.log.roles import Action, DeploymentRow

START = datetime(2026, 1, 1, tzinfo=UTC)


def _row(id: int, action: Action, version: str, digest: str = "") -> DeploymentRow:
    at = START + timedelta(hours=id)
    return DeploymentRow(id, at, "ada", "", action, "m", version, digest or f"digest {version}")


HISTORY = [
    _row(2, "live", "1"),
    _row(3, "shadow", "2"),
    _row(5, "live", "1"),
    _row(6, "promote", "2"),
    _row(7, "shadow", "3"),
    _row(9, "rollback", "1"),
]


@pytest.mark.parametrize(
    ("deployment", "version", "decision"),
    [(2, "1", 2), (3, "1", 2), (5, "1", 2), (6, "2", 6), (7, "2", 6), (9, "1", 9)],
)
def test_the_decision_is_the_one_by_which_the_model_became_live(
    deployment: int, version: str, decision: int
) -> None:
    """Not a shadow that came meanwhile, and not the same live version said again."""
    found = find_answerer(HISTORY, ("m", version), deployment)
    assert found is not None
    assert (found.decision.id, found.as_of) == (decision, deployment)
    assert found.decision.digest == f"digest {version}"


@pytest.mark.parametrize(
    ("deployment", "version"),
    [(None, "1"), (1, "1"), (4, "1"), (8, "2"), (99, "1"), (6, "1")],
)
def test_what_the_history_does_not_say_is_not_made_up(deployment: int | None, version: str) -> None:
    """Nothing recorded, a deployment of another endpoint, or one with another live model."""
    assert find_answerer(HISTORY, ("m", version), deployment) is None


def test_a_digest_is_known_only_if_there_was_never_another() -> None:
    """A version that was deployed with two contents might have been either."""
    assert known_digests(HISTORY) == {
        ("m", "1"): "digest 1", ("m", "2"): "digest 2", ("m", "3"): "digest 3",
    }  # fmt: skip
    assert ("m", "2") not in known_digests([*HISTORY, _row(10, "shadow", "2", "another")])
    assert known_digests([]) == {}
