"""
`make scale`: ten million pairs of 30 columns from Parquet, with time and memory, as docs/scale.md.

It makes its own files below a temporary folder (1.5 GB) and removes them.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale.files import make

ROWS = 10_000_000
REFERENCE_ROWS = 2_000_000
PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
PAIRS = ("pairs", "pairs.parquet", "--live", "live", "--shadow", "shadow", "--outcome", "outcome")
COMMANDS: dict[str, Sequence[str]] = {
    "pairs, each row its own unit": PAIRS,
    "pairs, a third as many units": (*PAIRS, "--unit", "client"),
    "pairs, in order of a time": (*PAIRS, "--time", "served_at"),
    "drift of 30 columns": ("drift", "reference.parquet", "pairs.parquet"),
}


@dataclass(frozen=True)
class Run:
    """What one command took: seconds on the clock and of CPU, MB resident, its verdict."""

    what: str
    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str


def main() -> int:
    """Make the files, run every command, write the page; the status is 1 beyond the limits."""
    with tempfile.TemporaryDirectory(prefix="understudy-scale-") as folder:
        make(Path(folder) / "reference.parquet", REFERENCE_ROWS, part_of=0)
        make(Path(folder) / "pairs.parquet", ROWS, part_of=1)
        runs = [_run(what, command, folder) for what, command in COMMANDS.items()]
    page = _page(runs)
    PAGE.write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    sides = (max(run.wall_s for run in runs[:2]) + runs[-1].wall_s, max(r.peak_mb for r in runs))
    return int(sides[0] > 60 or sides[1] > 2000)


def _run(what: str, command: Sequence[str], folder: str) -> Run:
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        arguments = [sys.executable, "-m", "understudy", *command]
        process = subprocess.Popen(arguments, cwd=folder, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        output.seek(0)
        lines = output.read().decode().splitlines()
    verdict = next((line for line in lines if line.startswith("Verdict")), f"status {status}")
    cpu = used.ru_utime + used.ru_stime
    return Run(what, wall, cpu, used.ru_maxrss / 1024, verdict.removeprefix("Verdict: "))


def _row(run: Run) -> str:
    used = f"{run.wall_s:.0f} s | {run.cpu_s:.0f} s | {run.peak_mb:,.0f} MB"
    return f"| {run.what} | {used} | {run.said} |"


def _page(runs: Sequence[Run]) -> str:
    rows = "\n".join(map(_row, runs))
    return f"""# Scale

`make scale` makes {ROWS:,} pairs with 30 columns (15 of numbers, 10 of categories, some with gaps;
client, time, two answers, outcome) and a reference of {REFERENCE_ROWS:,} rows as Parquet, runs the
commands on them and writes this table. Asked for are 60 s and 2 GB on two cores, for the pairs and
the drift together.

| command | clock | CPU | peak resident | verdict |
|---|---|---|---|---|
{rows}

Written on {os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f}.
"""


if __name__ == "__main__":
    sys.exit(main())
