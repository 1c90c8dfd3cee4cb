"""Faults: a process, or all of them, are killed or stopped at any moment."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import httpx
import psycopg2

from tests.chaos.records import ask
from tests.chaos.stage import Stage, current
from tests.stack import eventually, is_alive

_FOUND_WITHIN_S = 60.0  # it may be about to start again after an earlier fault
_STARTED_WITHIN_S = 120.0


def kill(who: str, seed: int = 0) -> int:
    """
    End one process with SIGKILL and return its number.

    `who` is a name of VICTIMS; of several, the `seed` chooses. When the api is concerned, who was
    under way until all processes that go with it are gone may go without an answer.
    """
    stage = current()
    struck = _strike(stage, who, seed, signal.SIGKILL)
    stage.fault()
    eventually(lambda: not any(map(is_alive, struck.fallen)))
    if who == "arbiter":
        eventually(_answers(stage), _STARTED_WITHIN_S)
    if who in ("worker", "arbiter"):
        stage.ledger.excuse(struck.at, time.monotonic())
    return struck.pid


def kill_everything() -> int:
    """End `understudy up` and all that came of it at once, start it again, and wait until it is."""
    stage = current()
    with stage.taking_the_api():
        killed = len(stage.stack.everyone()) + 1
        stage.stack.kill()
        start_again(stage)
    return killed


def start_again(stage: Stage) -> None:
    """Start a stack that was killed just now, and wait until it answers."""
    stage.fault()
    stage.stack.start()
    eventually(_answers(stage), _STARTED_WITHIN_S)


def stop(who: str, seconds: float, seed: int = 0) -> int:
    """Stop a process with SIGSTOP, which neither ends nor answers, and let it go on after that."""
    stage = current()
    pid = _strike(stage, who, seed, signal.SIGSTOP).pid
    with held([pid]):
        time.sleep(seconds)
    stage.fault()
    return pid


@contextlib.contextmanager
def held(pids: Sequence[int]) -> Iterator[None]:
    """Hold processes still for as long as the block lasts; whom a held api serves may wait."""
    stage, began = current(), time.monotonic()
    holds_api = not set(pids).isdisjoint(stage.stack.pids("serve"))
    try:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):  # another fault has ended it meanwhile
                os.kill(pid, signal.SIGCONT)
        if holds_api:
            stage.ledger.delay(began, time.monotonic())


def shipping_goes_on_without(who: str, shipments: int = 8) -> int:
    """Stop a process, and let it go on only when so many more shipments are recorded."""
    stage = current()
    with held([_strike(stage, who, 0, signal.SIGSTOP).pid]):
        wait_for_shipments(stage, shipments)
    stage.fault()
    return shipments


def wait_for_shipments(stage: Stage, count: int) -> None:
    """Wait until so many more shipments are recorded."""

    def recorded() -> int:
        return int(ask(stage.postgres, "SELECT count(*) FROM shipment")[0][0])

    until = recorded() + count
    eventually(lambda: recorded() >= until, _FOUND_WITHIN_S)


def _workers(stage: Stage) -> list[int]:
    return stage.stack.pids("serve")[1:]


def _children(stage: Stage) -> list[int]:
    return stage.stack.pids("shadow")[1:]


def _backends(stage: Stage) -> list[int]:
    """Return the processes of Postgres that serve the product, those at work first."""
    rows = ask(
        stage.postgres,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'understudy'"
        " ORDER BY state = 'active' DESC, pid",
    )
    return [pid for (pid,) in rows]


def _first(part: str) -> Callable[[Stage], list[int]]:
    return lambda stage: stage.stack.pids(part)[:1]


VICTIMS: Mapping[str, Callable[[Stage], list[int]]] = {
    "worker": _workers,
    "arbiter": _first("serve"),
    "agent": _first("agent"),
    "shadow": _first("shadow"),
    "shadow child": _children,
    "watcher": _first("watch"),
    "postmaster": lambda stage: stage.stack.postmasters(),
    "backend": _backends,
}


class _Struck(NamedTuple):
    """Who was sent a signal and when, by the monotonic clock, and those who go with it."""

    pid: int
    at: float
    fallen: list[int]


def _strike(stage: Stage, who: str, seed: int, how: signal.Signals) -> _Struck:
    """Send a signal to a victim once there is one."""
    struck: list[_Struck] = []

    def is_struck() -> bool:
        # Another fault may have been quicker; and Postgres may be away, and comes back.
        with contextlib.suppress(ProcessLookupError, psycopg2.Error, IndexError):
            pid = random.Random(seed).choice(VICTIMS[who](stage))  # noqa: S311
            fallen = [pid, *(_workers(stage) if who == "arbiter" else ())]
            at = time.monotonic()
            os.kill(pid, how)
            struck.append(_Struck(pid, at, fallen))
        return bool(struck)

    eventually(is_struck, _FOUND_WITHIN_S)
    return struck[0]


def _answers(stage: Stage) -> Callable[[], bool]:
    """Say, when asked, whether the api answers."""

    def answers() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return stage.stack.get("/health/ready").status_code == 200
        return False

    return answers
