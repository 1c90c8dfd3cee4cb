"""Wakes a process when another one changed something: Postgres' LISTEN and NOTIFY."""

import select
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import psycopg2.extensions
from psycopg2 import sql
from sqlalchemy import Connection, Engine, text

from understudy.log.database import log_errors


def notify(connection: Connection, channel: str, payload: str) -> None:
    """Tell the listeners of `channel` once the caller commits."""
    connection.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload}
    )


class Listener:
    """
    A connection of its own that hears notices on some channels.

    Notices are a convenience: whoever listens must also look by itself now and then, since what
    is said while nobody is connected is lost. All methods raise LogUnavailable when Postgres is
    away; make a new listener then.
    """

    def __init__(self, engine: Engine, channels: Sequence[str]) -> None:
        with log_errors():
            raw = engine.raw_connection()
            driver = raw.driver_connection
            # Taken out of the pool: a connection that listens must never serve anyone else.
            raw.detach()
            assert isinstance(driver, psycopg2.extensions.connection)  # noqa: S101 - for mypy
            self._connection = driver
            driver.set_session(autocommit=True)
            with driver.cursor() as cursor:
                for channel in channels:
                    cursor.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

    def wait(self, timeout_s: float) -> list[tuple[str, str]]:
        """Return the notices, channel and payload, as soon as there are any, or none in time."""
        deadline = time.monotonic() + timeout_s
        while True:
            with log_errors():
                self._connection.poll()
            heard = [(notice.channel, notice.payload) for notice in self._connection.notifies]
            self._connection.notifies.clear()
            remaining = deadline - time.monotonic()
            if heard or remaining <= 0:
                return heard
            select.select([self._connection], [], [], remaining)

    def close(self) -> None:
        """Give the connection back to Postgres."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
