"""How many more units are needed."""

from collections.abc import Callable

import numpy as np
import pytest

from understudy.comparison import Evidence, Policy, compare
from understudy.comparison.guards import Criterion, Guard, Limits, mean_guard, share_guard
from understudy.comparison.needed import total_units
from understudy.comparison.sequences import share_sequence

Make = Callable[..., Evidence]


def _share(events: int, units: int) -> Guard:
    hits = np.zeros(units)
    hits[:events] = 1.0
    criterion = Criterion("failures", "share", Limits(None, 0.01), 0.05)
    return share_guard(criterion, hits, np.arange(units), units)


def _mean(values: np.ndarray, high: float = 1.0) -> Guard:
    criterion = Criterion("difference", "mean", Limits(-high, high), 0.05)
    return mean_guard(criterion, values, np.arange(len(values)), len(values))


def test_a_share_without_events_needs_the_known_number() -> None:
    """STATISTICS.md: no failure in 680 units brings the upper end below 1 %."""
    assert total_units(_share(0, 50), Policy()) == (680, 680, 680)


def test_a_share_at_its_present_rate() -> None:
    """At the number told, the upper end is below the limit, and one unit earlier it is not."""
    _, likely, many = total_units(_share(2, 500), Policy())
    assert likely is not None
    assert share_sequence(0.004 * likely, likely, 0.05)[1] < 0.01
    assert share_sequence(0.004 * (likely - 1), likely - 1, 0.05)[1] >= 0.01
    assert many is None or many > likely


def test_a_share_above_its_limit_is_not_reachable() -> None:
    """More units at the same rate do not help."""
    assert total_units(_share(6, 500), Policy())[1] is None


def test_a_mean_needs_more_the_nearer_it_is_to_its_limit() -> None:
    """The gap decides, and the range spans one standard error of it."""
    noise = np.random.default_rng(0).normal(size=200)
    noise -= noise.mean()
    near, far = (total_units(_mean(noise + shift), Policy()) for shift in (0.9, 0.0))
    assert near[1] is not None
    assert far[1] is not None
    assert near[1] > 3 * far[1] > 0
    assert near[0] < near[1] < near[2]  # type: ignore[operator]
    assert total_units(_mean(noise + 1.2), Policy())[1] is None


def test_the_number_told_is_about_what_it_takes() -> None:
    """With as many units as were told the guard is inside in most runs, with half of them not."""
    rng = np.random.default_rng(1)
    first = _mean(rng.normal(0.0, 3.0, 200))
    criterion_mean = first.estimate or 0.0
    _, likely, _ = total_units(first, Policy())
    assert likely is not None
    runs = [_mean(rng.normal(criterion_mean, 3.0, likely)).state for _ in range(60)]
    assert np.mean([state == "INSIDE" for state in runs]) > 0.6
    early = [_mean(rng.normal(criterion_mean, 3.0, likely // 2)).state for _ in range(60)]
    assert np.mean([state == "INSIDE" for state in early]) < 0.6


def test_identical_answers_need_few_units_more() -> None:
    """All alike so far: until the share that could differ is small enough; never, if beyond."""
    assert total_units(_mean(np.zeros(20)), Policy())[1] == 116
    assert total_units(_mean(np.full(20, 2.0)), Policy())[1] is None


def test_nothing_observed_needs_at_least_a_hundred() -> None:
    """Without any unit only the minimum is known."""
    assert total_units(_share(0, 0), Policy()) == (100, 100, None)


def test_an_unreachable_width_ends_the_search() -> None:
    """A gap of next to nothing is out of reach, and the search comes to an end."""
    noise = np.random.default_rng(2).normal(size=200)
    guard = _mean(noise - noise.mean(), high=1e-9)
    assert total_units(guard, Policy())[1] is None


def test_days_go_by_the_present_rate(make_evidence: Make) -> None:
    """500 of 1000 units in 30 days: about 500 more, in 30 more days."""
    result = compare(make_evidence(500, shadow_sd=5.0), Policy())
    assert result.more_needed.units == (500, 500, 500)
    assert result.more_needed.requests == 500
    assert result.more_needed.days == pytest.approx(30, rel=0.01)
    assert result.more_needed.limited_by == "the minimum number of units"


def test_only_days_may_be_missing(make_evidence: Make) -> None:
    """Everything is shown but the calendar."""
    result = compare(make_evidence(3000, shadow_sd=5.0), Policy(minimum_days=40))
    assert result.more_needed.days == pytest.approx(10, rel=0.01)
    assert result.more_needed.sentence.endswith("more days are needed.")


def test_missing_outcomes_are_told_as_outcomes(make_evidence: Make) -> None:
    """When outcomes are what is short, the sentence speaks of outcomes."""
    truth = np.asarray(make_evidence(3000).outcomes, dtype=float).copy()
    truth[200:] = np.nan
    evidence = make_evidence(3000, shadow_sd=2.0, outcomes=truth)
    result = compare(evidence, Policy(minimum_days=None))
    assert result.more_needed.outcomes == 100
    assert "100 more outcomes" in result.more_needed.sentence


def test_other_units_than_requests_are_called_by_their_name(make_evidence: Make) -> None:
    """If the policy counts clients, the sentence does too and no number of requests is given."""
    result = compare(make_evidence(200, shadow_sd=5.0), Policy(unit="client"))
    assert result.more_needed.requests is None
    assert "more units of client are needed" in result.more_needed.sentence


@pytest.mark.parametrize(
    ("days", "wanted"), [(1e-6, "less than a minute"), (0.1, "hours at"), (30.0, "days at")]
)
def test_time_is_told_in_the_unit_a_person_would_take(
    make_evidence: Make, days: float, wanted: str
) -> None:
    """Nobody reads 5e-07 days."""
    evidence = make_evidence(500, shadow_sd=17.0, days=days)
    sentence = compare(evidence, Policy(minimum_days=None)).more_needed.sentence
    assert f"{wanted}" in sentence
    assert "e-" not in sentence
