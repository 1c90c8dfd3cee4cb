"""Breaches of the promises, made by hand: the experiments with these have to find them."""

import os
import signal
import time

from tests.chaos.account import LATE_S
from tests.chaos.ledger import Request
from tests.chaos.records import ask, command
from tests.chaos.stage import ENDPOINT, Stage, current
from tests.stack import eventually

_ROW = "SELECT request_id::text FROM {} WHERE instance_no = 3 LIMIT 1"
_COLUMNS = ("shipment_id, endpoint, request_id, instance_no, client_id, served_at, name, version,"
            " instance, output, value, label, deployment_id")  # fmt: skip


def remove_a_row() -> str:
    """Remove one instance from the prediction log."""
    return _break("DELETE FROM prediction WHERE request_id = %s AND instance_no = 3", "prediction")


def double_a_row() -> str:
    """Record one instance a second time, a moment later."""
    return _break(
        f"INSERT INTO prediction (recorded_at, {_COLUMNS})"  # noqa: S608 - both are ours
        f" SELECT recorded_at + interval '1 microsecond', {_COLUMNS} FROM prediction"
        " WHERE request_id = %s AND instance_no = 3",
        "prediction",
    )


def change_a_row() -> str:
    """Record another answer than was given."""
    return _break(
        "UPDATE prediction SET output = '1' WHERE request_id = %s AND instance_no = 3",
        "prediction",
    )


def remove_a_shadow_row() -> str:
    """Remove what the shadow said of one instance."""
    return _break(
        "DELETE FROM shadow_prediction WHERE request_id = %s AND instance_no = 3"
        " AND version = '2.0.0'",
        "shadow_prediction",
    )


def take_the_api_unannounced() -> int:
    """Kill the api without a word to the ledger, so that its failures are live errors."""
    stage = current()
    victims = stage.stack.pids("serve")
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    stage.fault()
    eventually(lambda: stage.ledger.failed)
    return len(victims)


def fail_a_shadow_row() -> str:
    """Record that the shadow failed on an instance on which it did not."""
    return _break(
        "UPDATE shadow_prediction SET status = 'failed', output = NULL, value = NULL,"
        " error = 'sabotage' WHERE request_id = %s AND instance_no = 3 AND version = '2.0.0'",
        "shadow_prediction",
    )


def set_a_request_aside() -> None:
    """Put a request into quarantine that nothing has damaged."""
    stage = current()
    command(
        stage.postgres,
        "INSERT INTO quarantine (endpoint, spool, seq, payload, error)"
        " VALUES (%s, gen_random_uuid(), 1, '', 'sabotage')",
        ENDPOINT,
    )
    stage.fault()


def forget_an_answer() -> str:
    """Let the client take an answer for none, so that its request was recorded unasked."""
    stage = current()
    eventually(lambda: stage.ledger.answered)
    request = stage.ledger.answered[0]
    request.status, request.error = None, "sabotage"
    stage.fault()
    return request.client_id


def send_unnoted() -> None:
    """Send a request that the client knows nothing of, and leave no trace of it but the api's."""
    stage = current()
    request = Request("unnoted", 1, time.monotonic())
    stage.load.post(request, stage.load.take(1))
    scored = "SELECT 1 FROM shadow_prediction WHERE request_id = %s AND version = '2.0.0'"
    eventually(lambda: ask(stage.postgres, scored, request.request_id))
    for table in ("shadow_prediction", "prediction"):
        command(
            stage.postgres,
            f"DELETE FROM {table} WHERE request_id = %s",  # noqa: S608 - both are ours
            request.request_id,
        )
    stage.fault()


def hold_the_api_unannounced(seconds: float = 2 * LATE_S) -> int:
    """Hold the workers of the api still without a word to the ledger, so that answers are late."""
    stage = current()
    workers = stage.stack.pids("serve")[1:]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    stage.fault()
    return len(workers)


def do_nothing() -> None:
    """Fail to do any harm."""
    raise ProcessLookupError("There is nobody to kill.")


def _break(statement: str, table: str) -> str:
    stage = current()
    request_id = _somebody(stage, table)
    command(stage.postgres, statement, request_id)
    stage.fault()
    return request_id


def _somebody(stage: Stage, table: str) -> str:
    """Return a request that is recorded, and scored if the shadow's table is asked."""
    found: list[str] = []

    def is_there() -> bool:
        found[:] = [one for (one,) in ask(stage.postgres, _ROW.format(table))]
        return bool(found)

    eventually(is_there)
    return found[0]
