"""Days are there before they begin, once, and go when they are old, without making anyone wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from understudy.log import partitions
from understudy.log.partitions import drop_old, ensure_partitions


def _days(engine: Engine, table: str) -> list[str]:
    names = inspect(engine).get_table_names()
    return sorted(name for name in names if name.startswith(f"{table}_2"))


def _drop_all(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in [*_days(engine, "prediction"), *_days(engine, "shadow_prediction")]:
            connection.execute(text(f"DROP TABLE {name}"))


def _insert(connection: Connection, day: int) -> None:
    connection.execute(
        text(
            "INSERT INTO shadow_prediction (endpoint, request_id, instance_no, recorded_at,"
            " shipment_id, name, version, status) VALUES ('e', gen_random_uuid(), 0,"
            " now() + make_interval(days => :day), 1, 'm', '1', 'skipped')"
        ),
        {"day": day},
    )


def _has_waited_long(engine: Engine, holder: int) -> bool:
    """Say whether somebody has waited for a process of Postgres longer than a day ahead may."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND now() - waitstart > '2.5 s'"
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY(pg_blocking_pids(pid))"
    with engine.connect() as connection:
        waits = connection.execute(text(blocked), {"pid": holder}).scalar_one()
        return bool(waits and connection.execute(text(query)).scalar_one())


def test_there_are_days_from_yesterday_to_three_days_ahead(database: Engine) -> None:
    """Five days of each table, by UTC, named after their day."""
    today = datetime.now(UTC).date()
    wanted = [f"{today + timedelta(days=offset):%Y%m%d}" for offset in range(-1, 4)]
    for table in partitions.TABLES:
        assert _days(database, table) == [f"{table}_{day}" for day in wanted]


def test_rows_of_every_day_find_their_place_and_no_other_day_does(database: Engine) -> None:
    """From yesterday to three days ahead; beyond that Postgres refuses."""
    with database.begin() as connection:
        for day in range(-1, 4):
            _insert(connection, day)
    with pytest.raises(DBAPIError, match="no partition"), database.begin() as connection:
        _insert(connection, 4)


def test_making_them_again_makes_only_what_is_missing(database: Engine) -> None:
    """The call is idempotent and reaches as far ahead as it is told."""
    with database.begin() as connection:
        assert ensure_partitions(connection) == []
        assert len(ensure_partitions(connection, days_ahead=5)) == 4


def test_agents_at_the_same_moment_do_not_disturb_one_another(database: Engine) -> None:
    """Four at once on a log without days: each day is made once."""
    _drop_all(database)

    def make(_: int) -> list[str]:
        with database.begin() as connection:
            return ensure_partitions(connection)

    with ThreadPoolExecutor(4) as pool:
        made = [name for names in pool.map(make, range(4)) for name in names]
    assert len(made) == len(set(made)) == 10


def test_making_a_day_waits_for_no_reader_and_lets_writers_through(database: Engine) -> None:
    """A report that reads for an hour must not stop the log."""
    with database.connect() as reader, database.connect() as maker, database.begin() as writer:
        reader.execute(text("SELECT count(*) FROM shadow_prediction")).scalar_one()
        maker.execute(text("SET LOCAL statement_timeout = '5s'"))
        assert len(ensure_partitions(maker, days_ahead=4)) == 2
        writer.execute(text("SET LOCAL statement_timeout = '5s'"))
        _insert(writer, 0)
        maker.commit()


def _make_old(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make days as if the clock of Postgres stood ten days before."""
    past = datetime.now(UTC).date() - timedelta(days=10)
    with monkeypatch.context() as patch, engine.begin() as connection:
        patch.setattr(partitions, "_today", lambda _: past)
        ensure_partitions(connection)


def test_a_day_ahead_does_not_wait_for_who_analyses_the_log(database: Engine) -> None:
    """Shipping waits with it, so it is made the next time."""
    with database.connect() as analyst, database.connect() as maker:
        analyst.execute(text("LOCK TABLE prediction IN SHARE UPDATE EXCLUSIVE MODE"))
        maker.execute(text("SET LOCAL lock_timeout = '30s'"))  # an error, not a test that hangs
        assert ensure_partitions(maker, days_ahead=5) == []
        maker.commit()
        analyst.rollback()
        assert len(ensure_partitions(maker, days_ahead=5)) == 4
        maker.commit()


def test_today_is_waited_for(database: Engine) -> None:
    """Without its day nothing can be shipped, so that there is nothing to hurry for."""
    _drop_all(database)
    with (
        database.connect() as analyst,
        database.connect() as maker,
        ThreadPoolExecutor() as pool,
    ):
        analyst.execute(text("LOCK TABLE prediction IN SHARE UPDATE EXCLUSIVE MODE"))
        holder = analyst.execute(text("SELECT pg_backend_pid()")).scalar_one()
        making = pool.submit(ensure_partitions, maker)
        while not _has_waited_long(database, holder):
            assert not making.done()
        analyst.rollback()
        assert len(making.result(30)) == 10
        maker.commit()


@pytest.mark.promise("privacy", "Days beyond the retention are dropped, and no others")
def test_old_days_are_dropped_and_the_others_kept(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days that ended more than so many days ago go, of both tables."""
    _make_old(database, monkeypatch)
    with database.begin() as connection:
        assert drop_old(connection, 0) == []
        assert drop_old(connection, 30) == []
        first_kept = datetime.now(UTC).date() - timedelta(days=9)
        dropped = drop_old(connection, 9)
    assert len(dropped) == 4
    assert all(name[-8:] < f"{first_kept:%Y%m%d}" for name in dropped)
    assert len(_days(database, "prediction")) == 5 + 3


def test_dropping_gives_up_soon_when_somebody_reads(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers must not queue behind a drop that queues behind a reader; it succeeds later."""
    _make_old(database, monkeypatch)
    with database.connect() as reader:
        reader.execute(text("SELECT count(*) FROM prediction")).scalar_one()
        with database.begin() as connection:
            assert drop_old(connection, 5) == []
    with database.begin() as connection:
        assert len(drop_old(connection, 5)) == 10
