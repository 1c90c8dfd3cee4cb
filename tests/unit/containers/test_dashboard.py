"""The Grafana dashboard: made of a list, and asking for metrics that exist."""

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from understudy.monitoring.agent_metrics import AgentMetrics
from understudy.monitoring.http import HttpMetrics
from understudy.monitoring.registry import new_registry
from understudy.monitoring.shadow_metrics import ShadowMetrics
from understudy.monitoring.watcher_metrics import WatcherMetrics

# Made when the scale is known, and by Prometheus itself.
ALSO = {"understudy_prediction_value", "up"}
_NAMES = re.compile(r"\b(?:understudy|process|python)_\w+|\bup\b")


@pytest.fixture
def maker(root: Path) -> ModuleType:
    """Return the script as a module."""
    path = root / "docker/grafana/make_dashboard.py"
    spec = importlib.util.spec_from_file_location("make_dashboard", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def dashboard(root: Path) -> dict[str, Any]:
    """Return the committed dashboard."""
    content: dict[str, Any] = json.loads(
        (root / "docker/grafana/dashboards/understudy.json").read_text()
    )
    return content


def expressions(dashboard: dict[str, Any]) -> list[str]:
    """Return every query with Grafana's variables filled in."""
    return [
        target["expr"].replace("$endpoint", ".+").replace("$__rate_interval", "1m")
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
    ]


def families() -> set[str]:
    """Return the names of all metrics that our processes show."""
    registries: list[CollectorRegistry] = [new_registry("houses") for _ in range(3)]
    AgentMetrics(registries[0], "houses", lambda: None)
    ShadowMetrics(registries[1], "houses", lambda: None)
    WatcherMetrics(registries[2], "houses")
    registries.append(HttpMetrics("houses")._registry)
    return {family.name for registry in registries for family in registry.collect()} | ALSO


def metrics_in(queries: Iterable[str]) -> set[str]:
    """Return the names of all metrics that queries ask for."""
    return {name for text in queries for name in _NAMES.findall(text)}


def unknown(names: set[str]) -> set[str]:
    """Return the names that no process shows, whatever suffix their type adds."""
    known = families()
    return {
        name
        for name in names
        if name not in known and re.sub(r"_(total|bucket|sum|count)$", "", name) not in known
    }


def check_rules(folder: Path, found: list[str]) -> subprocess.CompletedProcess[str]:
    """Let Prometheus's own tool parse the expressions."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (apt-get install prometheus)")
    rules = [{"record": f"understudy:panel:{n}", "expr": text} for n, text in enumerate(found)]
    path = folder / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    return subprocess.run(
        [promtool, "check", "rules", path], capture_output=True, text=True, check=False
    )


def test_the_committed_file_is_what_the_list_gives(root: Path, maker: ModuleType) -> None:
    """Nobody edits the JSON; run `python docker/grafana/make_dashboard.py`."""
    assert (root / "docker/grafana/dashboards/understudy.json").read_text() == maker.render()


def test_every_panel_asks_for_metrics_that_exist(dashboard: dict[str, Any]) -> None:
    """A renamed metric would leave a panel empty without anybody noticing."""
    asked = metrics_in(expressions(dashboard))
    assert len(asked) > 25
    assert unknown(asked) == set()


def test_a_metric_that_does_not_exist_is_found() -> None:
    """The check above can fail."""
    assert unknown({"understudy_verdict", "understudy_verdikt"}) == {"understudy_verdikt"}


def test_every_query_is_promql(dashboard: dict[str, Any], tmp_path: Path) -> None:
    """Prometheus parses all of them."""
    found = expressions(dashboard)
    done = check_rules(tmp_path, found)
    assert done.returncode == 0, done.stderr
    assert f"{len(found)} rules found" in done.stdout


def test_a_query_that_is_no_promql_is_found(tmp_path: Path) -> None:
    """A missing bracket is an error."""
    assert check_rules(tmp_path, ["sum(rate(understudy_x_total[1m])"]).returncode != 0


def test_prometheus_accepts_its_configuration(root: Path) -> None:
    """Syntax and fields are right; the secret's file is not here and is not looked for."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (apt-get install prometheus)")
    done = subprocess.run(
        [promtool, "check", "config", "--syntax-only", root / "docker/prometheus/prometheus.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_panels_do_not_overlap(dashboard: dict[str, Any]) -> None:
    """Every panel has a place of its own within the width of the page."""
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_the_data_source_is_the_one_provisioned(root: Path, dashboard: dict[str, Any]) -> None:
    """The panels find Prometheus under the uid that Grafana is given."""
    path = root / "docker/grafana/provisioning/datasources/prometheus.yml"
    (source,) = yaml.safe_load(path.read_text())["datasources"]
    uids = {panel["datasource"]["uid"] for panel in dashboard["panels"] if "targets" in panel}
    assert uids == {source["uid"]}
