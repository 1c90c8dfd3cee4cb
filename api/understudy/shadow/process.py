"""The shadow process: waits for what it needs and follows what an endpoint has scored."""

import logging
import threading
import time

from understudy.artefacts.store import ArtefactStore
from understudy.errors import LogUnavailable, SettingInvalid
from understudy.log.database import Engine, connect, log_errors
from understudy.log.deployments import current
from understudy.log.migrate import wait_for_schema
from understudy.log.replay import replays_under_way
from understudy.log.roles import Role, ShadowRole
from understudy.log.work import backlog
from understudy.settings import Settings
from understudy.shadow.crew import Crew
from understudy.shadow.events import LagMeasured, Observer, ignore
from understudy.shadow.scorer import Limits
from understudy.shadow.worklist import OUTAGE_S

logger = logging.getLogger(__name__)

_POLL_S = 0.5
_LAG_EVERY_S = 5.0
_CONNECTIONS = 4


def run_shadow(settings: Settings, stop: threading.Event, observer: Observer = ignore) -> None:
    """
    Score the shadows of an endpoint until `stop` is set; leaves no child and no lease behind.

    Waits by itself for Postgres and its tables, at the start and after any outage. `observer` is
    called from the threads of the versions. Raises SettingInvalid without a database URL.
    """
    if settings.database_url is None:
        raise SettingInvalid(
            "UNDERSTUDY_DATABASE_URL", "", "a shadow process needs the prediction log's URL"
        )
    if not _wait_for_tables(settings.database_url, stop):
        return
    engine = connect(settings.database_url, pool_size=_CONNECTIONS)
    limits = Limits(settings.shadow_batch, settings.shadow_timeout_s, settings.shadow_memory_bytes)
    store = ArtefactStore(settings.artefacts_url)
    cache = settings.data_dir.absolute() / "shadow-cache"
    crew = Crew(engine, settings.endpoint, store, cache, limits, observer, settings.trusted_keys)
    try:
        _follow(engine, settings.endpoint, crew, observer, stop)
    finally:
        crew.dismiss()
        engine.dispose()


def _wait_for_tables(url: str, stop: threading.Event) -> bool:
    told = None
    while not stop.is_set():
        try:
            wait_for_schema(url, deadline_s=0)
        except LogUnavailable as missing:
            if str(missing) != told:
                told = str(missing)
                logger.info("the shadow waits: %s", told)
            stop.wait(_POLL_S)
        else:
            return True
    return False


def _follow(
    engine: Engine, endpoint: str, crew: Crew, observer: Observer, stop: threading.Event
) -> None:
    lag_at = time.monotonic()
    while not stop.is_set():
        try:
            roles, replays = _who_has_work(engine, endpoint)
            crew.follow(roles, replays)
            if time.monotonic() >= lag_at:
                lag_at = time.monotonic() + _LAG_EVERY_S
                _measure_lag(engine, endpoint, roles, observer)
        except LogUnavailable as outage:
            logger.warning("the shadow waits: %s", outage)
            stop.wait(OUTAGE_S)
        stop.wait(_POLL_S)


def _who_has_work(engine: Engine, endpoint: str) -> tuple[tuple[ShadowRole, ...], list[Role]]:
    with log_errors(), engine.connect() as connection:
        return current(connection, endpoint).shadows, replays_under_way(connection, endpoint)


def _measure_lag(
    engine: Engine, endpoint: str, roles: tuple[ShadowRole, ...], observer: Observer
) -> None:
    with log_errors(), engine.connect() as connection:
        waiting = {(found.name, found.version): found for found in backlog(connection, endpoint)}
    for role in roles:
        found = waiting.get((role.name, role.version))
        observer(
            LagMeasured(
                role.name,
                role.version,
                found.instances if found else 0,
                found.oldest_s if found else 0.0,
            )
        )
