"""The alert rules: they ask for metrics that exist, fire when they should, and end."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.containers.test_dashboard import metrics_in, unknown

RULES = "docker/prometheus/rules/drift.yml"


def play(root: Path, folder: Path, rules: str) -> subprocess.CompletedProcess[str]:
    """Let Prometheus's own tool play the series of `drift_rules.yml` through rules."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (apt-get install prometheus)")
    (folder / "drift.yml").write_text(rules)
    # The tool takes no YAML anchors.
    played: dict[str, Any] = yaml.safe_load(
        (root / "tests/unit/containers/drift_rules.yml").read_text()
    )
    tests = folder / "tests.yml"
    tests.write_text(yaml.safe_dump(played))
    return subprocess.run(
        [promtool, "test", "rules", tests], capture_output=True, text=True, check=False
    )


def test_every_rule_asks_for_metrics_that_exist(root: Path) -> None:
    """A renamed metric would silence the pager without anybody noticing."""
    groups = yaml.safe_load((root / RULES).read_text())["groups"]
    expressions = [rule["expr"] for group in groups for rule in group["rules"]]
    assert len(expressions) == 2
    assert unknown(metrics_in(expressions)) == set()


def test_the_rules_are_mounted_where_prometheus_looks(root: Path) -> None:
    """A rule that is not loaded wakes nobody."""
    compose = yaml.safe_load((root / "docker-compose.yml").read_text())
    (looked,) = yaml.safe_load((root / "docker/prometheus/prometheus.yml").read_text())[
        "rule_files"
    ]
    assert looked == "rules/*.yml"
    mounts = compose["services"]["prometheus"]["volumes"]
    assert "./docker/prometheus/rules:/etc/prometheus/rules:ro" in mounts


def test_alarms_fire_and_clear(root: Path, tmp_path: Path) -> None:
    """As the played series say: with the alarm, through an outage, and not after clean windows."""
    done = play(root, tmp_path, (root / RULES).read_text())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("part", "other"),
    [("== 1", "== 2"), ("keep_firing_for: 30m", ""), ("for: 1h", "for: 2h"), ("[15m]", "[3h]")],
)
def test_a_rule_that_does_something_else_is_found(
    root: Path, tmp_path: Path, part: str, other: str
) -> None:
    """The check above can fail."""
    rules = (root / RULES).read_text()
    assert part in rules
    assert play(root, tmp_path, rules.replace(part, other)).returncode != 0
