"""The page docs/reliability.md, from what the last run of each experiment has found."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.chaos.account import LATE_S
from tests.promises import PARTS
from understudy.presentation.markdown import bullets, code, plain, table

_COMMAND = "tox run -e chaos -- {}"
_FAMILIES = {
    "processes": "A process is killed",
    "moments": "In the midst of something",
    "shadows": "A shadow misbehaves",
    "postgres": "Postgres is away, slow or full",
    "spools": "A spool is damaged",
    "disk": "A disk is full",
    "clock": "The clock",
    "store": "The artefact store",
}
_HEADER = ["fault", "to callers", "answered", "unanswered", "recorded", "shadow rows",
           "live errors", "slowest s", "recovery s", "result", "on"]  # fmt: skip

Kept = Mapping[str, Any]


def page(known: Kept) -> str:
    """Return the page as Markdown."""
    runs: dict[str, Kept] = known.get("experiments", {}).get("runs", {})
    parts = [_head(known), _promises(known, list(runs.values())), *_families(runs)]
    parts += [write(known[name]) for name, write in _OTHERS.items() if name in known]
    return "\n\n".join([*parts, _HOW]) + "\n"


def _head(known: Kept) -> str:
    found = known.get("experiments")
    run = f"Last run on {found['on']} on {found['machine']}." if found else ""
    return f"""# Reliability

<!-- Written by `make reliability`, `promises`, `soak` and `memory`, from tests/chaos/page.py. -->

What was answered is recorded once, and nobody is harmed, whatever is killed: each experiment here
runs the whole service under load, does it some harm, and then holds what Postgres and the spools
have against what the client noted of every request. All figures are in
[reliability.json](reliability.json). {run}""".rstrip()


def _promises(known: Kept, runs: Sequence[Kept]) -> str:
    runs = [*runs, *known.get("seeds", {}).get("runs", {}).values()]
    rows = [
        [
            promise,
            ", ".join(code(name) for name in figures),
            f"{sum(_figure(run, of) for run in runs):,} {unit}",
            "yes" if _is_kept(runs, figures) else "**no**",
        ]
        for promise, figures, of, unit in _PROMISES
    ]
    return table(["promise", "figures that must be 0", "tried on", "kept"], rows, right=[2])


def _figure(run: Kept, name: str) -> int:
    return int(run["figures"].get(name) or 0)


def _is_kept(runs: Sequence[Kept], figures: Sequence[str]) -> bool:
    return bool(runs) and all(run["figures"].get(name) == 0 for run in runs for name in figures)


def _families(runs: Mapping[str, Kept]) -> list[str]:
    tags = [*_FAMILIES, *sorted({run["tags"][0] for run in runs.values()} - set(_FAMILIES))]
    families = {
        tag: {name: run for name, run in runs.items() if tag in run["tags"]} for tag in tags
    }
    return [_family(tag, found) for tag, found in families.items() if found]


def _family(tag: str, runs: Mapping[str, Kept]) -> str:
    title = _FAMILIES.get(tag, tag.capitalize())
    rows = [_row(run) for _, run in sorted(runs.items())]
    names = ", ".join(code(name) for name in sorted(runs))
    return (
        f"## {title}\n\n`{_COMMAND.format(f'--tag {tag}')}`, or one of them by name: {names}.\n\n"
        f"{table(_HEADER, rows, right=range(2, 9))}"
    )


def _row(run: Kept) -> list[str]:
    known = run["figures"]
    figures = ("answered", "unanswered_requests", "recorded", "shadow_rows", "errors",
               "slowest_s", "recovery_s")  # fmt: skip
    result = "kept" if run["kept"] else f"**broken**: {plain('; '.join(run['broken']))}"
    cells = ["—" if known.get(name) is None else f"{known[name]:,}" for name in figures]
    return [plain(run["fault"]), plain(run["promise"]), *cells, result, run["on"]]


def _tests(known: Kept) -> str:
    runs: dict[str, Kept] = known["runs"]
    rows = [
        [
            plain(run["part"]), plain(run["promise"]), code(name), _tried_on(run),
            "kept" if run["kept"] else "**not shown**",
        ]
        for name, run in sorted(runs.items(), key=lambda one: (PARTS.index(one[1]["part"]), one[0]))
    ]  # fmt: skip
    return (
        "## Promises that tests prove\n\n`make promises` runs these and writes what became of"
        " them; `.venv/bin/pytest TEST` one of them. All run in CI. Written on"
        f" {known['on']} on {known['machine']}.\n\n"
        + table(["part", "promise", "test", "tried on", "result"], rows)
    )


def _tried_on(run: Kept) -> str:
    figures = {"cases": run["cases"]} if run["cases"] > 1 else {}
    return ", ".join(f"{count:,} {name}" for name, count in (figures | run["figures"]).items())


def _seeds(known: Kept) -> str:
    runs = known["runs"]
    broken = {name: run for name, run in runs.items() if not run["kept"]}
    struck = sum(run["faults"] for run in runs.values())
    answered = sum(_figure(run, "answered") for run in runs.values())
    told = (
        f"{len(runs)} of {known['asked']} seeds, from {known['first']} on, were tried in"
        f" {known['minutes']:g} minutes, {known['at_a_time']} at a time: {struck} faults,"
        f" {answered:,} instances answered. {len(runs) - len(broken)} of {len(runs)} kept all"
        f" promises. Written on {known['on']} on {known['machine']}."
    )
    lines = [f"{code(name)} {plain(run['fault'])}: **{plain('; '.join(run['broken']))}**"
             for name, run in broken.items()]  # fmt: skip
    return "\n\n".join(filter(None, [
        "## Random schedules\n\n`make soak`; a seed is repeated by `" + _COMMAND.format(
            "--seeds 1 --first SEED") + "`. Each draws two to six faults within six seconds, which"
        " overlap.", told, bullets(lines),
    ]))  # fmt: skip


def _memory(known: Kept) -> str:
    load = "as fast as they go, over 64 connections" if known["rate"] is None else (
        f"at {known['rate']:g} per second")  # fmt: skip
    rows = [
        [
            name, f"{part['level']:,.0f}", f"{part['most']:,.0f}",
            *("—" if part[which] is None else f"{part[which]:+,.1f}"
              for which in ("growth", "at_most")),
            f"{part['limit']:,.1f}", "flat" if part["is_flat"] else "**not shown**",
        ]
        for name, part in known["parts"].items()
    ]  # fmt: skip
    header = ["part", "MB", "highest", "MB per hour", "at most", "limit", "result"]
    told = (
        f"`make memory`: {known['requests']:,} requests in {known['minutes']:g} minutes, {load},"
        f" {known['failed']} of them without an answer of 200; a live model and two shadows."
        " The memory that each part has taken, without mapped files; the slope of the lowest tenth"
        f" of five minutes each after {known['warm_up_minutes']:g} minutes of warming up, and the"
        " slope's upper bound at 97.5 %, which is held against the larger of 8 MB and 5 % of the"
        " level. The shared buffers"
        " of Postgres fill up to their setting: of those the most is held against that. *Not shown*"
        " is a slope whose bound is beyond the limit, by growth or by noise."
        f" Written on {known['on']} on {known['machine']}."
    )
    picture = "![Memory of each part over time](pictures/memory.svg)"
    return "\n\n".join(["## Memory", told, table(header, rows, right=range(1, 6)), picture])


def _sabotage(known: Kept) -> str:
    rows = [[plain(run["fault"]), plain("; ".join(run["broken"])) or "**nothing**", run["on"]]
            for _, run in sorted(known["runs"].items())]  # fmt: skip
    return (
        "## That a broken promise is seen\n\n`" + _COMMAND.format("--sabotage") + "` breaks the"
        " promises by hand, and fails unless each breach is found.\n\n"
        + table(["breach", "found", "on"], rows)
    )


_PROMISES: Sequence[tuple[str, Sequence[str], str, str]] = (
    ("Every answered instance is recorded; where a fault takes its record away, it is told as lost"
     " or missing", ["unrecorded"], "answered", "instances"),
    ("and once", ["doubled"], "recorded", "rows"),
    ("as it was answered; nothing else is", ["wrong"], "recorded", "rows"),
    ("Recorded and unanswered are only requests in flight at a kill", ["unexplained_requests"],
     "unanswered_requests", "requests"),
    ("No request fails but those in flight while the api itself is killed", ["errors"],
     "sent_requests", "requests"),
    (f"Nobody waits longer than {LATE_S:g} s, but while the api itself is killed or held",
     ["late"], "sent_requests", "requests"),
    ("A shadow has one row per instance in its sample", ["shadow_gaps", "open_work"],
     "shadow_rows", "rows"),
    ("and fails on poisoned instances only", ["shadow_failures_amiss"], "shadow_rows", "rows"),
    ("Nothing is put into quarantine", ["quarantined"], "recorded", "rows"),
)  # fmt: skip
_OTHERS: Mapping[str, Callable[[Kept], str]] = {
    "tests": _tests,
    "seeds": _seeds,
    "memory": _memory,
    "sabotage": _sabotage,
}
_HOW = """## How it is measured

- Each experiment is a [Chaos Toolkit](https://chaostoolkit.org) file in `tests/chaos/experiments`
  with a stack of its own: `understudy up` with its Postgres, a live model, a shadow on all requests
  and one on 30 % of them. The promises are looked at before the fault and after it.
- The client sends fifty requests per second (fifteen where a shadow misbehaves, thirty in random
  schedules) of 1 to 20 instances, each once, with an id of its own, and writes down the answer or
  its absence. It goes on sending through fault and recovery.
- *answered* and *recorded* are instances, *unanswered* requests; *live errors* are requests that
  failed though the api was not the victim, *slowest* the longest wait of one whose api was neither
  killed nor held. *Recovery* is the time from the fault until every part
  says that it can work.
- To strike in the midst of something, a lock held from outside lets it begin and not end.
- `understudy compare` and the api's metrics have to agree with the client's account to the
  instance. Of random schedules every fifth asks `compare`."""
