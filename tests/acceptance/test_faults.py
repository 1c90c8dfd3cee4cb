"""What was answered is recorded once, whoever is killed."""

import json
import os
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.stack import UNDERSTUDY, Stack, eventually, is_alive
from tests.tiny import make_instances


def test_killing_the_api_during_send_loses_no_answered_prediction(
    stack: Stack, tmp_path: Path
) -> None:
    """Every request that `send` saw answered is in the log, exactly once."""
    rows, ids = tmp_path / "rows.jsonl", tmp_path / "ids.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in make_instances(900)))
    sending = subprocess.Popen(
        [*UNDERSTUDY, "send", str(rows), "--ids", str(ids), "--rate", "300"],
        env=stack.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    eventually(lambda: ids.exists() and len(ids.read_text().splitlines()) > 200)
    for pid in stack.pids("serve"):
        os.kill(pid, signal.SIGKILL)
    said, _ = sending.communicate(timeout=120)
    answered = [json.loads(line) for line in ids.read_text().splitlines()]
    answered = [row for row in answered if row["status"] == 200]
    assert len(answered) == 900, said
    eventually(lambda: _spooled(stack) == 0)
    assert _recorded(stack) >= len({row["request_id"] for row in answered})
    missing = [row for row in answered if not _is_recorded(stack, row["request_id"])]
    assert missing == []


def test_predictions_go_on_without_postgres(stack: Stack) -> None:
    """With Postgres stopped callers notice nothing, and all of it is in the log afterwards."""
    before = stack.predict(3)
    stack.recorded(before.json()["request_id"])
    (postmaster,) = stack.postmasters()
    os.kill(postmaster, signal.SIGSTOP)
    try:
        answers = [stack.predict(2, seed) for seed in range(20)]
        assert [answer.status_code for answer in answers] == [200] * 20
        assert stack.get("/health/ready").status_code == 200
    finally:
        os.kill(postmaster, signal.SIGCONT)
    os.kill(postmaster, signal.SIGKILL)
    more = [stack.predict(2, seed) for seed in range(20, 30)]
    assert [answer.status_code for answer in more] == [200] * 10
    for answer in answers + more:
        assert len(stack.recorded(answer.json()["request_id"])["instances"]) == 2


def test_a_second_start_finds_everything_again(stack: Stack) -> None:
    """What was deployed and recorded is there after a stop and a start."""
    request_id = stack.predict().json()["request_id"]
    assert stack.stop() == 0
    with pytest.raises(httpx.ConnectError):
        stack.get("/health/live")
    stack.start()
    eventually(lambda: stack.get("/health/ready").status_code == 200)
    assert stack.predict().json()["model"]["version"] == "1.0.0"
    assert stack.recorded(request_id)["model"]["version"] == "1.0.0"


def test_nothing_survives_its_owner(stack: Stack) -> None:
    """kill -9 of `understudy up` ends every process it started, and a new start works."""
    answered = stack.predict().json()["request_id"]
    parts = [pid for part in ("serve", "agent", "shadow", "watch") for pid in stack.pids(part)]
    everyone = parts + stack.postmasters()
    assert len(everyone) >= 6
    stack.process.kill()
    stack.process.wait()
    eventually(lambda: not any(is_alive(pid) for pid in everyone))
    stack.start()
    assert stack.recorded(answered)["model"]["version"] == "1.0.0"


def _spooled(stack: Stack) -> float:
    return stack.metric("understudy_spool_backlog_instances", port=1)


def _recorded(stack: Stack) -> float:
    return stack.metric("understudy_shipped_instances_total", port=1)


def _is_recorded(stack: Stack, request_id: str) -> bool:
    found = stack.get(f"/v1/predictions/{request_id}")
    # One instance was sent: a second record of it would be a second entry.
    return found.status_code == 200 and len(found.json()["instances"]) == 1
