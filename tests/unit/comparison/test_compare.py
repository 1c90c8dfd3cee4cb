"""The one entry point."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import understudy.comparison as room
from understudy.comparison import Coverage, Evidence, Policy, Traffic, compare
from understudy.errors import CoverageMismatch

Make = Callable[..., Evidence]


def _full(make_evidence: Make, order: np.ndarray) -> Evidence:
    n = len(order)
    base = make_evidence(n, shadow_sd=15.0)
    rng = np.random.default_rng(1)
    area, part = rng.normal(size=n), rng.choice(["a", "b"], n)
    units, served = np.asarray(base.units)[order], np.asarray(base.served_at)[order]
    instances = np.asarray(base.instances)[order]
    return replace(
        base,
        live=np.asarray(base.live)[order],
        shadow=np.asarray(base.shadow)[order],
        units=units,
        instances=instances,
        served_at=served,
        outcomes=np.asarray(base.outcomes)[order],
        outcome_at=np.asarray(base.outcome_at)[order],
        inputs=Traffic({"area": area[order], "part": part[order]}, units, instances, served),
        reference={"area": rng.normal(size=800), "part": rng.choice(["a", "b"], 800)},
        held_out=rng.normal(200, 50, 500),
    )


def test_the_same_evidence_in_any_order_gives_the_same_comparison(make_evidence: Make) -> None:
    """Pure and independent of order, to the last byte."""
    order = np.arange(900)
    shuffled = np.random.default_rng(2).permutation(900)
    texts = [
        json.dumps(compare(_full(make_evidence, rows)).to_json(), allow_nan=False)
        for rows in (order, shuffled, order)
    ]
    assert texts[0] == texts[1] == texts[2]


def test_json_holds_what_a_report_needs(make_evidence: Make) -> None:
    """Verdict, reasons, what is missing, coverage, drift, pairs and outcomes are all there."""
    result = compare(_full(make_evidence, np.arange(900))).to_json()
    assert result["verdict"] in ("PROMOTE", "REJECT", "HOLD", "NEED_MORE_DATA")
    assert result["coverage"]["shares"]["compared"] == 1.0
    assert result["input_drift"]["findings"][0]["column"]
    assert result["output_drift"]["verdict"]
    assert result["pairs"]["description"]["concordance"]
    assert result["outcomes"]["errors"][0]["name"] == "mae"
    assert result["more_needed"]["sentence"]
    assert result["policy"]["aim"] == "not_worse"


def test_the_guards_that_decide_are_marked(make_evidence: Make) -> None:
    """The comparison names exactly the criteria of its policy, with alpha shared among them."""
    result = compare(make_evidence())
    assert [guard.name for guard in result.guards] == ["failures", "not_worse"]
    assert result.level == 0.025
    same = compare(make_evidence(outcomes=None), Policy(aim="same"))
    assert [guard.name for guard in same.guards] == ["failures", "difference", "tolerance"]
    assert same.outcomes is None


def test_several_shadows_at_once_share_alpha(make_evidence: Make) -> None:
    """Four shadows at once have four chances to look good by luck."""
    assert compare(make_evidence(shadows=4)).level == 0.025 / 4


def test_nothing_yet_is_a_comparison_too(make_evidence: Make) -> None:
    """The first request has not come: NEED_MORE_DATA, and JSON without NaN."""
    result = compare(make_evidence(0, inputs=Traffic({"x": []}), reference={"x": [1.0, 2.0]}))
    json.dumps(result.to_json(), allow_nan=False)
    assert result.verdict == "NEED_MORE_DATA"


def test_coverage_must_agree_with_the_rows(make_evidence: Make) -> None:
    """The log says 999 were compared, the rows hold 1000: an error, not a rounding."""
    with pytest.raises(CoverageMismatch, match="should be 999, but is 1000"):
        compare(make_evidence(1000, coverage=Coverage(999, 999)))


def test_unusable_answers_move_to_where_they_belong(make_evidence: Make) -> None:
    """A pair with a shadow's NaN failed, one without live's number is excluded; none is lost."""
    evidence = make_evidence(1000)
    live, shadow = np.asarray(evidence.live).copy(), np.asarray(evidence.shadow).copy()
    live[:3], shadow[5:10] = np.nan, np.nan
    excluded = np.arange(1000) >= 990
    coverage = Coverage(1100, 990, excluded=10, sampled_out=100)
    made = make_evidence(1000, live=live, shadow=shadow, excluded=excluded, coverage=coverage)
    result = compare(made)
    found = result.coverage
    assert (found.compared, found.failed, found.excluded, found.recorded) == (982, 5, 13, 1100)
    assert result.pairs.pairs == 982


def test_rows_alone_are_their_own_coverage(make_evidence: Make) -> None:
    """For a file of pairs the rows are all there is."""
    failed = np.arange(100) < 2
    coverage = compare(make_evidence(100, failed=failed)).coverage
    assert (coverage.recorded, coverage.compared, coverage.failed) == (100, 98, 2)


def test_a_file_without_units_or_times_can_be_compared() -> None:
    """Two columns are enough; rows are units and came as they stand."""
    rng = np.random.default_rng(3)
    live = rng.normal(size=1500)
    policy = Policy(aim="same", difference_margin=0.1, tolerance=0.5, minimum_days=None)
    result = compare(Evidence(live=live, shadow=live + rng.normal(0, 0.1, 1500)), policy)
    assert (result.verdict, result.days) == ("PROMOTE", None)


def test_multiclass_outputs_are_compared_with_held_out_labels() -> None:
    """Labels drift too."""
    rng = np.random.default_rng(4)
    labels = rng.choice(["a", "b", "c"], 400, p=[0.8, 0.1, 0.1])
    evidence = Evidence(
        live=None,
        shadow=None,
        task="multiclass",
        live_labels=labels,
        shadow_labels=labels,
        held_out=rng.choice(["a", "b", "c"], 400),
        outcomes=labels,
        days=10.0,
    )
    result = compare(evidence)
    assert result.output_drift is not None
    assert result.output_drift.verdict == "DRIFT"
    assert result.days == 10.0


def test_the_public_names_are_what_the_room_says() -> None:
    """Whoever adds a public name adds it here."""
    assert all(hasattr(room, name) for name in room.__all__)
    assert {"compare", "drift", "Evidence", "Policy", "Comparison"} <= set(room.__all__)
