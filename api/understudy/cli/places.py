"""Where the commands find a running stack: its own run file, or the environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import NothingRuns
from understudy.settings import Settings, read_settings

if TYPE_CHECKING:
    from understudy.log.database import Engine


def find_settings() -> Settings:
    """
    Return the settings, with what they leave open taken from the stack that runs here.

    A setting that has its default counts as left open.
    """
    from understudy.stack.running import find_running

    settings = read_settings()
    running = find_running(settings)
    if running is None:
        return settings
    is_named = settings.endpoint != Settings.endpoint
    return replace(
        settings,
        endpoint=settings.endpoint if is_named else running.endpoint,
        database_url=settings.database_url or running.database_url,
        artefact_store=settings.artefact_store or running.artefacts,
        trusted_keys=settings.trusted_keys or _path(running.trusted_keys),
        policy=settings.policy or _path(running.policy),
    )


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def find_api(url: str | None) -> str:
    """Return the address of the api: as said, as the running stack says, or as the settings say."""
    from understudy.stack.addresses import api_url
    from understudy.stack.running import find_running

    if url is not None:
        return url.rstrip("/")
    settings = read_settings()
    running = find_running(settings)
    return api_url(settings) if running is None else running.api


def database_url(settings: Settings) -> str:
    """Return the address of the prediction log; raises NothingRuns where there is none."""
    if settings.database_url is None:
        raise NothingRuns(settings.data_dir, "UNDERSTUDY_DATABASE_URL")
    return settings.database_url


@contextmanager
def open_log(settings: Settings) -> "Iterator[Engine]":
    """Give the prediction log, and turn whatever its driver raises into LogUnavailable."""
    from understudy.log.database import connect, log_errors

    engine = connect(database_url(settings), pool_size=1)
    try:
        with log_errors():
            yield engine
    finally:
        engine.dispose()
