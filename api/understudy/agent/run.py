"""The agent of one machine: from its spools to Postgres, from Postgres to its api workers."""

import logging
import threading
import time

from understudy.agent.courier import Courier
from understudy.agent.events import LogReached, Observer, ignore
from understudy.agent.follower import Follower
from understudy.agent.key_carrier import KeyCarrier
from understudy.errors import LogUnavailable, SettingInvalid
from understudy.log.database import Engine, connect, log_errors
from understudy.log.erasure import erase_arrived
from understudy.log.migrate import wait_for_schema
from understudy.log.partitions import drop_old, ensure_partitions
from understudy.settings import Settings

_IDLE_S = 0.1  # how late a request is after a silence
_GATHER_S = 0.5  # and in a stream of them
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_DRAIN_S = 10.0
_KEEP_HOUSE_EVERY_S = 3600.0

logger = logging.getLogger(__name__)


def run_agent(settings: Settings, stop: threading.Event, observer: Observer = ignore) -> None:
    """
    Ship, follow and keep house until told to stop, then ship what is left for up to ten seconds.

    Waits by itself for Postgres and its tables, at the start and whenever they go. `observer` is
    called from several threads.
    """
    if settings.database_url is None:
        raise SettingInvalid("UNDERSTUDY_DATABASE_URL", "", "the agent needs a prediction log")
    engine = connect(settings.database_url)
    follower = Follower(settings, engine, observer)
    courier = Courier(
        settings.spool_dir, settings.endpoint, settings.database_url, follower, observer
    )
    beside = [
        threading.Thread(target=part.run, args=(stop,), name=name, daemon=True)
        for name, part in (("follower", follower), ("keys", KeyCarrier(settings, engine)))
    ]
    for thread in beside:
        thread.start()
    try:
        _Rounds(settings, engine, courier, observer).run(stop)
    finally:
        for thread in beside:
            thread.join(_LONGEST_PAUSE_S)
        courier.close()
        engine.dispose()


class _Rounds:
    """Round after round of shipping, with the patience that an absent Postgres needs."""

    def __init__(
        self, settings: Settings, engine: Engine, courier: Courier, observer: Observer
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._courier = courier
        self._observe = observer
        self._is_reached: bool | None = None
        self._keep_house_at = 0.0
        self._pause_s = _FIRST_PAUSE_S

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, then empty the spools."""
        while not stop.is_set():
            self._courier.measure()
            try:
                pause_s = self._pause_after(self._work())
            except LogUnavailable as error:
                pause_s = self._lose(error)
            stop.wait(pause_s)
        self._drain()

    def _pause_after(self, taken: int) -> float:
        if self._courier.is_behind:
            return 0.0
        return _GATHER_S if taken else _IDLE_S

    def _work(self) -> int:
        if not self._is_reached:
            self._reach()
        if time.monotonic() >= self._keep_house_at:
            self._keep_house()
        return self._courier.carry()

    def _reach(self) -> None:
        """Come back, or come for the first time: the tables, and the days missed meanwhile."""
        assert self._settings.database_url is not None  # noqa: S101 - for mypy; run_agent asked
        wait_for_schema(self._settings.database_url, deadline_s=0)
        self._keep_house()
        self._is_reached = True
        self._pause_s = _FIRST_PAUSE_S
        logger.info("The prediction log is reached.")
        self._observe(LogReached(is_reachable=True))

    def _lose(self, error: LogUnavailable) -> float:
        if self._is_reached is not False:
            self._is_reached = False
            logger.warning("%s The spools keep everything meanwhile.", error)
            self._observe(LogReached(is_reachable=False))
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * 2, _LONGEST_PAUSE_S)
        return pause_s

    def _keep_house(self) -> None:
        with log_errors(), self._engine.begin() as connection:
            ensure_partitions(connection)
        with log_errors(), self._engine.begin() as connection:
            dropped = drop_old(connection, self._settings.retention_days)
        with log_errors(), self._engine.begin() as connection:
            erased = erase_arrived(connection, self._settings.endpoint)
        if erased:
            logger.warning(
                "%d requests were recorded though they were erased; now they are.", erased
            )
        if dropped:
            logger.info("Dropped what is older than retention allows: %s", ", ".join(dropped))
        self._keep_house_at = time.monotonic() + _KEEP_HOUSE_EVERY_S

    def _drain(self) -> None:
        deadline = time.monotonic() + _DRAIN_S
        self._courier.hurry()
        try:
            while self._work():
                if time.monotonic() > deadline:
                    logger.warning("The spools are not empty; the next agent ships the rest.")
                    return
        except LogUnavailable as error:
            logger.warning("%s The next agent ships what is left.", error)
