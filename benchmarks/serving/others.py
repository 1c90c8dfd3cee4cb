"""What else is asked for: the backlog after a minute, memory of a worker, time to be ready."""

import csv
import http.client
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.serving import tree, understudy
from benchmarks.serving.houses import Houses
from benchmarks.serving.load import Load, put, write_bodies
from benchmarks.serving.measure import FAILURES, WARM_S, settle, wait_until_worked_off
from benchmarks.serving.ports import HOST
from benchmarks.serving.roster import CAPTURE, SHADOW
from benchmarks.serving.row import NAN
from benchmarks.serving.running import environment, kept, running
from benchmarks.serving.server import Place, Server

_FULL = Load(64, 1)
_TIMES = 7
_PATIENCE_S = 60.0
_UNDERSTUDY = str(Path(sys.executable).parent / "understudy")

BACKLOG, WORKER, READY, HELP = "backlog_s", "worker_pss_mib", "serve_ready_s", "help_s"
BOTH = replace(
    CAPTURE, name="both-models", prepare=understudy.prepare(shadow=False, others=("boosting",))
)
LAGGING = replace(SHADOW, name="lagging")


@dataclass(frozen=True)
class Other:
    """One figure beyond the tables; NaN with a problem where it could not be had."""

    name: str
    value: float
    said: str


def measure_others(
    place_of: Callable[[Server], Place], houses: Houses, load_s: float
) -> list[Other]:
    """Return every figure; one that cannot be had spoils no other."""
    measures: dict[str, Callable[[], Other]] = {
        BACKLOG: lambda: _backlog(place_of, houses, load_s),
        WORKER: lambda: _worker(place_of, houses),
        READY: lambda: _ready(place_of(BOTH)),
        HELP: _help,
    }
    found = []
    for name, take in measures.items():
        try:
            found.append(take())
        except FAILURES as error:
            found.append(Other(name, NAN, " ".join(str(error).split())))
        sys.stderr.write(f"{found[-1].name}: {found[-1].value:.2f}, {found[-1].said}\n")
    return found


def write_others(path: Path, others: Sequence[Other]) -> None:
    """Write the figures as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["name", "value", "said"], lineterminator="\n")
        writer.writeheader()
        for other in others:
            writer.writerow({**asdict(other), "value": f"{other.value:.6g}"})


def _backlog(place_of: Callable[[Server], Place], houses: Houses, load_s: float) -> Other:
    place = place_of(LAGGING)
    LAGGING.prepare(place)
    with running(LAGGING, place, houses) as found:
        bodies = place.folder / "bodies"
        write_bodies(bodies, LAGGING, houses.instances, 1)
        settle(found)
        wait_until_worked_off(found)
        figures = put(_FULL, found.url, bodies, load_s)
        waiting = LAGGING.backlog(place, found.root)
        took = wait_until_worked_off(found)
    rate = figures.requests / (figures.seconds + took) if not math.isnan(took) else NAN
    said = (
        f"{figures.requests:,} requests in {figures.seconds:.0f} s, of which {waiting:,} waited at"
        f" the end; shipped and scored at {rate:,.0f}/s over all of it"
    )
    return Other(BACKLOG, took, said)


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
