"""Windows: how traffic is cut, what wakes somebody, and when it lets them sleep again."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from understudy.comparison.traffic import Traffic
from understudy.comparison.windows import (
    Block,
    WindowAlarm,
    WindowLook,
    closed_blocks,
    conclude_windows,
    next_block,
    week_before,
    window_look,
)

DAY = 86_400.0
MONDAY = 20_000 * DAY
ALARM = WindowAlarm("area", "distribution", "training", "area has moved")


def times(day: int, units: int) -> list[float]:
    """Spread units over a day."""
    return [MONDAY + day * DAY + DAY * unit / units for unit in range(units)]


def look(day: int, *alarms: WindowAlarm) -> WindowLook:
    """A look at one day."""
    start = MONDAY + day * DAY
    return WindowLook(start, start + DAY, 1000, 0.001, ("training",), alarms)


def test_a_day_with_enough_units_is_a_block_once_it_is_over() -> None:
    """Until midnight it may still grow, so nobody tests it."""
    served = times(0, 1200)
    assert closed_blocks(served, MONDAY + DAY - 1) == ()
    assert closed_blocks(served, MONDAY + DAY) == (Block(MONDAY, MONDAY + DAY, 1200),)


def test_slow_days_are_put_together() -> None:
    """A block ends at the first midnight by which a thousand units are there."""
    served = [at for day in range(8) for at in times(day, 300)]
    found = closed_blocks(served, MONDAY + 8 * DAY)
    assert [(block.days, block.units) for block in found] == [(4, 1200), (4, 1200)]
    assert closed_blocks(served, MONDAY + 8 * DAY, after=found[0].end) == found[1:]


def test_every_unit_is_in_at_most_one_block() -> None:
    """Blocks are disjoint, and only what is still open or came in no block is left out."""
    rng = np.random.default_rng(0)
    served = MONDAY + rng.random(20_000) * 30 * DAY
    found = closed_blocks(served, MONDAY + 30 * DAY)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert sum(block.units for block in found) <= 20_000
    assert all(block.units >= 1000 for block in found)
    for block in found:
        assert block.units == np.sum((served >= block.start) & (served < block.end))


def test_the_first_block_is_known_from_the_counts_of_days() -> None:
    """Cut by counts or by times, the first block is the same."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        counts = {MONDAY + day * DAY: int(n) for day, n in enumerate(rng.integers(0, 700, 6))}
        until = MONDAY + float(rng.integers(0, 7)) * DAY
        served = [day + DAY * unit / n for day, n in counts.items() for unit in range(n)]
        found = closed_blocks(served, until)
        assert next_block(counts, until) == (found[0] if found else None)


def test_silent_days_before_a_block_belong_to_none() -> None:
    """After a weekend without traffic the next block starts when traffic does."""
    served = [*times(0, 1000), *times(3, 1000)]
    found = closed_blocks(served, MONDAY + 4 * DAY)
    assert [block.start for block in found] == [MONDAY, MONDAY + 3 * DAY]


def test_the_level_is_spent_over_ninety_days() -> None:
    """Ninety blocks of a day, or three of thirty, together have the whole level."""
    assert 90 * Block(0, DAY, 1000).level(0.05) == pytest.approx(0.05)
    assert 3 * Block(0, 30 * DAY, 1000).level(0.05) == pytest.approx(0.05)
    assert Block(0, 200 * DAY, 1000).level(0.05) == 0.05


def test_a_week_before_means_the_same_weekdays() -> None:
    """Another day or another length is no fair comparison."""
    blocks = closed_blocks([t for day in range(9) for t in times(day, 1000)], MONDAY + 9 * DAY)
    assert week_before(blocks[7], blocks) == blocks[0]
    assert week_before(blocks[6], blocks) is None
    longer = replace(blocks[7], end=blocks[7].end + DAY)
    assert week_before(longer, blocks) is None


def sample(rows: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Two columns, one of which may be shifted."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"area": rng.normal(shift, 1, rows), "zone": rng.choice(["a", "b"], rows)})


def test_a_shift_alarms_against_training_and_against_a_week_before() -> None:
    """Both are told, with the column and in words."""
    block = Block(MONDAY, MONDAY + DAY, 1000)
    found = window_look(block, sample(1000, 1, 0.5), sample(2000, 2), sample(1000, 3))
    assert {alarm.against for alarm in found.alarms} == {"training", "a week before"}
    assert {alarm.column for alarm in found.alarms} == {"area"}
    assert "area, distribution" in found.alarms[0].text


def test_traffic_that_always_differs_from_training_alarms_against_training_alone() -> None:
    """What was so a week before has not moved since."""
    block = Block(MONDAY, MONDAY + DAY, 1000)
    found = window_look(block, sample(1000, 1, 0.5), sample(2000, 2), sample(1000, 3, 0.5))
    assert {alarm.against for alarm in found.alarms} == {"training"}


def test_without_an_earlier_block_the_whole_level_goes_to_training() -> None:
    """Nothing is spent on a comparison that cannot be made."""
    block = Block(MONDAY, MONDAY + 90 * DAY, 1000)
    found = window_look(block, sample(1000, 1), sample(2000, 2), None)
    assert found.against == ("training",)
    assert found.level == 0.05
    assert not found.alarms


def test_rows_of_a_request_count_once_on_both_sides() -> None:
    """A thousand rows of ten requests are ten units, which show nothing; a thousand units would."""
    block = Block(MONDAY, MONDAY + DAY, 10)
    names = np.repeat(np.arange(10), 100).astype(str)
    rows = pd.DataFrame({"area": np.repeat(sample(10, 1)["area"].to_numpy(), 100)})
    reference = sample(2000, 2)[["area"]]
    requests = Traffic(rows, names)
    assert not window_look(block, requests, reference, requests).alarms
    assert window_look(block, rows, reference, None).alarms


def test_an_alarm_stays_until_two_blocks_are_clean() -> None:
    """One quiet day is not the end of it."""
    assert not conclude_windows([look(0), look(1)]).is_alarming
    raised = [look(0), look(1, ALARM)]
    assert conclude_windows(raised).is_alarming
    still = conclude_windows([*raised, look(2)])
    assert still.is_alarming
    assert (still.since, still.clean_blocks, still.alarms) == (MONDAY + 2 * DAY, 1, (ALARM,))
    assert not conclude_windows([*raised, look(2), look(3)]).is_alarming
    again = conclude_windows([*raised, look(2), look(3, ALARM), look(4)])
    assert again.is_alarming
    assert again.since == MONDAY + 2 * DAY


def test_the_order_in_which_looks_were_stored_does_not_matter() -> None:
    """They are taken in order of time."""
    looks = [look(0, ALARM), look(1), look(2)]
    assert conclude_windows(looks) == conclude_windows(looks[::-1])


def test_a_look_survives_its_json() -> None:
    """What is stored is what was found."""
    found = look(0, ALARM)
    assert WindowLook.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert conclude_windows([found]).to_json()["is_alarming"] is True
