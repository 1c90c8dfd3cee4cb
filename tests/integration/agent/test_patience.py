"""Shipping is felt by nobody while what waits is young, and gets on when it has to."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.integration.agent.bench import Bench, served
from understudy.agent import courier as couriers
from understudy.agent.courier import PATIENCE_S, Courier
from understudy.agent.events import Event, Shipped
from understudy.agent.follower import Follower
from understudy.agent.hands import HANDS, Hands
from understudy.agent.run import run_agent
from understudy.log.database import driver


@pytest.fixture
def ranks(bench: Bench) -> Iterator[Callable[[Courier], set[int]]]:
    """Return a way to ship one request that says at which rank that was done."""
    found: set[int] = set()

    def look(event: Event) -> None:
        if isinstance(event, Shipped):
            found.add(os.sched_getscheduler(0))

    bench.seen.and_then = look
    writer = bench.writer()

    def ship(courier: Courier) -> set[int]:
        found.clear()
        writer.append([served()])
        assert courier.carry() == 1
        return set(found)

    yield ship
    writer.close()


def test_what_is_young_is_shipped_by_patient_hands(
    bench: Bench, ranks: Callable[[Courier], set[int]]
) -> None:
    """Until it comes to the end, when nothing waits for better times."""
    with closing(bench.courier()) as courier:
        assert ranks(courier) == {os.SCHED_IDLE}
        courier.hurry()
        assert ranks(courier) == {os.SCHED_OTHER}


def test_at_the_end_shipping_gets_on(bench: Bench) -> None:
    """A stop has a deadline, and nothing waits for better times."""
    found = []
    bench.seen.and_then = lambda event: (
        found.append(os.sched_getscheduler(0)) if isinstance(event, Shipped) else None
    )
    bench.writer(served()).close()
    stop = threading.Event()
    stop.set()
    run_agent(bench.settings, stop, bench.seen)
    assert found == [os.SCHED_OTHER]


def test_after_a_change_shipping_gets_on(
    bench: Bench, ranks: Callable[[Courier], set[int]]
) -> None:
    """Whoever decided it waits for the workers' word, which comes by the same hands."""
    follower = Follower(bench.settings, bench.engine, bench.seen)
    with closing(bench.courier_of(follower)) as courier:
        assert ranks(courier) == {os.SCHED_IDLE}
        follower.follow()
        assert ranks(courier) == {os.SCHED_OTHER}
        follower.changed_at -= PATIENCE_S
        follower.follow()  # nothing new
        assert ranks(courier) == {os.SCHED_IDLE}
    anew = Follower(bench.settings, bench.engine, bench.seen)
    anew.follow()  # nothing new to this machine
    with closing(bench.courier_of(anew)) as courier:
        assert not courier.is_pressed


def test_what_is_old_is_shipped_though_it_is_felt(
    bench: Bench, ranks: Callable[[Courier], set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as it is measured; and when it is gone there is patience again."""
    monkeypatch.setattr(couriers, "_MEASURE_EVERY_S", 0.0)
    monkeypatch.setattr(couriers, "_MEASURING_SHARE", 1e9)
    with closing(bench.courier()) as courier:
        writer = bench.writer(served(served_at=time.time() - PATIENCE_S - 1))
        courier.measure()
        assert courier.is_pressed
        assert courier.carry() == 1
        courier.measure()
        assert ranks(courier) == {os.SCHED_IDLE}
        writer.close()


def test_a_long_turn_ends_so_that_it_can_be_pressed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the batch that is under way: on a full machine patient hands take seconds for each."""
    monkeypatch.setattr(couriers, "BATCH_INSTANCES", 1)
    monkeypatch.setattr(couriers, "_TURN_S", 0.0)
    writer = bench.writer(served(), served())
    with closing(bench.courier()) as courier:
        assert (courier.carry(), courier.is_behind) == (1, True)
        assert (courier.carry(), courier.is_behind) == (1, True)
        assert (courier.carry(), courier.is_behind) == (0, False)
    writer.close()


@pytest.mark.parametrize(("is_patient", "rank"), [(True, os.SCHED_IDLE), (False, os.SCHED_OTHER)])
def test_hands_and_their_backends_have_one_rank(bench: Bench, is_patient: bool, rank: int) -> None:
    """All of them, and nobody beside them: they share a process with who follows deployments."""
    together = threading.Barrier(HANDS)

    def look(_: int) -> tuple[int, int]:
        with hands.engine.connect() as connection:
            together.wait(10)
            backend = driver(connection).info.backend_pid
            return os.sched_getscheduler(0), os.sched_getscheduler(backend)

    assert bench.settings.database_url is not None
    with closing(Hands(bench.settings.database_url, patient=is_patient)) as hands:
        assert list(hands.map(look, range(HANDS))) == [(rank, rank)] * HANDS
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
