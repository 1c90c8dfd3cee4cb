"""The plan: what it inverts, what binds, and whether the world keeps to it."""

from dataclasses import replace

import numpy as np
import pytest

from calibration import limits, promotion, scenes
from calibration.asking import judged
from calibration.running import generator
from understudy.comparison import Evidence, Policy
from understudy.comparison.plan import Expected, plan

POLICY = Policy(minimum_units=1, minimum_outcomes=1, minimum_days=None)
DAILY = Expected(units_per_day=500.0)


def held_out(factor: float, rows: int = 4000, seed: int = 0) -> Evidence:
    """Rows with normal errors of both models, correlated 0.8."""
    live, shadow = limits.two_errors(np.random.default_rng(seed), scenes.unit_codes(rows, 1))
    return Evidence(live, factor * shadow, outcomes=np.zeros(rows), offline={"rmse": 1, "mae": 0.8})


@pytest.mark.parametrize("factor", [0.95, 0.97])
def test_with_the_planned_units_four_of_five_shadows_are_promoted(factor: float) -> None:
    """A plan at power 0.8, made on offline rows, against 200 shadows in service."""
    found = plan(held_out(factor, 40_000), POLICY, DAILY)
    units = found.offline.units
    assert units is not None
    promoted = 0
    for number in range(200):
        scene = promotion.by_errors(
            generator(1, "plan", number), units, factor, minimum_units=1, minimum_outcomes=1
        )
        promoted += all(bool(state.inside[units - 1]) for state in judged(scene))
    assert found.offline.decided_by.startswith("mean absolute loss")
    assert 0.72 <= promoted / 200 <= 0.88


def test_rows_that_show_much_already_are_still_asked_from_the_start() -> None:
    """The number of held-out rows is no part of the answer."""
    few = plan(held_out(0.8, 2000), POLICY, DAILY)
    many = plan(held_out(0.8, 20_000), POLICY, DAILY)
    assert few.offline.units == many.offline.units == 754
    assert few.rows == 2000


def test_an_equal_shadow_needs_more_than_a_better_one() -> None:
    """The distance to the margin decides: of an equal shadow it is the margin itself."""
    found = plan(held_out(0.95), POLICY, DAILY)
    loss = found.needs[1]
    assert loss.offline[0] < loss.offline[1] < loss.offline[2]  # type: ignore[operator]
    assert loss.equal > 3 * loss.offline[1]  # type: ignore[operator]
    assert found.equal.decided_by == loss.what


def test_a_worse_shadow_needs_more_than_there_is() -> None:
    """No traffic promotes a shadow beyond its margin; an equal one would still be promoted."""
    found = plan(held_out(1.2), POLICY, DAILY)
    assert found.offline.units is None
    assert found.offline.days is None
    assert found.equal.units is not None


def test_an_equal_shadow_is_never_shown_to_be_better() -> None:
    """The aim better asks for a difference that an equal shadow does not have."""
    found = plan(held_out(0.9), replace(POLICY, aim="better"), DAILY)
    assert found.offline.units is not None
    assert found.equal.units is None


def test_the_minimum_coverage_binds_when_it_comes_last() -> None:
    """Units, days and outcomes: whichever is reached last decides, late outcomes included."""
    usual = Policy()
    assert plan(held_out(0.7), usual, DAILY).offline.decided_by.endswith("number of days")
    slow = replace(DAILY, units_per_day=100.0)
    assert plan(held_out(0.7), usual, slow).offline.decided_by.endswith("number of units")
    rare = replace(slow, outcome_share=0.02, outcome_delay_days=30.0)
    found = plan(held_out(0.7), usual, rare)
    assert found.offline.decided_by in {
        need.what for need in found.needs if need.counted == "outcomes"
    }
    assert found.offline.days > 30  # type: ignore[operator]


def test_days_follow_from_rate_and_share() -> None:
    """A fifth of the traffic compared takes five times as long."""
    whole = plan(held_out(0.9), POLICY, DAILY).offline
    part = plan(held_out(0.9), POLICY, replace(DAILY, share=0.2)).offline
    assert whole.days == pytest.approx(whole.units / 500)  # type: ignore[operator]
    assert part.days == pytest.approx(5 * whole.days, rel=0.01)  # type: ignore[operator]


def test_without_a_rate_the_plan_is_in_units() -> None:
    """Nobody knows the days then, and the number of units is the same."""
    found = plan(held_out(0.9), POLICY, Expected())
    assert found.offline.days is None
    assert found.offline.units == plan(held_out(0.9), POLICY, DAILY).offline.units


def test_the_aim_same_plans_by_the_differences() -> None:
    """Equal answers count as a mean difference of nought, the share beyond as it was offline."""
    rng = np.random.default_rng(0)
    live = rng.normal(size=3000)
    evidence = Evidence(
        live, live + 0.05 + 0.1 * rng.normal(size=3000), offline={"rmse": 1, "mae": 1}
    )
    found = plan(evidence, replace(POLICY, aim="same"), DAILY)
    assert found.change is None
    difference = found.needs[1]
    assert difference.equal < difference.offline[1]  # type: ignore[operator]
    assert {need.counted for need in found.needs} == {"units"}


def test_labels_are_planned_by_the_absolute_margin() -> None:
    """Two classifiers: an equal one is half a point of errors away from its margin."""
    scene = scenes.wrong_labels(np.random.default_rng(0), scenes.unit_codes(20_000, 1))
    found = plan(scene.evidence, replace(POLICY, loss="zero_one"), DAILY)
    assert found.change == pytest.approx(0.005, abs=0.003)
    assert found.needs[1].equal > 5000  # type: ignore[operator]


def test_a_plan_is_json() -> None:
    """Everything in it can be written down."""
    content = plan(held_out(1.2), POLICY, DAILY).to_json()
    assert content["offline"]["units"] is None
    assert content["expected"]["units_per_day"] == 500
