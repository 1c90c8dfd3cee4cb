"""
The live p99 at a constant rate of half the measured peak, with trouble beside it and without.

Every round runs every variant, so that what else happens on the machine meets all of them; a ratio
is taken within its round.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from benchmarks.serving import understudy
from benchmarks.serving.houses import Houses
from benchmarks.serving.load import Load, LoadFailed, put, write_bodies
from benchmarks.serving.measure import FAILURES, settle, wait_until_worked_off
from benchmarks.serving.roster import CAPTURE, HUNG, SHADOW
from benchmarks.serving.row import NAN
from benchmarks.serving.running import Running, running
from benchmarks.serving.server import ROOT, Place, Server

_WARM_S = 2.0
_PEAK = Load(64, 1)

ALONE = replace(CAPTURE, name="tail-alone")
VARIANTS: Mapping[str, Server] = {
    "alone": ALONE,
    "shadow": replace(SHADOW, name="tail-shadow"),
    "hung": replace(HUNG, name="tail-hung"),
    "crashing": replace(
        SHADOW, name="tail-crashing", hold=understudy.crash, backlog=lambda _, __: 0
    ),
    "leaking": replace(SHADOW, name="tail-leaking", hold=understudy.leak, backlog=lambda _, __: 0),
    "stopped": replace(CAPTURE, name="tail-stopped"),
}
TITLES = {
    "shadow": "shadow on, against none",
    "hung": "shadow hung, against none",
    "crashing": "shadow killed again and again, against none",
    "leaking": "shadow leaking, against none",
    "stopped": "Postgres stopped, against running",
}


@dataclass(frozen=True)
class Tail:
    """One variant in one round; `problem` says why it does not count."""

    variant: str
    round: int
    rate: float
    problem: str = ""
    sent: int = 0
    p50_ms: float = NAN
    p95_ms: float = NAN
    p99_ms: float = NAN


def measure_tails(
    place_of: Callable[[Server], Place], houses: Houses, rounds: int, seconds: float
) -> list[Tail]:
    """Prepare every variant, find the peak, and drive each in every round."""
    for server in VARIANTS.values():
        server.prepare(place_of(server))
    rate = _half_the_peak(place_of(ALONE), houses)
    sys.stderr.write(f"half of what is sustained is {rate:,.0f} requests/s\n")
    found = []
    for number in range(1, rounds + 1):
        for variant in _turned(tuple(VARIANTS), number):
            tail = _tail(variant, place_of(VARIANTS[variant]), houses, number, rate, seconds)
            sys.stderr.write(
                f"round {number}, {variant}: {tail.problem or f'{tail.p99_ms:.2f} ms'}\n"
            )
            found.append(tail)
    return found


def ratios(tails: Sequence[Tail], variant: str) -> list[float]:
    """Return a variant's p99 over that of the service alone, per round in which both count."""
    alone = _sound(tails, "alone")
    return [
        p99 / alone[number] for number, p99 in _sound(tails, variant).items() if number in alone
    ]


def write_tails(path: Path, tails: Sequence[Tail]) -> None:
    """Write every single run as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Tail)], lineterminator="\n")
        writer.writeheader()
        for tail in tails:
            writer.writerow({name: _short(value) for name, value in asdict(tail).items()})


def _short(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value


def _sound(tails: Sequence[Tail], variant: str) -> dict[int, float]:
    return {
        tail.round: tail.p99_ms for tail in tails if tail.variant == variant and not tail.problem
    }


def _turned(variants: tuple[str, ...], number: int) -> tuple[str, ...]:
    """Let another variant be the first in every round."""
    first = number % len(variants)
    return variants[first:] + variants[:first]


def _half_the_peak(place: Place, houses: Houses) -> float:
    """
    Return half of the requests per second that are answered and shipped.

    Half of those that are only answered is more than two processors can also ship: every variant
    would be as slow as a full machine is.
    """
    with running(ALONE, place, houses) as found:
        settle(found)
        bodies = _bodies(found, houses)
        put(_PEAK, found.url, bodies, _WARM_S)
        wait_until_worked_off(found)
        figures = put(_PEAK, found.url, bodies, 2 * _WARM_S)
        worked_off_s = wait_until_worked_off(found)
    return figures.requests / (figures.seconds + worked_off_s) / 2


def _tail(
    variant: str, place: Place, houses: Houses, number: int, rate: float, seconds: float
) -> Tail:
    empty = Tail(variant, number, rate)
    try:
        with running(VARIANTS[variant], place, houses) as found:
            settle(found)
            wait_until_worked_off(found)
            bodies = _bodies(found, houses)
            _drive(found, bodies, rate, _WARM_S)
            if variant == "stopped":
                understudy.stop_postgres(place, found.root)
            try:
                figures = _drive(found, bodies, rate, seconds)
            finally:
                understudy.let_go(found.root)
    except FAILURES as error:
        return replace(empty, problem=" ".join(str(error).split()))
    errors = int(figures["errors"])
    sent = int(figures["sent"])
    problem = f"{errors} of {sent} requests had no answer with 200" if errors else ""
    return replace(
        empty,
        problem=problem,
        sent=sent,
        p50_ms=figures["p50_ms"],
        p95_ms=figures["p95_ms"],
        p99_ms=figures["p99_ms"],
    )


def _bodies(found: Running, houses: Houses) -> Path:
    bodies = found.place.folder / "bodies"
    write_bodies(bodies, found.server, houses.instances, 1)
    return bodies


def _drive(found: Running, bodies: Path, rate: float, seconds: float) -> dict[str, float]:
    """Drive in a process of its own, whose pauses are no server's."""
    where = (str(found.place.port), found.server.path, str(bodies))
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.serving.rate", *where, f"{rate:.3f}", f"{seconds:g}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    if ended.returncode:
        raise LoadFailed(f"the driver ended with {ended.returncode}: {ended.stderr[-200:]}")
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures
