"""The command line: exit status 0 holds, 70 does not hold or failed, 64 usage, 130 interrupted."""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from understudy.cli.progress import progress
from understudy.errors import UnderstudyError

from .case import CalibrationBroken, Case
from .cases import CASES
from .judging import Tally, gaps, judge
from .page import Circumstances, page, sentence, to_json
from .running import run_all

HOLDS, USAGE, FAILURE, INTERRUPTED = 0, 64, 70, 130
PAGE = Path(__file__).resolve().parent.parent / "docs" / "calibration.md"
PARTS = (1, 2, 3, 4)
RUNS, MINUTES, SEED, WORKERS = 1000, 40.0, 4, 2


def main(arguments: Sequence[str] | None = None, known: Mapping[str, Case] = CASES) -> NoReturn:
    """Run the command line and end the process with its status."""
    try:
        status = run(arguments, known)
    except (CalibrationBroken, UnderstudyError, OSError) as error:
        sys.stderr.write(f"calibration: {error}\n")
        status = FAILURE
    except KeyboardInterrupt:
        sys.stderr.write("calibration: interrupted; nothing was written\n")
        status = INTERRUPTED
    sys.exit(status)


def run(arguments: Sequence[str] | None, known: Mapping[str, Case]) -> int:
    """Simulate, write the page and its figures, say what holds, and return the exit status."""
    options = _parser().parse_args(arguments)
    cases = {name: case for name, case in known.items() if case.part in (options.part or PARTS)}
    started = time.monotonic()
    tallies = simulate(cases, options)
    took = time.monotonic() - started
    around = Circumstances.now(options.seed, options.runs, took, options.workers)
    lines = [line for case in cases.values() if case.name in tallies
             for line in judge(case, tallies[case.name])]  # fmt: skip
    missing = gaps(list(cases.values()), tallies)
    target = options.page or (None if options.part else PAGE)
    if target is not None:
        target.write_text(page(cases, tallies, around), encoding="utf-8")
        target.with_suffix(".json").write_text(to_json(cases, tallies, around), encoding="utf-8")
        sys.stdout.write(f"Written: {target.name} and its figures beside it.\n")
    sys.stdout.writelines(f"{line}\n" for line in sentence(lines, missing, took))
    return HOLDS if all(line.passed for line in lines) and not missing else FAILURE


def simulate(cases: Mapping[str, Case], options: argparse.Namespace) -> dict[str, Tally]:
    """Runs all cases over the workers, with a bar on the way; interrupted, says what is known."""
    tallies: dict[str, Tally] = {}
    total = sum(case.runs(options.runs) for case in cases.values())
    try:
        with progress("Runs", total) as advance:
            for batch, runs in run_all(
                list(cases.values()),
                options.runs,
                options.seed,
                options.workers,
                60 * options.minutes,
            ):
                tallies.setdefault(batch.case.name, Tally()).add(runs)
                advance(batch.count)
    except KeyboardInterrupt:
        known = [line for name, tally in tallies.items() for line in judge(cases[name], tally)]
        sys.stdout.writelines(f"{line}\n" for line in sentence(known, (), None))
        raise
    return tallies


class _Parser(argparse.ArgumentParser):
    """Argparse with the exit status that usage errors have in this project."""

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong."""
        self.exit(USAGE, f"calibration: {message}; see --help\n")


def _parser() -> _Parser:
    parser = _Parser(prog="python -m calibration", description=__doc__)
    parser.add_argument("--runs", type=_count, default=RUNS, help="runs of a case; costly: fewer")
    parser.add_argument("--minutes", type=_minutes, default=MINUTES, help="begin none after this")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=_count, default=min(WORKERS, os.cpu_count() or 1))
    parser.add_argument("--part", type=int, action="append", choices=PARTS, help="only this part")
    parser.add_argument("--page", type=Path, help="default: docs/calibration.md, if all parts run")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1")
    return number


def _minutes(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError(f"{text} is no time above 0")
    return number
