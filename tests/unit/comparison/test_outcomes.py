"""Outcomes, losses and the ratio of two errors."""

import json
import math
from collections.abc import Callable

import numpy as np
import pytest

from understudy.comparison import Evidence, OutcomesResult, Policy
from understudy.comparison.losses import losses
from understudy.comparison.outcomes import compare_outcomes
from understudy.comparison.rows import read_rows
from understudy.comparison.sequences import mean_sequence, unit_moments
from understudy.comparison.wording import tell
from understudy.errors import EvidenceInvalid

Make = Callable[..., Evidence]


def _outcomes(evidence: Evidence, policy: Policy | None = None) -> OutcomesResult:
    filled = (policy or Policy()).with_defaults(task=evidence.task)
    result = compare_outcomes(read_rows(evidence), filled, 0.025)
    assert result is not None
    json.dumps(result.to_json(), allow_nan=False)
    return result


def test_a_better_shadow_is_not_worse_and_better(make_evidence: Make) -> None:
    """A third less error at three thousand outcomes is certain."""
    result = _outcomes(make_evidence(3000, shadow_sd=13.0))
    assert (result.not_worse.state, result.better.state) == ("INSIDE", "INSIDE")
    assert result.ratio == pytest.approx(-0.35, abs=0.05)
    assert result.ratio_interval is not None
    assert result.ratio_interval[0] < -0.35 < result.ratio_interval[1] < 0


def test_a_worse_shadow_is_refuted(make_evidence: Make) -> None:
    """Half as much error again is wholly above the margin of 2 %."""
    assert _outcomes(make_evidence(3000, shadow_sd=30.0)).not_worse.state == "BEYOND"


def test_an_equal_shadow_is_open_for_long(make_evidence: Make) -> None:
    """A margin of 2 % needs more than a few hundred outcomes."""
    result = _outcomes(make_evidence(400))
    assert (result.not_worse.state, result.better.state) == ("OPEN", "OPEN")


def test_the_same_model_is_never_better_and_soon_not_worse(make_evidence: Make) -> None:
    """Identical answers: the loss difference is nought, below any margin, above no improvement."""
    result = _outcomes(make_evidence(shadow=make_evidence().live))
    assert (result.not_worse.state, result.better.state) == ("INSIDE", "OPEN")
    assert (result.ratio, result.difference) == (0.0, 0.0)
    assert result.difference_interval is None


def test_ratio_interval_holds_what_the_sequence_does_not_exclude(make_evidence: Make) -> None:
    """At each end θ of the interval the sequence of shadow − (1 + θ)·live just touches nought."""
    evidence = make_evidence(2000, shadow_sd=18.0)
    result = _outcomes(evidence)
    assert result.ratio_interval is not None
    live, shadow, truth = (
        np.asarray(side, dtype=float)
        for side in (evidence.live, evidence.shadow, evidence.outcomes)
    )
    for end, side in zip(result.ratio_interval, (0, 1), strict=True):
        z = np.abs(shadow - truth) - (1 + end) * np.abs(live - truth)
        ends = mean_sequence(unit_moments(z), 0.025, 1000)
        assert ends is not None
        assert ends[side] == pytest.approx(0.0, abs=1e-9)


def test_a_ratio_without_ends_has_no_interval() -> None:
    """Live's loss is hardly distinguishable from nought: any ratio may be true."""
    rng = np.random.default_rng(0)
    live = np.sign(rng.normal(size=150)) * rng.gamma(0.3, size=150)
    evidence = Evidence(live=live, shadow=rng.normal(size=150), outcomes=np.zeros(150))
    assert _outcomes(evidence).ratio_interval is None


def test_live_without_an_error_has_no_ratio() -> None:
    """Nothing can be so many per cent of nought."""
    evidence = Evidence(live=[1.0] * 200, shadow=[2.0] * 200, outcomes=[1.0] * 200)
    result = _outcomes(evidence)
    assert (result.ratio, result.ratio_interval, result.difference) == (None, None, 1.0)
    assert result.not_worse.state == "BEYOND"


def test_errors_of_both_models_are_told(make_evidence: Make) -> None:
    """MAE and RMSE with intervals that hold at any time."""
    result = _outcomes(make_evidence(5000, shadow_sd=10.0))
    mae, rmse = result.errors
    assert (mae.name, rmse.name) == ("mae", "rmse")
    assert mae.live == pytest.approx(20 * math.sqrt(2 / math.pi), rel=0.05)
    assert rmse.shadow == pytest.approx(10, rel=0.05)
    for figure in (mae, rmse):
        assert figure.live_interval is not None
        assert figure.live_interval[0] < figure.live < figure.live_interval[1]


def test_coverage_and_delay_of_outcomes(make_evidence: Make) -> None:
    """How many pairs have an outcome, and how many days it took."""
    truth = np.asarray(make_evidence(1000).outcomes, dtype=float).copy()
    truth[::4] = np.nan
    result = _outcomes(make_evidence(1000, outcomes=truth))
    assert (result.outcomes, result.waiting, result.share) == (750, 250, 0.75)
    assert (result.delay_median, result.delay_q90, result.delay_max) == (1.0, 1.0, 1.0)
    unknown = _outcomes(make_evidence(1000, outcome_at=np.full(1000, np.nan)))
    assert unknown.delay_median is None
    assert _outcomes(make_evidence(1000, outcome_at=None)).delay_max is None


def test_no_outcome_leaves_everything_open(make_evidence: Make) -> None:
    """Waiting for the first outcome is no error, and without need for one there is no result."""
    result = _outcomes(make_evidence(outcomes=None, outcome_at=None))
    assert (result.outcomes, result.not_worse.state, result.ratio) == (0, "OPEN", None)
    rows = read_rows(make_evidence(outcomes=None))
    assert compare_outcomes(rows, Policy(aim="same").with_defaults(), 0.05) is None


@pytest.mark.parametrize(
    ("loss", "expected"),
    [("absolute", 2.0), ("squared", 4.0), ("rmse", 4.0), ("squared_log", math.log(7 / 5) ** 2)],
)
def test_regression_losses(loss: str, expected: float) -> None:
    """A prediction of 6 for a truth of 4."""
    rows = read_rows(Evidence(live=[6.0], shadow=[6.0], outcomes=[4.0]))
    live, shadow = losses(rows, np.array([0]), loss)
    assert live == shadow == pytest.approx(expected)


def test_log_loss_of_a_price_below_minus_one_is_refused() -> None:
    """The squared log loss knows no such truth."""
    rows = read_rows(Evidence(live=[6.0], shadow=[6.0], outcomes=[-2.0]))
    with pytest.raises(EvidenceInvalid, match="above −1"):
        losses(rows, np.array([0]), "squared_log")


def test_rmse_is_decided_on_squares_with_a_squared_margin(make_evidence: Make) -> None:
    """A ratio of RMSE of 0.8 is told as −20 %, not as that of the squares."""
    evidence = make_evidence(6000, live_sd=20.0, shadow_sd=16.0)
    result, squared = (_outcomes(evidence, Policy(loss=loss)) for loss in ("rmse", "squared"))
    assert result.ratio == pytest.approx(-0.2, abs=0.03)
    assert squared.ratio == pytest.approx(-0.36, abs=0.04)
    assert result.ratio_interval is not None
    assert result.ratio_interval[0] < -0.2 < result.ratio_interval[1]
    z = squared.shadow_loss - 1.02**2 * squared.live_loss  # type: ignore[operator]
    assert result.not_worse.estimate == pytest.approx(z)


def test_a_cap_holds_for_both_models_and_is_told() -> None:
    """One absurd outcome no longer decides, and the report says how many were capped."""
    truth = np.zeros(500)
    truth[0] = 1e6
    rng = np.random.default_rng(1)
    evidence = Evidence(live=rng.normal(0, 1, 500), shadow=rng.normal(0, 0.5, 500), outcomes=truth)
    free, capped = _outcomes(evidence), _outcomes(evidence, Policy(loss_cap=5.0))
    assert (free.not_worse.state, capped.not_worse.state) == ("OPEN", "INSIDE")
    assert (free.capped, capped.capped) == (0, 1)


def _binary(n: int = 4000, **more: object) -> Evidence:
    rng = np.random.default_rng(2)
    p = rng.beta(0.5, 0.5, n)
    truth = np.where(rng.random(n) < p, "yes", "no")
    q = np.clip(p * 0.5 + 0.25, 0, 1)
    known: dict[str, object] = {
        "live": q,
        "shadow": p,
        "task": "binary",
        "live_labels": np.where(q > 0.5, "yes", "no"),
        "shadow_labels": np.where(p > 0.5, "yes", "no"),
        "positive": "yes",
        "outcomes": truth,
    }
    return Evidence(**(known | more))  # type: ignore[arg-type]


def test_binary_losses_reward_the_better_probability() -> None:
    """Equal labels, better probabilities: no fewer errors, but less log loss and Brier score."""
    by_loss = {
        loss: _outcomes(_binary(), Policy(loss=loss)) for loss in ("zero_one", "log_loss", "brier")
    }
    assert by_loss["log_loss"].better.state == by_loss["brier"].better.state == "INSIDE"
    assert by_loss["zero_one"].difference == 0
    assert [figure.name for figure in by_loss["brier"].errors] == [
        "error_rate",
        "log_loss",
        "brier",
    ]


def test_error_rates_without_a_difference_wait_for_the_margin() -> None:
    """No differing loss yet: the share that could still differ must be below half a per cent."""
    few, many = (_outcomes(_binary(n)) for n in (500, 4000))
    assert (few.not_worse.state, many.not_worse.state) == ("OPEN", "INSIDE")


def test_probabilistic_losses_by_hand() -> None:
    """P(yes) = 0.8 and the truth is yes: log loss −ln 0.8, Brier score 0.04."""
    evidence = _binary(2, live=[0.8, 0.8], shadow=[0.0, 1.0], outcomes=["yes", "yes"])
    rows = read_rows(evidence)
    live, shadow = losses(rows, np.arange(2), "log_loss")
    assert live == pytest.approx([-math.log(0.8)] * 2)
    assert shadow == pytest.approx([-math.log(1e-6), 0.0], abs=1e-5)
    assert losses(rows, np.arange(2), "brier")[0] == pytest.approx([0.04, 0.04])


def test_multiclass_losses_and_a_class_nobody_knows() -> None:
    """An unknown class is wrong for both models and is reported."""
    shares = [{"a": 0.7, "b": 0.3}, {"a": 0.2, "b": 0.8}]
    evidence = Evidence(
        live=None,
        shadow=None,
        task="multiclass",
        live_labels=["a", "b"],
        shadow_labels=["a", "a"],
        live_probabilities=shares,
        shadow_probabilities=shares,
        outcomes=["a", "c"],
    )
    rows = read_rows(evidence)
    brier, _ = losses(rows, np.arange(2), "brier")
    assert brier == pytest.approx([0.3**2 + 0.3**2, 0.2**2 + 0.8**2 + 1])
    assert losses(rows, np.arange(2), "log_loss")[0][1] == pytest.approx(-math.log(1e-6))
    assert losses(rows, np.arange(2), "zero_one")[0] == pytest.approx([0, 1])
    result = _outcomes(evidence)
    assert result.unknown_classes == 1


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_a_loss_without_probabilities_is_refused(task: str) -> None:
    """Labels alone cannot be scored by the Brier score."""
    evidence = Evidence(
        live=None,
        shadow=None,
        task=task,
        live_labels=["a"],
        shadow_labels=["b"],
        outcomes=["a"],
    )
    with pytest.raises(EvidenceInvalid, match="needs the probabilit"):
        _outcomes(evidence, Policy(loss="brier"))
    assert [figure.name for figure in _outcomes(evidence).errors] == ["error_rate"]


def test_pinball_loss_is_judged_at_its_quantile(make_evidence: Make) -> None:
    """A shadow that predicts the ninetieth percentile beats one that predicts the middle."""
    truth = np.asarray(make_evidence(3000).outcomes, dtype=float)
    evidence = make_evidence(3000, live=np.full(3000, 200.0), shadow=np.full(3000, 264.0))
    result = _outcomes(evidence, Policy(loss="pinball", loss_quantile=0.9))
    assert result.better.state == "INSIDE"
    assert "pinball loss at the quantile 0.9" in result.better.what
    assert result.loss_quantile == 0.9
    assert result.live_loss == pytest.approx(
        np.maximum(0.9 * (truth - 200), 0.1 * (200 - truth)).mean()
    )
    assert [figure.name for figure in result.errors] == ["mae", "rmse", "pinball"]
    rows = read_rows(evidence)
    with pytest.raises(EvidenceInvalid, match="needs the quantile"):
        losses(rows, np.arange(3), "pinball")


def test_a_squared_log_loss_shows_its_root(make_evidence: Make) -> None:
    """The measure that decides stands among the errors, in the form that people know."""
    result = _outcomes(make_evidence(3000), Policy(loss="squared_log"))
    assert result.live_loss is not None
    assert result.errors[-1].name == "rmsle"
    assert result.errors[-1].live == pytest.approx(math.sqrt(result.live_loss))


def test_a_cap_stands_in_the_words_of_the_criterion(make_evidence: Make) -> None:
    """Whoever reads the verdict reads that losses were capped, and at what."""
    result = _outcomes(make_evidence(), Policy(loss_cap=30.0))
    assert "(capped at 30) of the shadow" in result.not_worse.what
    assert (result.loss_cap, result.capped > 0) == (30.0, True)


def test_what_people_know_is_shown_and_guards_nothing(make_evidence: Make) -> None:
    """R² for numbers; F1, AUC and reliability for classes; left out where speed matters more."""
    (r2,) = _outcomes(make_evidence(3000)).findings
    assert (r2.status, r2.effect_name) == ("SHOWN", "difference of R²")
    assert r2.details["live"] == pytest.approx(1 - 20**2 / 50**2, abs=0.03)
    found = _outcomes(_binary())
    assert [one.test.split(" (")[0] for one in found.findings] == ["F1", "AUC"]
    assert found.findings[1].details["shadow"] == pytest.approx(0.9, abs=0.02)
    gaps = {
        side: max(abs((part.observed or 0) - (part.predicted or 0)) for part in bins)
        for side, bins in found.reliability.items()
    }
    assert gaps["shadow"] < 0.1
    assert gaps["live"] > 0.15
    filled = Policy().with_defaults(task="binary")
    quick = compare_outcomes(read_rows(_binary()), filled, 0.025, with_quality=False)
    assert quick is not None
    assert (quick.findings, quick.reliability) == ((), {})
    assert quick.not_worse == found.not_worse


def test_reliability_of_many_classes_is_that_of_the_answered_one() -> None:
    """Seven in ten were promised and six in ten came true; F1 is the mean over the classes."""
    shares = [{"a": 0.7, "b": 0.2, "c": 0.1}] * 30
    evidence = Evidence(
        live=None,
        shadow=None,
        task="multiclass",
        live_labels=["a"] * 30,
        shadow_labels=["a"] * 30,
        live_probabilities=shares,
        shadow_probabilities=shares,
        outcomes=["a"] * 18 + ["b"] * 12,
    )
    result = _outcomes(evidence)
    (used,) = (part for part in result.reliability["live"] if part.count)
    assert (used.low, used.predicted, used.observed) == (0.7, pytest.approx(0.7), 0.6)
    assert result.findings[0].test.startswith("macro F1")


@pytest.mark.parametrize("declared", [("no", "yes"), ()])
def test_an_unknown_class_of_two_is_told_and_wrong_for_both(declared: tuple[str, ...]) -> None:
    """It is not taken for the negative one, which would reward whoever said no."""
    truth = np.asarray(_binary(400).outcomes, dtype=object).copy()
    truth[:7] = "maybe"
    evidence = _binary(400, outcomes=truth, classes=declared)
    result = _outcomes(evidence, Policy(loss="log_loss"))
    assert result.unknown_classes == 7
    rows = read_rows(evidence)
    for side in losses(rows, np.arange(7), "log_loss"):
        assert side == pytest.approx([-math.log(1e-6)] * 7)
    for side in losses(rows, np.arange(7), "zero_one"):
        assert side == pytest.approx([1.0] * 7)


def test_the_second_class_of_two_may_only_be_seen_among_the_outcomes() -> None:
    """Two models that have only said yes so far still know a no."""
    yes = np.array(["yes"] * 50)
    truth = np.array(["yes"] * 40 + ["no"] * 10)
    evidence = _binary(
        50, live=np.full(50, 0.8), shadow=np.full(50, 0.8), live_labels=yes, shadow_labels=yes,
        outcomes=truth,
    )  # fmt: skip
    assert _outcomes(evidence).unknown_classes == 0


def test_the_verdict_says_that_losses_were_capped(make_evidence: Make) -> None:
    """The sentence that a manager reads names the cap and the quantile."""
    policy = Policy(loss="pinball", loss_quantile=0.5, loss_cap=25.0).with_defaults()
    result = _outcomes(make_evidence(3000), policy)
    assert "pinball loss (at the quantile 0.5, capped at 25) of the shadow" in tell(
        result, result.not_worse
    )
    assert _outcomes(_binary(), Policy(loss="log_loss")).better.what.startswith("mean log loss of")
