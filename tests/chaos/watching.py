"""Activities that are no faults: let requests flow, wait until all is well, tell the figures."""

import time

from tests.chaos.stage import current
from tests.stack import eventually

_WELL_WITHIN_S = 120.0
_OVER_WITHIN_S = 240.0


def requests_flow(answers: int = 50) -> int:
    """Let requests flow until so many more are answered; they flow on after that."""
    stage = current()
    stage.flow()
    stage.wait_for_answers(answers)
    return len(stage.ledger.answered)


def faults_are_over(count: int) -> None:
    """Wait until so many faults that run in the background have ended."""
    stage = current()
    eventually(lambda: stage.in_the_background == count, _OVER_WITHIN_S)


def recovers(answers: int = 30) -> float:
    """
    Wait until every part is well and requests are answered; return the seconds since the fault.

    The seconds are those until all parts said that they can do their work. Raises AssertionError if
    no fault has told that it took place.
    """
    stage = current()
    assert stage.last_fault is not None, "no fault has told that it took place"
    eventually(stage.is_well, _WELL_WITHIN_S)
    stage.recovery_s = round(time.monotonic() - stage.last_fault, 2)
    stage.wait_for_answers(answers)
    return stage.recovery_s


def figures() -> dict[str, object]:
    """Hold the load, settle, and return all figures of the experiment."""
    stage = current()
    account = stage.account()
    return account.to_json() | {"recovery_s": stage.recovery_s, "failures": stage.failures}
