"""The watcher on a real prediction log."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from tests.integration.days import TODAY, Days
from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.errors import SettingInvalid
from understudy.log.work import set_state
from understudy.monitoring.registry import new_registry
from understudy.monitoring.watcher import run_watcher
from understudy.monitoring.watcher_metrics import WatcherMetrics
from understudy.settings import Settings

SHADOW = {"name": "tiny-houses", "version": "2.0.0"}


class Watched:
    """What a running watcher shows."""

    def __init__(self) -> None:
        self.registry: CollectorRegistry = new_registry(ENDPOINT)
        self.metrics = WatcherMetrics(self.registry, ENDPOINT)

    def __call__(self, metric: str, /, **labels: str) -> float | None:
        """Return the value of a series of this endpoint."""
        labels = {"endpoint": ENDPOINT} | labels
        return self.registry.get_sample_value(f"understudy_{metric}", labels)

    def series(self, metric: str) -> list[dict[str, str]]:
        """Return the labels of all series of a metric."""
        return [
            sample.labels
            for family in self.registry.collect()
            for sample in family.samples
            if sample.name == f"understudy_{metric}"
        ]

    def until(self, claim: Callable[[], object], seconds: float = 30) -> None:
        """Wait until something is shown."""
        deadline = time.monotonic() + seconds
        while not claim():
            assert time.monotonic() < deadline, "it was not shown in time"
            time.sleep(0.01)

    def until_rounds(self, count: int) -> None:
        """Wait for some more complete rounds."""
        wanted = (self("watch_round_seconds_count") or 0) + count
        self.until(lambda: (self("watch_round_seconds_count") or 0) >= wanted)


@contextmanager
def watching(settings: Settings) -> Iterator[Watched]:
    """Run a watcher in a thread, and end it."""
    watched, stop = Watched(), threading.Event()
    thread = threading.Thread(target=run_watcher, args=(settings, stop, watched.metrics))
    thread.start()
    try:
        yield watched
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def played(endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact) -> Endpoint:
    """Return an endpoint with 300 answers; the shadow failed one, skipped one, waits for 20."""
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    endpoint.serve(linear_artefact, 280)
    endpoint.score(boosting_artefact, ["failed", "skipped"])
    endpoint.serve(linear_artefact, 20)
    return endpoint


def test_a_round_shows_coverage_to_the_row(played: Endpoint) -> None:
    """Recorded is the sum of all parts, and each part is what was played."""
    with watching(played.settings) as watched:
        watched.until_rounds(1)
        parts = {
            labels["part"]: watched("coverage_instances", **SHADOW, part=labels["part"])
            for labels in watched.series("coverage_instances")
        }
    recorded = parts.pop("recorded")
    assert recorded == 300 == sum(value or 0 for value in parts.values())
    assert (parts["failed"], parts["skipped"], parts["waiting"]) == (1, 1, 20)
    assert parts["compared"] == 278


def test_a_round_shows_verdict_guards_and_drift(played: Endpoint) -> None:
    """One verdict is 1; effects and alarms are there for every column of the training."""
    with watching(played.settings) as watched:
        watched.until_rounds(1)
        verdicts = [
            watched("verdict", **SHADOW, verdict=labels["verdict"])
            for labels in watched.series("verdict")
        ]
        guards = {labels["guard"] for labels in watched.series("guard_estimate")}
        ends = {labels["end"] for labels in watched.series("guard_interval")}
        columns = {
            labels["column"] for labels in watched.series("drift_alarm") if labels["of"] == "inputs"
        }
        effects = watched.series("drift_effect")
    assert sorted(value or 0 for value in verdicts) == [0, 0, 0, 1]
    assert "failures" in guards
    assert ends <= {"low", "high"}
    assert {"area", "zone"} <= columns
    assert effects


def test_a_round_shows_the_log_and_its_writers(played: Endpoint) -> None:
    """Totals, lags, workers by deployment, roles and states."""
    with played.engine.begin() as connection:
        set_state(connection, ENDPOINT, **SHADOW, state="failing", detail="dies")
    with watching(played.settings) as watched:
        watched.until_rounds(1)
        assert watched("log_up") == 1
        assert watched("recorded_instances") == 300
        assert watched("quarantine_requests") == 0
        assert 0 < (watched("recording_lag_seconds") or 0) < 60
        assert watched("workers", deployment="1", problem="no") == 1
        assert watched("shadow_waiting_instances", **SHADOW) == 20
        assert (watched("shadow_lag_seconds", **SHADOW) or 0) > 0
        assert watched("shadow_state", **SHADOW, state="failing") == 1
        assert {labels["role"] for labels in watched.series("role_info")} == {"live", "shadow"}
        assert (watched("watch_timestamp_seconds") or 0) > time.time() - 60


def test_one_failing_review_does_not_stop_the_others(
    played: Endpoint, binary_artefact: Artefact, caplog: pytest.LogCaptureFixture
) -> None:
    """A shadow whose artefact is gone is counted and told once; the other has its verdict."""
    played.deploy("shadow", binary_artefact, is_stored=False)
    missing = {"name": binary_artefact.manifest.name, "version": "1.0.0"}
    with caplog.at_level(logging.INFO), watching(played.settings) as watched:
        watched.until(lambda: (watched("review_failures_total", **missing) or 0) >= 2)
        assert {labels["version"] for labels in watched.series("verdict")} == {"2.0.0"}
        told = [record for record in caplog.records if "cannot be reviewed" in record.message]
        assert len(told) == 1
        played.store.push(binary_artefact)
        with played.engine.begin() as connection:
            connection.execute(text("DELETE FROM deployment WHERE name = 'tiny-dear'"))
        watched.until_rounds(2)
        assert watched("review_failures_total", **SHADOW) is None


def test_an_error_nobody_knows_does_not_stop_the_loop(
    played: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in a review is logged with its trace and counted, and the round is completed."""
    with played.engine.begin() as connection:
        # A policy that passed no check: the reader of it meets what it cannot know.
        connection.execute(
            text("UPDATE deployment SET policy = '{\"minimum_units\": []}' WHERE action = 'shadow'")
        )
    with watching(played.settings) as watched:
        watched.until(lambda: (watched("review_failures_total", **SHADOW) or 0) >= 1)
        watched.until_rounds(1)
        assert watched("recorded_instances") == 300


def test_what_is_no_shadow_any_more_is_not_shown(
    played: Endpoint, boosting_artefact: Artefact
) -> None:
    """A promotion ends the series of the shadow."""
    with watching(played.settings) as watched:
        watched.until_rounds(1)
        assert watched.series("verdict")
        played.deploy("promote", boosting_artefact)
        watched.until(lambda: not watched.series("verdict"))
        watched.until(lambda: not watched.series("shadow_lag_seconds"))
        assert watched("recorded_instances") == 300


def test_without_any_deployment_there_is_nothing_but_the_log(endpoint: Endpoint) -> None:
    """An endpoint before its first model is watched too."""
    with watching(endpoint.settings) as watched:
        watched.until_rounds(1)
        assert watched("log_up") == 1
        assert watched("recorded_instances") == 0
        assert watched.series("verdict") == []
        assert watched("recording_lag_seconds") is None


def test_it_waits_for_the_tables(
    endpoint: Endpoint, empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A database without the schema is an outage, told once, until somebody migrates it."""
    from understudy.log.migrate import migrate

    settings = replace(endpoint.settings, database_url=empty_database_url)
    with caplog.at_level(logging.WARNING), watching(settings) as watched:
        watched.until(lambda: "understudy migrate" in caplog.text)
        assert watched("log_up") == 0
        migrate(empty_database_url)
        watched.until(lambda: watched("log_up") == 1)
    # Which revisions it sees on the way, each migration being one transaction, is a matter of luck.
    assert caplog.text.count("at revision none") == 1


def test_an_outage_is_shown_and_survived(played: Endpoint) -> None:
    """While Postgres refuses, log_up is 0 and nothing old is shown; then all of it is back."""
    database = played.engine.url.database
    server = played.engine.url.set(database="postgres")
    from understudy.log.database import connect

    admin = connect(server.render_as_string(hide_password=False)).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    played.engine.dispose()
    with watching(played.settings) as watched, admin.connect() as connection:
        watched.until_rounds(1)
        connection.execute(text(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": database},
        )
        watched.until(lambda: watched("log_up") == 0)
        assert watched.series("verdict") == []
        assert watched.series("recorded_instances") == []
        connection.execute(text(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true"))
        watched.until(lambda: watched("log_up") == 1 and watched.series("verdict"))
    admin.dispose()


def test_it_needs_a_database(endpoint: Endpoint) -> None:
    """Without a URL there is nothing to watch."""
    settings = replace(endpoint.settings, database_url=None)
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_DATABASE_URL"):
        run_watcher(settings, threading.Event(), Watched().metrics)


SHIFT = {"column": "area", "finding": "distribution", "against": "training"}


def test_an_alarm_of_the_windows_is_shown_until_two_are_clean(
    endpoint: Endpoint, linear_artefact: Artefact
) -> None:
    """The watcher tests what is over, without any shadow; the series begins with 0 and ends so."""
    days = Days(endpoint, linear_artefact)
    with watching(endpoint.settings) as watched:
        told = []
        for ago, area in ((5, 0.0), (4, 60.0), (3, 0.0), (2, 0.0)):
            days.serve(ago, 1000, area=area)
            endpoint.serve(linear_artefact, 1)
            end = TODAY - (ago - 1) * 86_400
            watched.until(lambda end=end: watched("drift_window_end_timestamp_seconds") == end)  # type: ignore[misc]
            watched.until_rounds(1)
            told.append(watched("drift_window_alarm", **SHIFT))
            assert watched("drift_window_units") == 1000
        assert told == [0, 1, 1, 0]
        assert (watched("drift_window_effect", **SHIFT, effect="D") or 0) > 0
        assert watched("drift_window_failures_total") == 0


def test_windows_that_cannot_be_tested_are_counted_and_told_once(
    endpoint: Endpoint,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without the live artefact nothing is tested, and everything else is shown as ever."""
    days = Days(endpoint, linear_artefact)
    days.serve(3, 1000)
    endpoint.serve(linear_artefact, 1)
    folder = endpoint.settings.data_dir.parent / "artefacts"
    folder.rename(folder.with_name("away"))
    with caplog.at_level(logging.INFO), watching(endpoint.settings) as watched:
        watched.until(lambda: (watched("drift_window_failures_total") or 0) >= 2)
        assert watched("recorded_instances") == 1001
        assert watched("drift_window_units") is None
        folder.with_name("away").rename(folder)
        watched.until(lambda: watched("drift_window_units") == 1000)
    told = [record.message for record in caplog.records if "indows" in record.message]
    assert len(told) == 2
    assert "cannot be tested" in told[0]
    assert told[1] == "Windows can be tested again."


def test_the_windows_of_a_version_end_with_it(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """What another version was asked alarms nobody any more."""
    days = Days(endpoint, linear_artefact)
    days.serve(3, 1000, area=60.0)
    endpoint.serve(linear_artefact, 1)
    with watching(endpoint.settings) as watched:
        watched.until(lambda: watched("drift_window_alarm", **SHIFT) == 1)
        endpoint.deploy("live", boosting_artefact)
        watched.until(lambda: not watched.series("drift_window_alarm"))
        assert watched("drift_window_units") is None
