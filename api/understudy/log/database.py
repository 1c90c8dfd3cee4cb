"""How Postgres is reached: one small pool per process, and one name for its absence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg2
import psycopg2.extensions
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from understudy.errors import LogUnavailable, SettingInvalid
from understudy.priority import take_along

__all__ = ["Connection", "Engine", "connect", "driver", "log_errors", "parse_url", "sqlstate"]

CONNECT_TIMEOUT_S = 5
_OUTDATED = ("42P01", "42703")  # no such table, no such column: the schema of an earlier version
_ACCEPTED = "it must be a URL like postgresql://user:password@host/database"


def connect(url: str, *, pool_size: int = 2) -> Engine:
    """
    Return an engine for `url`; no connection is made before the first use.

    Call this after a fork, never before. A plain `postgresql://` means psycopg2 here. Errors
    of the engine never show parameters, since these hold what clients sent.
    """
    engine = create_engine(
        parse_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_TIMEOUT_S,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "understudy",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            # What was sent and not confirmed, as when the network falls silent in mid-sentence.
            "tcp_user_timeout": 30_000,
        },
    )
    event.listen(engine, "connect", _rank)
    return engine


def _rank(connection: psycopg2.extensions.connection, _: object) -> None:
    """A backend that is reached by a socket of this machine ranks as its client does."""
    if connection.info.host.startswith("/"):
        take_along(connection.info.backend_pid)


def parse_url(url: str) -> URL:
    """
    Return `url` for psycopg2.

    Raises SettingInvalid for anything but Postgres, without repeating the URL: it may hold a
    password.
    """
    try:
        parsed = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", url))
    except (ArgumentError, ValueError):
        raise SettingInvalid("UNDERSTUDY_DATABASE_URL", "(not shown)", _ACCEPTED) from None
    if parsed.drivername != "postgresql+psycopg2":
        raise SettingInvalid("UNDERSTUDY_DATABASE_URL", f"{parsed.drivername}://…", _ACCEPTED)
    return parsed


@contextmanager
def log_errors() -> Iterator[None]:
    """Turn whatever SQLAlchemy or psycopg2 raises inside into LogUnavailable."""
    try:
        yield
    except (SQLAlchemyError, psycopg2.Error) as error:
        raise LogUnavailable(_reason(error)) from error


def driver(connection: Connection) -> psycopg2.extensions.connection:
    """Return psycopg2's own connection, in the same transaction: COPY is known only there."""
    return cast(psycopg2.extensions.connection, connection.connection.driver_connection)


def sqlstate(error: BaseException) -> str | None:
    """Return the five characters by which Postgres names an error, if it named it."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    return origin.pgcode if isinstance(origin, psycopg2.Error) else None


def _reason(error: Exception) -> str:
    """Say what happened in one line that quotes neither statements nor parameters."""
    if isinstance(error, PoolTimeout):
        return "all connections of this process are in use"
    origin = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(origin, psycopg2.Error):
        return type(error).__name__
    if origin.pgcode is None:
        # No answer from a server, so no data in it: libpq says what it could not reach.
        return str(origin).strip().split("\n")[0].rstrip(".") or type(origin).__name__
    said = (origin.diag.message_primary or type(origin).__name__).split("\n")[0]
    return f"{said}: run `understudy migrate`" if origin.pgcode in _OUTDATED else said
