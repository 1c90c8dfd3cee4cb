"""A load that wrk puts on a server, and what wrk says of it."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.answers import MANY
from benchmarks.serving.houses import Instance
from benchmarks.serving.server import Server

_SCRIPT = Path(__file__).parent / "load.lua"
_TIMEOUT_S = 10


class LoadFailed(Exception):
    """Wrk is missing, or said no figures."""


@dataclass(frozen=True)
class Load:
    """So many connections, each with one request in flight, and so many instances in each."""

    connections: int
    instances: int

    @property
    def name(self) -> str:
        """How a person asks for it: `64` or `16x50`."""
        return f"{self.connections}" + (f"x{self.instances}" if self.instances > 1 else "")

    @property
    def title(self) -> str:
        """How a table says it."""
        connections = "1 connection" if self.connections == 1 else f"{self.connections} connections"
        return f"{connections}, {'one instance' if self.instances == 1 else self.instances_title}"

    @property
    def instances_title(self) -> str:
        """How many instances a request has."""
        return f"{self.instances} instances per request"


LOADS = (Load(1, 1), Load(16, 1), Load(64, 1), Load(16, MANY))


@dataclass(frozen=True)
class Figures:
    """What wrk counted: `status` are answers beyond 399, `broken` those that never came whole."""

    requests: int
    seconds: float
    status: int
    broken: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


def write_bodies(
    path: Path, server: Server, instances: Sequence[Instance], per_request: int
) -> None:
    """Write the bodies that the load takes in turn, one per line."""
    starts = range(0, len(instances) - per_request + 1, per_request)
    lines = [server.body(instances[start : start + per_request]) for start in starts]
    path.write_bytes(b"\n".join(lines) + b"\n")


def put(load: Load, url: str, bodies: Path, seconds: float) -> Figures:
    """Put a load on a server for so many seconds. Raises LoadFailed."""
    if shutil.which("wrk") is None:
        raise LoadFailed(
            "wrk is missing. On Debian this installs it: apt-get update && apt-get install -y wrk"
        )
    command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds:g}s", f"--timeout={_TIMEOUT_S}s"]
    ended = subprocess.run(
        [*command, "-s", str(_SCRIPT), url, "--", str(bodies)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    return read_figures(ended.stdout + ended.stderr)


def read_figures(said: str) -> Figures:
    """Return the figures from what wrk said. Raises LoadFailed if there are none."""
    for line in said.splitlines():
        if line.startswith("FIGURES "):
            return Figures(**json.loads(line.removeprefix("FIGURES ")))
    raise LoadFailed(f"wrk says no figures: {' '.join(said.split())[-200:]}")
