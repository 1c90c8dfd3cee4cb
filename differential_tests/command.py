"""The command line: exit status 0 equal, 1 different, 64 usage, 70 failure, 130 interrupted."""

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from differential_tests.builds import MODELS, Say, build_checkout, build_revision
from differential_tests.declarations import read_declarations
from differential_tests.environments import locked
from differential_tests.errors import BaselineMissing, DifferentialError
from differential_tests.payloads import read_payloads
from differential_tests.report import describe, to_json
from differential_tests.revisions import (
    NoBaseline,
    Revision,
    describe_checkout,
    find_baseline,
)
from differential_tests.session import MakeBuild, Question, differentiate
from differential_tests.tolerances import read_tolerances
from differential_tests.verdict import Verdict

HERE = Path(__file__).parent
EQUAL, DIFFERENT, USAGE, FAILURE, INTERRUPTED = 0, 1, 64, 70, 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its status."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        status = run(arguments)
    except DifferentialError as error:
        sys.stderr.write(f"differential_tests: {error}\n")
        status = error.status
    except OSError as error:
        sys.stderr.write(f"differential_tests: {error}\n")
        status = FAILURE
    except KeyboardInterrupt:
        sys.stderr.write("differential_tests: interrupted; everything it started has ended\n")
        status = INTERRUPTED
    sys.exit(status)


def run(arguments: Sequence[str] | None = None) -> int:
    """Compare this checkout with its baseline and return the exit status."""
    options = _parser().parse_args(arguments)
    question = Question(
        payloads=read_payloads(HERE / "payloads"),
        models=MODELS,
        tolerances=read_tolerances(HERE / "tolerances.yaml"),
        declarations=read_declarations(HERE / "intended.yaml"),
    )
    baseline = find_baseline(HERE.parent, options.baseline)
    say = _progress()
    cache = HERE.parent / ".tox"
    with (
        locked(cache, say),
        tempfile.TemporaryDirectory(prefix="understudy-differential-") as folder,
    ):
        work = Path(folder)
        verdict = differentiate(
            question,
            partial(build_checkout, HERE.parent, title=describe_checkout(HERE.parent), cache=cache,
                    work=_made(work / "candidate-build"), say=say),
            _maker(baseline, cache, work, say),
            work,
            say,
        )  # fmt: skip
    return _tell(verdict, options.json, needs_baseline=options.require_baseline)


def _tell(verdict: Verdict, report: Path | None, *, needs_baseline: bool) -> int:
    sys.stdout.writelines(f"{line}\n" for line in describe(verdict))
    if report is not None:
        content = json.dumps(to_json(verdict), indent=2, ensure_ascii=False, allow_nan=False)
        report.write_text(f"{content}\n", encoding="utf-8")
    if verdict.no_baseline is not None and needs_baseline:
        raise BaselineMissing(verdict.no_baseline)
    return EQUAL if verdict.is_equal else DIFFERENT


def _maker(
    baseline: Revision | NoBaseline, cache: Path, work: Path, say: Say
) -> MakeBuild | NoBaseline:
    if isinstance(baseline, NoBaseline):
        return baseline
    folder = _made(work / "baseline-build")
    return partial(build_revision, HERE.parent, baseline, cache=cache, work=folder, say=say)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _progress() -> Say:
    started = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - started:4.0f} s] {what}\n")
        sys.stderr.flush()

    return say


class _Parser(argparse.ArgumentParser):
    """Argparse with the exit status that usage errors have in this project."""

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong."""
        self.exit(USAGE, f"differential_tests: {message}; see --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m differential_tests",
        description="Compare the answers of this checkout with those of an earlier build.",
        epilog="Exit status: 0 equal, 1 different, 64 usage, 70 something could not be run.",
    )
    parser.add_argument(
        "--baseline", metavar="REV",
        help="the revision to compare with; the last release tag (v*), else the first parent",
    )  # fmt: skip
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the whole report here")
    parser.add_argument(
        "--require-baseline", action="store_true",
        help="fail instead of comparing the candidate with itself where there is no baseline",
    )  # fmt: skip
    return parser


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
