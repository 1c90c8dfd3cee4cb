"""The commands that run: all of the stack, or one part of it for a container."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from understudy.cli.places import database_url, find_settings
from understudy.settings import Settings, read_settings

if TYPE_CHECKING:
    from understudy.monitoring.predictions import FindScale
    from understudy.monitoring.registry import Registry


@click.command()
def up() -> None:
    """
    Run everything on this machine until Ctrl-C.

    Without UNDERSTUDY_DATABASE_URL an embedded Postgres keeps the data below UNDERSTUDY_DATA_DIR
    (.understudy). Other commands find the stack there.
    """
    from understudy.stack import up as run_stack

    run_stack(read_settings(), click.echo)


@click.command()
def serve() -> None:
    """Run the api: answer predictions by the live model."""
    from understudy.serve import serve as run_api

    run_api(read_settings())


@click.command()
def agent() -> None:
    """Ship the spools of this machine to Postgres and follow the deployments."""
    from understudy.agent import run_agent
    from understudy.cli.observers import AgentObserver
    from understudy.monitoring.agent_metrics import AgentMetrics
    from understudy.monitoring.registry import new_registry

    settings = _begin("agent")
    registry = new_registry(settings.endpoint)
    observer = AgentObserver(AgentMetrics(registry, settings.endpoint, _scale_finder(settings)))
    with _metrics(settings, registry, "agent", lambda: observer.problem):
        run_agent(settings, _stop_by_signal(), observer)


@click.command()
def shadow() -> None:
    """Score the shadows, each version in a process of its own."""
    from understudy.cli.observers import ShadowObserver
    from understudy.monitoring.registry import new_registry
    from understudy.monitoring.shadow_metrics import ShadowMetrics
    from understudy.shadow.process import run_shadow

    settings = _begin("shadow")
    registry = new_registry(settings.endpoint)
    observer = ShadowObserver(ShadowMetrics(registry, settings.endpoint, _scale_finder(settings)))
    with _metrics(settings, registry, "shadow"):
        run_shadow(settings, _stop_by_signal(), observer)


@click.command()
def watch() -> None:
    """Look at the endpoint again and again, and publish comparisons, lags and verdicts."""
    from understudy.monitoring.registry import new_registry
    from understudy.monitoring.watcher import run_watcher
    from understudy.monitoring.watcher_metrics import WatcherMetrics

    settings = _begin("watcher")
    registry = new_registry(settings.endpoint)
    metrics = WatcherMetrics(registry, settings.endpoint)
    with _metrics(settings, registry, "watcher"):
        run_watcher(settings, _stop_by_signal(), metrics)


@click.command()
def migrate() -> None:
    """Bring the database schema up to date; safe to run twice, or twice at once."""
    from understudy.log.migrate import migrate as run_migrations

    url = database_url(find_settings())
    run_migrations(url, lambda revision: click.echo(f"Migrated to {revision}."))
    click.echo("The database schema is up to date.")


def _begin(part: str) -> Settings:
    """Read the settings of a part and let its logs go to stderr."""
    from understudy.monitoring.logs import log_to_stderr

    settings = read_settings()
    log_to_stderr(settings, part)
    return settings


@contextmanager
def _metrics(
    settings: Settings,
    registry: "Registry",
    part: str,
    problem: Callable[[], str | None] = lambda: None,
) -> Iterator[None]:
    """Serve metrics and health of a part on its own port for as long as the block lasts."""
    from understudy.monitoring.exposition import MetricsServer

    port: int = getattr(settings, f"{part}_port")
    address = (settings.metrics_host, port)
    setting = f"UNDERSTUDY_{part.upper()}_PORT"
    with MetricsServer(registry, address, problem, api_key=settings.api_key, setting=setting):
        yield


def _scale_finder(settings: Settings) -> "FindScale":
    """Return what finds the scale on which the predictions of this endpoint are counted."""
    from understudy.artefacts.store import ArtefactStore
    from understudy.log.database import connect, log_errors
    from understudy.monitoring.scale import OutputScale, read_scale

    engine = connect(database_url(settings), pool_size=1)
    store = ArtefactStore(settings.artefacts_url)

    def find() -> OutputScale | None:
        with log_errors(), engine.begin() as connection:
            return read_scale(connection, settings.endpoint, store)

    return find


def _stop_by_signal() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set, so that a part ends in order."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
