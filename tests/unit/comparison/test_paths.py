"""A path ends where the comparison stands, and holds at every step what held then."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from understudy.comparison import Evidence, Policy, compare
from understudy.comparison.paths import Path, paths

Make = Callable[..., Evidence]


def _paths(evidence: Evidence, policy: Policy | None = None) -> dict[str, Path]:
    found = compare(evidence, policy)
    return {path.name: path for path in paths(evidence, found.policy, found.level)}


@pytest.mark.parametrize("loss", ["absolute", "rmse"])
def test_a_path_ends_at_the_figures_of_the_comparison(make_evidence: Make, loss: str) -> None:
    """The last step is the present estimate with the present interval."""
    evidence, policy = make_evidence(1500, shadow_sd=16.0), Policy(loss=loss)
    found = compare(evidence, policy)
    known = {guard.name: guard for guard in found.pairs.guards}
    walked = _paths(evidence, policy)
    for name in ("difference", "tolerance"):
        assert walked[name].estimates[-1] == pytest.approx(known[name].estimate)
        assert walked[name].intervals[-1] == pytest.approx(known[name].interval)
        assert walked[name].high == known[name].limits.high
        assert walked[name].units[-1] == 1500
    assert found.outcomes is not None
    assert walked["loss"].estimates[-1] == pytest.approx(found.outcomes.ratio)
    assert walked["loss"].intervals[-1] == pytest.approx(found.outcomes.ratio_interval)
    assert walked["loss"].high == 0.02


def test_a_step_is_what_a_comparison_of_so_many_units_would_say(make_evidence: Make) -> None:
    """Nothing that came later reaches back."""
    whole = make_evidence(1000)
    path = _paths(whole)["difference"]
    place = len(path.units) // 2
    count = path.units[place]
    part = {
        name: getattr(whole, name)[:count]
        for name in ("live", "shadow", "units", "instances", "served_at", "outcomes", "outcome_at")
    }
    earlier = _paths(replace(whole, **part))["difference"]
    assert earlier.estimates[-1] == pytest.approx(path.estimates[place])
    assert earlier.intervals[-1] == pytest.approx(path.intervals[place])


def test_an_interval_is_none_until_it_can_be_trusted(make_evidence: Make) -> None:
    """The first hundred units have an estimate and no interval."""
    path = _paths(make_evidence(400))["difference"]
    for units, interval in zip(path.units, path.intervals, strict=True):
        assert (interval is None) == (units < 100)


def test_units_of_many_instances_are_never_cut(make_evidence: Make) -> None:
    """A step is a number of whole units."""
    evidence = make_evidence(
        600, units=np.repeat([f"r{n:03d}" for n in range(200)], 3), instances=np.tile(range(3), 200)
    )
    assert _paths(evidence)["difference"].units[-1] == 200


def test_without_pairs_there_is_no_path(make_evidence: Make) -> None:
    """A shadow that has scored nothing yet."""
    nothing = replace(
        make_evidence(5), failed=[True] * 5, outcomes=None, shadow=[None] * 5, outcome_at=None
    )
    assert _paths(nothing) == {}


def test_error_rates_are_compared_by_their_difference() -> None:
    """Labels alone give the path of the 0/1 loss, in shares of the instances."""
    rng = np.random.default_rng(0)
    truth = rng.choice(["a", "b", "c"], 500)
    wrong = np.where(rng.random(500) < 0.2, "a", truth)
    evidence = Evidence(
        live=None, shadow=None, task="multiclass", live_labels=truth, shadow_labels=wrong,
        outcomes=truth,
    )  # fmt: skip
    walked = _paths(evidence)
    assert set(walked) == {"loss"}
    assert walked["loss"].estimates[-1] == pytest.approx(np.mean(wrong != truth))
    assert walked["loss"].high == 0.005
