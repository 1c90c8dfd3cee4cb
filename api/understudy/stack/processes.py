"""The processes beside the api: logs, metrics and signals around the work itself."""

import ctypes
import gc
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from understudy.agent.run import run_agent
from understudy.artefacts.store import ArtefactStore
from understudy.errors import LogUnavailable, SettingInvalid
from understudy.log.database import connect, log_errors
from understudy.log.migrate import wait_for_schema
from understudy.monitoring.agent_metrics import AgentMetrics
from understudy.monitoring.exposition import MetricsServer
from understudy.monitoring.logs import log_to_stderr
from understudy.monitoring.registry import Registry, new_registry
from understudy.monitoring.scale import OutputScale, read_scale
from understudy.monitoring.shadow_metrics import ShadowMetrics
from understudy.settings import Settings
from understudy.shadow.process import run_shadow
from understudy.stack.observing import agent_observer, shadow_observer

_ASK_AGAIN_S = 1.0
_COLLECT_AFTER = 20_000
_MMAP_THRESHOLD, _RETURNED_BYTES = -3, 128 * 1024  # M_MMAP_THRESHOLD of malloc.h


def agent_process(settings: Settings) -> None:
    """
    Be the agent of this machine until SIGTERM or SIGINT.

    Like its siblings below: call it from the main thread; it shows its metrics and health on its
    own port, and raises PortTaken when that is in use and SettingInvalid without a database URL.
    """
    with _process(settings, "agent", settings.agent_port) as (stop, registry):
        metrics = AgentMetrics(registry, settings.endpoint, _find_scale(settings))
        run_agent(settings, stop, agent_observer(metrics))


def shadow_process(settings: Settings) -> None:
    """Score the shadows until SIGTERM or SIGINT."""
    with _process(settings, "shadow", settings.shadow_port) as (stop, registry):
        metrics = ShadowMetrics(registry, settings.endpoint, _find_scale(settings))
        run_shadow(settings, stop, shadow_observer(metrics))


def watcher_process(settings: Settings) -> None:
    """Watch the endpoint until SIGTERM or SIGINT."""
    _give_memory_back()
    # Here, not above: the statistics are 150 MB and a second of CPU to agent and shadow.
    from understudy.monitoring.reproduction_boards import ReproductionBoards
    from understudy.monitoring.watcher import run_watcher
    from understudy.monitoring.watcher_metrics import WatcherMetrics
    from understudy.shadow.reproducer import run_reproducer

    with _process(settings, "watcher", settings.watcher_port) as (stop, registry):
        boards = ReproductionBoards(registry, settings.endpoint)
        # Beside the watching: a model that hangs must not keep the other figures from being shown.
        again = threading.Thread(target=run_reproducer, args=(settings, stop, boards.show))
        again.start()
        try:
            run_watcher(settings, stop, WatcherMetrics(registry, settings.endpoint))
        finally:
            stop.set()
            again.join()


def _give_memory_back() -> None:
    """
    Return what a piece of work took to the system as soon as it is done.

    Arrow and glibc keep it for the next one, in pieces that fit it less and less: 400 MB and more
    of a watcher that needs 160. To be called before Arrow is imported.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _RETURNED_BYTES)


@contextmanager
def _process(
    settings: Settings, part: str, port: int
) -> Iterator[tuple[threading.Event, Registry]]:
    """Give a part what ends it and where it counts."""
    url = _database_url(settings, part)
    registry = new_registry(settings.endpoint)
    server = MetricsServer(
        registry,
        (settings.metrics_host, port),
        lambda: _problem_with_log(url),
        api_key=settings.api_key,
        setting=f"UNDERSTUDY_{part.upper()}_PORT",
    )
    lines = log_to_stderr(settings, part)
    # Thousands of rows come and go in a round, none of them in cycles.
    gc.set_threshold(_COLLECT_AFTER)
    try:
        with _stop_by_signal() as stop, server:
            yield stop, registry
    finally:
        lines.flush()


@contextmanager
def _stop_by_signal() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set, so that a part ends in order."""
    stop = threading.Event()
    wished = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in wished.items():
            signal.signal(number, handler)


def _database_url(settings: Settings, part: str) -> str:
    if settings.database_url is None:
        raise SettingInvalid("UNDERSTUDY_DATABASE_URL", "", f"the {part} needs a prediction log")
    return settings.database_url


def _problem_with_log(url: str) -> str | None:
    try:
        wait_for_schema(url, deadline_s=0)
    except LogUnavailable as error:
        return str(error)
    return None


def _find_scale(settings: Settings) -> Callable[[], OutputScale | None]:
    """Return a way to read the endpoint's scale; it is taken once, so no connection is kept."""

    def find() -> OutputScale | None:
        engine = connect(_database_url(settings, "scale"), pool_size=1)
        try:
            with log_errors(), engine.connect() as connection:
                store = ArtefactStore(settings.artefacts_url)
                return read_scale(connection, settings.endpoint, store)
        finally:
            engine.dispose()

    return seldom(find)


def seldom(
    find: Callable[[], OutputScale | None], clock: Callable[[], float] = time.monotonic
) -> Callable[[], OutputScale | None]:
    """
    Let an attempt that found nothing, or failed, be repeated only after a pause.

    Metrics ask with every request that they count. Without a live model, or with an artefact store
    that is away, shipping would spend its time on these questions: so at most a twentieth of it.
    """
    again_at = -math.inf

    def find_seldom() -> OutputScale | None:
        nonlocal again_at
        start = clock()
        if start < again_at:
            return None
        try:
            return find()
        finally:
            end = clock()
            again_at = end + max(_ASK_AGAIN_S, 20 * (end - start))

    return find_seldom
