"""
`make scale`: ten million pairs of 30 columns, from Parquet and in Postgres, as docs/scale.md.

It makes its own files and its own database below a temporary folder (1.5 GB and 10 GB) and removes
them, also after Ctrl-C and when its time is over.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from benchmarks.scale.page import write_page
from benchmarks.scale.usage import Run

PARTS = ("files", "log")
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


def main() -> int:
    """
    Measure the parts that are asked for and write the page; the status is 1 beyond a limit.

    If it is ended, the status is 128 and the signal's number: 130 by Ctrl-C, 142 by its time.
    """
    for number in _ENDS:
        signal.signal(number, _end)
    asked = _arguments()
    signal.alarm(round(asked.minutes * 60))
    found = {}
    for part in asked.parts:
        with _folder(asked.folder) as folder:
            found[part] = _measure(part, asked, folder)
    page, held = write_page(found, asked.pairs, asked.page)
    sys.stdout.write(page)
    return int(not held)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000_000)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--minutes", type=float, default=120.0, help="end after so long")
    parser.add_argument("--fold-minutes", type=float, default=60.0, help="of these, for folding")
    parser.add_argument("--folder", type=Path, help="keep what is made here, and use it again")
    parser.add_argument("--page", type=Path, default=Path(__file__).parents[2] / "docs/scale.md")
    found = parser.parse_args()
    if found.pairs < 10_000:
        parser.error(f"--pairs is {found.pairs}; below 10,000 there is nothing to measure")
    return found


def _measure(part: str, asked: argparse.Namespace, folder: Path) -> list[Run]:
    """Measure one part; the log's models and database are loaded for nothing else."""
    if part == "files":
        from benchmarks.scale import files_part

        return files_part.measure(asked.pairs, folder)
    from benchmarks.scale import log

    try:
        return log.measure(asked.pairs, folder, asked.fold_minutes)
    finally:
        if asked.folder is None:
            log.throw_away(folder)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="understudy-scale-") as folder:
        yield Path(folder)


def _end(number: int, _: FrameType | None) -> None:
    for other in _ENDS:
        signal.signal(other, signal.SIG_IGN)  # nothing may end the removal
    why = (
        "Its time is over"
        if number == signal.SIGALRM
        else f"Ended by {signal.Signals(number).name}"
    )
    sys.stderr.write(f"{why}: nothing is written, and what was made in passing is removed.\n")
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
