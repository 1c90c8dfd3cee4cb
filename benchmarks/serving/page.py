"""The page docs/performance.md, from what one run has measured."""

import math
import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.serving.environments import versions
from benchmarks.serving.load import LOADS, Load
from benchmarks.serving.roster import SERVERS
from benchmarks.serving.row import Row
from benchmarks.serving.server import Server
from benchmarks.serving.summary import Spread, counted, median_interval, of, over_rounds, spread
from benchmarks.serving.tails import TITLES, Tail, ratios
from benchmarks.serving.verdicts import Measured, Verdict, judge
from understudy.presentation.markdown import bullets, plain, table

_TITLE = """# Performance

`make bench` measures this service beside others on one machine and writes this page; every single
run is in `benchmarks/results/`. Speed is told in milliseconds of CPU per request first, of all
processes of a server together: on a busy machine it stays steadier than requests per second.
"""
_HOW = """## How it is measured

- Every server gets the same instances (46 features, some null) of the same two pipelines, in an
  environment of its own, and is started anew in every round; rounds go through all servers in
  turn.
- Before any load its answers are held against the pipeline's, one instance and fifty at a time. A
  server that differs by more than a millionth, or answers one request with anything but 200, has
  no figures.
- The load is `wrk` with one thread on the same machine, so that it takes its share of the
  processors from all servers alike, and most from the fastest.
- CPU is the kernel's account of the whole tree of processes, ended ones and Postgres included.
  Where requests are recorded or scored later, the clock of CPU runs on until nothing waits. The
  watcher of `understudy up` runs, but judges nothing meanwhile.
- Memory is the proportional set size of the tree right after a load; the start is from nothing to
  the first answer.
"""
_PACKAGES = ("mlflow", "mlserver", "bentoml", "litserve", "fastapi", "flask", "gunicorn", "uvicorn")
_SHARED = ("scikit-learn", "numpy", "pandas")


def write_page(found: Measured, path: Path, picture: str | None, seconds: float) -> str:
    """Write the page, and its picture if there is one; returns the page."""
    parts = [_TITLE, _verdicts(judge(found)), _where(found, seconds)]
    if picture is not None:
        drawing = path.parent / "pictures" / "performance.svg"
        drawing.parent.mkdir(parents=True, exist_ok=True)
        drawing.write_text(picture, encoding="utf-8")
        shown = f"pictures/{drawing.name}"
        parts.append(
            f"![CPU per request of every server, {found.models[0]}, 64 connections]({shown})\n"
        )
    parts += [_tables(found), _tails(found.tails), _HOW, _servers()]
    page = "\n".join(part for part in parts if part)
    path.write_text(page, encoding="utf-8")
    return page


def _verdicts(verdicts: Sequence[Verdict]) -> str:
    said = {True: "yes", False: "**no**", None: "—"}
    rows = [[one.asked, one.limit, plain(one.measured), said[one.reached]] for one in verdicts]
    return table(["asked for", "limit", "measured", "reached"], rows) + "\n"


def _where(found: Measured, seconds: float) -> str:
    rounds = len({row.round for row in found.rows})
    shared = ", ".join(f"{name} {versions(None).get(name, '?')}" for name in _SHARED)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores ({processor()}),"
        f" Linux {platform.release()}, Python {platform.python_version()}, {shared};"
        f" {counted(rounds, 'round')} of {seconds:g} s, load average"
        f" {os.getloadavg()[0]:.1f} at the end.\n"
    )


def processor() -> str:
    """Return what the processor of this machine calls itself."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _tables(found: Measured) -> str:
    measured = {(row.model, row.load) for row in found.rows}
    return "\n".join(
        f"## {model}, {load.title}\n\n{_table(found.rows, model, load)}\n"
        for model in found.models
        for load in LOADS
        if (model, load.name) in measured
    )


_Column = tuple[str, Callable[[Row], float], int]
_COLUMNS: Sequence[_Column] = (
    ("CPU ms", lambda row: row.cpu_ms, 3),
    ("requests/s", lambda row: row.requests_per_s, 0),
    ("p50 ms", lambda row: row.p50_ms, 2),
    ("p95 ms", lambda row: row.p95_ms, 2),
    ("p99 ms", lambda row: row.p99_ms, 2),
    ("PSS MB", lambda row: row.pss_mb, 0),
    ("start s", lambda row: row.start_s, 1),
)


def _table(rows: Sequence[Row], model: str, load: Load) -> str:
    header = ["server", *(name for name, _, _ in _COLUMNS), "worked off s", "answers"]
    lines = [
        _line(rows, server, model, load)
        for server in SERVERS
        if of(rows, model=model, server=server.name, load=load.name)
    ]
    return table(header, lines, right=range(1, len(header) - 1))


def _line(rows: Sequence[Row], server: Server, model: str, load: Load) -> list[str]:
    chosen = of(rows, model=model, server=server.name, load=load.name)
    problem = next((row.problem for row in chosen if row.problem), None)
    if problem is not None:
        return [plain(server.title), *["—"] * (len(_COLUMNS) + 1), plain(problem[:160])]
    cells = [
        _cell(over_rounds(rows, figure, model=model, server=server.name, load=load.name), digits)
        for _, figure, digits in _COLUMNS
    ]
    backlog = _cell(spread(row.backlog_s for row in chosen), 1)
    is_waiting = any(row.backlog_s > 0 for row in chosen)
    return [plain(server.title), *cells, backlog if is_waiting else "", _answers(chosen)]


def _cell(found: Spread | None, digits: int) -> str:
    if found is None:
        return "—"
    middle = f"{found.middle:,.{digits}f}"
    if found.count == 1:
        return middle
    return f"{middle} ({found.low:,.{digits}f}–{found.high:,.{digits}f})"


def _answers(chosen: Sequence[Row]) -> str:
    worst = max(row.difference for row in chosen)
    return "no model" if math.isnan(worst) else f"right, within {worst:.0e}" if worst else "equal"


def _tails(tails: Sequence[Tail]) -> str:
    if not tails:
        return ""
    header = ["beside the live model", "p50 ms", "p95 ms", "p99 ms", "p99 against alone", "rounds"]
    names = {"alone": "nothing", **TITLES}
    lines = [_tail(tails, variant, title) for variant, title in names.items()]
    return (
        "## The tail at a constant rate\n\n"
        f"{tails[0].rate:,.0f} requests/s, half of what the service answers and ships at 64"
        " connections with capture on and no shadow; live is the linear model, gradient boosting in"
        " the shadow. What is due in a millisecond is sent together, whatever the answers do. The"
        " ratio is the median of the rounds' own, with an interval of at least 95 % from six rounds"
        " on.\n\n"
        f"{table(header, lines, right=range(1, 6))}\n"
    )


def _tail(tails: Sequence[Tail], variant: str, title: str) -> list[str]:
    chosen = [tail for tail in tails if tail.variant == variant]
    sound = [tail for tail in chosen if not tail.problem]
    if not sound:
        problem = next((tail.problem for tail in chosen), "not measured")
        return [plain(title), "—", "—", "—", plain(problem[:160]), "0"]
    middles = [
        _cell(spread(values), 2)
        for values in (
            [tail.p50_ms for tail in sound],
            [tail.p95_ms for tail in sound],
            [tail.p99_ms for tail in sound],
        )
    ]
    return [plain(title), *middles, _ratio(tails, variant), f"{len(sound)} of {len(chosen)}"]


def _ratio(tails: Sequence[Tail], variant: str) -> str:
    found = ratios(tails, variant)
    if variant == "alone" or not found:
        return ""
    middle = median_interval(found)
    return f"{middle.middle:.2f} ({middle.low:.2f}–{middle.high:.2f})"


def _servers() -> str:
    return f"## The servers\n\n{bullets([_server(server) for server in SERVERS])}\n"


def _server(server: Server) -> str:
    does = f" Does: {server.does}." if server.does else " Predicts, and nothing else."
    if server.environment is None:
        return f"**{plain(server.title)}**: {server.settings}.{does}"
    pinned = versions(server.environment)
    named = ", ".join(f"{name} {pinned[name]}" for name in _PACKAGES if name in pinned)
    return f"**{plain(server.title)}** ({named}): {server.settings}.{does}"
