"""Counts what is sent to Postgres, so that a statement more is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import psycopg2.extensions
from sqlalchemy import event

from understudy.log.database import Engine as Engine
from understudy.log.database import connect


@contextmanager
def counted(database_url: str) -> Iterator[tuple[Engine, list[str]]]:
    """
    Give an engine, and the first word of whatever goes through a cursor of it, in order.

    COPY, savepoints and the pool's look at a connection go through one; BEGIN, COMMIT and ROLLBACK
    do not.
    """
    sent: list[str] = []

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> None:
            sent.append(str(query).split(maxsplit=1)[0])
            super().execute(query, *args, **kwargs)

        def copy_expert(self, sql: Any, file: IO[Any], size: int = 8192) -> None:
            sent.append(str(sql).split(maxsplit=1)[0])
            super().copy_expert(sql, file, size)

    engine = connect(database_url)
    event.listen(engine, "do_connect", lambda *found: found[-1].update(cursor_factory=Cursor))
    try:
        with engine.connect():  # what SQLAlchemy asks on its first connection is no part of it
            sent.clear()
        yield engine, sent
    finally:
        engine.dispose()
