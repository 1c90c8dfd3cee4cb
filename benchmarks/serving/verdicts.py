"""What is asked for, what was measured, and whether that is reached."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.serving.load import LOADS
from benchmarks.serving.other import BACKLOG, HELP, READY, SCORING, SHIPPING, WORKER, Other
from benchmarks.serving.roster import CAPTURE, COURSE, FLOOR, SERVERS, SHADOW
from benchmarks.serving.row import Row
from benchmarks.serving.summary import counted, median_interval, over_rounds
from benchmarks.serving.tails import TITLES, Tail, ratios

ONE, _, FULL, MANY = (load.name for load in LOADS)
MOST_TAIL = 1.10
Figure = Callable[[Row], float]


@dataclass(frozen=True)
class Verdict:
    """One line of what is asked for; `reached` is None where it was not measured."""

    asked: str
    limit: str
    measured: str = "not measured"
    reached: bool | None = None


@dataclass(frozen=True)
class Measured:
    """Everything that one run has measured."""

    rows: Sequence[Row]
    tails: Sequence[Tail] = ()
    others: Sequence[Other] = ()
    models: Sequence[str] = field(default=("linear", "boosting"))


def judge(found: Measured) -> list[Verdict]:
    """Return every line, in the order in which they are asked for."""
    return [*_ratios(found), *_tails(found.tails), *_others(found.others)]


def _ratios(found: Measured) -> Iterator[Verdict]:
    for model in found.models:
        peers = f"{model}: capture and shadow on, against the best peer, which does neither"
        yield _faster(found, model, FULL, f"requests/s at 64 connections, {peers}", 8)
        yield _faster(found, model, ONE, f"requests/s at 1 connection, {peers}", 12)
        yield _faster(found, model, MANY, f"instances/s with 50 per request, {peers}", 4)
        yield _cheaper(found, model)
        yield _near_the_floor(found, model)


def _faster(found: Measured, model: str, load: str, asked: str, least: float) -> Verdict:
    limit = f"at least {least:g} times"
    ours = _figure(found, SHADOW.name, model, load, _rate)
    peers = {
        server.title: rate
        for server in SERVERS
        if server.is_peer and (rate := _figure(found, server.name, model, load, _rate))
    }
    if not ours or not peers:
        return Verdict(asked, limit)
    best = max(peers, key=lambda title: peers[title])
    ratio = ours / peers[best]
    said = f"{ratio:.1f} times ({ours:,.0f} against {peers[best]:,.0f} of {best})"
    return Verdict(asked, limit, said, ratio >= least)


def _cheaper(found: Measured, model: str) -> Verdict:
    asked = (
        f"CPU per request at 64 connections, {model}: everything on, against the course's design"
    )
    limit = "at most one thirtieth"
    ours = _figure(found, SHADOW.name, model, FULL, _cpu)
    theirs = _figure(found, COURSE.name, model, FULL, _cpu)
    if not ours or not theirs:
        return Verdict(asked, limit)
    said = f"1/{theirs / ours:.1f} ({ours:.3f} ms against {theirs:.2f} ms)"
    return Verdict(asked, limit, said, theirs / ours >= 30)


def _near_the_floor(found: Measured, model: str) -> Verdict:
    asked = f"CPU per request at 64 connections, {model}: capture on, against bare uvicorn"
    limit = "at most 2 times"
    ours = _figure(found, CAPTURE.name, model, FULL, _cpu)
    api = _figure(found, CAPTURE.name, model, FULL, lambda row: row.api_cpu_ms)
    floor = _figure(found, FLOOR.name, model, FULL, _cpu)
    if not ours or not api or not floor:
        return Verdict(asked, limit)
    said = (
        f"{ours / floor:.1f} times ({ours:.3f} ms against {floor:.3f} ms; the api alone"
        f" {api / floor:.1f} times)"
    )
    return Verdict(asked, limit, said, ours / floor <= 2)


def _tails(tails: Sequence[Tail]) -> Iterator[Verdict]:
    limit = f"at most {MOST_TAIL:.2f} times"
    for variant, title in TITLES.items():
        asked = f"live p99 at half the peak, {title}"
        found = ratios(tails, variant)
        if not found:
            yield Verdict(asked, limit)
            continue
        middle = median_interval(found)
        said = (
            f"{middle.middle:.2f} times ({middle.low:.2f} to {middle.high:.2f},"
            f" {counted(middle.count, 'round')})"
        )
        yield Verdict(asked, limit, said, middle.middle <= MOST_TAIL)


@dataclass(frozen=True)
class _Limit:
    asked: str
    value: float
    unit: str
    is_least: bool = False

    def __str__(self) -> str:
        return f"at {'least' if self.is_least else 'most'} {self.value:,g} {self.unit}"

    def holds(self, value: float) -> bool:
        return value >= self.value if self.is_least else value <= self.value


_LIMITS = {
    BACKLOG: _Limit("backlog of agent and shadow after a full load, worked off within", 60, "s"),
    SCORING: _Limit(
        "shadow scoring of a million recorded predictions, one process, gradient boosting", 60, "s"
    ),
    SHIPPING: _Limit("shipping to Postgres, one agent", 20_000, "rows/s", is_least=True),
    WORKER: _Limit("memory of a gunicorn worker (PSS) with both models", 150, "MiB"),
    READY: _Limit("`understudy serve` ready, warm caches", 2, "s"),
    HELP: _Limit("`understudy --help`", 0.3, "s"),
}


def _others(others: Sequence[Other]) -> Iterator[Verdict]:
    known = {other.name: other for other in others}
    for name, limit in _LIMITS.items():
        other = known.get(name)
        if other is None:
            yield Verdict(limit.asked, str(limit))
        elif math.isnan(other.value):
            yield Verdict(limit.asked, str(limit), f"failed: {other.said}", False)
        else:
            said = f"{_shown(other.value)} {limit.unit} ({other.said})"
            yield Verdict(limit.asked, str(limit), said, limit.holds(other.value))


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _figure(found: Measured, server: str, model: str, load: str, of: Figure) -> float | None:
    over = over_rounds(found.rows, of, model=model, server=server, load=load)
    return None if over is None else over.middle


def _rate(row: Row) -> float:
    return row.instances_per_s


def _cpu(row: Row) -> float:
    return row.cpu_ms
