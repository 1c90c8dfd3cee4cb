"""What a model costs is learned from what it takes, whether it is the call or the instances."""

import pytest

from understudy.serving.pace import BATCH_S, Cost, Pace


@pytest.mark.parametrize("call_s", [0.0, 0.01, 0.5, 5.0])
@pytest.mark.parametrize("instance_s", [1e-6, 1e-3, 0.2, 4.0])
@pytest.mark.parametrize("times", [0.3, 1.0, 8.0])
def test_batches_of_the_right_size_are_found(
    call_s: float, instance_s: float, times: float
) -> None:
    """A model measured at loading and slower or faster since: batches come to last as they may."""
    cost = Cost.between(call_s + instance_s, call_s + 32 * instance_s, 32)
    pace = Pace(cost)
    for _ in range(60):
        size = min(pace.most, 20_000)
        pace.learn(size, (call_s + size * instance_s) * times)
    size = min(pace.most, 20_000)
    took = (call_s + size * instance_s) * times
    longest = max(BATCH_S, 2 * call_s * times, (call_s + instance_s) * times)
    # A call that is nearly everything is taken for a little less.
    assert took <= longest * 1.2
    assert size == 20_000 or took > 0.4 * longest or size * instance_s * times < 0.2 * longest


def test_a_single_hiccup_is_not_believed() -> None:
    """One batch that takes a hundred times as long counts as twice as long, in part."""
    pace = Pace(Cost(0.0, 0.01))
    pace.learn(10, 10.0)
    assert pace.times == pytest.approx(1.3)


def test_what_waits_is_counted_batch_after_batch() -> None:
    """A call's own time is counted for each batch that is needed."""
    pace = Pace(Cost(0.5, 0.01))
    assert pace.most == 50
    assert pace.seconds(100) == pytest.approx(2 * 0.5 + 100 * 0.01)
    assert pace.within(2.0) == 100
