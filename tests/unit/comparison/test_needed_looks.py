"""How much more traffic a drift finding needs before it is settled."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import chain

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import DriftReport, drift
from understudy.comparison.finding import MATERIAL, NEGLIGIBLE, STABLE
from understudy.comparison.needed import Progress, more_needed
from understudy.comparison.needed_looks import DriftNeeded, more_for_drift
from understudy.comparison.policy import Policy


def _columns(rng: np.random.Generator, rows: int, shift: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": rng.normal(shift, 1, rows),
            "level": rng.choice(list("abcd"), rows, p=[0.4, 0.3, 0.2, 0.1]),
            "gaps": np.where(rng.random(rows) < 0.02, np.nan, rng.normal(size=rows)),
        }
    )


@cache
def _report(units: int, looks: bool = True, seed: int = 0, shift: float = 0.0) -> DriftReport:
    rng = np.random.default_rng(seed)
    before = _columns(rng, 20_000)
    return drift(before, _columns(rng, units, shift), looks=looks)


def _named(report: DriftReport, days: float | None = None) -> Mapping[tuple[str, str], DriftNeeded]:
    found = more_for_drift(report, days=days)
    json.dumps([one.to_json() for one in found], allow_nan=False)
    return {(one.column, one.finding): one for one in found}


def test_what_is_settled_needs_nothing() -> None:
    """Only findings that are still open are told, the one that needs least first."""
    report = _report(800)
    found = more_for_drift(report)
    settled = {
        (one.column, one.finding)
        for one in report.findings
        if one.status in (STABLE, MATERIAL, NEGLIGIBLE)
    }
    assert settled
    assert found
    assert not settled & {(one.column, one.finding) for one in found}
    needs = [one.units[1] for one in found if one.units[1] is not None]
    assert needs == sorted(needs)


def test_the_need_is_met_exactly_at_a_look() -> None:
    """What is there and what is needed add up to 100, 200, 400, … units."""
    for one in more_for_drift(_report(900)):
        assert one.look is not None
        assert one.units[1] == 100 * 2 ** (one.look - 1) - 900
        assert one.look > 4


def test_a_single_look_needs_no_round_number() -> None:
    """A file is looked at once, with the whole of alpha: fewer units do than over many looks."""
    once, often = _named(_report(400, looks=False)), _named(_report(400))
    key = ("number", "distribution")
    assert once[key].look is None
    assert 0 < once[key].units[1] < often[key].units[1]  # type: ignore[operator]


def test_the_range_spans_one_standard_error_of_the_gap() -> None:
    """Few, likely and many are in order, and the farther end may have none."""
    for one in more_for_drift(_report(800)):
        few, likely, many = (np.inf if units is None else units for units in one.units)
        assert few <= likely <= many


@pytest.mark.parametrize("looks", [True, False])
def test_the_number_told_is_about_what_it_takes(looks: bool) -> None:
    """Of runs with as many units as the first one told, most are settled where it said."""
    rng = np.random.default_rng(5)
    before = {"x": rng.normal(size=5000)}

    def look(units: int) -> DriftReport:
        return drift(before, {"x": rng.normal(size=units)}, looks=looks)

    first = _named(look(400))[("x", "distribution")]
    assert first.goal == "stable"
    assert first.units[1] is not None
    early, late = (
        [look(units).findings for _ in range(10)] for units in (450, 400 + first.units[1])
    )
    settled = [
        np.mean([one.status == STABLE for one in chain(*found) if one.finding == "distribution"])
        for found in (early, late)
    ]
    assert settled[0] < 0.3
    assert settled[1] >= 0.8


def test_a_large_shift_settles_as_material() -> None:
    """The goal is on whichever side of the material size the estimate lies."""
    rng = np.random.default_rng(3)
    before = {"x": rng.normal(size=20_000)}
    report = drift(before, {"x": rng.normal(0.5, 1, 200)}, looks=True)
    (finding,) = (one for one in report.findings if one.finding == "distribution")
    needed = _named(report)[("x", "distribution")]
    assert finding.effect is not None
    assert finding.effect > 0.1
    assert (needed.goal, needed.is_reachable) == ("material", True)
    assert "until it is shown to be material" in needed.sentence


def test_a_reference_that_is_too_small_is_never_enough() -> None:
    """No traffic makes up for a hundred training rows."""
    rng = np.random.default_rng(4)
    report = drift({"x": rng.normal(size=100)}, {"x": rng.normal(size=800)}, looks=True)
    needed = _named(report, days=2.0)[("x", "distribution")]
    assert (needed.units[1], needed.rows, needed.days, needed.is_reachable) == (
        None, None, None, False,
    )  # fmt: skip
    assert "no amount of traffic would settle it" in needed.sentence


def test_before_the_first_look_the_first_look_is_what_is_needed() -> None:
    """Nothing is known of later ones yet."""
    for one in more_for_drift(_report(40), days=2.0):
        assert (one.units, one.look) == ((60, 60, None), 1)
        assert one.days == pytest.approx(3.0)


def test_days_and_rows_go_by_the_present_rate() -> None:
    """Three instances in each request and 800 requests in four days."""
    report = replace(_report(800), rows=2400)
    for one in more_for_drift(report, days=4.0):
        likely = one.units[1]
        if likely is not None:
            assert one.rows == 3 * likely
            assert one.days == pytest.approx(likely / 200)
            assert "at the present rate" in one.sentence


def test_requests_are_told_of_other_units_if_they_were_counted() -> None:
    """Two hundred clients sent a thousand requests: eight hundred more clients send four."""
    policy = Policy(unit="client").with_defaults()
    without = Progress(units=200, rows=3000, outcome_units=200, outcomes=300, days=7.0)
    assert more_needed((), policy, without).requests is None
    counted = more_needed((), policy, replace(without, requests=1000))
    assert (counted.units[1], counted.requests, counted.instances) == (800, 4000, 12_000)
