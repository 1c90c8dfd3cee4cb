"""Where a difference is concentrated: chosen in one half of the traffic, measured in the other."""

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Evidence, Policy
from understudy.comparison.concentration import Concentration, concentrate
from understudy.comparison.rows import read_rows

ZONES = ("Centre", "Harbour", "Hill", "North", "South", "West")


def _found(
    shift: dict[str, float], n: int = 4000, seed: int = 0, per_unit: int = 1, sd: float = 3.0
) -> dict[str, Concentration]:
    """Compare two models of which the shadow says so much more in some zones."""
    rng = np.random.default_rng(seed)
    zone = rng.choice(ZONES, n)
    truth = rng.normal(200, 40, n)
    d = np.array([shift.get(name, 0.0) for name in zone])
    rows = read_rows(
        Evidence(
            live=truth, shadow=truth + d + rng.normal(0, sd, n), outcomes=truth,
            units=[f"unit {i // per_unit}" for i in range(n)],
            instances=[i % per_unit for i in range(n)],
        )
    )  # fmt: skip
    columns = pd.DataFrame({"zone": zone, "noise": rng.normal(0, 1, n)})
    ordered = columns.iloc[rows.units.order].reset_index(drop=True)
    policy = Policy().with_defaults(rmse=20.0, mae=16.0)
    return {one.of: one for one in concentrate(rows, ordered, None, policy)}


def test_the_parts_that_hold_all_of_the_difference_are_named() -> None:
    """Two of six zones differ; the share is near one, its interval around it, the size a third."""
    found = _found({"Hill": 12.0, "West": 9.0})["difference"]
    assert found.column == "zone"
    assert found.parts == ("= Hill", "= West")
    assert found.share == pytest.approx(1.0, abs=0.06)
    assert found.interval[0] < found.share < found.interval[1]
    assert found.interval[0] > 0.9
    assert found.row_share == pytest.approx(1 / 3, abs=0.03)
    assert found.rows == found.units


def test_the_share_is_the_sum_over_the_parts_by_the_sum_over_all() -> None:
    """A part that differs four times as much as each of five others holds four ninths."""
    found = _found({name: 8.0 if name == "Hill" else 2.0 for name in ZONES})["difference"]
    assert found.parts == ("= Hill",)
    assert found.share == pytest.approx(4 / 9, abs=0.04)
    assert found.interval[0] > found.row_share


def test_the_rest_may_differ_the_other_way() -> None:
    """Then these parts hold more than all of it, and the share says so."""
    shift = {"Hill": -20.0, "West": 4.0, "North": 4.0}
    found = _found(shift)["difference"]
    assert found.parts == ("= Hill",)
    assert found.share > 1.3


def test_losses_have_a_concentration_of_their_own() -> None:
    """Live is right everywhere here, so the shadow's errors are where it differs."""
    found = _found({"Hill": 12.0})
    assert found["loss"].parts == ("= Hill",)
    assert 0.4 < found["loss"].share < found["difference"].share


@pytest.mark.parametrize("shift", [{}, dict.fromkeys(ZONES, 3.0)])
def test_an_even_difference_has_no_such_parts(shift: dict[str, float]) -> None:
    """Neither none at all nor the same everywhere is held by few."""
    wrong = sum("difference" in _found(shift, seed=seed, n=1500) for seed in range(15))
    assert wrong <= 2


def test_the_interval_covers_the_share_for_one_look() -> None:
    """At 95 %, with four instances to a unit; the truth is 12·⅙ of 12·⅙ + 2·⅚."""
    shift = {name: 12.0 if name == "Hill" else 2.0 for name in ZONES}
    truth, held = 12 / 22, 0
    for seed in range(20):
        low, high = _found(shift, n=1200, seed=seed, per_unit=4)["difference"].interval
        held += low <= truth <= high
    assert held >= 17


def test_too_little_gives_nothing() -> None:
    """Identical answers, a handful of rows, none at all."""
    assert "difference" not in _found({}, sd=0.0)
    assert _found({"Hill": 12.0}, n=40) == {}
    assert _found({}, n=0) == {}
