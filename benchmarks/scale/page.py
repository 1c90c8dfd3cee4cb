"""The page docs/scale.md: a table per part, and parts that were not measured stay as they stand."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.scale.usage import Run

MOST_S, MOST_MB = 60, 2000
_HEAD = "| step | clock | CPU | peak resident | {more}said |\n|---|---|---|---|{lines}---|\n"
_TITLE = """# Scale

`make scale` measures ten million pairs with 30 columns on this machine and writes these tables:
`make scale PAIRS=200000` fewer, `make scale PARTS=log` one of the two parts. Asked for are 60 s and
2 GB on two cores.
"""
_ABOUT = {
    "files": """## From Parquet

15 columns of numbers and 10 of categories, some with gaps; client, time, two answers, outcome; a
fifth as many rows of reference. The limits are for each of the commands.
""",
    "log": """## In the prediction log

A Postgres of its own with the settings of `understudy up`, holding instances of 30 fields as jsonb,
two per request and 500 per shipment, and 200,000 outcomes. The limits are for a round of the
watcher, which judges from the sums that were kept at folding; folding from nothing has to keep
within 2 GB.
""",
}


def write_page(found: Mapping[str, Sequence[Run]], pairs: int, path: Path) -> tuple[str, bool]:
    """Write what was measured; returns the page and whether all limits held."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    texts = [_TITLE]
    for part, about in _ABOUT.items():
        if part in found:
            texts.append(f"{about}\n{_table(part, found[part])}\n{_when(pairs)}\n")
        else:
            texts.append(_kept(before, about.split("\n", 1)[0]))
    page = "\n".join(text for text in texts if text)
    path.write_text(page, encoding="utf-8")
    return page, all(_holds(part, runs) for part, runs in found.items())


def _holds(part: str, runs: Sequence[Run]) -> bool:
    if any(run.peak_mb + run.postgres_mb > MOST_MB for run in runs):
        return False
    timed = runs if part == "files" else runs[1:2]
    return all(run.wall_s <= MOST_S for run in timed)


def _table(part: str, runs: Sequence[Run]) -> str:
    has_postgres = part == "log"
    more = "Postgres' CPU | its own memory | " if has_postgres else ""
    lines = "---|---|" if has_postgres else ""
    return _HEAD.format(more=more, lines=lines) + "\n".join(
        _row(run, has_postgres=has_postgres) for run in runs
    )


def _row(run: Run, *, has_postgres: bool) -> str:
    used = f"{run.wall_s:,.1f} s | {run.cpu_s:,.1f} s | {run.peak_mb:,.0f} MB"
    if has_postgres:
        used += f" | {run.postgres_cpu_s:,.1f} s | {run.postgres_mb:,.0f} MB"
    return f"| {run.what} | {used} | {run.said} |"


def _when(pairs: int) -> str:
    names = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "pyarrow"))
    return (
        f"\n{pairs:,} pairs, written on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores"
        f" with a load of {os.getloadavg()[0]:.1f}; Python {platform.python_version()}, {names}."
    )


def _kept(before: str, title: str) -> str:
    """Return a part as it stands on the page, with its title."""
    found = re.search(rf"^{re.escape(title)}\n.*?(?=^## |\Z)", before, re.DOTALL | re.MULTILINE)
    return "" if found is None else found[0]
