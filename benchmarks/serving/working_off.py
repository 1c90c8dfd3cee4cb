"""How fast what was answered is shipped and scored: after a full load, and from a standstill."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from benchmarks.serving import tree, understudy
from benchmarks.serving.houses import Houses
from benchmarks.serving.load import LOADS, Load, LoadFailed, put, write_bodies
from benchmarks.serving.measure import settle, wait_until_worked_off
from benchmarks.serving.other import BACKLOG, SCORING, SHIPPING, Other
from benchmarks.serving.roster import SHADOW
from benchmarks.serving.running import Running, running
from benchmarks.serving.server import Place, Server

LAGGING = replace(SHADOW, name="lagging")
_FULL, _MANY = LOADS[2], LOADS[3]
_PIECE_S = 10.0
_MOST_S = 600.0
_MILLION = 1_000_000


@contextmanager
def lagging(place: Place, houses: Houses) -> Iterator[Running]:
    """Run the service with all it has, on data of its own, until nothing waits."""
    LAGGING.prepare(place)
    with running(LAGGING, place, houses) as found:
        settle(found)
        wait_until_worked_off(found)
        yield found


def after_a_full_load(found: Running, houses: Houses, seconds: float) -> Other:
    """Time until nothing waits any more, from the end of a load on."""
    figures = put(_FULL, found.url, _bodies(found, houses, _FULL), seconds)
    waiting = LAGGING.backlog(found.place, found.root)
    took = wait_until_worked_off(found, _MOST_S)
    rate = figures.requests / (figures.seconds + took)
    said = (
        f"{figures.requests:,} requests in {figures.seconds:.0f} s, of which {waiting:,} waited at"
        f" the end; {rate:,.0f}/s were shipped and scored over all of it"
    )
    return Other(BACKLOG, took, said)


def from_a_standstill(found: Running, houses: Houses, rows: int) -> list[Other]:
    """Time the agent on so many rows that wait in the spools, then the shadow on the same rows."""
    agent, shadow = tree.find(found.root, "agent"), tree.find(found.root, "shadow")
    scorers = tree.find(found.root, "understudy.shadow.child")
    with _held(shadow + scorers):
        with _held(agent):
            count = _fill(found, houses, rows)
        shipped_s = _until(lambda: not understudy.unshipped(found.place))
    scored_s = _until(lambda: not understudy.unscored(found.place))
    return [
        Other(SHIPPING, count / shipped_s, f"{count:,} rows of {_MANY.instances_title}"),
        Other(SCORING, scored_s * _MILLION / count, f"from {count:,} rows in {scored_s:.1f} s"),
    ]


def _fill(found: Running, houses: Houses, rows: int) -> int:
    """Put a load on until so many instances are answered; return how many are."""
    bodies, count = _bodies(found, houses, _MANY), 0
    deadline = time.monotonic() + _MOST_S
    piece_s = 1.0
    while count < rows and time.monotonic() < deadline:
        figures = put(_MANY, found.url, bodies, piece_s)
        count += figures.requests * _MANY.instances
        left_s = (rows - count) / max(1, figures.requests * _MANY.instances / figures.seconds)
        piece_s = max(1.0, min(_PIECE_S, round(left_s)))
    return count


def _bodies(found: Running, houses: Houses, load: Load) -> Path:
    bodies = found.place.folder / f"bodies-{load.instances}"
    write_bodies(bodies, found.server, houses.instances, load.instances)
    return bodies


def _until(is_so: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > _MOST_S:
            raise LoadFailed(f"what waited was not worked off in {_MOST_S:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began


@contextmanager
def _held(pids: list[int]) -> Iterator[None]:
    """Hold processes still for as long as the block lasts."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def measure_working_off(
    place_of: Callable[[Server], Place], houses: Houses, load_s: float, rows: int
) -> list[Other]:
    """Return the three figures, from one start."""
    with lagging(place_of(LAGGING), houses) as found:
        return [
            after_a_full_load(found, houses, load_s),
            *from_a_standstill(found, houses, rows),
        ]
