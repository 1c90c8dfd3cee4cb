"""Windows on a real prediction log: closed once, merged, compared with the week before."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.days import DAY, TODAY, Days
from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.comparison.windows import TRAINING, WEEK_BEFORE
from understudy.log.database import connect
from understudy.log.windows import count_units, read_units, shipped_until
from understudy.review.windows import close_windows


@pytest.fixture
def days(endpoint: Endpoint, linear_artefact: Artefact) -> Days:
    """A live version without any shadow, in service for forty days."""
    return Days(endpoint, linear_artefact)


def test_an_alarm_begins_with_a_shifted_day_and_ends_after_two_clean_ones(days: Days) -> None:
    """A quiet day, a shifted one, and two that are as training was: alarm, then no more."""
    told = []
    for ago, area in ((5, 0.0), (4, 60.0), (3, 0.0), (2, 0.0)):
        days.serve(ago, 1000, area=area)
        assert days.close() == 1
        state = days.windows.state
        told.append((state.is_alarming, state.clean_blocks))
    assert told == [(False, 1), (True, 0), (True, 1), (False, 2)]
    (alarm,) = {(one.column, one.finding) for one in days.windows.looks[1].alarms} - {
        ("area", "tail")
    }
    assert alarm == ("area", "distribution")
    assert days.close() == 0


def test_a_day_is_held_against_the_same_day_a_week_before_by_its_counts_alone(days: Days) -> None:
    """Its rows are gone by then; what has always been so does not alarm against it."""
    days.serve(10, 1000, area=60.0)
    assert days.close() == 1
    days.execute("DELETE FROM prediction")
    days.serve(3, 1000, area=60.0)
    days.serve(2, 1000)
    assert days.close() == 2
    first, second, third = days.windows.looks
    assert (first.against, third.against) == ((TRAINING,), (TRAINING,))
    assert second.against == (TRAINING, WEEK_BEFORE)
    assert {alarm.against for alarm in second.alarms} == {TRAINING}
    assert not third.alarms


def test_a_shift_since_a_week_before_alarms_against_it(days: Days) -> None:
    """The counts of a week ago find what has moved since."""
    days.serve(9, 1000)
    days.serve(2, 1000, area=60.0)
    assert days.close() == 2
    alarms = days.windows.looks[1].alarms
    assert {(one.column, one.against) for one in alarms} == {
        ("area", TRAINING),
        ("area", WEEK_BEFORE),
    }


def test_a_slow_day_goes_with_the_next(days: Days) -> None:
    """300 units are no window; with the next day's they are."""
    days.serve(4, 300)
    assert days.close() == 0
    days.serve(3, 800)
    days.serve(2, 1000)
    assert days.close() == 2
    assert days.spans == [(4, 2, 1100), (2, 1, 1000)]


def test_today_is_left_alone(days: Days) -> None:
    """A day that is not over has no window, however many units it has."""
    days.serve(0, 1100)
    days.execute("UPDATE prediction SET served_at = least(served_at, now())")
    assert days.close() == 0


def test_a_late_row_changes_nothing(days: Days) -> None:
    """What comes in after its day was tested joins no window, neither that one nor the next."""
    days.serve(4, 1000)
    assert days.close() == 1
    before = days.windows
    days.serve(4, 50, area=500.0)
    assert days.close() == 0
    assert days.windows == before
    days.serve(3, 1000)
    assert days.close() == 1
    assert days.spans == [(4, 3, 1000), (3, 2, 1000)]


def test_watchers_at_the_same_moment_test_a_window_once(days: Days) -> None:
    """Each of them stores what it tests or finds it stored; the numbers have no gap."""
    days.serve(4, 1000)
    days.serve(3, 1000)
    days.serve(2, 1000)
    days.endpoint.serve(days.live, 1)
    url = str(days.endpoint.settings.database_url)

    def watch(_: int) -> int:
        engine = connect(url)
        try:
            return close_windows(engine, days.endpoint.settings, days.endpoint.store)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        closed = sum(pool.map(watch, range(4)))
    closed += days.close()
    assert closed == 3
    assert [window.number for window in days.windows.kept] == [1, 2, 3]
    assert days.spans == [(4, 3, 1000), (3, 2, 1000), (2, 1, 1000)]


def test_another_live_version_starts_anew(days: Days, boosting_artefact: Artefact) -> None:
    """Its own windows count, no others; the earlier ones are there again after a rollback."""
    days.serve(6, 1000, area=60.0)
    assert days.close() == 1
    assert days.windows.state.is_alarming
    linear, days.live = days.live, boosting_artefact
    days.endpoint.deploy("live", boosting_artefact)
    days.execute("UPDATE deployment SET at = now() - interval '5 days' WHERE version = '2.0.0'")
    assert days.windows.kept == ()
    assert not days.windows.state.is_alarming
    days.serve(4, 1000)
    assert days.close() == 1
    assert [window.number for window in days.windows.kept] == [1]
    days.live = linear
    days.endpoint.deploy("live", linear, is_stored=False)
    assert days.windows.state.is_alarming


def test_a_day_waits_for_what_is_still_to_be_shipped(days: Days) -> None:
    """An hour; until a silent spool is heard of again; and for older answers under way."""

    def hours_ago() -> float:
        with days.endpoint.engine.connect() as connection:
            return (time.time() - shipped_until(connection, ENDPOINT)) / 3600

    days.endpoint.serve(days.live, 1)
    assert hours_ago() == pytest.approx(1, abs=0.1)
    days.execute("UPDATE spool SET seen_at = now() - interval '3 hours'")
    assert hours_ago() == pytest.approx(3, abs=0.1)
    days.execute("UPDATE spool SET seen_at = now() - interval '30 hours'")
    assert hours_ago() == pytest.approx(1, abs=0.1)
    days.execute("UPDATE prediction SET served_at = now() - interval '5 hours'")
    assert hours_ago() == pytest.approx(5, abs=0.1)
    days.endpoint.serve(days.live, 1)
    assert hours_ago() == pytest.approx(1, abs=0.1)


def test_a_unit_by_field_counts_once(days: Days) -> None:
    """Where a policy counts clients, 1000 requests of a few clients are no window."""
    days.execute('UPDATE deployment SET policy = \'{"unit": "zone"}\'')
    days.serve(3, 1000)
    assert days.close() == 0
    live = days.windows.live
    span = TODAY - 4 * DAY, TODAY
    with days.endpoint.engine.connect() as connection:
        units = count_units(connection, live, *span)
        rows = read_units(connection, live, ["zone"], span, 10_000)["zone"]
    zones = [zone for zone in rows if zone is not None]
    assert units == {TODAY - 3 * DAY: len(rows)}
    assert len(zones) == len(set(zones)) > 1


def test_of_many_units_the_same_sample_is_read(days: Days) -> None:
    """So many and no more, chosen by a hash."""
    days.serve(3, 300)
    live = days.windows.live
    with days.endpoint.engine.connect() as connection:
        samples = [
            read_units(connection, live, ["area"], (TODAY - 4 * DAY, TODAY), 50)["area"]
            for _ in range(2)
        ]
    assert samples[0] == samples[1]
    assert len(samples[0]) == 50
