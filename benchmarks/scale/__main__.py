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

from benchmarks.scale import files_part, log
from benchmarks.scale.page import write_page

PARTS = ("files", "log")


def main() -> int:
    """Measure the parts that are asked for and write the page; the status is 1 beyond a limit."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGALRM, _end)
    signal.alarm(round(asked.minutes * 60))
    found = {}
    for part in asked.parts:
        with _folder(asked.folder) as folder:
            found[part] = (
                files_part.measure(asked.pairs, folder)
                if part == "files"
                else log.measure(asked.pairs, folder, asked.fold_minutes)
            )
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


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="understudy-scale-") as folder:
        try:
            yield Path(folder)
        finally:
            log.throw_away(Path(folder))


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(f"Ended by {signal.Signals(number).name}; what was made is removed.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
