"""The main job over real processes: serve, shadow, outcomes, verdict, promotion, rollback."""

import os
import re
import signal
import threading

from tests.stack import Stack, eventually


def test_live_and_shadow_are_recorded_and_compared(stack: Stack) -> None:
    """Every instance is answered, recorded, paired and accounted for."""
    stack.run("deploy", "tiny-houses:2.0.0", "--shadow", "--why", "may be better")
    answers = [stack.predict(5, seed, **{"x-request-id": f"mine-{seed}"}) for seed in range(20)]
    assert all(answer.status_code == 200 for answer in answers)
    first = answers[0].json()
    # Each worker's spool is shipped by itself: that one is in the log says nothing of the other.
    record, *_ = [stack.recorded(answer.json()["request_id"]) for answer in answers]
    assert [entry["prediction"] for entry in record["instances"]] == first["predictions"]
    assert record["client_id"] == "mine-0"
    assert (
        stack.get("/v1/predictions?client_id=mine-3").json()["requests"][0]["request_id"]
        == (answers[3].json()["request_id"])
    )
    eventually(lambda: stack.answer("compare")["coverage"]["compared"] == 100)
    outcomes = [
        {"request_id": answer.json()["request_id"], "instance": number, "value": 200_000}
        for answer in answers
        for number in range(5)
    ]
    import httpx

    posted = httpx.post(f"{stack.url}/v1/outcomes", json={"outcomes": outcomes}).json()
    assert posted == {
        "new": 100, "unchanged": 0, "revised": 0, "matched": 100, "waiting": 0, "erased": 0,
    }  # fmt: skip
    again = httpx.post(f"{stack.url}/v1/outcomes", json={"outcomes": outcomes}).json()
    assert again["unchanged"] == 100
    comparison = stack.get("/v1/comparisons/tiny-houses:2.0.0").json()
    assert comparison["coverage"]["recorded"] == 100
    assert comparison["verdict"] == "NEED_MORE_DATA"
    shadows = stack.recorded(first["request_id"])["instances"][0]["shadows"]
    assert shadows[0]["status"] == "scored"
    traced = stack.answer("trace", first["request_id"])
    (traced_shadow,) = traced["instances"][0]["shadows"]
    assert (traced_shadow["digest"], traced_shadow["prediction"]) == (
        shadows[0]["digest"],
        shadows[0]["prediction"],
    )
    assert traced["deployment"]["why"] == "the test begins"
    assert traced["artefact"]["manifest"]["training"]["rows"] == 220
    assert stack.get("/v1/comparisons").json()["shadows"] == ["tiny-houses:2.0.0"]
    assert stack.get("/v1/comparisons/tiny-houses:9.0.0").status_code == 404
    models = stack.get("/v1/models").json()["models"]
    assert {model["version"] for model in models} == {"1.0.0", "2.0.0"}


def test_a_promotion_and_a_rollback_fail_no_request(stack: Stack) -> None:
    """All workers change within seconds while every request is answered by one version or other."""
    stack.run("deploy", "tiny-houses:2.0.0", "--shadow")
    stop = threading.Event()
    statuses: list[int] = []
    versions: list[str] = []

    def ask() -> None:
        while not stop.is_set():
            answer = stack.predict()
            statuses.append(answer.status_code)
            versions.append(answer.json()["model"]["version"])

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        promoted = stack.run("promote", "tiny-houses:2.0.0", "--why", "it is better")
        eventually(lambda: versions[-20:] == ["2.0.0"] * 20)
        stack.run("rollback", "--why", "it was not")
        eventually(lambda: versions[-20:] == ["1.0.0"] * 20)
    finally:
        stop.set()
        asking.join()
    assert re.search(r"2 of 2", promoted)
    assert set(statuses) == {200}
    history = stack.get("/v1/deployments").json()["history"]
    assert [decision["action"] for decision in history] == ["rollback", "promote", "shadow", "live"]
    assert history[0]["why"] == "it was not"


def test_a_wrong_command_is_one_clear_line(stack: Stack) -> None:
    """Errors name what is wrong and end with the status of their kind."""
    assert "tiny-houses:9.9.9" in stack.run("deploy", "tiny-houses:9.9.9", "--live", status=70)
    said = stack.run("promote", "tiny-houses:2.0.0", status=70)
    assert "not a shadow" in said or "shadow" in said
    stack.run("deploy", "tiny-houses:1.0.0", status=64)
    stack.run("deploy", "tiny-houses:2.0.0", "--shadow", "--live", status=64)
    stack.run("deploy", "tiny-houses:2.0.0", "--shadow", "--share", "nan", status=64)
    stack.run("compare", "--shadow", "tiny-houses:2.0.0", status=70)
    # A second stack on the same data names the first one, which goes on.
    assert str(stack.process.pid) in stack.run("up", status=70)
    assert stack.predict().status_code == 200


def test_a_promotion_that_nobody_follows_is_no_success(stack: Stack) -> None:
    """Without an agent no worker hears of it: the command says so and fails."""
    stack.run("deploy", "tiny-houses:2.0.0", "--shadow")
    (agent,) = stack.pids("agent")
    os.kill(agent, signal.SIGSTOP)
    try:
        said = stack.run("promote", "tiny-houses:2.0.0", "--wait", "3", status=70)
    finally:
        os.kill(agent, signal.SIGCONT)
    assert "worker" in said
    eventually(lambda: stack.predict().json()["model"]["version"] == "2.0.0")
