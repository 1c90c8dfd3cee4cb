"""Pairs from Parquet: the commands on files."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.scale.files import make
from benchmarks.scale.usage import Run, run

PAIRS = ("pairs", "pairs.parquet", "--live", "live", "--shadow", "shadow", "--outcome", "outcome")
COMMANDS: dict[str, Sequence[str]] = {
    "pairs, each row its own unit": PAIRS,
    "pairs, a third as many units": (*PAIRS, "--unit", "client"),
    "pairs, in order of a time": (*PAIRS, "--time", "served_at"),
    "drift of 30 columns": ("drift", "reference.parquet", "pairs.parquet"),
}


def measure(pairs: int, folder: Path) -> list[Run]:
    """Make the files and run every command."""
    make(folder / "reference.parquet", pairs // 5, part_of=0)
    make(folder / "pairs.parquet", pairs, part_of=1)
    return [_run(what, command, folder) for what, command in COMMANDS.items()]


def _run(what: str, command: Sequence[str], folder: Path) -> Run:
    found, lines = run(what, ("understudy", *command), folder)
    verdict = next((line for line in lines if line.startswith("Verdict")), found.said)
    return Run(**{**vars(found), "said": verdict.removeprefix("Verdict: ")})
