"""What a plan is made from: held-out rows common to both, or errors that are assumed."""

from pathlib import Path

import numpy as np
import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.comparison import Policy
from understudy.comparison.plan import Expected
from understudy.errors import UsageError
from understudy.log.traffic import RecentTraffic
from understudy.review.plan import expected_of, make_plan

POLICY, DAILY = Policy(), Expected(units_per_day=100.0)


def test_rows_that_both_held_out_tell(
    linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The change of the loss is that of the two references, row by row."""
    found = make_plan(linear_artefact, boosting_artefact, POLICY, DAILY)
    sides = []
    for artefact in (linear_artefact, boosting_artefact):
        table = artefact.reference()
        test = table[table["__split__"] == "test"]
        sides.append(np.abs(test["__prediction__"] - test["__target__"]).mean())
    assert found.plan.change == pytest.approx(sides[1] / sides[0] - 1)
    assert "held-out rows that both versions have" in found.assumptions[0]


def test_without_common_rows_errors_are_assumed(
    linear_artefact: Artefact, other_rows: Artefact
) -> None:
    """The offline RMSE of each is kept exactly, and the correlation is stated."""
    found = make_plan(linear_artefact, other_rows, POLICY, DAILY)
    metrics = [a.manifest.metrics["rmse"].value for a in (linear_artefact, other_rows)]
    assert found.plan.change == pytest.approx(metrics[1] / metrics[0] - 1, abs=0.02)
    assert "correlated 0.8" in found.assumptions[0]


@pytest.fixture(scope="session")
def other_rows(artefacts_dir: Path) -> Artefact:
    """Return a version whose held-out rows nobody else has."""
    other = tiny.make_houses(seed=7).iloc[220:]
    return tiny.package_houses(
        tiny.linear_pipeline(), artefacts_dir, "9.0.0", X_test=other, y_test=other["price"]
    )


def test_classifiers_are_planned_by_labels(binary_artefact: Artefact) -> None:
    """A classifier against itself is equally good: its error rate does not change."""
    found = make_plan(binary_artefact, binary_artefact, POLICY, DAILY)
    assert found.plan.change == 0


def test_classes_are_planned_without_probabilities(multiclass_artefact: Artefact) -> None:
    """References keep the labels of a multiclass model, and these suffice for the 0/1 loss."""
    found = make_plan(multiclass_artefact, multiclass_artefact, POLICY, DAILY)
    assert found.plan.change == 0


def test_tasks_must_agree(linear_artefact: Artefact, binary_artefact: Artefact) -> None:
    """A price and a label have no difference."""
    with pytest.raises(UsageError, match="cannot be compared"):
        make_plan(linear_artefact, binary_artefact, POLICY, DAILY)


def test_the_traffic_to_come_is_that_of_the_last_days() -> None:
    """Rates, sizes of requests, outcomes and their delay are those of the log."""
    traffic = RecentTraffic(2.0, 1000, 3000, 300, 5.0, 800.0, 300.0)
    expected = expected_of(traffic, 0.5, POLICY)
    assert expected == Expected(500.0, 3.0, 0.5, 0.1, 5.0)
    assert expected_of(traffic, 1.0, Policy(outcome_delay_days=30.0)).outcome_delay_days == 30
    assert expected_of(traffic, 1.0, Policy(aim="same")).outcome_share == 1


def test_storage_follows_from_the_size_of_rows(linear_artefact: Artefact) -> None:
    """Of all requests the log keeps a row, of the compared ones the shadow another."""
    traffic = RecentTraffic(1.0, 1000, 1000, 1000, None, 800.0, 300.0)
    expected = expected_of(traffic, 0.25, POLICY)
    found = make_plan(linear_artefact, linear_artefact, Policy(aim="same"), expected, traffic)
    instances = found.plan.offline.instances
    assert instances is not None
    assert found.costs.shadow_mb == pytest.approx(instances * 300 / 1e6)
    assert found.costs.prediction_mb == pytest.approx(4 * instances * 800 / 1e6)
    assert found.costs.is_size_measured
