"""The page: what was simulated, how often it may err and how often it did."""

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from typing import Any

from understudy.presentation.markdown import table

from .case import LEAST_RUNS, Case
from .judging import Line, Tally, judge

LIBRARIES = ("understudy", "numpy", "scipy", "statsmodels", "pandas")
PARTS = {
    1: (
        "Nothing changed",
        "Thirty columns: normal, lognormal, sparse and whole numbers, categories of 4, 40 and"
        " thousands of levels, every third with 2 % missing. Both samples come from the same"
        " distribution, so every alarm is false. *Over all asks* is `drift` with looks at 100, 200,"
        " 400, … units, asked at any time: an alarm stays, so the last ask knows of all, and in one"
        " run of twenty a dozen earlier ones are made to see that. *In one look*: on files.",
    ),
    2: (
        "The gate exactly at each limit",
        "The truth is the limit itself, where PROMOTE and REJECT are both wrong. Minimum coverage"
        " is set to nothing, so that the intervals alone have to hold. 10,000 units of one row, or"
        " 1,000 requests of 20 rows correlated 0.2, asked 50 times from 100 units on, half evenly"
        " spread and half by ratio. *Limit excluded* is the interval that ever leaves the limit out"
        " on either side, at the 50 asks or after any unit: the guarantee itself. The last cases"
        " are what no rule can see: a shadow that errs a quarter less, but for one unit in so many"
        " where it errs enormously. With the usual minimum of 1000 units it is promoted as long as"
        " that one has not come; a `loss_cap` in the policy says how much one answer may cost.",
    ),
    3: (
        "Slices and windows",
        "Many slices of the traffic or many days of it, and nothing wrong with any: a slice called"
        " bad or a window that alarms is false.",
    ),
    4: (
        "How soon what is true is seen",
        "Errors of both models are normal and correlated 0.8; absolute loss, margin 2 %, the usual"
        " minimum of 1000 units and 300 outcomes, failures among the guards. Units until PROMOTE:"
        " after so many, half and four fifths of the shadows are promoted. Drift: five of thirty"
        " columns shift, each in its own way; the share of runs in which that column alarms.",
    ),
}


@dataclass(frozen=True)
class Circumstances:
    """What the figures depend on besides the code."""

    date: str
    seed: int
    runs: int
    minutes: float
    workers: int
    python: str
    libraries: Mapping[str, str]

    @classmethod
    def now(cls, seed: int, runs: int, seconds: float, workers: int) -> "Circumstances":
        """Notes the date and the versions in use."""
        return cls(
            date=f"{datetime.now(UTC):%Y-%m-%d}",
            seed=seed,
            runs=runs,
            minutes=round(seconds / 60, 1),
            workers=workers,
            python=platform.python_version(),
            libraries={name: version(name) for name in LIBRARIES},
        )


def page(cases: Mapping[str, Case], tallies: Mapping[str, Tally], around: Circumstances) -> str:
    """Gives the whole page as Markdown."""
    lines = [line for name, case in cases.items() if name in tallies
             for line in judge(case, tallies[name])]  # fmt: skip
    failed = [line for line in lines if not line.passed]
    parts = [_part(number, cases, tallies) for number in PARTS]
    return "\n\n".join([_head(lines, failed, around), *filter(None, parts)]) + "\n"


def _head(lines: Sequence[Line], failed: Sequence[Line], around: Circumstances) -> str:
    judged = sum(line.level is not None for line in lines)
    result = "All of them hold." if not failed else f"{len(failed)} of them do not hold."
    versions = ", ".join(f"{name} {number}" for name, number in around.libraries.items())
    return f"""# Calibration

<!-- Written by `make calibrate`: change calibration/page.py, not this file. -->

How often the comparison errs when nothing is wrong, and how soon it sees what is: simulated through
`understudy.comparison.compare` and `drift`, on data whose truth is known. {judged} shares are held
against their levels. **{result}**

Written on {around.date} with {around.runs:,} runs asked for (costly cases take fewer) and seed
{around.seed}, in {around.minutes:g} minutes on {around.workers} cores; Python {around.python},
{versions}. Each run has a seed of its own, made of this seed, the name of its case and its number.

A share may exceed its level by two standard errors of a share of so many runs: at 5 % and 1000 runs
it may reach 6.4 %. A floor may be missed by as much. `make calibrate RUNS=200 MINUTES=5` is quicker
and looser; it ends with status 70 if anything does not hold. All figures are in
[calibration.json](calibration.json)."""


def _part(number: int, cases: Mapping[str, Case], tallies: Mapping[str, Tally]) -> str:
    ran = [case for name, case in cases.items() if case.part == number and name in tallies]
    if not ran:
        return ""
    title, about = PARTS[number]
    tables = [
        _table(list(group), tallies)
        for _, group in groupby(ran, key=lambda case: _columns(tallies[case.name]))
    ]
    return "\n\n".join([f"## {number}. {title}", about, *tables])


def _columns(tally: Tally) -> tuple[str, ...]:
    return (*tally.events, *tally.numbers)


def _table(cases: Sequence[Case], tallies: Mapping[str, Tally]) -> str:
    first = tallies[cases[0].name]
    numbers = [f"{name}: {words}" for name in first.numbers for words in ("half", "80 %")]
    header = ["case", "runs", *first.events, *numbers, "allowed", "result"]
    rows = [_row(case, tallies[case.name]) for case in cases]
    return table(header, rows, right=range(1, len(header) - 1))


def _row(case: Case, tally: Tally) -> list[str]:
    lines = judge(case, tally)
    figures = [count(tally.quantile(name, at)) for name in tally.numbers for at in (0.5, 0.8)]
    result = "holds" if all(line.passed for line in lines) else "**DOES NOT HOLD**"
    if any(line.level is not None for line in lines) and tally.runs < LEAST_RUNS:
        result = "**too few runs**"
    return [
        case.name,
        f"{tally.runs:,}",
        *(_share(line) for line in lines),
        *figures,
        _allowed(case, lines),
        result,
    ]


def _share(line: Line) -> str:
    shown = f"{line.share:.1%}".replace("%", " %")
    return shown if line.passed else f"**{shown}**"


def _allowed(case: Case, lines: Sequence[Line]) -> str:
    bounds = sorted({line.bound for line in lines if line.bound is not None})
    sign = "≥" if case.at_least else "≤"
    return ", ".join(f"{sign} {limit:.1%}".replace("%", " %") for limit in bounds) or "shown only"


def count(number: float) -> str:
    """Gives a number of units, or says that it was not reached."""
    return f"{number:,.0f}" if math.isfinite(number) else "not reached"


def to_json(cases: Mapping[str, Case], tallies: Mapping[str, Tally], around: Circumstances) -> str:
    """Gives all figures as JSON."""
    found: list[dict[str, Any]] = []
    for name, case in cases.items():
        if name not in tallies:
            continue
        tally = tallies[name]
        quantiles = {
            number: {
                f"q{at:g}": value if math.isfinite(value) else None
                for at in (0.1, 0.5, 0.8, 0.9)
                if (value := tally.quantile(number, at)) is not None
            }
            for number in tally.numbers
        }
        events = [{**asdict(line), "share": line.share} for line in judge(case, tally)]
        found.append({"part": case.part, "case": name, "runs": tally.runs,
                      "events": events, "numbers": quantiles})  # fmt: skip
    content = {**asdict(around), "cases": found}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def sentence(
    lines: Sequence[Line], missing: Sequence[str], seconds: float | None
) -> tuple[str, ...]:
    """Says in the last lines of the output what holds and what does not."""
    judged = [line for line in lines if line.level is not None]
    failed = [line for line in judged if not line.passed]
    told = [
        f"DOES NOT HOLD: {line.case}: {line.event} in {line.share:.1%} of {line.runs:,} runs,"
        f" allowed {line.bound or 0:.1%}"
        for line in failed
    ]
    told += [f"NOT SHOWN: {name}" for name in missing]
    time = "" if seconds is None else f" in {seconds / 60:.1f} minutes"
    fewest = min((line.runs for line in judged), default=0)
    worst = max((line for line in judged if not line.is_floor),
                key=lambda line: line.share / (line.bound or 1), default=None)  # fmt: skip
    if worst is not None and not failed:
        told.append(
            f"Nearest to its bound: {worst.case}: {worst.event} in {worst.share:.1%} of"
            f" {worst.runs:,} runs, allowed {worst.bound or 0:.1%}"
        )
    told.append(
        f"{len(judged) - len(failed)} of {len(judged)} shares hold{time};"
        f" the fewest runs of a case are {fewest:,}."
    )
    return tuple(told)
