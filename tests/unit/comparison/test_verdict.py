"""The verdict: every branch of the rules."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from understudy.comparison import Comparison, Coverage, Evidence, Policy, Traffic, compare
from understudy.comparison.needed import Progress
from understudy.comparison.slices import Slice, SliceReport
from understudy.comparison.verdict import Case, decide
from understudy.errors import PolicyInvalid

Make = Callable[..., Evidence]

QUICK = Policy(minimum_days=None, minimum_units=100)
SAME = Policy(aim="same", minimum_days=None, minimum_units=100)


def _first(comparison: Comparison) -> str:
    return comparison.reasons[0]


def test_a_better_shadow_is_promoted(make_evidence: Make) -> None:
    """Guards inside, the aim shown, the coverage reached: PROMOTE with the figures."""
    result = compare(make_evidence(3000, shadow_sd=13.0))
    assert result.verdict == "PROMOTE"
    assert any("mean absolute error of the shadow is" in reason for reason in result.reasons)
    assert result.more_needed.sentence == "Nothing more is needed."


def test_a_promotion_on_losses_tells_what_it_cannot_have_seen(make_evidence: Make) -> None:
    """A disaster in one of thousands of answers: the rule of three, unless losses are bounded."""
    good = make_evidence(3000, shadow_sd=13.0)
    rare = "fewer than about 3 in 3,000 units"
    assert any(rare in reason for reason in compare(good, QUICK).reasons)
    assert not any(rare in reason for reason in compare(good, replace(QUICK, loss_cap=90)).reasons)
    assert not any(rare in reason for reason in compare(good, SAME).reasons)


def test_aim_better_asks_for_more_than_not_worse(make_evidence: Make) -> None:
    """A twin of live is not worse and not better."""
    twin = make_evidence(shadow=make_evidence().live)
    assert compare(twin, QUICK).verdict == "PROMOTE"
    better = compare(twin, Policy(aim="better", minimum_days=None))
    assert better.verdict == "NEED_MORE_DATA"
    assert "Not reachable if the present estimate is true" in _first(better)
    good = make_evidence(3000, shadow_sd=13.0)
    assert compare(good, Policy(aim="better", minimum_days=None)).verdict == "PROMOTE"


@pytest.mark.parametrize("aim", ["not_worse", "better"])
def test_a_worse_shadow_is_rejected(make_evidence: Make, aim: str) -> None:
    """A loss wholly above the margin refutes both aims."""
    result = compare(make_evidence(3000, shadow_sd=30.0), Policy(aim=aim))
    assert result.verdict == "REJECT"
    assert "mean absolute error of the shadow" in _first(result)


def test_a_failing_shadow_is_rejected(make_evidence: Make) -> None:
    """Five per cent of failures are beyond the limit of one."""
    failed = np.arange(2000) % 20 == 0
    result = compare(make_evidence(failed=failed, shadow_sd=13.0), QUICK)
    assert result.verdict == "REJECT"
    assert "failed is 5.00%" in _first(result)


def test_aim_same_is_shown_by_equivalence_and_share(make_evidence: Make) -> None:
    """Small differences promote, a bias or a wide spread reject."""
    live = np.asarray(make_evidence().live)
    noise = np.random.default_rng(1).normal(0, 3, 2000)
    assert compare(make_evidence(shadow=live + noise), SAME).verdict == "PROMOTE"
    biased = compare(make_evidence(shadow=live + noise + 4), SAME)
    assert biased.verdict == "REJECT"
    assert "Mean of shadow − live" in _first(biased)
    wide = compare(make_evidence(shadow=live + noise * 5), SAME)
    assert wide.verdict == "REJECT"
    assert "further apart than" in _first(wide)


def test_a_twin_is_the_same(make_evidence: Make) -> None:
    """Identical answers promote under `same` by the share that could differ."""
    result = compare(make_evidence(shadow=make_evidence().live), SAME)
    assert result.verdict == "PROMOTE"
    assert "Caution: all 2,000 pairs are identical so far." in result.reasons


def test_an_extra_guard_counts(make_evidence: Make) -> None:
    """A better shadow that answers quite differently fails a guard on the difference."""
    evidence = make_evidence(3000, shadow_sd=5.0)
    shadow = np.asarray(evidence.shadow) + 8
    policy = Policy(guards=("failures", "difference"), minimum_days=None)
    assert compare(make_evidence(3000, shadow=shadow), QUICK).verdict == "PROMOTE"
    assert compare(make_evidence(3000, shadow=shadow), policy).verdict == "REJECT"


def test_many_unmatched_instances_hold(make_evidence: Make) -> None:
    """Skipped instances are not in the pairs, so that no number of pairs can judge them."""
    coverage = Coverage(2200, 2000, skipped=200)
    result = compare(make_evidence(2000, shadow_sd=10.0, coverage=coverage), QUICK)
    assert result.verdict == "HOLD"
    assert "200 of 2,200 instances that were due have no pair (9.1%" in _first(result)


def test_few_unmatched_instances_do_not_hold(make_evidence: Make) -> None:
    """Five of two thousand may be one per cent or less."""
    coverage = Coverage(2005, 2000, skipped=5)
    result = compare(make_evidence(2000, shadow_sd=10.0, coverage=coverage), QUICK)
    assert result.verdict == "PROMOTE"


def test_outcomes_that_do_not_come_hold(make_evidence: Make) -> None:
    """A month without an outcome that was due within a week: HOLD. Without a due date: wait."""
    none = make_evidence(outcomes=None, outcome_at=None)
    late = compare(none, Policy(outcome_delay_days=7))
    assert late.verdict == "HOLD"
    assert "No outcome has come in 30 days" in _first(late)
    waiting = compare(none)
    assert waiting.verdict == "NEED_MORE_DATA"
    assert any("0 of at least 300 outcomes" in reason for reason in waiting.reasons)


def test_outcomes_of_a_chosen_half_hold(make_evidence: Make) -> None:
    """Only cheap houses have an outcome: nothing is known of the others."""
    evidence = make_evidence(3000, shadow_sd=10.0)
    truth = np.asarray(evidence.outcomes, dtype=float).copy()
    known = np.where(np.asarray(evidence.live) < 200, truth, np.nan)
    policy = Policy(outcome_delay_days=1)
    result = compare(make_evidence(3000, shadow_sd=10.0, outcomes=known), policy)
    assert result.verdict == "HOLD"
    assert "Instances with an outcome differ from those without in prediction" in _first(result)
    truth[::2] = np.nan
    fair = compare(make_evidence(3000, shadow_sd=10.0, outcomes=truth), policy)
    assert (fair.verdict, fair.selection) == ("PROMOTE", ())


def test_outcomes_chosen_by_an_input_hold(make_evidence: Make) -> None:
    """The inputs are looked at too, joined by unit and instance whatever their order."""
    evidence = make_evidence(3000, shadow_sd=10.0)
    part = np.random.default_rng(3).choice(["north", "south"], 3000)
    truth = np.where(part == "north", np.asarray(evidence.outcomes, dtype=float), np.nan)
    back = np.arange(3000)[::-1]
    traffic = Traffic(
        {"part": part[back]},
        np.asarray(evidence.units)[back],
        np.asarray(evidence.instances)[back],
        np.asarray(evidence.served_at)[back],
    )
    chosen = make_evidence(3000, shadow_sd=10.0, outcomes=truth, inputs=traffic)
    result = compare(chosen, Policy(outcome_delay_days=1))
    assert result.verdict == "HOLD"
    assert "in input part" in _first(result)


def test_what_needs_nothing_more_is_not_held_for_its_size(make_evidence: Make) -> None:
    """More units than ten horizons, all guards inside: there is nothing left to wait for."""
    found = compare(make_evidence(shadow_sd=10.0), Policy(minimum_days=None, horizon_units=100))
    assert found.verdict == "PROMOTE"


def test_a_need_beyond_ten_horizons_holds(make_evidence: Make) -> None:
    """Waiting for a hundred thousand requests is no answer if the horizon is a hundred."""
    evidence = make_evidence(300, shadow_sd=19.9, seed=6)
    patient = compare(evidence, Policy(minimum_days=None))
    likely = patient.more_needed.units[1]
    assert (patient.verdict, likely is not None and likely > 1000) == ("NEED_MORE_DATA", True)
    hurried = compare(evidence, Policy(minimum_days=None, horizon_units=100))
    assert hurried.verdict == "HOLD"
    assert "10 times the horizon of 100" in _first(hurried)
    within = Policy(minimum_days=None, horizon_units=math.ceil((likely or 0) / 10))
    assert compare(evidence, within).verdict == "NEED_MORE_DATA", "what is compared is no need"


def test_a_newest_quarter_beyond_the_limit_holds(make_evidence: Make) -> None:
    """Good on the whole, bad lately: the average so far is not the future."""
    live = np.asarray(make_evidence(4000).live)
    noise = np.random.default_rng(4).normal(0, 1, 4000)
    shadow = live + noise + np.where(np.arange(4000) >= 3000, 3.0, 0.0)
    result = compare(make_evidence(4000, shadow=shadow), SAME)
    assert result.verdict == "HOLD"
    assert _first(result).startswith("Not stable in time: mean of shadow − live is")


def test_reject_comes_before_hold(make_evidence: Make) -> None:
    """The first rule that matches names the word; the other reasons are listed behind."""
    coverage = Coverage(2200, 2000, skipped=200)
    result = compare(make_evidence(2000, shadow_sd=40.0, coverage=coverage), QUICK)
    assert result.verdict == "REJECT"
    assert "mean absolute error" in result.reasons[0]
    assert "have no pair" in result.reasons[1]


@pytest.mark.parametrize("shadow_sd", [10.0, 40.0])
def test_influenced_outcomes_can_neither_promote_nor_reject(
    make_evidence: Make, shadow_sd: float
) -> None:
    """A price estimate that changes the price proves nothing by it."""
    policy = Policy(outcome_influenced=True, minimum_days=None)
    result = compare(make_evidence(3000, shadow_sd=shadow_sd), policy)
    assert result.verdict == "HOLD"
    assert _first(result).startswith("The answers influence the outcomes")


def test_influenced_outcomes_do_not_save_a_failing_shadow(make_evidence: Make) -> None:
    """A rejection that does not rest on outcomes stands."""
    policy = Policy(outcome_influenced=True, minimum_days=None)
    failed = np.arange(2000) % 10 == 0
    assert compare(make_evidence(failed=failed), policy).verdict == "REJECT"
    assert compare(make_evidence(50), policy).verdict == "NEED_MORE_DATA"


@pytest.mark.parametrize(
    ("n", "policy", "missing"),
    [
        (500, Policy(minimum_days=None), "500 of at least 1,000 units"),
        (2000, Policy(minimum_days=40), "30 of at least 40 days"),
        (2000, Policy(minimum_outcomes=2500), "2,000 of at least 2,500 outcomes"),
    ],
)
def test_minimum_coverage_is_waited_for(
    make_evidence: Make, n: int, policy: Policy, missing: str
) -> None:
    """However good the shadow looks, the policy's minimum comes first."""
    result = compare(make_evidence(n, shadow_sd=5.0), policy)
    assert result.verdict == "NEED_MORE_DATA"
    assert any(missing in reason for reason in result.reasons)


def test_drift_is_a_caution_and_changes_no_verdict(make_evidence: Make) -> None:
    """Inputs and live predictions that drifted are told beside the verdict."""
    rng = np.random.default_rng(5)
    evidence = make_evidence(
        3000,
        shadow_sd=13.0,
        inputs=Traffic({"area": rng.normal(5, 1, 3000)}, served_at=np.arange(3000.0)),
        reference={"area": rng.normal(0, 1, 3000)},
        held_out=rng.normal(0, 1, 3000),
    )
    result = compare(evidence)
    assert result.verdict == "PROMOTE"
    assert len(result.cautions) == 2
    assert result.reasons[-2:] == result.cautions
    assert result.input_drift is not None
    assert result.input_drift.look == 5


@pytest.mark.parametrize(
    ("policy", "more"),
    [
        (Policy(aim="same"), {"offline": {}}),
        (Policy(guards=("labels",)), {}),
    ],
)
def test_a_policy_the_evidence_cannot_answer_is_refused(
    make_evidence: Make, policy: Policy, more: dict[str, object]
) -> None:
    """A guard without a margin, or on labels that do not exist, is not silently left out."""
    with pytest.raises(PolicyInvalid, match="criterion"):
        compare(make_evidence(**more), policy)


def _case(make_evidence: Make, policy: Policy, *parts: Slice) -> Case:
    """Return the case of a shadow that would be promoted, but for these slices."""
    evidence = make_evidence(3000, shadow_sd=13.0)
    found = compare(evidence, policy)
    assert found.verdict in {"PROMOTE", "HOLD"}
    return Case(
        policy=found.policy,
        coverage=found.coverage,
        progress=Progress(3000, 3000, 3000, 3000, 30.0),
        guards=found.guards,
        outcomes=found.outcomes,
        needed=found.more_needed,
        slices=SliceReport(5, 3000, 40, parts, (), ""),
    )


OLD_TOWN = Slice(
    name="Neighborhood = OldTown",
    conditions=(("Neighborhood", "= OldTown"),),
    units=212,
    rows=212,
    live_loss=17_120.0,
    shadow_loss=19_520.0,
    effect=0.1402,
    interval=(0.11, 0.17),
    p_value=1e-6,
    p_adjusted=1e-4,
    is_bad=True,
    disagreement=9_000.0,
    examples=("request-1/0",),
)


def test_a_confirmed_bad_slice_rejects(make_evidence: Make) -> None:
    """A shadow that is good on the whole and bad in Old town is told so with the figures."""
    verdict = decide(_case(make_evidence, QUICK, OLD_TOWN))
    assert verdict.word == "REJECT"
    assert verdict.reasons[0] == (
        "On Neighborhood = OldTown (212 units) the shadow's mean absolute error is +14.0% of"
        " live's (19,520 against 17,120; between +11.0% and +17.0%): worse than the slice margin"
        " of 10.0%."
    )


def test_a_suspected_slice_changes_no_verdict(make_evidence: Make) -> None:
    """Slices never need to be shown good."""
    suspected = replace(OLD_TOWN, is_bad=False, p_adjusted=0.2)
    assert decide(_case(make_evidence, QUICK, suspected)).word == "PROMOTE"


def test_a_bad_slice_rests_on_outcomes(make_evidence: Make) -> None:
    """Outcomes that the answers influence cannot reject by way of a slice either."""
    policy = Policy(outcome_influenced=True, minimum_days=None)
    verdict = decide(_case(make_evidence, policy, OLD_TOWN))
    assert verdict.word == "HOLD"
    assert any("OldTown" in reason for reason in verdict.reasons)
