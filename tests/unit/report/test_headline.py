"""The headline: one true sentence for every kind of verdict, word for word."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Comparison, Evidence, Policy, Traffic, compare
from understudy.comparison.concentration import Concentration
from understudy.report.headline import headline, needed, parts_of

ZONES = ("Centre", "Harbour", "Hill", "North", "South", "West")
QUICK = Policy(minimum_days=None)
SAME = Policy(aim="same", minimum_days=None)
UNKNOWN: dict[str, Any] = {"outcomes": None, "outcome_at": None}


def _houses(
    n: int = 1200, shadow_sd: float = 20_000.0, zones: Sequence[str] = (), extra: float = 0.0,
    **more: Any,
) -> Evidence:  # fmt: skip
    """Make two models of prices from 100,000 to 300,000, the shadow further off in some zones."""
    rng = np.random.default_rng(0)
    zone = rng.choice(ZONES, n)
    truth = rng.uniform(100_000, 300_000, n)
    served = 1.79e9 + np.arange(n) * 600.0
    units = [f"r{place:05d}" for place in range(n)]
    live = truth + rng.normal(0, 20_000, n)
    known: dict[str, Any] = {
        "live": live,
        "shadow": truth + rng.normal(0, shadow_sd, n) + extra * np.isin(zone, list(zones)),
        "served_at": served, "outcomes": truth, "outcome_at": served + 3600,
        "units": units, "instances": [0] * n, "offline": {"rmse": 20_000.0, "mae": 16_000.0},
        "target": "price", "measured_in": "USD",
    }  # fmt: skip
    if zones:
        known["inputs"] = Traffic(pd.DataFrame({"zone": zone}), units, [0] * n, served)
    return Evidence(**(known | more))


def _close(n: int = 1200, by: float = 0.0, zones: Sequence[str] = ("Hill",)) -> Evidence:
    """Make a shadow that answers nearly as live does, but for some zones."""
    houses = _houses(n, zones=zones, **UNKNOWN)
    assert houses.inputs is not None
    zone = np.asarray(houses.inputs.columns["zone"])
    noise = np.random.default_rng(1).normal(0, 2000, n)
    assert houses.live is not None
    return replace(houses, shadow=np.asarray(houses.live) + np.isin(zone, list(zones)) * by + noise)


def _labels(n: int = 1500, wrong: float = 0.1, live_wrong: float = 0.0, **more: Any) -> Evidence:
    rng = np.random.default_rng(0)
    truth = rng.choice(["a", "b", "c"], n)
    live = np.where(rng.random(n) < live_wrong, "c", truth)
    shadow = np.where(rng.random(n) < wrong, "a", truth)
    known: dict[str, Any] = {
        "live": None, "shadow": None, "task": "multiclass", "live_labels": live,
        "shadow_labels": shadow, "outcomes": truth,
    }  # fmt: skip
    return Evidence(**(known | more))


def _binary(n: int = 1500, shift: float = 0.02, **more: Any) -> Evidence:
    rng = np.random.default_rng(0)
    live = rng.beta(2, 3, n)
    shadow = np.clip(live + rng.normal(shift, 0.02, n), 0, 1)
    came = np.where(rng.random(n) < live, "yes", "no")
    known: dict[str, Any] = {
        "live": live, "shadow": shadow, "task": "binary", "positive": "yes", "outcomes": came,
        "live_labels": np.where(live > 0.5, "yes", "no"),
        "shadow_labels": np.where(shadow > 0.5, "yes", "no"),
    }  # fmt: skip
    return Evidence(**(known | more))


def _multiclass(n: int = 1500) -> Evidence:
    rng = np.random.default_rng(0)
    live, other = (rng.dirichlet([2, 2, 2], n) for _ in range(2))
    shadow, classes = 0.9 * live + 0.1 * other, np.array(["a", "b", "c"])
    as_rows = [
        [dict(zip("abc", map(float, row), strict=True)) for row in p] for p in (live, shadow)
    ]
    return Evidence(
        live=None, shadow=None, task="multiclass", outcomes=None,
        live_labels=classes[live.argmax(1)], shadow_labels=classes[shadow.argmax(1)],
        live_probabilities=as_rows[0], shadow_probabilities=as_rows[1],
    )  # fmt: skip


def _said(evidence: Evidence, policy: Policy) -> str:
    return _plain(headline(compare(evidence, policy)))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _unstable() -> Evidence:
    evidence = _close()
    shadow = np.array(evidence.shadow)
    shadow[900:] += 6000
    return replace(evidence, shadow=shadow)


def _identical(n: int) -> Evidence:
    evidence = _houses(n, **UNKNOWN)
    return replace(evidence, shadow=evidence.live)


def _around_nought() -> Evidence:
    evidence = _close(300, 9000.0)
    live, shadow = np.asarray(evidence.live), np.asarray(evidence.shadow)
    return replace(evidence, live=live - 200_000, shadow=shadow - 200_000)


CASES = [
    pytest.param(
        lambda: _houses(shadow_sd=13_000.0),
        QUICK,
        (
            "PROMOTE: the shadow's mean absolute error is 34.5 % lower (28.0 % to 40.5 %"
            " lower), on 1,200 outcomes; every limit of the policy is kept."
        ),
        id="a better shadow is promoted",
    ),
    pytest.param(
        _close,
        SAME,
        (
            "PROMOTE: on average the shadow is within 0.16 % of live (−0.05 % ± 0.10 %); every"
            " limit of the policy is kept."
        ),
        id="the same answers are promoted",
    ),
    pytest.param(
        lambda: _houses(shadow_sd=40_000.0),
        QUICK,
        (
            "REJECT: the shadow's mean absolute error is 101.5 % higher (83.2 % to 121.7 %"
            " higher), on 1,200 outcomes, worse than the margin of 2 %."
        ),
        id="a worse shadow is rejected",
    ),
    pytest.param(
        lambda: _houses(zones=("Hill",), extra=90_000.0),
        QUICK,
        (
            "REJECT: the shadow's mean absolute error is 73.6 % higher (53.1 % to 95.8 %"
            " higher), on 1,200 outcomes, nearly all of it where zone = Hill (14.4 % of the"
            " instances), worse than the margin of 2 %."
        ),
        id="a shadow worse in one zone is rejected by the whole",
    ),
    pytest.param(
        lambda: _houses(3000, 10_000.0, ("Hill",), 30_000.0),
        QUICK,
        (
            "REJECT: where zone = Hill the shadow's mean absolute error is 85.2 % higher (39.0"
            " % to 149.8 % higher), worse than the slice margin of 10 %; overall, the shadow's"
            " mean absolute error is 27.5 % lower (22.1 % to 32.6 % lower), on 3,000 outcomes."
        ),
        id="a bad slice rejects a better shadow",
    ),
    pytest.param(
        lambda: _houses(failed=np.arange(1200) % 12 == 0),
        QUICK,
        (
            "REJECT: which model errs less is open: the shadow's mean absolute error is between"
            " 7.9 % lower and 12.4 % higher, on 1,100 outcomes; the shadow failed on 8.3 % (5.6"
            " % to 11.8 %) of the requests, where 1 % is allowed."
        ),
        id="failures reject",
    ),
    pytest.param(
        lambda: _close(by=40_000.0),
        SAME,
        (
            "REJECT: the shadow is 3.0 % ± 0.7 % higher on average, nearly all of it where zone"
            " = Hill (14.4 % of the instances), beyond the margin of 2,000 USD; in 15.2 % (11.4"
            " % to 19.6 %) of the requests the answers are more than 16,000 USD apart, where 5"
            " % is allowed."
        ),
        id="other answers reject",
    ),
    pytest.param(
        lambda: _houses(300, failed=np.ones(300, bool), **UNKNOWN),
        QUICK,
        (
            "REJECT: no instance has been answered by both models yet; the shadow failed on 100"
            " % (97.7 % to 100 %) of the requests, where 1 % is allowed."
        ),
        id="all failed",
    ),
    pytest.param(
        lambda: _houses(shadow_sd=13_000.0, failed=np.arange(1200) % 30 == 0),
        Policy(minimum_days=None, failure_limit=0.2),
        (
            "HOLD: the shadow's mean absolute error is 34.6 % lower (27.9 % to 40.6 % lower),"
            " on 1,160 outcomes; 40 of 1,200 instances that were due have no pair (3.3%,"
            " between 1.8% and 5.6%; limit 1.0%)."
        ),
        id="unmatched instances hold",
    ),
    pytest.param(
        lambda: _houses(served_at=1.79e9 + np.arange(1200) * 6000.0, **UNKNOWN),
        Policy(minimum_days=None, outcome_delay_days=30.0),
        (
            "HOLD: on average the shadow is within 2.4 % of live (1.0 % ± 1.4 %); no outcome"
            " has come in 83.3 days, although the policy expects them within 30: the aim cannot"
            " be judged; about 300 more outcomes needed."
        ),
        id="late outcomes hold",
    ),
    pytest.param(
        _unstable,
        SAME,
        (
            "HOLD: the shadow is 0.71 % ± 0.16 % higher on average; not stable in time: mean of"
            " shadow − live is 5,901 in the newest quarter of the units, beyond its limit"
            " (-2,000 to 2,000), though 1,396 over all."
        ),
        id="what is not stable in time holds",
    ),
    pytest.param(
        lambda: _houses(shadow_sd=13_000.0),
        Policy(minimum_days=None, outcome_influenced=True),
        (
            "HOLD: the shadow's mean absolute error is 34.5 % lower (28.0 % to 40.5 % lower),"
            " on 1,200 outcomes; the answers influence the outcomes, so outcomes can neither"
            " promote nor reject."
        ),
        id="influenced outcomes hold",
    ),
    pytest.param(
        lambda: _houses(600),
        QUICK,
        (
            "HOLD: which model errs less is open: the shadow's mean absolute error is between"
            " 11.8 % lower and 17.7 % higher, on 600 outcomes; about 20,000,000 more outcomes"
            " would be needed, more than 10 times the horizon of 10,000."
        ),
        id="what is out of reach holds",
    ),
    pytest.param(
        lambda: _close(400, 9000.0),
        QUICK,
        (
            "NEED_MORE_DATA: the shadow is 0.6 % ± 0.3 % higher on average, nearly all of it"
            " where zone = Hill (14.9 % of the instances); about 600 more requests needed, or 5"
            " days at the present rate."
        ),
        id="a difference in one zone, outcomes to come",
    ),
    pytest.param(
        lambda: _houses(60),
        QUICK,
        (
            "NEED_MORE_DATA: the shadow's mean absolute error is 3.3 % lower so far, without an"
            " interval yet; about 5,800 more outcomes needed, or 40 days at the present rate."
        ),
        id="outcomes, but too few",
    ),
    pytest.param(
        lambda: _houses(shadow_sd=13_000.0),
        Policy(minimum_days=30.0),
        (
            "NEED_MORE_DATA: the shadow's mean absolute error is 34.5 % lower (28.0 % to 40.5 %"
            " lower), on 1,200 outcomes; 22 days of traffic still needed."
        ),
        id="enough outcomes, too few days",
    ),
    pytest.param(
        lambda: _houses(700, shadow_sd=18_500.0),
        Policy(minimum_days=None, loss_margin=0.2),
        (
            "NEED_MORE_DATA: within the margin of 20 %: the shadow's mean absolute error is"
            " between 19.0 % lower and 5.1 % higher, on 700 outcomes; about 300 more requests"
            " needed, or 3 days at the present rate."
        ),
        id="not worse, still too few",
    ),
    pytest.param(
        lambda: _identical(400),
        QUICK,
        (
            "NEED_MORE_DATA: all 400 pairs are identical so far; about 600 more requests"
            " needed, or 5 days at the present rate."
        ),
        id="identical so far",
    ),
    pytest.param(
        lambda: _identical(1200),
        SAME,
        ("PROMOTE: all 1,200 pairs are identical so far; every limit of the policy is kept."),
        id="identical for good",
    ),
    pytest.param(
        lambda: _houses(0, **UNKNOWN),
        QUICK,
        (
            "NEED_MORE_DATA: no instance has been answered by both models yet; about 1,000 more"
            " requests needed."
        ),
        id="no pairs at all",
    ),
    pytest.param(
        _labels,
        QUICK,
        (
            "REJECT: the shadow's error rate is 6.8 percentage points higher (4.7 to 8.9"
            " percentage points higher), on 1,500 outcomes, worse than the margin of 0.5"
            " percentage points."
        ),
        id="worse labels are rejected",
    ),
    pytest.param(
        lambda: _labels(wrong=0.02, live_wrong=0.2),
        QUICK,
        (
            "PROMOTE: the shadow's error rate is 13.1 percentage points lower (9.9 to 16.2"
            " percentage points lower), on 1,500 outcomes; every limit of the policy is kept."
        ),
        id="better labels are promoted",
    ),
    pytest.param(
        lambda: _labels(outcomes=None),
        SAME,
        (
            "REJECT: the labels differ in 6.8 % (4.6 % to 9.6 %) of the requests, where 1 % is"
            " allowed."
        ),
        id="other labels are rejected",
    ),
    pytest.param(
        lambda: _labels(300, outcomes=None),
        QUICK,
        (
            "NEED_MORE_DATA: the labels differ in 5.0 % (1.6 % to 11.0 %) of the requests;"
            " about 700 more requests needed."
        ),
        id="labels without outcomes",
    ),
    pytest.param(
        _binary,
        QUICK,
        (
            "NEED_MORE_DATA: which model errs less is open: the shadow's error rate is between"
            " 0.82 percentage points lower and 2.5 percentage points higher, on 1,500 outcomes;"
            " out of reach if the present estimates are true."
        ),
        id="probabilities with outcomes",
    ),
    pytest.param(
        lambda: _binary(outcomes=None),
        SAME,
        (
            "REJECT: the shadow's probabilities are 1.98 ± 0.18 percentage points higher on"
            " average, beyond the margin of 1 percentage point."
        ),
        id="probabilities that moved",
    ),
    pytest.param(
        lambda: _binary(shift=0.001, outcomes=None),
        SAME,
        (
            "PROMOTE: on average the shadow is within 0.3 percentage points of live (0.08 ±"
            " 0.18 percentage points); every limit of the policy is kept."
        ),
        id="probabilities that did not",
    ),
    pytest.param(
        _binary,
        Policy(minimum_days=None, loss="log_loss"),
        (
            "NEED_MORE_DATA: the shadow's log loss is 0.35 % higher so far, without an interval"
            " yet; about 1,300 more outcomes needed."
        ),
        id="log loss with heavy tails",
    ),
    pytest.param(
        _multiclass,
        SAME,
        (
            "REJECT: the two models' probabilities are 2.96 ± 0.13 percentage points apart on"
            " average, beyond the margin of 2 percentage points; the labels differ in 3.5 %"
            " (1.9 % to 5.8 %) of the requests, where 1 % is allowed."
        ),
        id="several classes",
    ),
    pytest.param(
        lambda: _houses(300, measured_in="", target="x", **UNKNOWN),
        QUICK,
        (
            "NEED_MORE_DATA: on average the shadow is within 3.4 % of live (−0.8 % ± 2.6 %);"
            " about 700 more requests needed, or 5 days at the present rate."
        ),
        id="no unit, but a number",
    ),
    pytest.param(
        _around_nought,
        QUICK,
        (
            "NEED_MORE_DATA: the shadow is 1,204 USD ± 734 USD higher on average, nearly all of"
            " it where zone = Hill (17.8 % of the instances); about 700 more requests needed,"
            " or 5 days at the present rate."
        ),
        id="answers around nought",
    ),
]


@pytest.mark.parametrize(("make", "policy", "sentence"), CASES)
def test_the_sentence_is_this_one(
    make: Callable[[], Evidence], policy: Policy, sentence: str
) -> None:
    """The word first, then what the intervals bear out, then what is missing."""
    assert _said(make(), policy) == sentence


@pytest.fixture(scope="module")
def apart() -> Comparison:
    """Return a comparison that needs more data, with a difference in one zone."""
    return compare(_close(400, 9000.0), QUICK)


@pytest.mark.parametrize(
    ("share", "row_share", "words"),
    [
        ((0.91, 1.0), 0.1, ", nearly all of it where"),
        ((0.89, 1.2), 0.1, ", most of it where"),
        ((0.59, 0.9), 0.1, ", more than half of it where"),
        ((0.42, 0.9), 0.1, ", at least 42.0 % of it where"),
        ((0.42, 0.9), 0.3, None),
    ],
)
def test_the_lower_end_of_the_share_chooses_the_words(
    apart: Comparison, share: tuple[float, float], row_share: float, words: str | None
) -> None:
    """Not the estimate; and parts are named only if they hold clearly more than their size."""
    held = Concentration("difference", "zone", ("= Hill",), 1.0, share, row_share, 60, 60)
    said = _plain(headline(replace(apart, concentrated=(held,))))
    assert "of it where" not in said if words is None else words in said


def test_a_share_is_not_told_of_a_difference_that_is_not_shown(apart: Comparison) -> None:
    """Where the mean difference may be nought, or the share is that of the losses."""
    held = Concentration("loss", "zone", ("= Hill",), 1.0, (0.95, 1.0), 0.1, 60, 60)
    assert "of it where" not in headline(replace(apart, concentrated=(held,)))
    level = compare(_close(400), QUICK)
    certain = replace(held, of="difference")
    assert "of it where" not in headline(replace(level, concentrated=(certain,)))


def test_parts_are_named_as_people_would() -> None:
    """Levels share one sign of equality; bins and what is missing follow."""
    one = Concentration("loss", "zone", ("= Hill", "= West", "= North"), 1, (0.9, 1), 0.1, 9, 9)
    assert parts_of(one) == "zone = Hill, West or North"
    assert parts_of(replace(one, parts=("= Hill", "is missing"))) == "zone = Hill, or is missing"
    assert parts_of(replace(one, parts=("in 1 to 2", "from 9"))) == "zone in 1 to 2 or from 9"


def test_what_is_needed_is_rounded_up_and_named(apart: Comparison) -> None:
    """Two figures are enough, and a unit of the policy is no request."""
    need = replace(apart.more_needed, units=(1, 1234, None), days=None)
    several = replace(apart, more_needed=need, policy=replace(apart.policy, unit="client"))
    assert _plain(needed(several)) == "about 1,300 more units of client needed"
    soon = replace(several, more_needed=replace(need, units=(1, 7, None), days=1e-5))
    assert _plain(needed(soon)).endswith("or less than a minute at the present rate")
    assert needed(replace(apart, more_needed=replace(need, units=(0, 0, 0)))) == ""


def test_the_headline_does_not_load_matplotlib() -> None:
    """A page that only says the sentence should not pay for the pictures."""
    code = "import sys, understudy.report.headline; print('matplotlib' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"
