"""What must hold of docker-compose.yml; each rule is a function, and each is shown to fail."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Compose = dict[str, Any]

ONE_SHOT = {"migrate"}
OURS = {"api", "agent", "shadow", "watcher", "migrate"}
# Prometheus reads a secret from the environment, which compose cannot give to a read-only one.
WRITABLE = {"prometheus"}
_SECRET_NAME = re.compile(r"PASSWORD|KEY|SECRET|TOKEN")
_GIVEN = re.compile(r"\$\{[A-Z_]+:\?run make env\}")


def published(compose: Compose) -> list[str]:
    """Return the ports that are published beyond this machine."""
    return [
        f"{name} publishes {port}"
        for name, service in compose["services"].items()
        for port in service.get("ports", [])
        if not str(port).startswith("127.0.0.1:")
    ]


def literal_secrets(compose: Compose) -> list[str]:
    """Return the secrets that stand in the file, or have a default."""
    found = []
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            holds_secret = _SECRET_NAME.search(variable) or "://" in str(value)
            if holds_secret and not _GIVEN.search(str(value)):
                found.append(f"{name} has {variable}={value}")
            if re.search(r"://[^/\s]*:(?!\$\{)[^/\s]*@", str(value)):
                found.append(f"{name} has a password in {variable}")
    return found


def untended(compose: Compose) -> list[str]:
    """Return the services that nobody restarts or checks."""
    found = []
    for name, service in compose["services"].items():
        wanted = "on-failure" if name in ONE_SHOT else "unless-stopped"
        if service.get("restart") != wanted:
            found.append(f"{name} has restart {service.get('restart')}")
        if name not in ONE_SHOT and not service.get("healthcheck", {}).get("test"):
            found.append(f"{name} has no health check")
    return found


def loose_images(compose: Compose) -> list[str]:
    """Return the images that are not pinned by a tag."""
    return [
        f"{name} runs {service['image']}"
        for name, service in compose["services"].items()
        if not re.fullmatch(r"[\w./-]+:(?!latest)[\w.-]*\d[\w.-]*", service["image"])
    ]


def privileged(compose: Compose) -> list[str]:
    """Return the services that run as root, may gain rights, or could eat the machine."""
    found = []
    for name, service in compose["services"].items():
        uid = str(service.get("user", "0")).split(":")[0]
        if not uid.isdigit() or int(uid) == 0:
            found.append(f"{name} runs as {service.get('user', 'root')}")
        if "no-new-privileges:true" not in service.get("security_opt", []):
            found.append(f"{name} may gain privileges")
        if service.get("cap_drop") != ["ALL"] or service.get("privileged"):
            found.append(f"{name} keeps capabilities")
        if not service.get("read_only") and name not in WRITABLE:
            found.append(f"{name} has a writable root")
        if "mem_limit" not in service:
            found.append(f"{name} has no memory limit")
    return found


RULES: dict[str, Callable[[Compose], list[str]]] = {
    rule.__name__: rule for rule in (published, literal_secrets, untended, loose_images, privileged)
}

BREAKS: list[tuple[str, str, dict[str, Any]]] = [
    ("published", "api", {"ports": ["8000:8000"]}),
    ("published", "grafana", {"ports": ["0.0.0.0:3000:3000"]}),
    ("literal_secrets", "postgres", {"environment": {"POSTGRES_PASSWORD": "postgres"}}),
    ("literal_secrets", "grafana", {"environment": {"ADMIN_PASSWORD": "${P:-admin}"}}),
    (
        "literal_secrets",
        "api",
        {"environment": {"UNDERSTUDY_DATABASE_URL": "postgresql://u:p@h/d"}},
    ),
    ("untended", "agent", {"restart": "no"}),
    ("untended", "watcher", {"healthcheck": {"disable": True}}),
    ("untended", "migrate", {"restart": "unless-stopped"}),
    ("loose_images", "grafana", {"image": "grafana/grafana"}),
    ("loose_images", "grafana", {"image": "grafana/grafana:latest"}),
    ("privileged", "api", {"user": "root"}),
    ("privileged", "api", {"user": "0:0"}),
    ("privileged", "shadow", {"security_opt": []}),
    ("privileged", "agent", {"cap_drop": ["NET_RAW"]}),
    ("privileged", "agent", {"read_only": False}),
    ("privileged", "agent", {"privileged": True}),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_hold(compose: Compose, rule: str) -> None:
    """The compose file breaks none of them."""
    assert RULES[rule](compose) == []


@pytest.mark.parametrize(("rule", "service", "change"), BREAKS)
def test_each_rule_can_fail(
    compose: Compose, rule: str, service: str, change: dict[str, Any]
) -> None:
    """A file that breaks the rule is found out, and the finding names the service."""
    broken = copy.deepcopy(compose)
    broken["services"][service].update(change)
    findings = RULES[rule](broken)
    assert findings
    assert all(finding.startswith(service) for finding in findings)


def test_a_service_without_a_limit_is_found(compose: Compose) -> None:
    """Memory without a limit counts as a fault."""
    del compose["services"]["api"]["mem_limit"]
    assert privileged(compose) == ["api has no memory limit"]


def test_all_parts_are_there(compose: Compose) -> None:
    """The parts of the product, the log, and what watches them."""
    assert set(compose["services"]) == OURS | {"postgres", "prometheus", "grafana"}


def test_every_part_runs_a_command_that_exists(compose: Compose) -> None:
    """The command line knows what the containers call."""
    from understudy.cli.program import program

    known = set(program.list_commands(None))  # type: ignore[arg-type]
    for name in OURS:
        (command,) = compose["services"][name]["command"]
        assert command in known


def test_every_setting_of_the_containers_exists(compose: Compose) -> None:
    """A variable that the settings do not know would end the process at its start."""
    from understudy.settings import PREFIX, read_settings

    for name in OURS:
        given = compose["services"][name]["environment"]
        ours = {key: "x" for key in given if key.startswith(PREFIX)}
        assert read_settings(ours).host == "x"


def test_api_and_agent_share_the_spools(compose: Compose) -> None:
    """What the api records is what the agent ships; nobody else has that volume."""
    holders = {
        name
        for name, service in compose["services"].items()
        if any(str(volume).startswith("data:") for volume in service.get("volumes", []))
    }
    assert holders == {"api", "agent"}


def test_nobody_is_waited_for(compose: Compose) -> None:
    """Every process waits by itself, so the order of starting decides nothing."""
    assert not [name for name, service in compose["services"].items() if "depends_on" in service]


def test_mounted_files_exist(compose: Compose, root: Path) -> None:
    """What the file mounts from the checkout is in the checkout."""
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (root / source).exists(), source
            else:
                assert source in compose["volumes"]


def test_prometheus_scrapes_every_process_with_the_key(compose: Compose, root: Path) -> None:
    """Each part on the port it has by default, and with the secret that compose mounts."""
    from understudy.settings import Settings

    config = yaml.safe_load((root / "docker/prometheus/prometheus.yml").read_text())
    settings = Settings()
    ports = {
        "api": settings.port,
        "agent": settings.agent_port,
        "shadow": settings.shadow_port,
        "watcher": settings.watcher_port,
    }
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    for part, port in ports.items():
        job = jobs[f"understudy-{part}"]
        assert job["static_configs"] == [{"targets": [f"{part}:{port}"]}]
        assert job["authorization"]["credentials_file"] == "/run/secrets/api_key"
        assert compose["services"][part]["command"] != []
    assert compose["services"]["prometheus"]["secrets"] == ["api_key"]
    assert compose["secrets"]["api_key"] == {"environment": "UNDERSTUDY_API_KEY"}
