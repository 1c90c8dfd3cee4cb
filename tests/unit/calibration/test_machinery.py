"""What simulates, counts and judges: every run once, every hole seen, every failure told."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from calibration import scenes
from calibration.arithmetic import mean_path
from calibration.asking import PROMOTE, asks
from calibration.case import LEAST_RUNS, Case, Run
from calibration.cases import CASES
from calibration.command import main
from calibration.judging import Tally, bound, gaps, judge
from calibration.limits import at_limit, normal_errors
from calibration.running import batches, generator, run_case
from understudy.comparison.sequences import mean_sequence, unit_moments

GOOD = Case(
    2, "good", partial(at_limit, make=scenes.disagreeing, units=300, size=1), {PROMOTE: 0.05}
)
BAD = Case(
    2,
    "bad",
    partial(at_limit, make=normal_errors, units=300, size=1, loss="absolute", alpha=0.9),
    {PROMOTE: 0.05},
)


def ended(arguments: list[str], *cases: Case, workers: int = 1) -> object:
    """Run the command and return the status it ends with."""
    with pytest.raises(SystemExit) as ending:
        main([*arguments, "--workers", str(workers)], {case.name: case for case in cases})
    return ending.value.code


def test_every_run_of_every_case_is_dealt_out_once() -> None:
    """Rounds cut the runs of a case into pieces without gap or overlap."""
    for asked in (1, 7, 40, 1000):
        dealt: dict[str, list[int]] = {}
        for batch in batches([GOOD, CASES["drift seen, 1,000 units"]], asked):
            numbers = range(batch.first, batch.first + batch.count)
            dealt.setdefault(batch.case.name, []).extend(numbers)
        assert dealt["good"] == list(range(asked))
        assert len(dealt["drift seen, 1,000 units"]) == CASES["drift seen, 1,000 units"].runs(asked)


def test_a_run_depends_on_seed_case_and_number_alone() -> None:
    """The same three give the same data on any number of processes; others give others."""
    draws = [
        generator(*key).random() for key in ((1, "a", 2), (1, "a", 2), (1, "b", 2), (2, "a", 2))
    ]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 3


def test_half_of_the_asks_are_evenly_spread_and_half_by_ratio() -> None:
    """Fifty asks from a hundred units to the last, early ones denser."""
    found = asks(10_000)
    assert found[0] == 100
    assert found[-1] == 10_000
    assert 45 <= len(found) <= 50
    assert np.median(found) < 4000


def test_the_arithmetic_gives_the_interval_of_the_product() -> None:
    """Requests of three rows: cumulative sums and the product's moments meet at every prefix."""
    rng = np.random.default_rng(0)
    codes = scenes.unit_codes(900, 3)
    values = 1000 + rng.exponential(size=len(codes))
    low, high = mean_path(values, codes, 0.0125, 1000)
    for units in (100, 250, 899, 900):
        rows = codes < units
        interval = mean_sequence(unit_moments(values[rows], codes[rows]), 0.0125, 1000)
        if interval is None:
            assert np.isnan(low[units - 1])
        else:
            assert (low[units - 1], high[units - 1]) == pytest.approx(interval, rel=1e-9)
    assert np.isfinite(low[-1])


def test_a_share_may_exceed_its_level_by_two_standard_errors() -> None:
    """At 5 % and 1000 runs: 64 events hold, 64 more than allowed do not."""
    assert bound(0.05, 1000) == pytest.approx(0.0638, abs=1e-4)
    case = Case(2, "counted", lambda rng: Run(), {"alarm": 0.05})
    for count, holds in ((63, True), (64, False)):
        tally = Tally(1000, {"alarm": count})
        assert judge(case, tally)[0].passed is holds


def test_a_case_that_hardly_ran_or_never_told_is_a_hole() -> None:
    """A proof that simulated nothing of a case does not hold."""
    case = Case(2, "counted", lambda rng: Run(), {"alarm": 0.05})
    assert gaps([case], {})
    assert gaps([case], {"counted": Tally(LEAST_RUNS - 1, {"alarm": 0})})
    assert gaps([case], {"counted": Tally(LEAST_RUNS, {"other": 0})})
    assert not gaps([case], {"counted": Tally(LEAST_RUNS, {"alarm": 0})})


def test_numbers_that_were_never_reached_are_infinite() -> None:
    """The median is told when half of the runs got there, the rest is not left out."""
    tally = Tally()
    tally.add([Run({}, {"units": 5.0}), Run({}, {"units": 7.0}), Run({}, {"units": np.inf})])
    assert tally.quantile("units", 0.5) == 7
    assert tally.quantile("units", 0.8) == np.inf


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_the_command_writes_the_page_and_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Levels that hold end with status 0, and the figures are those of the same runs here."""
    page = tmp_path / "page.md"
    assert ended(["--runs", "40", "--page", str(page), "--seed", "3"], GOOD, workers=2) == 0
    assert "| good | 40 |" in page.read_text()
    figures = json.loads(page.with_suffix(".json").read_text())
    told = {event["event"]: event["happened"] for event in figures["cases"][0]["events"]}
    assert told == run_case(GOOD, 40, 3).events
    assert "1 of 1 shares hold" in capsys.readouterr().out.splitlines()[-1]


def test_the_command_ends_with_70_when_a_level_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page says what does not hold, and so do the last lines."""
    page = tmp_path / "page.md"
    assert ended(["--runs", "40", "--page", str(page)], GOOD, BAD) == 70
    assert "DOES NOT HOLD" in page.read_text()
    assert "DOES NOT HOLD: bad: PROMOTE" in capsys.readouterr().out


def test_the_command_ends_with_70_when_time_is_up_too_early(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A budget that leaves too few runs is no proof."""
    page = tmp_path / "page.md"
    arguments = ["--runs", "100000", "--minutes", "1e-9", "--page", str(page)]
    assert ended(arguments, GOOD) == 70
    assert "NOT SHOWN: good" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["--runs", "0"], ["--minutes", "-1"], ["--part", "9"], ["x"]]
)
def test_a_wrong_option_is_a_usage_error(arguments: list[str]) -> None:
    """Status 64, as everywhere in this project."""
    assert ended(arguments, GOOD) == 64


def test_the_names_of_the_cases_are_their_own() -> None:
    """Two cases of one name would share their seeds and hide each other's counts."""
    assert len(CASES) >= 40
    assert {case.part for case in CASES.values()} >= {1, 2, 4}
