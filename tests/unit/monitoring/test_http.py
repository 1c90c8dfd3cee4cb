"""HTTP metrics: two ways of counting that must agree, and workers that must add up."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from understudy.app import create_app
from understudy.controllers.connection import Doors
from understudy.monitoring.http import HttpMetrics
from understudy.settings import Settings

_WORKER = """
import sys
from understudy.monitoring.http import HttpMetrics
metrics = HttpMetrics("houses")
for _ in range(int(sys.argv[1])):
    metrics.answered("/v1/predictions", "POST", 200, 0.002)
"""
_EXPOSE = """
import sys
from understudy.monitoring.http import HttpMetrics, forget_worker
for pid in sys.argv[1:]:
    forget_worker(int(pid))
text, content_type = HttpMetrics("houses").expose()
print(text.decode())
"""


def count(text: str, name: str, **labels: str) -> float:
    """Return the sum of the series of a name whose labels include these."""
    total = 0.0
    for found in re.finditer(rf"^{name}\{{(.*)\}} (\S+)$", text, re.MULTILINE):
        if all(f'{label}="{value}"' in found[1] for label, value in labels.items()):
            total += float(found[2])
    return total


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """Return a client of an api without a model and without Postgres."""
    settings = Settings(endpoint="houses", data_dir=tmp_path)
    app = create_app(settings, HttpMetrics(settings.endpoint), Doors())
    return TestClient(app, "http://localhost", raise_server_exceptions=False)


def test_the_edge_and_the_exporter_agree_on_the_control_plane(client: TestClient) -> None:
    """For requests that reach Flask's views, both count the same requests with the same status."""
    with client:
        for _ in range(3):
            assert client.get("/v1/models").status_code == 200
        for _ in range(2):
            assert client.get("/v1/deployments").status_code == 503
        text = client.get("/metrics").text
    for route, status, expected in (("/v1/models", "200", 3), ("/v1/deployments", "503", 2)):
        edge = count(text, "understudy_http_requests_total", route=route, status=status)
        control = count(
            text,
            "understudy_control_http_request_duration_seconds_count",
            url_rule=route,
            status=status,
        )
        assert edge == control == expected, route


def test_what_never_reaches_flask_is_counted_at_the_edge(client: TestClient) -> None:
    """Refused requests and unknown paths are there, and no path is a label as it was sent."""
    with client:
        client.post("/v1/predictions", content=b"{", headers={"content-type": "text/plain"})
        client.get("/secret/path/42")
        client.request("BREW", "/v1/models")
        text = client.get("/metrics").text
    name = "understudy_http_requests_total"
    assert count(text, name, route="/v1/predictions", status="415") == 1
    assert count(text, name, route="(unknown)", status="404") == 1
    assert count(text, name, method="OTHER") == 1
    assert "secret" not in text
    assert 'url_rule="None"' not in text
    assert "BREW" not in text


def test_workers_add_up(tmp_path: Path) -> None:
    """Counts of several workers are summed, those of one that ended included; gauges are one."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    pids = []
    for requests in (2, 3):
        worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(requests)], env=environment)
        assert worker.wait(30) == 0
        pids.append(str(worker.pid))
    text = subprocess.run(
        [sys.executable, "-c", _EXPOSE, pids[0]],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    route = {"endpoint": "houses", "route": "/v1/predictions"}
    assert count(text, "understudy_http_requests_total", **route) == 5
    assert count(text, "understudy_http_request_duration_seconds_count", **route) == 5
    assert len(re.findall(r"^understudy_build_info\{", text, re.MULTILINE)) == 1


def test_a_worker_is_forgotten_only_where_workers_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a shared folder there is nothing to forget, and no error."""
    from understudy.monitoring.http import forget_worker

    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    forget_worker(1)
