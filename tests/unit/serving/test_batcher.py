"""Requests that wait together are scored together, and nobody pays for a neighbour."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.tiny import make_instances
from understudy.errors import ModelError, NotReady, Overloaded, ScoringFailed, SpoolFull
from understudy.records import ServedRequest
from understudy.serving.batcher import MOST_WAITING_INSTANCES, MicroBatcher
from understudy.serving.engines import Engine, Predictions, Scores
from understudy.serving.generation import Generation
from understudy.serving.pace import Cost
from understudy.serving.validation import Instances
from understudy.settings import SpoolPolicy


class Memory:
    """A spool in memory that can be told to fail."""

    def __init__(self) -> None:
        self.batches: list[list[ServedRequest]] = []
        self.lost = 0
        self.error: Exception | None = None

    def append(self, requests: Sequence[ServedRequest]) -> None:
        """Keep the batch, or raise."""
        if self.error is not None:
            raise self.error
        self.batches.append(list(requests))

    def count_lost(self, instances: int) -> None:
        """Count."""
        self.lost += instances


class Fragile:
    """An engine that raises for instances marked as poison."""

    name = "fragile"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.calls: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """Predict as the real engine does, unless there is poison."""
        self.gate.wait(10)
        self.calls.append(len(instances))
        if any(instance.get("zone") == "poison" for instance in instances):
            raise ZeroDivisionError("poison")
        return self._engine.predict(instances)

    def score(self, instances: Sequence[Mapping[str, object]]) -> Scores:
        """Score as the real engine does."""
        return self._engine.score(instances)


INSTANCES = make_instances(12)
TIMEOUT_S = 30.0
POISON = [{**INSTANCES[0], "zone": "poison"}]


@pytest.fixture
def fragile(generation: Generation) -> Fragile:
    """Return an engine around the real one."""
    return Fragile(generation.engine)


def run(
    generation: Generation,
    spool: Memory,
    requests: Sequence[list[dict[str, object]]],
    policy: SpoolPolicy = "serve",
) -> list[Predictions | BaseException]:
    """Send the requests at the same moment and return what each got."""

    async def together() -> list[Predictions | BaseException]:
        batcher = MicroBatcher(spool, policy, TIMEOUT_S)
        sent = [
            batcher.predict(generation, f"r{number}", None, instances)
            for number, instances in enumerate(requests)
        ]
        try:
            return await asyncio.gather(*sent, return_exceptions=True)
        finally:
            batcher.close()

    return asyncio.run(together())


@pytest.mark.parametrize("is_slow", [False, True])
def test_requests_of_one_moment_are_one_call_and_one_append(
    generation: Generation, fragile: Fragile, is_slow: bool
) -> None:
    """Four waiting requests make one batch, and each gets its own answers in order."""
    spool = Memory()
    requests = [INSTANCES[0:1], INSTANCES[1:4], INSTANCES[4:5], INSTANCES[5:12]]
    answers = run(replace(generation, engine=fragile, is_slow=is_slow), spool, requests)
    assert fragile.calls == [12]
    assert [request.request_id for request in spool.batches[0]] == ["r0", "r1", "r2", "r3"]
    expected = generation.engine.predict(INSTANCES).outputs
    found = [output for answer in answers if isinstance(answer, Predictions)
             for output in answer.outputs]  # fmt: skip
    assert found == expected
    assert [list(request.outputs) for request in spool.batches[0]] == [
        expected[0:1], expected[1:4], expected[4:5], expected[5:12]
    ]  # fmt: skip


@pytest.mark.parametrize("is_slow", [False, True])
def test_one_bad_request_takes_no_other_with_it(
    generation: Generation, fragile: Fragile, is_slow: bool
) -> None:
    """The neighbours of a request that the model cannot answer are answered and recorded."""
    spool = Memory()
    requests = [INSTANCES[0:1], POISON, INSTANCES[1:2]]
    answers = run(replace(generation, engine=fragile, is_slow=is_slow), spool, requests)
    assert isinstance(answers[1], ScoringFailed)
    assert "ZeroDivisionError: poison" in str(answers[1])
    assert isinstance(answers[1].__cause__, ZeroDivisionError)
    assert isinstance(answers[0], Predictions)
    assert isinstance(answers[2], Predictions)
    assert [request.request_id for request in spool.batches[0]] == ["r0", "r2"]


def test_a_batch_never_mixes_two_generations(generation: Generation, fragile: Fragile) -> None:
    """Requests that were accepted by different generations are scored by their own."""
    other = replace(generation, deployment_id=2, engine=Fragile(generation.engine))
    spool = Memory()

    async def together() -> None:
        batcher = MicroBatcher(spool, "serve", TIMEOUT_S)
        first = replace(generation, engine=fragile)
        await asyncio.gather(
            batcher.predict(first, "r0", None, INSTANCES[0:1]),
            batcher.predict(other, "r1", None, INSTANCES[1:2]),
            batcher.predict(other, "r2", None, INSTANCES[2:3]),
        )
        batcher.close()

    asyncio.run(together())
    assert fragile.calls == [1]
    assert isinstance(other.engine, Fragile)
    assert other.engine.calls == [2]
    recorded = [(one.request_id, one.deployment_id) for batch in spool.batches for one in batch]
    assert recorded == [("r0", 1), ("r1", 2), ("r2", 2)]


@pytest.mark.promise("spools", "With the policy serve, a full disk is answered and counted")
def test_a_full_disk_is_answered_and_counted_under_serve(generation: Generation) -> None:
    """By default callers get their answers, and the loss is counted per instance."""
    spool = Memory()
    spool.error = sqlite3.OperationalError("database or disk is full")
    answers = run(generation, spool, [INSTANCES[0:3], INSTANCES[3:4]])
    assert all(isinstance(answer, Predictions) for answer in answers)
    assert spool.lost == 4


@pytest.mark.parametrize("is_slow", [False, True])
def test_a_strange_failure_of_the_spool_does_not_end_the_service(
    generation: Generation, is_slow: bool
) -> None:
    """Whatever recording raises, this request is answered and the next one too."""
    spool = Memory()
    steady = replace(generation, is_slow=is_slow)

    async def twice() -> list[Predictions]:
        batcher = MicroBatcher(spool, "serve", TIMEOUT_S)
        spool.error = OSError("the volume is gone")
        first = await batcher.predict(steady, "r0", None, INSTANCES[0:1])
        spool.error = None
        second = await batcher.predict(steady, "r1", None, INSTANCES[1:2])
        batcher.close()
        return [first, second]

    async def in_time() -> list[Predictions]:
        return await asyncio.wait_for(twice(), 10)

    assert len(asyncio.run(in_time())) == 2
    assert spool.lost == 1
    assert [request.request_id for request in spool.batches[0]] == ["r1"]


@pytest.mark.promise("spools", "With the policy strict, what cannot be recorded is not answered")
def test_a_full_disk_is_refused_under_strict(generation: Generation) -> None:
    """Whoever asked for strictness gets no unrecorded answer."""
    spool = Memory()
    spool.error = sqlite3.OperationalError("database or disk is full")
    answers = run(generation, spool, [INSTANCES[0:1]], policy="strict")
    assert isinstance(answers[0], SpoolFull)
    assert "disk is full" in str(answers[0])
    assert spool.lost == 0


def test_a_caller_that_gave_up_leaves_no_record(generation: Generation, fragile: Fragile) -> None:
    """A request that timed out before its batch ran is neither scored on nor recorded."""
    spool = Memory()
    slow = replace(generation, engine=fragile, is_slow=True)

    async def give_up() -> None:
        batcher = MicroBatcher(spool, "serve", TIMEOUT_S)
        fragile.gate.clear()
        first = asyncio.create_task(batcher.predict(slow, "r0", None, INSTANCES[0:1]))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(batcher.predict(slow, "r1", None, INSTANCES[1:2]))
        third = asyncio.create_task(batcher.predict(slow, "r2", None, INSTANCES[2:3]))
        await asyncio.sleep(0.01)
        first.cancel()
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        fragile.gate.set()
        await third
        batcher.close()

    asyncio.run(give_up())
    assert [request.request_id for batch in spool.batches for request in batch] == ["r2"]
    assert fragile.calls == [1, 1]


def test_a_queue_that_is_full_turns_requests_away(generation: Generation) -> None:
    """Beyond the limit a request is told to come again instead of growing the queue."""
    half = INSTANCES[0:1] * (MOST_WAITING_INSTANCES // 2 + 1)
    answers = run(generation, Memory(), [half, half, INSTANCES[0:1]])
    assert isinstance(answers[0], Predictions)
    assert isinstance(answers[1], NotReady)
    assert isinstance(answers[2], Predictions)


class Slow(Fragile):
    """An engine that takes four milliseconds for each instance."""

    def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
        """Predict as the real engine does, later."""
        time.sleep(0.004 * len(instances))
        return super().predict(instances)


@pytest.mark.promise("limits", "A burst is answered in time or turned away at once")
def test_a_burst_is_answered_in_time_or_turned_away_at_once(generation: Generation) -> None:
    """Five times what fits: hardly anybody waits in vain, and afterwards all is as before."""
    engine, spool, timeout_s = Slow(generation.engine), Memory(), 4.0
    slow = replace(generation, engine=engine, is_slow=True, cost=Cost(0.0, 0.004))
    held: list[int] = []

    async def burst() -> tuple[list[Predictions | BaseException], Predictions]:
        batcher = MicroBatcher(spool, "serve", timeout_s)

        async def ask(number: int) -> Predictions:
            asking = batcher.predict(slow, f"r{number}", None, INSTANCES[0:1])
            held.append(batcher.held_instances)
            return await asyncio.wait_for(asking, timeout_s)

        answers = await asyncio.gather(*map(ask, range(3000)), return_exceptions=True)
        after = await ask(3000)
        assert batcher.held_instances == 0
        batcher.close()
        return answers, after

    answers, _ = asyncio.run(burst())
    answered = [answer for answer in answers if isinstance(answer, Predictions)]
    refused = [answer for answer in answers if isinstance(answer, Overloaded)]
    late = [answer for answer in answers if isinstance(answer, TimeoutError)]
    assert len(answered) + len(refused) + len(late) == 3000
    assert len(answered) > 100
    assert len(refused) > 2000
    assert all(refusal.retry_after_s == 2 for refusal in refused)
    assert max(held) <= 0.8 * timeout_s / 0.004
    assert sum(map(len, spool.batches)) == len(answered) + 1  # and nothing for nobody


def test_poison_is_found_by_halves(generation: Generation, fragile: Fragile) -> None:
    """Poison among a hundred requests costs a few calls more, not a call for each."""
    requests = [INSTANCES[0:1]] * 50 + [POISON] + [INSTANCES[0:1]] * 49
    answers = run(replace(generation, engine=fragile), Memory(), requests)
    assert [n for n, answer in enumerate(answers) if not isinstance(answer, Predictions)] == [50]
    assert len(fragile.calls) < 20


def test_a_model_error_is_passed_on_as_it_is(generation: Generation, fragile: Fragile) -> None:
    """What an engine says in its own words is not wrapped again."""

    class Refusing(Fragile):
        def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
            raise ModelError("the output is NaN")

    refusing = replace(generation, engine=Refusing(generation.engine))
    (answer,) = run(refusing, Memory(), [INSTANCES[0:1]])
    assert isinstance(answer, ModelError)
    assert str(answer) == "the output is NaN"


@pytest.mark.parametrize("policy", ["serve", "strict"])
def test_what_cannot_be_written_down_takes_no_other_along(
    generation: Generation, policy: SpoolPolicy
) -> None:
    """One request that no record can be made of is alone in that, whatever came with it."""

    def redact(instances: Instances) -> Instances:
        if instances[0] is odd[0]:
            raise TypeError("Integer exceeds 64-bit range")
        return instances

    odd, spool = [INSTANCES[3]], Memory()
    requests = [INSTANCES[0:2], odd, INSTANCES[4:7]]
    answers = run(replace(generation, redact=redact), spool, requests, policy)
    assert [request.request_id for batch in spool.batches for request in batch] == ["r0", "r2"]
    assert [isinstance(answer, Predictions) for answer in answers] == [
        True, policy == "serve", True
    ]  # fmt: skip
    assert spool.lost == (1 if policy == "serve" else 0)
