"""One shadow version at work on a real Postgres, with a real child."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.traffic import ENDPOINT
from understudy.artefacts.artefact import Artefact
from understudy.capture import CapturePolicy
from understudy.errors import ArtefactMissing
from understudy.log.deployments import change_capture
from understudy.log.work import ShadowState, claim
from understudy.shadow.events import Event, ItemClosed, StateChanged

Until = Callable[[Callable[[], object]], None]
Counts = Callable[[], dict[str, int]]
Traffic = Callable[..., None]
Start = Callable[..., tuple[threading.Event, list[Event]]]
State = Callable[[], ShadowState | None]
Results = Callable[[], list[tuple[str, object, str | None]]]


def _is(state: ShadowState | None, name: str) -> bool:
    return state is not None and state.state == name


def _child(starts: Path) -> int:
    return int(starts.read_text().split()[-1])


def test_every_instance_is_accounted_for(
    traffic: Traffic, start_version: Start, counts: Counts, results: Results, until: Until
) -> None:
    """Scored, skipped and failed add up to what was recorded, and each has its reason."""
    traffic(*({"x": number} for number in range(20)))
    traffic({"x": 1}, {"y": 2}, {"x": "wide"}, {"x": 3, "do": "raise"}, {"x": 4, "other": True})
    _, events = start_version()
    until(lambda: counts()["open"] == 0)
    assert counts() == {
        "scored": 22,
        "sampled_out": 0,
        "skipped": 2,
        "failed": 1,
        "open": 0,
        "leased": 0,
    }
    reasons = {error for _, _, error in results() if error}
    assert reasons == {
        "x: the shadow requires it, but it is missing",
        "x: not of type number",
        "raised ValueError: no such house \\x00 \\ud800",
    }
    until(lambda: sum(isinstance(event, ItemClosed) for event in events) == 2)
    first, second = (event for event in events if isinstance(event, ItemClosed))
    assert sorted(first.values) == [number * 2.0 for number in range(20)]
    assert (second.scored, second.failed, second.skipped) == (2, 1, 2)
    assert first.seconds > 0


def test_a_shadow_is_not_asked_what_was_redacted(
    database: Engine, traffic: Traffic, start_version: Start, counts: Counts, results: Results,
    until: Until,
) -> None:  # fmt: skip
    """Whatever stands in the field it reads; the policy comes while the shadow is at work."""
    traffic({"x": 1}, deployment_id=1)
    start_version()
    until(lambda: counts()["scored"] == 1)
    policies = [{"fields": {"x": {"bucket": [5]}}}, {"fields": {"other": "drop"}}]
    numbers = []
    for policy in policies:
        with database.begin() as connection:
            now = change_capture(connection, ENDPOINT, CapturePolicy.from_json(policy), "ann", "so")
        numbers.append(now.id)
    traffic({"x": 2}, {"x": "below 5"}, deployment_id=numbers[0])
    traffic({"x": 3}, deployment_id=numbers[1])
    until(lambda: counts()["open"] == 0)
    assert (counts()["scored"], counts()["skipped"]) == (2, 2)
    why = f"x: redacted at capture, by the capture policy {numbers[0]}"
    assert sorted((status, output, error or "") for status, output, error in results()) == [
        ("scored", 2.0, ""), ("scored", 6.0, ""), ("skipped", None, why), ("skipped", None, why),
    ]  # fmt: skip


def test_requests_out_of_the_sample_are_counted(
    traffic: Traffic, start_version: Start, counts: Counts, until: Until
) -> None:
    """A shadow on a tenth of the traffic scores about a tenth and counts the rest."""
    traffic(*({"x": number} for number in range(300)), share=0.1)
    start_version()
    until(lambda: counts()["open"] == 0)
    found = counts()
    assert found["scored"] + found["sampled_out"] == 300
    assert 8 <= found["scored"] <= 60


def test_a_killed_child_costs_nothing(
    traffic: Traffic,
    start_version: Start,
    counts: Counts,
    until: Until,
    tmp_path: Path,
) -> None:
    """kill -9 of the child in the midst of a batch: all is scored, each once."""
    starts = tmp_path / "starts"
    traffic(*({"x": number, "do": "sleep", "seconds": 0.1} for number in range(8)))
    start_version(str(starts))
    until((tmp_path / "starts.asleep").exists)  # in the midst of the batch of 0.8 s
    os.kill(_child(starts), signal.SIGKILL)
    until(lambda: counts()["open"] == 0)
    assert counts()["scored"] == 8
    assert len(starts.read_text().split()) == 2


def test_a_dead_claimant_s_work_is_done_by_another(
    database: Engine, traffic: Traffic, start_version: Start, counts: Counts, until: Until
) -> None:
    """An item whose claimant was killed is free once its lease has run out."""
    traffic({"x": 1}, {"x": 2})
    assert claim(database, "houses", "model", "2.0.0", "killed", 0.5)
    start_version()
    until(lambda: counts()["open"] == 0)
    assert counts()["scored"] == 2


def test_a_long_batch_keeps_its_lease(
    traffic: Traffic, start_version: Start, counts: Counts, until: Until
) -> None:
    """Two claimants, and a batch four times as long as the lease: it is scored once."""
    traffic({"x": 1, "do": "sleep", "seconds": 2.0})
    _, one = start_version(lease_s=0.5)
    _, two = start_version(lease_s=0.5)
    until(lambda: counts()["open"] == 0)
    until(lambda: any(isinstance(event, ItemClosed) for event in one + two))
    assert sum(isinstance(event, ItemClosed) for event in one + two) == 1
    assert counts()["scored"] == 1


def test_a_claimant_that_lost_its_lease_drops_its_work(
    database: Engine, traffic: Traffic, start_version: Start, counts: Counts, until: Until
) -> None:
    """Whoever took the item over decides its fate, and the loser goes on with the next."""
    traffic({"x": 1, "do": "sleep", "seconds": 2.0})
    start_version(lease_s=1.0)
    until(lambda: _leased(database))
    _take_the_last(database)
    traffic({"x": 2})
    until(lambda: counts()["scored"] == 1)
    with database.connect() as connection:
        query = text("SELECT claimed_by FROM work WHERE state = 'leased'")
        assert connection.execute(query).scalar_one() == "thief"


def test_two_claimants_share_the_work(
    traffic: Traffic, start_version: Start, counts: Counts, results: Results, until: Until
) -> None:
    """Both score, and nothing is scored twice."""
    for _ in range(12):
        traffic(*({"x": number, "do": "sleep", "seconds": 0.01} for number in range(5)))
    _, one = start_version()
    _, two = start_version()
    until(lambda: counts()["open"] == 0)
    assert counts()["scored"] == len(results()) == 60
    until(lambda: sum(isinstance(event, ItemClosed) for event in one + two) == 12)
    assert any(isinstance(event, ItemClosed) for event in one)
    assert any(isinstance(event, ItemClosed) for event in two)


def test_stopping_gives_the_item_back_at_once(
    database: Engine, traffic: Traffic, start_version: Start, until: Until, tmp_path: Path
) -> None:
    """No lease and no child is left behind, though the model hangs."""
    starts = tmp_path / "starts"
    traffic({"x": 1, "do": "hang"})
    stop, _ = start_version(str(starts))
    until(lambda: _leased(database))
    until(starts.exists)
    began = time.monotonic()
    stop.set()
    until(lambda: not _leased(database))
    assert time.monotonic() - began < 3
    until(lambda: not Path(f"/proc/{_child(starts)}").exists())


def test_the_next_item_is_read_ahead_and_given_back_too(
    database: Engine, traffic: Traffic, start_version: Start, counts: Counts, until: Until
) -> None:
    """While one is scored the next is in hand; on stopping, both are anybody's at once."""
    traffic({"x": 1})
    for _ in range(2):
        traffic({"x": 2, "do": "hang"})
    stop, _ = start_version()
    until(lambda: counts()["leased"] == 2)
    assert counts()["scored"] == 1
    began = time.monotonic()
    stop.set()
    until(lambda: not _leased(database))
    assert time.monotonic() - began < 3


def test_an_item_in_hand_that_another_takes_is_the_other_s(
    database: Engine, traffic: Traffic, start_version: Start, counts: Counts, until: Until
) -> None:
    """It is dropped when its turn comes, and those behind it are scored."""
    traffic({"x": 1})
    traffic({"x": 2, "do": "sleep", "seconds": 2.0})
    traffic({"x": 3})
    start_version(lease_s=1.0)
    until(lambda: counts()["leased"] == 2)
    _take_the_last(database)
    traffic({"x": 4})
    until(lambda: counts()["scored"] == 3)
    assert counts()["leased"] == 1


def test_nothing_is_read_ahead_of_a_model_that_fails(
    traffic: Traffic, start_version: Start, counts: Counts, state: State, until: Until
) -> None:
    """What it cannot score now waits in nobody's hands."""
    for _ in range(6):
        traffic({"x": 1, "do": "raise"})
    start_version()
    until(lambda: _is(state(), "failing"))
    assert counts()["failed"] == 4
    assert counts()["leased"] == 0


def test_a_model_that_fails_its_quiz_is_broken_and_tried_again(
    traffic: Traffic, start_version: Start, counts: Counts, state: State, until: Until
) -> None:
    """Its work waits; once it starts, it scores."""
    command = [sys.executable, str(Path(__file__).with_name("misbehaving_child.py")), "broken"]
    traffic({"x": 1})
    _, events = start_version(command=lambda _: command)
    until(lambda: _is(state(), "broken"))
    found = state()
    assert found
    assert "2 + 2 is not 5." in found.detail
    assert counts()["open"] == 1
    command[-1] = "well"
    until(lambda: _is(state(), "scoring"))
    until(lambda: counts()["scored"] == 1)
    assert [event.state for event in events if isinstance(event, StateChanged)][-1] == "scoring"


def test_an_artefact_that_cannot_be_had_is_broken(
    start_version: Start, state: State, until: Until, obedient_artefact: Artefact
) -> None:
    """A store that has no such artefact, or fails in its own way, is asked again."""
    failures: list[Exception] = [ArtefactMissing("model:2.0.0 is not stored."), OSError("no disk")]

    def fetch() -> Artefact:
        if failures:
            raise failures.pop()
        return obedient_artefact

    _, events = start_version(fetch=fetch)
    until(lambda: _is(state(), "scoring"))
    details = [event.detail for event in events if isinstance(event, StateChanged)]
    assert "OSError: no disk" in details[0]
    assert "model:2.0.0 is not stored." in details[1]


def test_a_model_that_loses_whole_batches_is_failing(
    traffic: Traffic, start_version: Start, counts: Counts, state: State, until: Until
) -> None:
    """After four lost items in a row it waits, and one success makes it sound again."""
    for _ in range(4):
        traffic({"x": 1, "do": "raise"})
    start_version()
    until(lambda: _is(state(), "failing"))
    found = state()
    assert found
    assert "raised ValueError" in found.detail
    traffic({"x": 1})
    until(lambda: _is(state(), "scoring"))
    assert counts() == {
        "scored": 1,
        "sampled_out": 0,
        "skipped": 0,
        "failed": 4,
        "open": 0,
        "leased": 0,
    }


@pytest.mark.parametrize("lease_s", [20, 0.5])
def test_an_outage_of_postgres_is_waited_out(
    outage: Callable[[], AbstractContextManager[None]],
    traffic: Traffic,
    start_version: Start,
    counts: Counts,
    until: Until,
    caplog: pytest.LogCaptureFixture,
    lease_s: float,
) -> None:
    """Results wait for Postgres, and those that waited longer than their lease are made anew."""
    traffic({"x": 1, "do": "sleep", "seconds": 0.5})
    start_version(lease_s=lease_s)
    until(lambda: counts()["leased"] == 1)
    with outage():
        until(lambda: "The results of model:2.0.0 wait" in caplog.text)
    until(lambda: counts()["open"] == 0)
    assert counts()["scored"] == 1


def _leased(engine: Engine) -> bool:
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM work WHERE state = 'leased'")
        return bool(connection.execute(query).scalar_one())


def _take_the_last(engine: Engine) -> None:
    """Give the last item to another claimant."""
    query = (
        "UPDATE work SET claimed_by = 'thief', attempts = 9,"
        " lease_until = now() + interval '1 hour' WHERE id = (SELECT max(id) FROM work)"
    )
    with engine.begin() as connection:
        connection.execute(text(query))
