"""What else is asked for: memory of a worker, time to be ready, and what is worked off."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.serving import tree, understudy
from benchmarks.serving.houses import Houses
from benchmarks.serving.load import LOADS, put, write_bodies
from benchmarks.serving.measure import FAILURES, WARM_S
from benchmarks.serving.other import BACKLOG, HELP, READY, SCORING, SHIPPING, WORKER, Other
from benchmarks.serving.ports import HOST
from benchmarks.serving.roster import CAPTURE
from benchmarks.serving.row import NAN
from benchmarks.serving.running import environment, kept, running
from benchmarks.serving.server import Place, Server
from benchmarks.serving.working_off import measure_working_off

_FULL = LOADS[2]
_TIMES = 7
_PATIENCE_S = 60.0
_UNDERSTUDY = str(Path(sys.executable).parent / "understudy")

BOTH = replace(
    CAPTURE, name="both-models", prepare=understudy.prepare(shadow=False, others=("boosting",))
)


def measure_others(
    place_of: Callable[[Server], Place], houses: Houses, load_s: float, rows: int
) -> list[Other]:
    """Return every figure; one that cannot be had spoils no other."""
    measures: Sequence[tuple[Sequence[str], Callable[[], list[Other]]]] = (
        (
            (BACKLOG, SHIPPING, SCORING),
            lambda: measure_working_off(place_of, houses, load_s, rows),
        ),
        ((WORKER,), lambda: [_worker(place_of, houses)]),
        ((READY,), lambda: [_ready(place_of(BOTH))]),
        ((HELP,), lambda: [_help()]),
    )
    found: list[Other] = []
    for names, take in measures:
        try:
            found += take()
        except FAILURES as error:
            found += [Other(name, NAN, " ".join(str(error).split())) for name in names]
        for other in found[-len(names) :]:
            sys.stderr.write(f"{other.name}: {other.value:,.2f}, {other.said}\n")
    return found


def _worker(place_of: Callable[[Server], Place], houses: Houses) -> Other:
    place = place_of(BOTH)
    BOTH.prepare(place)
    with running(BOTH, place, houses) as found:
        bodies = place.folder / "bodies"
        write_bodies(bodies, BOTH, houses.instances, 1)
        put(_FULL, found.url, bodies, 2 * WARM_S)
        each = [tree.pss_mb([pid]) for pid in understudy.api(found.root)]
    return Other(WORKER, max(each), f"the larger of {len(each)} workers, after a load")


def _ready(place: Place) -> Other:
    """Time `understudy serve` on data that an earlier stack has left, with warm caches."""
    took = []
    for _ in range(_TIMES):
        with kept([_UNDERSTUDY, "serve"], environment(BOTH, place), place.folder) as process:
            began = time.monotonic()
            while not _is_ready(place.port):
                if process.poll() is not None or time.monotonic() - began > _PATIENCE_S:
                    raise OSError("`understudy serve` does not become ready")
                time.sleep(0.01)
            took.append(time.monotonic() - began)
    return Other(READY, statistics.median(took), f"median of {_TIMES}, {_ends(took)}")


def _help() -> Other:
    took = []
    for _ in range(_TIMES):
        began = time.monotonic()
        subprocess.run([_UNDERSTUDY, "--help"], check=True, capture_output=True, env=_warm())
        took.append(time.monotonic() - began)
    return Other(HELP, statistics.median(took), f"the whole command, {_ends(took)}")


def _warm() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ends(took: Sequence[float]) -> str:
    return f"{min(took):.2f} to {max(took):.2f} s"
