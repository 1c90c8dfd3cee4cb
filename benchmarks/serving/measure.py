"""Measures one server in one round: starts it, checks it, puts every load on it, ends it."""

import math
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.serving import tree, understudy
from benchmarks.serving.answers import AnswerWrong
from benchmarks.serving.houses import Houses
from benchmarks.serving.load import Figures, Load, LoadFailed, put, write_bodies
from benchmarks.serving.row import NAN, Row
from benchmarks.serving.running import Running, ServerFailed, running
from benchmarks.serving.server import Place, Server

WARM_S = 1.0
_MOST_BACKLOG_S = 180.0
_POLL_S = 0.2
_MOST_START_S = 20.0
FAILURES = (
    ServerFailed,
    AnswerWrong,
    LoadFailed,
    OSError,
    RuntimeError,
    subprocess.SubprocessError,
)


def measure(
    server: Server, place: Place, houses: Houses, loads: Sequence[Load], seconds: float, number: int
) -> list[Row]:
    """Return a row per load; what went wrong stands in the rows that it spoiled."""
    rows: list[Row] = []
    try:
        with running(server, place, houses) as found:
            settle(found)
            for load in loads:
                rows.append(_under_load(found, houses, load, seconds, number))
                sys.stderr.write(f"{_told(rows[-1])}\n")
    except FAILURES as error:
        rows += failed(server, place.model, loads[len(rows) :], number, str(error))
        sys.stderr.write(f"{server.name} ({place.model}): {error}\n")
    return rows


def failed(
    server: Server, model: str, loads: Sequence[Load], number: int, problem: str
) -> list[Row]:
    """Return the rows of loads that could not be put on."""
    said = " ".join(problem.split())
    return [Row(model, server.name, load.name, number, said) for load in loads]


def settle(found: Running) -> None:
    """Wait until a server has nothing more to do with its start; one that never rests may go on."""
    deadline = time.monotonic() + _MOST_START_S
    while time.monotonic() < deadline and tree.is_busy(found.root):
        pass


def wait_until_worked_off(found: Running, most_s: float = _MOST_BACKLOG_S) -> float:
    """Return the seconds until nothing waits to be shipped or scored; NaN if it takes too long."""
    began = time.monotonic()
    while found.server.backlog(found.place, found.root):
        if time.monotonic() - began > most_s:
            return NAN
        time.sleep(_POLL_S)
    return time.monotonic() - began


def _under_load(found: Running, houses: Houses, load: Load, seconds: float, number: int) -> Row:
    bodies = found.place.folder / f"bodies-{load.instances}"
    write_bodies(bodies, found.server, houses.instances, load.instances)
    put(load, found.url, bodies, WARM_S)
    wait_until_worked_off(found)
    before, api_before = _cpu(found)
    figures = put(load, found.url, bodies, seconds)
    pss_mb = tree.pss_mb(tree.family(found.root)[1:])
    backlog_s = wait_until_worked_off(found)
    after, api_after = _cpu(found)
    row = _row(found, load, number, figures)
    per_request = 1000 / max(1, figures.requests)
    return replace(
        row,
        problem=row.problem or _unfinished(backlog_s),
        cpu_ms=(after - before) * per_request,
        api_cpu_ms=(api_after - api_before) * per_request,
        pss_mb=pss_mb,
        backlog_s=backlog_s,
    )


def _row(found: Running, load: Load, number: int, figures: Figures) -> Row:
    errors = figures.status + figures.broken
    rate = figures.requests / figures.seconds
    return Row(
        found.place.model,
        found.server.name,
        load.name,
        number,
        problem=_spoiled(figures.requests, errors),
        requests=figures.requests,
        errors=errors,
        requests_per_s=rate,
        instances_per_s=rate * load.instances,
        p50_ms=figures.p50_ms,
        p95_ms=figures.p95_ms,
        p99_ms=figures.p99_ms,
        start_s=found.start_s,
        difference=NAN if found.checked is None else found.checked.difference,
    )


def _spoiled(requests: int, errors: int) -> str:
    if errors:
        return f"{errors} of {requests} requests had no answer with 200"
    return "" if requests else "no request was answered"


def _unfinished(backlog_s: float) -> str:
    return "its backlog was not worked off in time" if math.isnan(backlog_s) else ""


def _cpu(found: Running) -> tuple[float, float]:
    """Return the CPU of all processes, and of those that answer requests."""
    everything = tree.cpu_s(found.root)
    if found.server.environment is not None:
        return everything, everything
    return everything, sum(tree.cpu_s(pid) for pid in understudy.api(found.root))


def _told(row: Row) -> str:
    figures = f"{row.requests_per_s:,.0f}/s, {row.cpu_ms:.3f} ms of CPU, p99 {row.p99_ms:.1f} ms"
    return f"{row.server} ({row.model}, {row.load}): {row.problem or figures}"
