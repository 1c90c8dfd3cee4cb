"""
`python -m tests.chaos.soak.memory`: does memory stay flat under load for an hour?

A stack with a live model and two shadows answers as fast as it can, or at a rate; every five
seconds the memory that each process has taken is read from the kernel. Mapped files are left out:
the kernel has their pages once, drops them when it likes, and parts them anew among their users
whenever a process starts or ends, which moves the watcher by ten megabytes.
"""

import json
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from benchmarks.serving.tree import family, pss_mb
from tests.chaos.kept import DOCS, keep
from tests.chaos.records import address, ask
from tests.chaos.soak.flatness import Flatness, Series, flatness
from tests.chaos.soak.loading import put_load
from tests.chaos.soak.picture import draw
from tests.chaos.template import instances_of, stack_from, template
from tests.stack import Stack, eventually

EVERY_S = 5.0
_WARM_UP = 1 / 3
_CONNECTIONS = 64
BUFFERS = "shared buffers"
_SHARED = "SELECT sum(allocated_size) FROM pg_shmem_allocations"


@click.command()
@click.option("--minutes", type=float, default=60.0, show_default=True)
@click.option("--rate", type=float, help="Requests per second; without it as fast as they go.")
@click.option("--write", is_flag=True, help="Write the figures into docs/reliability.md.")
@click.option("--json", "wants_json", is_flag=True, help="Print the figures as JSON.")
def main(minutes: float, rate: float | None, *, write: bool, wants_json: bool) -> None:
    """Measure memory under load; the exit status is 1 unless it is flat and nothing failed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    found = measure(minutes * 60, rate, lambda said: click.echo(said, err=True))
    if wants_json:
        click.echo(json.dumps(found, indent=1))
    else:
        for name, part in found["parts"].items():
            click.echo(told(name, part))
    if write:
        (DOCS / "pictures" / "memory.svg").write_text(
            draw(found["series"], found["warm_up_minutes"])
        )
        keep("memory", found)
    is_flat = all(part["is_flat"] for part in found["parts"].values())
    sys.exit(0 if is_flat and not found["failed"] else 1)


def measure(seconds: float, rate: float | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Put a stack under load for so many seconds and return the figures of its memory."""
    with template() as made, stack_from(made, {}) as stack, tempfile.TemporaryDirectory() as place:
        stack.start()
        eventually(lambda: stack.get("/health/ready").status_code == 200, 60)
        bodies = Path(place) / "bodies"
        some = instances_of(made)
        bodies.write_text("".join(json.dumps({"instances": [one]}) + "\n" for one in some))
        series: dict[str, list[tuple[float, float]]] = {}
        ends = threading.Event()
        watch = threading.Thread(target=_watch, args=(stack, series, ends, tell))
        watch.start()
        try:
            load = put_load(stack.port, bodies, seconds, rate, _CONNECTIONS)
        finally:
            ends.set()
            watch.join()
        ((shared,),) = ask(address(stack.folder), _SHARED)
        backlog = stack.metric("understudy_spool_backlog_instances", port=1)
    about = {"rate": rate, "requests": load.requests, "failed": load.failed, "backlog": backlog}
    return about | _summed_up(series, seconds, float(shared) / 1024**2)


def told(name: str, part: Mapping[str, Any]) -> str:
    """Tell of one part in a line."""
    if part["at_most"] is None:
        return f"{name:<16} {part['level']:8.1f} MB  too few minutes for a slope"
    flat = "flat" if part["is_flat"] else "NOT SHOWN"
    growth = "" if part["growth"] is None else f"{part['growth']:+7.2f} MB/h, "
    return (
        f"{name:<16} {part['level']:8.1f} MB (highest {part['most']:.1f})"
        f"  {growth}at most {part['at_most']:+7.2f} (limit {part['limit']:.1f})  {flat}"
    )


def _watch(
    stack: Stack,
    series: dict[str, list[tuple[float, float]]],
    ends: threading.Event,
    tell: Callable[[str], None],
) -> None:
    start = time.monotonic()
    while not ends.wait(EVERY_S):
        at = round(time.monotonic() - start, 1)
        sizes = {name: pss_mb(pids, "Pss_Anon") for name, pids in _parts(stack).items()}
        sizes[BUFFERS] = pss_mb(_postgres(stack), "Pss_Shmem")
        for name, size in sizes.items():
            series.setdefault(name, []).append((at, round(size, 2)))
        if int(at / 60) != int((at - EVERY_S) / 60):
            tell(f"{at / 60:.0f} min  {sum(sizes.values()):.0f} MB")


def _parts(stack: Stack) -> dict[str, list[int]]:
    """Return the processes of each part."""
    serve, shadow = stack.pids("serve"), stack.pids("shadow")
    return {
        "api arbiter": serve[:1],
        "api workers": serve[1:],
        "agent": stack.pids("agent"),
        "shadow": shadow[:1],
        "shadow children": shadow[1:],
        "watcher": stack.pids("watch"),
        "Postgres": _postgres(stack),
        "up": [stack.process.pid],
    }


def _postgres(stack: Stack) -> list[int]:
    return [pid for first in stack.postmasters() for pid in family(first)]


def _summed_up(series: Mapping[str, Series], seconds: float, shared: float) -> dict[str, Any]:
    warm_up_s = seconds * _WARM_UP
    found = {name: flatness(one, warm_up_s) for name, one in series.items()}
    # They fill up to what Postgres has set apart, slowly, as the log grows.
    most = max((size for _, size in series.get(BUFFERS, [])), default=0.0)
    found[BUFFERS] = Flatness(most, most, None, most, round(shared + 1, 1))
    return {
        "minutes": round(seconds / 60, 1),
        "warm_up_minutes": round(warm_up_s / 60, 1),
        "parts": {name: asdict(part) | {"is_flat": part.is_flat} for name, part in found.items()},
        "series": {name: list(one)[::6] for name, one in series.items()},
    }


if __name__ == "__main__":
    main()
