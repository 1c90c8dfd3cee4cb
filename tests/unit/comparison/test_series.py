"""Series hold the compared rows only, in order of arrival."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from understudy.comparison import Evidence, compare
from understudy.comparison.series import (
    label_table,
    loss_by_outcome,
    loss_by_quarter,
    read_series,
)

Make = Callable[..., Evidence]


def test_failed_rows_and_unknown_outcomes_are_left_out(make_evidence: Make) -> None:
    """Differences are of pairs, errors of pairs with an outcome."""
    evidence = make_evidence(10)
    outcomes = np.array(evidence.outcomes, dtype=float)
    outcomes[:4] = np.nan
    series = read_series(replace(evidence, failed=np.arange(10) == 9, outcomes=outcomes))
    assert series.difference is not None
    assert series.live_error is not None
    assert (len(series.difference), len(series.live_error)) == (9, 5)
    live, shadow = np.asarray(evidence.live)[:9], np.asarray(evidence.shadow)[:9]
    np.testing.assert_allclose(series.difference, shadow - live)
    np.testing.assert_allclose(series.middle, (shadow + live) / 2)
    np.testing.assert_allclose(series.live_error, (live - outcomes[:9])[4:])


def test_groups_add_up_to_the_whole(make_evidence: Make) -> None:
    """Weighted by their rows, quarters and parts give the mean losses of the comparison."""
    evidence = make_evidence(1000)
    found = compare(evidence)
    assert found.outcomes is not None
    for groups in (
        loss_by_quarter(evidence, found.policy),
        loss_by_outcome(evidence, found.policy),
    ):
        total = sum(group.rows * group.live for group in groups) / 1000
        assert sum(group.rows for group in groups) == 1000
        assert total == pytest.approx(found.outcomes.live_loss)
    parts = loss_by_outcome(evidence, found.policy)
    assert len(parts) == 10
    assert all(a.high < b.low for a, b in pairwise(parts))  # type: ignore[operator]


def test_a_single_true_value_is_one_part(make_evidence: Make) -> None:
    """Ties and constants do not make empty parts."""
    evidence = replace(make_evidence(50), outcomes=np.full(50, 3.0))
    groups = loss_by_outcome(evidence, compare(evidence).policy)
    assert [(group.rows, group.low, group.high) for group in groups] == [(50, 3.0, 3.0)]


def test_without_outcomes_there_are_no_groups(make_evidence: Make) -> None:
    """Nothing known, nothing shown."""
    evidence = replace(make_evidence(50), outcomes=None, outcome_at=None)
    policy = compare(evidence).policy
    assert loss_by_quarter(evidence, policy) == ()
    assert loss_by_outcome(evidence, policy) == ()


def test_labels_are_counted_against_each_other() -> None:
    """Rows are live's, columns the shadow's, and classes are the groups of the outcomes."""
    evidence = Evidence(
        live=None, shadow=None, task="multiclass", live_labels=["a", "a", "b", "c"],
        shadow_labels=["a", "b", "b", "b"], outcomes=["a", "a", "b", "b"],
    )  # fmt: skip
    series = read_series(evidence)
    assert series.live is None
    found = label_table(series)
    assert found is not None
    assert found[0] == ("a", "b", "c")
    assert found[1].tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    groups = loss_by_outcome(evidence, compare(evidence).policy)
    assert [(g.name, g.live, g.shadow) for g in groups] == [("a", 0.0, 0.5), ("b", 0.5, 0.0)]


def test_numbers_have_no_label_table(make_evidence: Make) -> None:
    """A regression has nothing to cross."""
    assert label_table(read_series(make_evidence(3))) is None
