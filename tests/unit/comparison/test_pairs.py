"""Pairs of live and shadow predictions."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from understudy.comparison import Evidence, Finding, Guard, PairsResult, Policy
from understudy.comparison.pairs import compare_pairs
from understudy.comparison.rows import read_rows
from understudy.errors import EvidenceInvalid

Make = Callable[..., Evidence]


def _pairs(evidence: Evidence, policy: Policy | None = None) -> PairsResult:
    offline = evidence.offline
    filled = (policy or Policy()).with_defaults(
        offline.get("rmse"), offline.get("mae"), evidence.task
    )
    return compare_pairs(read_rows(evidence), filled, 0.025)


def _guard(result: PairsResult, name: str) -> Guard:
    (found,) = [guard for guard in result.guards if guard.name == name]
    return found


def _test(result: PairsResult, name: str) -> Finding:
    (found,) = [finding for finding in result.findings if finding.test == name]
    return found


def _p(result: PairsResult, name: str) -> float:
    p_value = _test(result, name).p_value
    assert p_value is not None
    return p_value


def test_a_permutation_fools_ks_and_not_the_pairs(make_evidence: Make) -> None:
    """Live's answers shuffled among requests: KS sees p = 1, every pair is wrong."""
    evidence = make_evidence()
    shuffled = np.random.default_rng(1).permutation(np.asarray(evidence.live))
    result = _pairs(make_evidence(shadow=shuffled))
    ks = _test(result, "two-sample Kolmogorov–Smirnov")
    assert ks.p_value == pytest.approx(1.0)
    assert ks.assumption == "assumes independence, not used for the verdict"
    assert _guard(result, "tolerance").state == "BEYOND"
    assert abs(result.description["concordance"] or 0) < 0.1


def test_a_small_bias_is_seen_by_pairs_and_not_by_ks(make_evidence: Make) -> None:
    """A tenth of a standard deviation more on every request, at a thousand requests."""
    live = np.asarray(make_evidence(1000).live)
    noise = np.random.default_rng(2).normal(0, 2, 1000)
    result = _pairs(make_evidence(1000, shadow=live + 0.1 * live.std() + noise))
    assert _p(result, "two-sample Kolmogorov–Smirnov") > 0.05
    assert _p(result, "paired t") < 1e-12
    assert _guard(result, "difference").state == "BEYOND"


def test_identical_answers_have_no_effect(make_evidence: Make) -> None:
    """A twin: no difference anywhere, and no interval of no width."""
    result = _pairs(make_evidence(shadow=make_evidence().live))
    assert result.is_identical
    assert all(
        (not f.effect and f.p_value in (1.0, pytest.approx(1.0))) or f.test == "TOST"
        for f in result.findings
    )
    assert _guard(result, "difference").interval is None
    assert {guard.state for guard in result.guards} == {"INSIDE"}
    assert result.description["concordance"] == pytest.approx(1.0)


def test_shown_tests_say_that_they_hold_for_one_look(make_evidence: Make) -> None:
    """Nobody may take a textbook p-value for a licence to look again."""
    result = _pairs(make_evidence())
    for name in ("paired t", "Wilcoxon signed rank", "TOST"):
        assert _test(result, name).assumption.endswith("valid for one look")
    assert {finding.status for finding in result.findings} == {"SHOWN"}


def test_failures_and_unusable_answers_are_counted_and_not_compared(make_evidence: Make) -> None:
    """A shadow that failed, or answered NaN or infinity, failed; its row is no pair."""
    evidence = make_evidence(1000)
    shadow = np.asarray(evidence.shadow).copy()
    shadow[:10], shadow[10:20] = np.nan, np.inf
    failed = np.zeros(1000, dtype=bool)
    failed[15:50] = True
    result = _pairs(make_evidence(1000, shadow=shadow, failed=failed))
    assert (result.pairs, result.units) == (950, 950)
    guard = _guard(result, "failures")
    assert (guard.estimate, guard.units, guard.state) == (0.05, 1000, "BEYOND")


def test_twenty_instances_in_one_request_are_one_unit(make_evidence: Make) -> None:
    """Intervals count requests: the same pairs in fewer requests are wider."""
    units, instances = np.arange(4000) // 20, np.arange(4000) % 20
    noise = np.random.default_rng(3).normal(0, 2, 200)[units]
    shadow = np.asarray(make_evidence(4000).live) + noise
    alone = _pairs(make_evidence(4000, shadow=shadow))
    together = _pairs(make_evidence(4000, shadow=shadow, units=units, instances=instances))
    wide, narrow = _guard(together, "difference"), _guard(alone, "difference")
    assert wide.estimate == pytest.approx(narrow.estimate)
    assert (wide.units, narrow.units) == (200, 4000)
    assert wide.interval is not None
    assert narrow.interval is not None
    assert wide.interval[1] - wide.interval[0] > 2 * (narrow.interval[1] - narrow.interval[0])
    assert _guard(together, "tolerance").units == 200
    assert _test(together, "paired t").n_reference == 200


def test_quarters_show_a_change_over_time(make_evidence: Make) -> None:
    """The shadow goes wrong in the newest quarter of the requests."""
    live = np.asarray(make_evidence(2000).live)
    drifting = live + np.where(np.arange(2000) >= 1500, 8.0, 0.0)
    result = _pairs(make_evidence(2000, shadow=drifting))
    assert _guard(result, "difference").quarters == pytest.approx((0, 0, 0, 8), abs=1e-9)
    assert [quarter["difference"] for quarter in result.quarters] == pytest.approx([0, 0, 0, 8])
    assert result.quarters[3]["until"] > result.quarters[2]["until"]  # type: ignore[operator]


def test_no_pairs_at_all(make_evidence: Make) -> None:
    """Before the first pair everything is open and nothing is described."""
    result = _pairs(make_evidence(0))
    assert (result.pairs, result.findings, result.description) == (0, (), {})
    assert {guard.state for guard in result.guards} == {"OPEN"}


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_pairs_are_described(make_evidence: Make, n: int) -> None:
    """One, two or five pairs give figures without NaN."""
    result = _pairs(make_evidence(n))
    json.dumps(result.to_json(), allow_nan=False)
    assert result.description["max_abs"] is not None


def test_predictions_near_the_largest_float_make_no_nan(make_evidence: Make) -> None:
    """Squares that overflow end as null in JSON, not as a warning or a crash."""
    result = _pairs(make_evidence(300, shadow=np.full(300, 1e300)))
    json.dumps(result.to_json(), allow_nan=False)
    assert _guard(result, "tolerance").state == "BEYOND"


def _binary(n: int = 3000, change: float = 0.0, **more: object) -> Evidence:
    rng = np.random.default_rng(4)
    p = rng.beta(2, 2, n)
    q = np.clip(p + change + rng.normal(0, 0.005, n), 0, 1)
    labels = [np.where(side >= 0.5, "yes", "no") for side in (p, q)]
    known: dict[str, object] = {
        "live": p,
        "shadow": q,
        "task": "binary",
        "live_labels": labels[0],
        "shadow_labels": labels[1],
        "positive": "yes",
    }
    return Evidence(**(known | more))  # type: ignore[arg-type]


def test_binary_models_are_compared_by_the_probability_of_the_positive_class() -> None:
    """The number is P(positive); labels are counted beside it."""
    equal, apart = _pairs(_binary()), _pairs(_binary(change=0.1))
    assert _guard(equal, "difference").state == "INSIDE"
    assert _guard(apart, "difference").state == "BEYOND"
    assert _guard(apart, "tolerance").state == "BEYOND"
    assert _guard(apart, "labels").state == "BEYOND"
    assert _p(apart, "McNemar") < 1e-9
    assert 0 < (equal.description["kappa"] or 0) <= 1


def test_labels_alone_can_be_compared() -> None:
    """Without probabilities there is no mean difference, only disagreement."""
    result = _pairs(_binary(live=None, shadow=None))
    assert {guard.name for guard in result.guards} == {"failures", "labels"}
    assert "mean" not in result.description


def test_classification_without_labels_is_refused() -> None:
    """Labels decide about disagreement, so they must be given."""
    with pytest.raises(EvidenceInvalid, match="shadow_labels"):
        _pairs(_binary(shadow_labels=None))


def _multiclass(n: int = 1000, noise: float = 0.0) -> Evidence:
    rng = np.random.default_rng(5)
    p = rng.dirichlet([1, 1, 1], n)
    q = p * np.exp(rng.normal(0, noise, p.shape))
    q /= q.sum(axis=1, keepdims=True)
    names = np.array(["a", "b", "c"])
    return Evidence(
        live=None,
        shadow=None,
        task="multiclass",
        live_labels=names[p.argmax(axis=1)],
        shadow_labels=names[q.argmax(axis=1)],
        live_probabilities=[dict(zip(names, row, strict=True)) for row in p],
        shadow_probabilities=[dict(zip(names, row, strict=True)) for row in q],
    )


def test_multiclass_models_are_compared_by_total_variation() -> None:
    """The difference has no sign: its mean must be below the margin."""
    equal, apart = _pairs(_multiclass(noise=1e-3)), _pairs(_multiclass(noise=0.5))
    assert _guard(equal, "difference").limits.low is None
    assert _guard(equal, "difference").state == "INSIDE"
    assert _guard(apart, "difference").state == "BEYOND"
    assert {"Stuart–Maxwell", "Bowker"} <= {finding.test for finding in apart.findings}


def test_a_class_only_one_model_knows_counts_with_probability_nought() -> None:
    """Total variation goes over the union of the classes."""
    evidence = Evidence(
        live=None,
        shadow=None,
        task="multiclass",
        live_labels=["a", "a", "a"],
        shadow_labels=["a", "b", None],
        live_probabilities=[{"a": 1.0}, {"a": 1.0}, {"a": 1.0}],
        shadow_probabilities=[{"a": 0.75, "b": 0.25}, {"b": 1.0}, None],
    )
    result = _pairs(evidence)
    assert result.pairs == 2
    assert result.description["max_total_variation"] == 1.0
    assert result.description["mean_total_variation"] == pytest.approx(0.625)
    assert _guard(result, "failures").estimate == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"task": "ranking"}, "task is 'ranking'"),
        ({"live": None, "shadow": None, "outcomes": None, "outcome_at": None}, "no predictions"),
        ({"live": None}, "numbers of both"),
        ({"shadow": [1.0]}, "different lengths"),
        ({"units": ["a"]}, "units has 1 entries"),
        ({"shadow": ["a"] * 2000}, "number was expected"),
        ({"units": ["a"] * 2000}, "more than once"),
    ],
)
def test_evidence_that_does_not_fit_is_refused(
    make_evidence: Make, more: dict[str, object], message: str
) -> None:
    """The message says which array is wrong."""
    with pytest.raises(EvidenceInvalid, match=message):
        read_rows(make_evidence(**more))


def test_datetimes_are_as_good_as_seconds(make_evidence: Make) -> None:
    """Arrival times may be datetime64."""
    evidence = make_evidence(100)
    seconds = np.asarray(evidence.served_at)
    stamps = (seconds * 1e6).astype("datetime64[us]")
    rows = read_rows(make_evidence(100, served_at=stamps))
    assert rows.served_at == pytest.approx(seconds, abs=1e-3)
