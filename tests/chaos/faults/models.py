"""Faults: a shadow whose model hangs, dies, lies, leaks or forks at a certain instance."""

import os
import signal
import time
from uuid import uuid4

from tests.chaos.ledger import Request
from tests.chaos.records import ask
from tests.chaos.stage import Stage, current
from tests.chaos.template import UNRULY
from tests.chaos.unruly import Unruly
from tests.stack import eventually, is_alive

_WITHIN_S = 60.0
_SCORED_WITHIN_S = 480.0  # every halving costs a child, and children go last
_HARMLESS = ("leak", "fork")  # the instance itself is answered


def poison(sign: str, among: int = 1000, times: int = 1) -> str:
    """
    Send an instance that makes the unruly shadow do what the sign says, among so many others.

    That one has to be recorded as a failure of this shadow, and nobody else.
    """
    stage = current()
    for _ in range(times):
        place = among * 617 // 1000
        instances = [dict(one) for one in stage.load.take(among)]
        instances[place]["frontage"] = Unruly.SIGNS[sign]
        request = Request(uuid4().hex, among, time.monotonic())
        stage.ledger.note(request)
        stage.load.post(request, instances)
        if sign not in _HARMLESS:
            stage.poisoned.add((request.client_id, place))
    stage.fault()
    return f"instance {place} of {among}"


def wait_until_scored() -> None:
    """Wait until the unruly shadow has something to say of every poisoned instance."""
    stage = current()
    name, _, version = UNRULY.partition(":")
    query = """
        SELECT 1 FROM prediction JOIN shadow_prediction s USING (request_id, instance_no)
        WHERE client_id = %s AND instance_no = %s AND s.name = %s AND s.version = %s
    """

    def all_are_scored() -> bool:
        return all(ask(stage.postgres, query, *place, name, version) for place in stage.poisoned)

    eventually(all_are_scored, _SCORED_WITHIN_S)


def forks_end_with_their_child() -> int:
    """Kill the child that forked, and wait until what it left behind is gone; return how many."""
    stage = current()
    eventually(lambda: _grandchildren(stage), _WITHIN_S)
    left = _grandchildren(stage)
    for child in {parent for _, parent in left}:
        os.kill(child, signal.SIGKILL)
    stage.fault()
    eventually(lambda: not any(is_alive(pid) for pid, _ in left), _WITHIN_S)
    return len(left)


def _grandchildren(stage: Stage) -> list[tuple[int, int]]:
    """Return the processes that children of the shadow have started, with their parents."""
    parents = set(stage.stack.pids("shadow")[1:])
    return [(pid, parent) for pid, parent in stage.stack.family() if parent in parents]
