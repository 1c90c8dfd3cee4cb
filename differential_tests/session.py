"""One run of the differential tests: build, ask, compare, judge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from differential_tests.builds import Build, Say
from differential_tests.declarations import Declaration
from differential_tests.differences import Recording, compare
from differential_tests.errors import BuildFailed, ServiceFailed
from differential_tests.payloads import Payload
from differential_tests.recording import record
from differential_tests.revisions import NoBaseline
from differential_tests.tolerances import Tolerances
from differential_tests.verdict import Verdict, judge

MakeBuild = Callable[[], Build]


@dataclass(frozen=True)
class Question:
    """What both builds are asked, and what may come of it."""

    payloads: Sequence[Payload]
    models: Sequence[str]
    tolerances: Tolerances
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True)
class _Twice:
    """A build that has answered everything two times, trained anew for each."""

    build: Build
    first: Recording
    second: Recording


def differentiate(
    question: Question, candidate: MakeBuild, baseline: MakeBuild | NoBaseline, work: Path, say: Say
) -> Verdict:
    """
    Ask the candidate once and the baseline twice; without a baseline, the candidate twice.

    Each time the models are trained anew, so that the noise floor holds what training adds to it.
    Raises BuildFailed and ServiceFailed for the candidate: only a baseline may be lacking.
    """

    def answers_of(build: Build, run: str) -> Recording:
        return record(build, question.payloads, question.models, work / run, say)

    new = candidate()
    after = answers_of(new, "candidate")
    found = _ask_twice(baseline, answers_of)
    if isinstance(found, NoBaseline):
        say(f"there is no baseline ({_short(found.reason)})")
        before, old, noise = answers_of(new, "candidate-again"), new, None
    else:
        before, old = found.first, found.build
        noise = compare(found.first, found.second, question.tolerances)
    return judge(
        compare(before, after, question.tolerances),
        noise,
        question.declarations,
        titles=(old.title, new.title),
        no_baseline=_short(found.reason) if isinstance(found, NoBaseline) else None,
        answers=len(after),
    )


def _ask_twice(
    baseline: MakeBuild | NoBaseline, answers_of: Callable[[Build, str], Recording]
) -> _Twice | NoBaseline:
    if isinstance(baseline, NoBaseline):
        return baseline
    try:
        build = baseline()
        return _Twice(build, answers_of(build, "baseline"), answers_of(build, "baseline-again"))
    except (BuildFailed, ServiceFailed) as error:
        return NoBaseline(str(error))


def _short(reason: str) -> str:
    return " ".join(reason.split())[:600].rstrip(".")
