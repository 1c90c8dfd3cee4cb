"""
A small simulation that guards the error levels, through the public functions.

Each rate may exceed what is promised by two standard errors of the simulation. The seeds are fixed.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from understudy.comparison import Evidence, Policy, Traffic, compare, drift
from understudy.comparison.sequences import mean_sequence, unit_moments

LOOKS = (200, 400, 800, 1600)
QUICK: dict[str, Any] = {"minimum_days": None, "minimum_units": 100, "minimum_outcomes": 100}
SAME = Policy(aim="same", tolerance=1e9, **QUICK)

Arrays = dict[str, NDArray[Any]]


def _allowed(runs: int) -> float:
    return runs * (0.05 + 2 * math.sqrt(0.05 * 0.95 / runs))


def _loss_at_the_limit(rng: np.random.Generator, n: int) -> Arrays:
    common = np.exp(rng.normal(0, 0.8, n))
    live, shadow = (common + 0.3 * np.exp(rng.normal(0, 0.8, n)) for _ in "ab")
    return {"live": live, "shadow": 1.2 * shadow, "outcomes": np.zeros(n)}


def _mean_at_the_margin(rng: np.random.Generator, n: int) -> Arrays:
    live, skewed = rng.normal(size=n), np.exp(rng.normal(0, 0.8, n))
    return {"live": live, "shadow": live + 0.1 + 0.5 * (skewed - math.exp(0.32))}


def _mean_at_the_margin_per_request(rng: np.random.Generator, n: int) -> Arrays:
    requests = np.repeat(rng.normal(0, 0.45, n // 20), 20)
    live = rng.normal(size=n)
    return {
        "live": live,
        "shadow": live + 0.1 + requests + rng.normal(0, 0.9, n),
        "units": np.arange(n) // 20,
        "instances": np.arange(n) % 20,
    }


def _failures_at_the_limit(rng: np.random.Generator, n: int) -> Arrays:
    live = rng.normal(size=n)
    shadow = np.where(rng.random(n) < 0.01, np.nan, live + rng.normal(0, 0.01, n))
    return {"live": live, "shadow": shadow}


@pytest.mark.parametrize(
    ("make", "policy", "instances", "runs"),
    [
        (_loss_at_the_limit, Policy(loss_margin=0.2, **QUICK), 1, 60),
        (_mean_at_the_margin, SAME, 1, 60),
        (_mean_at_the_margin_per_request, SAME, 20, 20),
        (_failures_at_the_limit, SAME, 1, 60),
    ],
    ids=["loss", "mean", "mean per request", "failures"],
)
def test_exactly_at_a_limit_neither_verdict_is_likely(
    make: Callable[[np.random.Generator, int], Arrays], policy: Policy, instances: int, runs: int
) -> None:
    """Asked at every look, PROMOTE and REJECT come in at most 5 % of runs each."""
    rng = np.random.default_rng(20)
    verdicts = []
    for _ in range(runs):
        arrays = make(rng, LOOKS[-1] * instances)
        for look in LOOKS:
            part = {name: array[: look * instances] for name, array in arrays.items()}
            evidence = Evidence(**part, days=1.0, offline={"rmse": 1.0, "mae": 1.0})  # type: ignore[arg-type]
            verdicts.append(compare(evidence, policy).verdict)
            if verdicts[-1] in ("PROMOTE", "REJECT"):
                break
    assert verdicts.count("PROMOTE") <= _allowed(runs)
    assert verdicts.count("REJECT") <= _allowed(runs)


def _columns(rng: np.random.Generator, n: int) -> Arrays:
    return {
        "normal": rng.normal(size=n),
        "skewed": np.exp(rng.normal(size=n)),
        "few": rng.poisson(2, n).astype(float),
        "sparse": np.where(rng.random(n) < 0.8, 0.0, rng.exponential(size=n)),
        "gaps": np.where(rng.random(n) < 0.05, np.nan, rng.normal(size=n)),
        "level": rng.choice(["a", "b", "c", "d"], n, p=[0.6, 0.25, 0.1, 0.05]),
        "rare": rng.zipf(1.6, n).astype(str),
    }


def test_nothing_changed_and_hardly_ever_an_alarm() -> None:
    """Seven mixed columns, looks at 100 to 1600 units: alarms in at most 5 % of runs."""
    rng = np.random.default_rng(21)
    kinds: dict[str, Any] = {"rare": "categorical"}
    runs = 60
    reports = [
        drift(_columns(rng, 1000), Traffic(_columns(rng, 1600)), kinds=kinds, looks=True)
        for _ in range(runs)
    ]
    assert {report.look for report in reports} == {5}
    assert sum(bool(report.alarms) for report in reports) <= _allowed(runs)


def test_the_sequence_holds_where_a_textbook_interval_breaks() -> None:
    """The simulation can fail: looking ten times, t-intervals miss the truth far too often."""
    rng = np.random.default_rng(22)
    runs, looks = 300, range(200, 2001, 200)
    missed, missed_by_t = 0, 0
    for _ in range(runs):
        values = rng.exponential(size=2000)
        always = (mean_sequence(unit_moments(values[:n]), 0.05, 1000) for n in looks)
        missed += any(ends is not None and not ends[0] <= 1 <= ends[1] for ends in always)
        tests = (stats.ttest_1samp(values[:n], 1.0).pvalue < 0.05 for n in looks)
        missed_by_t += any(tests)
    assert missed <= _allowed(runs) < missed_by_t


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("mean +0.5 sd", {"normal": lambda x: x + 0.5}),
        ("scale ×1.5", {"normal": lambda x: x * 1.5}),
        ("2 % of rows ×100", {"normal": lambda x: np.where(np.arange(len(x)) % 50 == 0, 100.0, x)}),
        ("missing 5 → 12 %", {"gaps": lambda x: np.where(np.arange(len(x)) % 13 == 0, np.nan, x)}),
    ],
)
def test_the_standard_shifts_are_found(
    name: str, change: dict[str, Callable[[NDArray[Any]], NDArray[Any]]]
) -> None:
    """A shift that matters raises the alarm within 1600 units, in the column where it is."""
    rng = np.random.default_rng(23)
    found = 0
    for _ in range(5):
        after = _columns(rng, 1600)
        after |= {column: shift(after[column]) for column, shift in change.items()}
        report = drift(_columns(rng, 2000), after, looks=True)
        found += {alarm.column for alarm in report.alarms} == set(change)
    assert found >= 4, name


def test_power_to_promote_a_better_shadow() -> None:
    """Ten per cent less error is shown within 3000 outcomes in most runs."""
    rng = np.random.default_rng(24)
    policy = Policy(minimum_days=None)
    verdicts = []
    for _ in range(20):
        common, truth = rng.normal(0, 1, 3000), np.zeros(3000)
        live, shadow = (common + 0.4 * rng.normal(size=3000) for _ in "ab")
        evidence = Evidence(live=live, shadow=0.9 * shadow, outcomes=truth)
        verdicts.append(compare(evidence, policy).verdict)
    assert verdicts.count("PROMOTE") >= 16
