"""Brings the tables of the prediction log up to date."""

import time
from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from understudy.errors import LogUnavailable
from understudy.log.database import connect, log_errors
from understudy.log.locks import lock_migrations
from understudy.log.partitions import ensure_partitions

_POLL_S = 0.1


def migrate(url: str, progress: Callable[[str], None] | None = None) -> None:
    """
    Run the migrations that are missing and make the partitions of these days.

    Each happens in a transaction of its own under an advisory lock: concurrent migrators wait for
    one another, a migration that fails leaves nothing of itself behind, and none waits for a table
    while it keeps another one locked that an earlier one needed. A database that a newer version
    has migrated is left alone. `progress` is told each revision.
    """
    engine = connect(url, pool_size=1)
    try:
        with log_errors():
            while _step(engine, progress or (lambda _: None)):
                pass
            with engine.begin() as connection:
                ensure_partitions(connection)
    finally:
        engine.dispose()


def wait_for_database(url: str, deadline_s: float) -> None:
    """Return once the database answers; raises LogUnavailable after `deadline_s` seconds."""
    engine = connect(url, pool_size=1)
    end = time.monotonic() + deadline_s
    try:
        while True:
            try:
                with log_errors(), engine.connect():
                    return
            except LogUnavailable:
                if time.monotonic() >= end:
                    raise
            time.sleep(_POLL_S)
    finally:
        engine.dispose()


def schema_revision(url: str) -> str | None:
    """Return the revision the database is at, None for an empty one."""
    engine = connect(url, pool_size=1)
    try:
        with log_errors():
            return _revision(engine)
    finally:
        engine.dispose()


def wait_for_schema(url: str, deadline_s: float) -> None:
    """
    Return once the database answers and has at least the tables this version needs.

    Raises LogUnavailable with what was missing after `deadline_s` seconds.
    """
    engine = connect(url, pool_size=1)
    head = _scripts().get_current_head() or ""
    end = time.monotonic() + deadline_s
    try:
        while True:
            try:
                with log_errors():
                    found = _revision(engine)
                if (found or "") >= head:
                    return
                missing = LogUnavailable(
                    f"its tables are at revision {found or 'none'}, {head} is needed:"
                    " run `understudy migrate`"
                )
            except LogUnavailable as error:
                missing = error
            if time.monotonic() >= end:
                raise missing
            time.sleep(_POLL_S)
    finally:
        engine.dispose()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", "understudy.log:migrations")
    configuration.set_main_option("path_separator", "os")
    return configuration


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration())


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _step(engine: Engine, progress: Callable[[str], None]) -> bool:
    """Run the next migration, if one is missing, and say so."""
    with engine.begin() as connection:
        lock_migrations(connection)
        found = MigrationContext.configure(connection).get_current_revision()
        # Revisions are numbered, so they can be compared: old code runs on a newer schema.
        if found is not None and found >= (_scripts().get_current_head() or ""):
            return False
        configuration = _configuration()
        configuration.attributes.update(connection=connection, progress=progress)
        command.upgrade(configuration, "+1")
        return True
