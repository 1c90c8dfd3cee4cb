"""The days of the prediction log: partitions are made ahead of time and dropped after it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

from psycopg2 import sql
from sqlalchemy import Connection, text

from understudy.log.database import driver, sqlstate
from understudy.log.locks import lock_partitions

TABLES = ("prediction", "shadow_prediction")
DAYS_AHEAD = 3

_LOCK_NOT_AVAILABLE = "55P03"


def ensure_partitions(connection: Connection, days_ahead: int = DAYS_AHEAD) -> list[str]:
    """
    Make the partitions from yesterday to `days_ahead` days from now and return those made.

    CREATE, then ATTACH: CREATE … PARTITION OF would wait behind any reader, and every writer
    behind it. Agents that do this at the same moment wait for one another. ATTACH itself waits for
    whoever analyses the table: for the days ahead two seconds at most, since shipping waits with
    it; what is left is made the next time. Commit at once.
    """
    lock_partitions(connection)
    today = _today(connection)
    wanted = [today + timedelta(days=offset) for offset in range(-1, days_ahead + 1)]
    present = {table: {day for day, _ in _days(connection, table)} for table in TABLES}
    missing = [(table, day) for day in wanted for table in TABLES if day not in present[table]]
    made = [_make(connection, table, day) for table, day in missing if day <= today]
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    for table, day in missing:
        if day > today:
            if not _unless_locked(connection, partial(_make, connection, table, day)):
                break
            made.append(_name(table, day))
    return made


def drop_old(connection: Connection, keep_days: int) -> list[str]:
    """
    Drop the partitions that ended more than `keep_days` days ago and return them.

    0 keeps everything. A DROP waits for readers, and every writer behind it, so it gives up
    after half a second; what is left is dropped the next time. Commit at once.
    """
    if keep_days <= 0:
        return []
    first_kept = _today(connection) - timedelta(days=keep_days)
    connection.execute(text("SET LOCAL lock_timeout = '500ms'"))
    dropped: list[str] = []
    for table in TABLES:
        for day, name in _days(connection, table):
            if day < first_kept:
                if not _unless_locked(connection, partial(_drop, connection, name)):
                    return dropped
                dropped.append(name)
    return dropped


def first_day(connection: Connection) -> date | None:
    """Return the first day whose predictions are kept, None without any."""
    return min((day for day, _ in _days(connection, "prediction")), default=None)


def _today(connection: Connection) -> date:
    """Return the day by Postgres' clock, which also stamps `recorded_at`."""
    now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC).date()


def _days(connection: Connection, table: str) -> Iterator[tuple[date, str]]:
    names = connection.execute(
        text(
            "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid"
            " WHERE inhparent = to_regclass(:table) ORDER BY child.relname"
        ),
        {"table": table},
    ).scalars()
    for name in names.all():
        day = datetime.strptime(name.removeprefix(f"{table}_"), "%Y%m%d").replace(tzinfo=UTC)
        yield day.date(), name


def _name(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def _make(connection: Connection, table: str, day: date) -> str:
    name = _name(table, day)
    parts = {
        "child": sql.Identifier(name),
        "parent": sql.Identifier(table),
        "first": sql.Literal(f"{day.isoformat()} 00:00:00+00"),
        "after": sql.Literal(f"{(day + timedelta(days=1)).isoformat()} 00:00:00+00"),
    }
    _execute(connection, "CREATE TABLE {child} (LIKE {parent} INCLUDING ALL)", parts)
    _execute(
        connection,
        "ALTER TABLE {parent} ATTACH PARTITION {child} FOR VALUES FROM ({first}) TO ({after})",
        parts,
    )
    return name


def _drop(connection: Connection, name: str) -> None:
    _execute(connection, "DROP TABLE {child}", {"child": sql.Identifier(name)})


def _unless_locked(connection: Connection, act: Callable[[], object]) -> bool:
    """Do something, and say whether that went without waiting for a lock too long."""
    savepoint = connection.begin_nested()
    try:
        act()
    except Exception as error:
        savepoint.rollback()
        if sqlstate(error) == _LOCK_NOT_AVAILABLE:
            return False
        raise
    savepoint.commit()
    return True


def _execute(connection: Connection, statement: str, parts: dict[str, sql.Composable]) -> None:
    """Run a statement whose names are quoted by psycopg2, which SQLAlchemy has no words for."""
    composed = sql.SQL(statement).format(**parts)
    connection.exec_driver_sql(composed.as_string(driver(connection)))
