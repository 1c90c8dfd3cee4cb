"""The processes as they are started, seen by Prometheus and by whoever reads their logs."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.integration.endpoint import Endpoint
from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact
from understudy.settings import PREFIX, Settings

PORTS = {"serve": "port", "agent": "agent_port", "shadow": "shadow_port", "watch": "watcher_port"}


def free_ports(count: int) -> list[int]:
    """Return ports that nobody has at the moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Process:
    """One part, started as a container does."""

    def __init__(self, settings: Settings, part: str, folder: Path) -> None:
        self.log = folder / f"{part}.log"
        self._url = f"http://127.0.0.1:{getattr(settings, PORTS[part])}"
        self._headers = {"X-API-Key": settings.api_key} if settings.api_key else {}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
        environment = inherited | settings.environment()
        environment["PYTHONPATH"] = ":".join(path for path in sys.path if path)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "understudy", part],
                stderr=log,
                stdout=log,
                env=environment,
            )

    def get(self, path: str) -> httpx.Response | None:
        """Ask the process; None while it does not listen."""
        try:
            return httpx.get(self._url + path, headers=self._headers, trust_env=False)
        except httpx.TransportError:
            return None

    def post(self, path: str, body: object) -> httpx.Response:
        """Send JSON to the process."""
        return httpx.post(self._url + path, json=body, headers=self._headers, trust_env=False)

    def metrics(self) -> str:
        """Return what Prometheus would scrape."""
        answer = self.get("/metrics")
        return answer.text if answer is not None and answer.status_code == 200 else ""

    def until(self, claim: Callable[[], object], seconds: float = 60) -> None:
        """Wait until something is true of a process that lives."""
        deadline = time.monotonic() + seconds
        while not claim():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def until_shown(self, pattern: str) -> None:
        """Wait until a line of the metrics matches."""
        self.until(lambda: re.search(pattern, self.metrics(), re.MULTILINE))

    def children(self) -> list[int]:
        """Return the ids of the processes that it has started and that live."""
        pid = self.process.pid
        return [int(child) for child in
                Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]  # fmt: skip

    def end(self) -> int:
        """Ask it to end, and return its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def lines(self) -> list[dict]:
        """Return what it wrote, every line of which must be JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def settings(endpoint: Endpoint) -> Settings:
    """Return settings with free ports and a key."""
    ports = free_ports(4)
    return replace(
        endpoint.settings,
        port=ports[0],
        agent_port=ports[1],
        shadow_port=ports[2],
        watcher_port=ports[3],
        api_key="key-of-this-test",
        workers=2,
    )


Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a part; whatever still runs is killed."""
    started: list[Process] = []

    def run(settings: Settings, part: str) -> Process:
        started.append(Process(settings, part, tmp_path))
        return started[-1]

    yield run
    for process in started:
        if process.process.poll() is None:
            process.process.kill()
            process.process.wait()


def test_an_answer_can_be_followed_through_all_processes(
    endpoint: Endpoint,
    settings: Settings,
    start: Start,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
) -> None:
    """HTTP, shipping, shadow and verdict: each process shows its part, and all logs are JSON."""
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    agent = start(settings, "agent")
    agent.until(settings.deployment_file.exists)  # or one worker comes to it later than another
    others = {part: start(settings, part) for part in PORTS if part != "agent"}
    parts, api = {"agent": agent} | others, others["serve"]
    api.until(lambda: (found := api.get("/health/ready")) and found.status_code == 200)
    strange = {**make_instances(1)[0], "zone": "Moon", "area": 1e6, "frontage": None}
    for _ in range(3):
        answer = api.post("/v1/predictions", {"instances": [*make_instances(9), strange]})
        assert answer.status_code == 200
    assert api.post("/v1/predictions", {"instances": []}).status_code == 400

    route = r'endpoint="houses",method="POST",route="/v1/predictions"'
    api.until_shown(rf'^understudy_http_requests_total{{{route},status="200"}} 3\.0$')
    api.until_shown(rf'^understudy_http_requests_total{{{route},status="400"}} 1\.0$')
    agent.until_shown(r'^understudy_shipped_instances_total{endpoint="houses"} 30\.0$')
    agent.until_shown(r'^understudy_inputs_unseen_total{.*feature="zone"} 3\.0$')
    agent.until_shown(r'^understudy_inputs_out_of_range_total{.*feature="area"} 3\.0$')
    agent.until_shown(r'^understudy_model_info{.*role="live",version="1\.0\.0"} 1\.0$')
    shadow = parts["shadow"]
    shadow.until_shown(r'^understudy_shadow_instances_total{.*result="scored".*} 30\.0$')
    shadow.until_shown(r'^understudy_shadow_state{.*state="scoring".*} 1\.0$')
    watcher = parts["watch"]
    watcher.until_shown(r'^understudy_coverage_instances{.*part="compared".*} 30\.0$')
    watcher.until_shown(r"^understudy_verdict{.*} 1\.0$")
    watcher.until_shown(r'^understudy_workers{deployment="2",.*problem="no"} 2\.0$')
    buckets = [
        sorted(set(re.findall(r"understudy_prediction_value_bucket{.*[{,]le=\"([^\"]+)\"", text)))
        for text in (agent.metrics(), shadow.metrics())
    ]
    assert buckets[0] == buckets[1] != []

    for part in parts.values():
        assert part.end() == 0
        assert all({"@timestamp", "log.level", "message"} <= line.keys() for line in part.lines())
        assert settings.api_key not in part.log.read_text()
        assert "Moon" not in part.log.read_text()
    refused = [line for line in api.lines() if line["log"]["logger"] == "understudy.access"]
    assert [line["http"]["response"]["status_code"] for line in refused if "/v1/pred" in
            line["url"]["path"]] == [400]  # fmt: skip
    assert all(line["http"]["request"]["id"] for line in refused)
    loggers = {line["log"]["logger"] for line in api.lines()}
    assert "gunicorn.error" in loggers


def test_what_is_answered_without_a_record_is_counted_across_a_kill(
    endpoint: Endpoint, settings: Settings, start: Start, linear_artefact: Artefact
) -> None:
    """A worker without room for a spool counts in memory that it shares, and is killed."""
    endpoint.deploy("live", linear_artefact)
    start(settings, "agent")
    api = start(replace(settings, workers=1, max_spool_bytes=4096), "serve")
    api.until(lambda: (found := api.get("/health/ready")) and found.status_code == 200)
    api.until_shown(r'^understudy_unrecorded_instances_total{endpoint="houses"} 0\.0$')
    answer = api.post("/v1/predictions", {"instances": make_instances(3)})
    assert answer.status_code == 200
    shown = r'^understudy_unrecorded_instances_total{endpoint="houses"} 3\.0$'
    api.until_shown(shown)
    (killed,) = api.children()
    os.kill(killed, signal.SIGKILL)
    api.until(lambda: api.children() not in ([], [killed]))
    api.until_shown(shown)
    assert list(settings.spool_dir.glob("*.spool")) == []


def test_workers_end_with_the_arbiter(settings: Settings, start: Start) -> None:
    """Killed, it cannot tell them; and the port is free for whoever starts the service again."""
    api = start(replace(settings, workers=2), "serve")
    api.until(lambda: len(api.children()) == 2 and api.get("/health/live"))
    workers = api.children()
    api.process.kill()
    api.process.wait(10)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with socket.create_server((settings.host, settings.port)):
        pass


@pytest.mark.parametrize("part", ["agent", "shadow", "watch"])
def test_a_process_without_postgres_is_live_and_not_ready(
    settings: Settings, start: Start, part: str
) -> None:
    """It waits by itself, says for what, and still ends when asked."""
    process = start(replace(settings, database_url="postgresql://u:pw@127.0.0.1:1/none"), part)
    process.until(lambda: process.get("/health/live"))
    live, ready = process.get("/health/live"), process.get("/health/ready")
    assert live is not None
    assert live.status_code == 200
    assert ready is not None
    assert ready.status_code == 503
    assert "127.0.0.1" in ready.json()["detail"]
    assert process.end() == 0
    assert "pw@" not in process.log.read_text()


def test_a_taken_port_ends_the_process(settings: Settings, start: Start) -> None:
    """The message names the setting, and the status is not one of a verdict's."""
    with socket.create_server(("127.0.0.1", settings.watcher_port)):
        process = start(settings, "watch")
        assert process.process.wait(30) == 70
    assert "UNDERSTUDY_WATCHER_PORT" in process.log.read_text()


def test_a_process_without_a_database_url_ends(settings: Settings, start: Start) -> None:
    """It says which setting it wants."""
    process = start(replace(settings, database_url=None), "agent")
    assert process.process.wait(30) == 64
    assert "UNDERSTUDY_DATABASE_URL" in process.log.read_text()
