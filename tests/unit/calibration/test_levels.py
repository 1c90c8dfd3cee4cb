"""The calibration in small: the levels hold, and a broken rule is seen to break them."""

from functools import partial

import numpy as np
import pytest

from calibration import limits, nothing_changed, promotion, scenes, shifts
from calibration.asking import PROMOTE, Answer, Scene, ask_always, checked, first_units, judged
from calibration.case import LEVEL, CalibrationBroken, Case, Run
from calibration.judging import Line, judge
from calibration.running import generator, run_case

# Simulated or compared at length, which tracing every line would make dear.
pytestmark = pytest.mark.no_cover

SEED = 11
UNITS, REQUESTS = 1000, 100


def failed(case: Case, runs: int) -> list[Line]:
    """Simulate a case and return what does not hold."""
    return [line for line in judge(case, run_case(case, runs, SEED)) if not line.passed]


@pytest.mark.parametrize(
    "case", [case for case in limits.CASES if case.at_most], ids=lambda case: case.name
)
def test_the_gate_keeps_its_levels_exactly_at_each_limit(case: Case) -> None:
    """PROMOTE, REJECT and a limit left out by its interval stay within 5 % of the runs."""
    units = REQUESTS if "requests" in case.name else UNITS
    smaller = Case(2, case.name, partial(case.simulate, units=units), case.at_most)
    assert not failed(smaller, 40)


def test_thirty_unchanged_columns_raise_no_alarm_beyond_the_level() -> None:
    """Looks at 100 and 200 units, and one look, each stay within 5 % of the runs."""
    ask = partial(nothing_changed.unchanged, reference=300, current=200)
    assert not failed(Case(1, "small", ask, nothing_changed.CASES[0].at_most), 10)


def test_a_level_five_times_too_large_is_seen() -> None:
    """A policy whose alpha is 0.25 leaves the limit out too often for 5 %."""
    ask = partial(limits.CASES[8].simulate, alpha=5 * LEVEL)
    broken = Case(2, "alpha 0.25", ask, limits.CASES[8].at_most)
    assert "limit excluded, any unit" in {line.event for line in failed(broken, 150)}


def counting_rows(rng: np.random.Generator) -> Run:
    """Ask about a loss ratio at its limit as if each row of a request were a unit of its own."""
    codes = scenes.unit_codes(REQUESTS, 20)
    live, shadow = limits.two_errors(rng, codes)
    rows = np.arange(len(codes))
    return limits.ask_where_decided(scenes.errors(rows, live, 1.02 * shadow), rng)


def test_counting_rows_instead_of_units_is_seen() -> None:
    """Twenty correlated rows per request make an interval over rows far too narrow."""
    broken = Case(2, "rows", counting_rows, limits.CASES[0].at_most)
    assert "limit excluded" in {line.event for line in failed(broken, 40)}


def test_counting_rows_in_drift_is_seen() -> None:
    """The rows of a request repeat each other, so that rows taken for units raise false alarms."""
    ask = partial(nothing_changed.unchanged_requests, reference=300, units=100, is_by_unit=False)
    assert failed(Case(1, "rows", ask, {nothing_changed.ALARM: LEVEL}), 3)


def by_normal_theory(scene: Scene, units: int) -> Answer:
    """Judge a share by p ± 1.96·sqrt(p(1−p)/n), as the textbook has it for one look."""
    evidence, watched = first_units(scene, units), scene.watched[0]
    share = float(np.mean(evidence.live_labels != evidence.shadow_labels))  # type: ignore[arg-type]
    width = 1.96 * (share * (1 - share) / units) ** 0.5
    limit = watched.high or 0.0
    state = "INSIDE" if share + width < limit else "BEYOND" if share - width > limit else "OPEN"
    return Answer(PROMOTE if state == "INSIDE" else "NEED_MORE_DATA", {watched.guard: state})


def test_a_share_judged_by_normal_theory_is_seen() -> None:
    """Asked fifty times, a shadow exactly at its limit passes in far more than 5 % of runs."""

    def ask(rng: np.random.Generator) -> Run:
        scene = scenes.disagreeing(rng, scenes.unit_codes(UNITS, 1))
        return ask_always(scene, by_normal_theory)

    lines = failed(Case(2, "normal theory", ask, limits.CASES[0].at_most), 60)
    assert {PROMOTE, "limit excluded"} <= {line.event for line in lines}
    assert all(line.share > 0.3 for line in lines)


def test_a_rule_that_differs_from_its_formulas_stops_the_calibration() -> None:
    """An arithmetic that grants another level than the policy's is found out, not averaged in."""
    rng = generator(SEED, "differs", 0)
    codes = scenes.unit_codes(UNITS, 1)
    live, shadow = limits.two_errors(rng, codes)
    right = scenes.errors(codes, live, 1.12 * shadow)
    wrong = Scene(right.evidence, right.policy, codes, right.watched, level=1e-9)
    found = judged(wrong)
    with pytest.raises(CalibrationBroken, match="not_worse is"):
        checked(wrong, found, UNITS)


def test_a_better_shadow_is_promoted_and_a_shift_is_seen() -> None:
    """Levels that hold because nothing is ever said would hold for nothing."""
    better = partial(promotion.promoted, make=promotion.by_errors, factor=0.9, units=2000)
    case = Case(4, "better", better, at_least={PROMOTE: 0.9})
    assert not failed(case, 3)
    seen = shifts.shifted(generator(SEED, "shift", 0), 1000).events
    assert seen["alarm: mean +0.5 sd"]
    assert seen["alarm: 2 % of rows ×100"]
    assert seen["alarm: scale ×1.5"]


def test_a_shadow_that_is_never_promoted_is_seen() -> None:
    """A floor fails like a limit: a worse shadow keeps no promise of promotion."""
    worse = partial(promotion.promoted, make=promotion.by_errors, factor=1.3, units=2000)
    assert failed(Case(4, "worse", worse, at_least={PROMOTE: 0.9}), 5)
