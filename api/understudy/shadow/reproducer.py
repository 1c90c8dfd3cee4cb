"""The alarm for skew between training and serving: a sample of what was served, every day."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from understudy.comparison.reproduction import Reproduction
from understudy.errors import LogUnavailable
from understudy.log.database import Engine, connect, log_errors
from understudy.log.replay import replay_backlog
from understudy.log.reproduction import begin_run, finish_run, last_run
from understudy.settings import Settings
from understudy.shadow.reproducing import Wish, new_seed, reproduce
from understudy.shadow.worklist import Stopped

logger = logging.getLogger(__name__)

_LOOK_EVERY_S = 60.0

Backlog = Mapping[tuple[str, str], int]
Show = Callable[[tuple[datetime, Reproduction] | None, Backlog], None]


def run_reproducer(settings: Settings, stop: threading.Event, show: Show) -> None:
    """
    Score a sample again whenever a run is due, until `stop` is set, and show the newest.

    A run is due an interval after the one before, by the prediction log: restarts and several
    watchers make no difference. `show` is told the newest run and what waits to be replayed. No
    failure ends it; without a database URL, there is nothing to do.
    """
    if settings.database_url is None:
        return
    engine = connect(settings.database_url, pool_size=1)
    look_every_s = min(_LOOK_EVERY_S, settings.watch_interval_s)
    try:
        # Not at once: what has just been started has its hands full.
        while not stop.wait(look_every_s):
            try:
                look(settings, engine, stop, show)
            except Stopped:
                return
            except LogUnavailable as outage:
                logger.info("What was served is not scored again: %s", outage)
            except Exception:
                logger.exception("What was served could not be scored again; trying again.")
    finally:
        engine.dispose()


def look(settings: Settings, engine: Engine, stop: threading.Event, show: Show) -> None:
    """Make a run if one is due, and show the newest; raises LogUnavailable or Stopped."""
    if settings.reproduce_sample:
        _run_if_due(settings, engine, stop)
    with log_errors(), engine.connect() as connection:
        found = last_run(connection, settings.endpoint)
        waiting = replay_backlog(connection, settings.endpoint)
    newest = None if found is None else (found[0], Reproduction.from_json(found[1]))
    show(newest, waiting)


def _run_if_due(settings: Settings, engine: Engine, stop: threading.Event) -> None:
    with log_errors(), engine.begin() as connection:
        begun = begin_run(connection, settings.endpoint, settings.reproduce_interval_s)
    if begun is None:
        return
    number, span = begun
    wish = Wish(span, settings.reproduce_sample, new_seed())
    found = reproduce(engine, settings, wish, stop)
    with log_errors(), engine.begin() as connection:
        finish_run(connection, settings.endpoint, number, found.to_json())
    for one in found.versions:
        if one.redacted:
            logger.info("%s:%s is not scored again where it was recorded redacted: %s",
                        one.name, one.version, one.redacted)  # fmt: skip
    if found.is_equal:
        logger.info("%d instances were scored again, and equal.", found.total("sampled"))
    else:
        logger.error(
            "Of %d instances that were scored again, %d are answered differently and %d could not"
            " be scored. Show them with: understudy reproduce --sample %d --seed %d --since %s"
            " --until %s",
            found.total("sampled"), found.total("differing"), found.total("missing"),
            wish.sample, found.seed, found.since, found.until,
        )  # fmt: skip
