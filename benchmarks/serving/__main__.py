"""
`make bench`: this service beside others, on one machine, in one run.

A run of everything, for both models or for one, writes docs/performance.md and benchmarks/results/.
A run of some servers or loads, or of one part, writes below .benchmarks/results/ instead, so that
no page mixes two runs.
Everything that is started is ended, also after Ctrl-C and when its time is over.
"""

import argparse
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from benchmarks.serving import houses, understudy
from benchmarks.serving.environments import EnvironmentFailed, python_of
from benchmarks.serving.houses import MODELS, Houses
from benchmarks.serving.load import LOADS
from benchmarks.serving.measure import FAILURES, failed, measure
from benchmarks.serving.other import write_others
from benchmarks.serving.others import measure_others
from benchmarks.serving.page import write_page
from benchmarks.serving.picture import draw
from benchmarks.serving.ports import free_ports
from benchmarks.serving.roster import SERVERS
from benchmarks.serving.row import Row, write_rows
from benchmarks.serving.server import ROOT, Place, Server
from benchmarks.serving.tails import measure_tails, write_tails
from benchmarks.serving.verdicts import FULL, Measured

PARTS = ("servers", "tails", "others")
WORKSHOP = ROOT / ".benchmarks"
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
_PORTS = 4


def main() -> int:
    """Measure what is asked for, write it, and print the page."""
    for number in _ENDS:
        signal.signal(number, _end)
    asked = _arguments()
    if shutil.which("wrk") is None:
        sys.stderr.write(
            "wrk is missing. On Debian and Ubuntu this installs it:\n"
            "  apt-get update && apt-get install -y wrk   # as root, or with sudo\n"
        )
        return 1
    signal.alarm(round(asked.minutes * 60))
    return _run(asked)


def _run(asked: argparse.Namespace) -> int:
    models = WORKSHOP / "models"
    shutil.rmtree(models, ignore_errors=True)
    sys.stderr.write("training and packaging …\n")
    found = houses.prepare(models)
    understudy.package(models)
    results = ROOT / "benchmarks/results" if _is_whole(asked) else WORKSHOP / "results"
    page = ROOT / "docs/performance.md" if _is_whole(asked) else results / "performance.md"
    try:
        measured = _measure(asked, found, results)
    finally:
        for place in (WORKSHOP / "places").glob("*"):
            understudy.throw_away(place)
    picture = draw(measured.rows, measured.models[0], FULL)
    sys.stdout.write(write_page(measured, page, picture, asked.seconds))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    names, loads = [server.name for server in SERVERS], [load.name for load in LOADS]
    parser.add_argument("--servers", nargs="+", choices=names, default=names)
    parser.add_argument("--loads", nargs="+", choices=loads, default=loads)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=5, help="over all servers")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load")
    parser.add_argument("--tail-rounds", type=int, default=9)
    parser.add_argument("--tail-seconds", type=float, default=10.0)
    parser.add_argument("--backlog-seconds", type=float, default=60.0, help="of full load")
    parser.add_argument("--backlog-rows", type=int, default=1_000_000, help="to ship and score")
    parser.add_argument("--minutes", type=float, default=240.0, help="end after so long")
    return parser.parse_args()


def _is_whole(asked: argparse.Namespace) -> bool:
    chosen = (asked.servers, asked.loads, asked.parts)
    everything = (len(SERVERS), len(LOADS), len(PARTS))
    return tuple(len(set(some)) for some in chosen) == everything


def _measure(asked: argparse.Namespace, found: dict[str, Houses], results: Path) -> Measured:
    rows: list[Row] = []
    tails, others = [], []
    if "servers" in asked.parts:
        rows = _rounds(asked, found, results / "serving.csv")
    if "tails" in asked.parts:
        tails = measure_tails(_linear_place, found["linear"], asked.tail_rounds, asked.tail_seconds)
        write_tails(results / "tails.csv", tails)
    if "others" in asked.parts:
        others = measure_others(
            _linear_place, found["linear"], asked.backlog_seconds, asked.backlog_rows
        )
        write_others(results / "others.csv", others)
    return Measured(rows, tails, others, asked.models)


def _rounds(asked: argparse.Namespace, found: dict[str, Houses], path: Path) -> list[Row]:
    """Go through all servers and models, round by round; what is measured is kept at once."""
    servers = [server for server in SERVERS if server.name in asked.servers]
    loads = [load for load in LOADS if load.name in asked.loads]
    pairs = [(model, server) for model in asked.models for server in servers]
    unfit = {pair: problem for pair in pairs if (problem := _prepare(*pair))}
    rows: list[Row] = []
    for number in range(1, asked.rounds + 1):
        for model, server in _turned(pairs, number):
            if problem := unfit.get((model, server)):
                rows += failed(server, model, loads, number, problem)
            else:
                place = _place(server, model)
                rows += measure(server, place, found[model], loads, asked.seconds, number)
            write_rows(path, rows)
    return rows


def _prepare(model: str, server: Server) -> str | None:
    """Make a server ready for its first start; returns what went wrong."""
    try:
        python_of(server.environment)
        server.prepare(_place(server, model))
    except (EnvironmentFailed, *FAILURES) as error:
        sys.stderr.write(f"{server.name} ({model}): {error}\n")
        return str(error)
    return None


def _turned(pairs: Sequence[tuple[str, Server]], number: int) -> Sequence[tuple[str, Server]]:
    """Let every second round go the other way, so that nobody is always after the same one."""
    return pairs if number % 2 else pairs[::-1]


def _place(server: Server, model: str) -> Place:
    return Place(
        python=python_of(server.environment),
        port=free_ports(_PORTS),
        folder=WORKSHOP / "places" / f"{server.name}-{model}",
        models=WORKSHOP / "models",
        model=model,
    )


def _linear_place(server: Server) -> Place:
    return _place(server, "linear")


def _end(number: int, _: FrameType | None) -> None:
    for other in _ENDS:
        signal.signal(other, signal.SIG_IGN)  # nothing may end the ending
    why = (
        "Its time is over"
        if number == signal.SIGALRM
        else f"Ended by {signal.Signals(number).name}"
    )
    sys.stderr.write(f"{why}: no page is written, and what was started is ended.\n")
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
