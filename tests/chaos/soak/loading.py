"""The load of a soak: as fast as it goes, or at a rate."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.serving import rate as constant_rate
from benchmarks.serving.load import Load, put

_PATH = "/v1/predictions"
_LATE_S = 60.0


class Sent(NamedTuple):
    """How many requests were sent, and how many of them had no answer or another than 200."""

    requests: int
    failed: int


def put_load(port: int, bodies: Path, seconds: float, rate: float | None, connections: int) -> Sent:
    """Put a load on a port of this machine, and return what became of it."""
    if rate is None:
        found = put(Load(connections, 1), f"http://127.0.0.1:{port}{_PATH}", bodies, seconds)
        return Sent(found.requests, found.status + found.broken)
    program = Path(constant_rate.__file__)
    ended = subprocess.run(
        [sys.executable, str(program), str(port), _PATH, str(bodies), str(rate), str(seconds)],
        capture_output=True, text=True, check=True, timeout=seconds + _LATE_S,
    )  # fmt: skip
    said = json.loads(ended.stdout)
    return Sent(int(said["sent"]), int(said["errors"]))
