"""Findings of every kind stand on one scale."""

import numpy as np
import pandas as pd

from understudy.comparison import DriftReport, drift
from understudy.comparison.sizes import material_size
from understudy.comparison.standing import standings


def _report() -> DriftReport:
    rng = np.random.default_rng(0)
    before = pd.DataFrame(
        {"x": rng.normal(0, 1, 800), "gone": 1.0, "c": rng.choice(["a", "b"], 800)}
    )
    after = pd.DataFrame({"x": rng.normal(2, 1, 800), "c": rng.choice(["a", "b"], 800)})
    return drift(before, after)


def test_the_largest_alarm_comes_first_and_one_is_the_limit() -> None:
    """An effect of twice its material size stands at two."""
    report = _report()
    found = standings(report)
    first = found[0]
    assert first.finding.alarm
    assert first.finding.column == "x"
    assert first.effect == abs(first.finding.effect or 0) / material_size(first.finding)
    assert all(standing.low <= standing.effect <= standing.high for standing in found)
    flags = [standing.finding.alarm for standing in found]
    assert flags == sorted(flags, reverse=True)


def test_a_missing_column_has_no_place_and_the_list_can_be_cut() -> None:
    """What has no effect is left out; `most` keeps the worst."""
    report = _report()
    found = standings(report)
    assert "gone" not in {standing.finding.column for standing in found}
    assert standings(report, 2) == found[:2]


def test_each_kind_of_finding_has_its_own_size() -> None:
    """Sizes are those of the checks."""
    report = _report()
    sizes = {
        (s.finding.column, s.finding.finding): material_size(s.finding) for s in standings(report)
    }
    assert sizes[("x", "distribution")] == 0.10
    assert sizes[("x", "tail")] == 0.01
    assert sizes[("x", "missing")] == 0.02
    assert sizes[("c", "distribution")] == 0.05
