"""The settings of one process, read once from the environment and frozen."""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin

from understudy.errors import SettingInvalid

PREFIX = "UNDERSTUDY_"

Durability = Literal["process", "power"]
SpoolPolicy = Literal["serve", "strict"]
Expectations = Literal["serve", "refuse"]
Access = Literal["auto", "keys"]


@dataclass(frozen=True)
class Settings:
    """
    Everything that can be set, with its default.

    Each field is the environment variable `UNDERSTUDY_` plus its name in capitals. Durations are
    in seconds, sizes in bytes. `port` is the api's; agent, shadow and watcher serve their own
    `/metrics` on the three ports that follow unless told otherwise.
    """

    endpoint: str = "default"
    data_dir: Path = Path(".understudy")
    database_url: str | None = field(default=None, repr=False)
    artefact_store: str | None = None
    trusted_keys: Path | None = None
    policy: Path | None = None
    capture_key: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_host: str = "127.0.0.1"
    agent_port: int = 0
    shadow_port: int = 0
    watcher_port: int = 0
    workers: int = 2
    api_key: str | None = field(default=None, repr=False)
    access: Access = "auto"
    durability: Durability = "process"
    spool_policy: SpoolPolicy = "serve"
    max_spool_bytes: int = 8 * 1024**3
    expectations: Expectations = "serve"
    max_instances: int = 1000
    max_body_bytes: int = 16 * 1024 * 1024
    max_head_bytes: int = 64 * 1024
    max_connections: int = 1000
    arrival_timeout_s: float = 30.0
    request_timeout_s: float = 30.0
    log_level: str = "INFO"
    log_inputs: bool = False
    shadow_batch: int = 500
    shadow_timeout_s: float = 60.0
    shadow_memory_bytes: int = 2 * 1024**3
    watch_interval_s: float = 60.0
    reproduce_sample: int = 200
    reproduce_interval_s: float = 86400.0
    retention_days: int = 0

    def __post_init__(self) -> None:
        # Ports that are not set follow the api's, so that one variable moves a whole checkout.
        for offset, name in enumerate(("agent_port", "shadow_port", "watcher_port"), start=1):
            if getattr(self, name) == 0:
                object.__setattr__(self, name, self.port + offset)

    @property
    def artefacts_url(self) -> str:
        """The fsspec URL of the artefact store; a folder of the data directory unless set."""
        return self.artefact_store or str(self.data_dir.absolute() / "artefacts")

    @property
    def spool_dir(self) -> Path:
        """Where the api workers keep their spools; shared by api and agent of one machine."""
        return self.data_dir / "spool"

    @property
    def key_file(self) -> Path:
        """By which the agent tells the api workers which API keys are good."""
        return self.data_dir / "keys.json"

    @property
    def capture_key_file(self) -> Path:
        """The key of the capture policy's hashes; in the data directory unless it is set."""
        return self.capture_key or self.data_dir / "capture.key"

    @property
    def cache_dir(self) -> Path:
        """Where the agent unpacks the artefacts that are deployed, and api workers load them."""
        return self.data_dir / "cache"

    @property
    def reading_dir(self) -> Path:
        """Where artefacts are unpacked that somebody only looks at; no api worker loads these."""
        return self.data_dir / "read-cache"

    @property
    def deployment_file(self) -> Path:
        """The file in which the agent tells the api workers what to serve."""
        return self.data_dir / "deployments.json"

    @property
    def run_file(self) -> Path:
        """The file in which `understudy up` says where things are."""
        return self.data_dir / "run.json"

    def environment(self) -> dict[str, str]:
        """Return the variables that give a child process these very settings."""
        values = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        return {
            PREFIX + name.upper(): str(value) for name, value in values.items() if value is not None
        }


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """
    Read the settings from the environment, strictly.

    Raises SettingInvalid for an unknown `UNDERSTUDY_*` variable and a value that does not parse.
    """
    environ = os.environ if environ is None else environ
    known = {PREFIX + spec.name.upper(): spec.name for spec in fields(Settings)}
    found = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in found:
        if name not in known:
            near = get_close_matches(name.removeprefix(PREFIX).lower(), known.values(), n=1)
            hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else _listed(known)
            raise SettingInvalid(name, found[name], f"there is no such setting; {hint}")
    parsed = {known[name]: _parse(name, known[name], value) for name, value in found.items()}
    return replace(Settings(), **_without_derived_ports(parsed)) if parsed else Settings()


def _listed(known: Mapping[str, str]) -> str:
    return f"known are {', '.join(sorted(known))}"


def _without_derived_ports(parsed: dict[str, Any]) -> dict[str, Any]:
    """Let the ports that are not named follow `port`, not its default."""
    return {"agent_port": 0, "shadow_port": 0, "watcher_port": 0} | parsed


def _parse(variable: str, name: str, text: str) -> object:
    kind = cast(Any, Settings.__dataclass_fields__[name].type)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    parser = _choice(choices) if choices else _PARSERS.get(kind, _text)
    value = parser(variable, text)
    _check_range(variable, name, text, value)
    return value


def _check_range(variable: str, name: str, text: str, value: object) -> None:
    if name.endswith("port") and isinstance(value, int) and not 0 <= value <= 65535:
        raise SettingInvalid(variable, text, "a port lies between 0 and 65535")
    if name in _POSITIVE and isinstance(value, int | float) and value <= 0:
        raise SettingInvalid(variable, text, "it must be greater than 0")
    if isinstance(value, int | float) and value < 0:
        raise SettingInvalid(variable, text, "it must not be negative")
    if name == "log_level" and value not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingInvalid(variable, text, "it must be DEBUG, INFO, WARNING or ERROR")


def _text(_: str, text: str) -> str | None:
    return text or None


def _integer(variable: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingInvalid(variable, text, "it must be a whole number") from None


def _number(variable: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not math.isfinite(value):
        raise SettingInvalid(variable, text, "it must be a number")
    return value


def _path_given(variable: str, text: str) -> Path:
    # Empty is no way to switch something off: whoever wrote it meant a path.
    if not text:
        raise SettingInvalid(variable, text, "it must be a path; leave the variable out instead")
    return Path(text)


def _claim(variable: str, text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in words:
        raise SettingInvalid(variable, text, "it must be true or false")
    return words[text.lower()]


def _choice(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def parse(variable: str, text: str) -> str:
        if text not in choices:
            raise SettingInvalid(variable, text, f"it must be one of {', '.join(choices)}")
        return text

    return parse


_POSITIVE = {
    "workers", "max_instances", "max_body_bytes", "max_head_bytes", "max_connections",
    "max_spool_bytes", "arrival_timeout_s", "request_timeout_s", "shadow_batch", "shadow_timeout_s",
    "shadow_memory_bytes", "watch_interval_s", "reproduce_interval_s",
}  # fmt: skip

_PARSERS: dict[Any, Callable[[str, str], object]] = {
    int: _integer,
    float: _number,
    bool: _claim,
    Path: lambda _, text: Path(text),
    Path | None: _path_given,
}
