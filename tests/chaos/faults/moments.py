"""
Faults: somebody is killed in the midst of something.

The moment is made, not guessed: a lock held from outside lets the product begin and not finish, and
Postgres tells when somebody waits for that lock.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import psycopg2
from sqlalchemy import text

from tests.chaos.faults.processes import kill, kill_everything, start_again, wait_for_shipments
from tests.chaos.records import ask, command
from tests.chaos.stage import ENDPOINT, Stage, current
from tests.chaos.template import SHADOW
from tests.stack import UNDERSTUDY, eventually
from understudy.log.database import Connection, connect
from understudy.log.locks import lock_deployments
from understudy.log.partitions import drop_old

_WITHIN_S = 60.0
# What takes the newest migration back, so that it can be made once more with data in the tables.
UNDONE = {"0009": ("0008", "ALTER TABLE look DROP COLUMN folds")}
_SLOW = """
    CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(8); RETURN NEW; END $$;
    CREATE TRIGGER slow_down BEFORE UPDATE ON alembic_version
        FOR EACH ROW EXECUTE FUNCTION slow_down()
"""
_MIGRATES = (
    "SELECT 1 FROM pg_stat_activity"
    " WHERE wait_event = 'PgSleep' AND query ~ 'UPDATE alembic_version'"
)
_BEHIND = "SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"


def kill_while_shipping(who: str) -> list[int]:
    """Kill once the rows of a shipment are in Postgres and the shipment itself is not."""
    stage = current()
    with _held(stage, _lock_table("shipment", "SHARE")) as holder:
        waiting = _wait_behind(stage, holder)
        if who == "backend":
            os.kill(waiting[0], signal.SIGKILL)
            stage.fault()
        else:
            _kill(who)
    return waiting


def kill_while_starting(signs: Sequence[str]) -> int:
    """Kill everything, and again as often as the next start has said one of these things."""
    stage = current()
    with stage.taking_the_api():
        stage.stack.kill()
        for sign in signs:
            stage.stack.launch()
            eventually(partial(_has_said, stage, sign), _WITHIN_S)
            stage.stack.kill()
        start_again(stage)
    return len(signs)


def kill_while_migrating() -> str:
    """Take the newest migration back, start, and kill everything while it is made once more."""
    stage = current()
    ((head,),) = ask(stage.postgres, "SELECT version_num FROM alembic_version")
    before, undo = UNDONE[head]
    with stage.taking_the_api():
        command(stage.postgres, undo)
        command(stage.postgres, "UPDATE alembic_version SET version_num = %s", before)
        # A lock from outside would come too late: the migration begins with Postgres itself.
        command(stage.postgres, _SLOW)
        stage.stack.kill()
        stage.stack.launch()
        eventually(lambda: _is_there(stage, _MIGRATES), _WITHIN_S)
        stage.stack.kill()
        start_again(stage)
    command(stage.postgres, "DROP FUNCTION slow_down CASCADE")
    ((found,),) = ask(stage.postgres, "SELECT version_num FROM alembic_version")
    if found != head:
        raise AssertionError(f"The tables are at revision {found}, not at {head}.")
    return f"{before} to {head}"


def kill_while_promoting(who: str) -> str:
    """
    Kill once a promotion is decided and no worker has heard of it; wait until all serve it.

    The agent, which would carry the decision, is stopped until then.
    """
    stage = current()
    (agent,) = stage.stack.pids("agent")
    with _stopped(agent), _promotion(stage) as promotion:
        eventually(lambda: _is_decided(stage), _WITHIN_S)
        _kill(who)
    said, _ = promotion.communicate(timeout=_WITHIN_S)
    _wait_until_served(stage, SHADOW)
    return said.strip()


def kill_postgres_while_promoting() -> str:
    """Kill Postgres before a promotion is decided: it fails, and the old version goes on."""
    stage = current()
    shipping = partial(lock_deployments, endpoint=ENDPOINT, shared=True)
    with _held(stage, shipping) as holder, _promotion(stage) as promotion:
        _wait_behind(stage, holder)
        kill("postmaster")
    said, _ = promotion.communicate(timeout=_WITHIN_S)
    if promotion.returncode != 70:
        raise AssertionError(f"The promotion ended with {promotion.returncode}: {said}")
    eventually(lambda: _is_there(stage), _WITHIN_S)
    if _is_decided(stage):
        raise AssertionError(f"The promotion failed and is recorded: {said}")
    return said.strip()


def kill_while_making_a_partition(who: str) -> str:
    """Take the last day away, and kill while the agent makes it anew: made, and not attached."""
    stage = current()
    day = _last_day(stage)
    command(stage.postgres, f"DROP TABLE {day}")
    with _held(stage, _lock_table("prediction", "SHARE UPDATE EXCLUSIVE")) as holder:
        kill("agent")  # its successor looks after the days at once
        _wait_behind(stage, holder)
        _kill(who)
    _wait_until_attached(stage, day)
    return day


def shipping_goes_on_while_days_come_and_go(shipments: int = 5) -> list[str]:
    """
    Make days and drop them, with somebody reading all of the log in one long transaction.

    The last day is taken away and made anew by the agent, and one of long ago is dropped, which the
    reader prevents until it has ended; shipments go on all the while.
    """
    stage = current()
    last = _last_day(stage)
    command(stage.postgres, f"DROP TABLE {last}")
    engine = connect(stage.postgres_url, pool_size=1)
    with _held(stage, lambda reader: reader.execute(text("SELECT count(*) FROM prediction"))):
        kill("agent")
        _wait_until_attached(stage, last)
        wait_for_shipments(stage, shipments)
        old = _attach_an_old_day(stage)
        with engine.begin() as connection:
            if drop_old(connection, 1):
                raise AssertionError("A day was dropped while somebody read it.")
        wait_for_shipments(stage, shipments)
    with engine.begin() as connection:
        dropped = drop_old(connection, 1)
    engine.dispose()
    wait_for_shipments(stage, shipments)
    if dropped != [old]:
        raise AssertionError(f"Dropped are {dropped}, and not {old}.")
    return dropped


def _last_day(stage: Stage) -> str:
    query = ("SELECT max(relname) FROM pg_class"
             " WHERE relname LIKE 'prediction_2%' AND relkind = 'r'")  # fmt: skip
    return str(ask(stage.postgres, query)[0][0])


def _wait_until_attached(stage: Stage, day: str) -> None:
    there = "SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(%s)"
    eventually(lambda: _is_there(stage) and ask(stage.postgres, there, day), _WITHIN_S)


def _attach_an_old_day(stage: Stage) -> str:
    day = "prediction_20200101"
    command(stage.postgres, f"CREATE TABLE {day} (LIKE prediction INCLUDING ALL)")
    command(
        stage.postgres,
        f"ALTER TABLE prediction ATTACH PARTITION {day}"
        " FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-01-02 00:00:00+00')",
    )
    return day


def _has_said(stage: Stage, sign: str) -> bool:
    return sign in stage.stack.said


def _kill(who: str) -> None:
    if who == "everything":
        kill_everything()
    else:
        kill(who)


@contextlib.contextmanager
def _held(stage: Stage, take: Callable[[Connection], object]) -> Iterator[int]:
    """Hold a lock in a transaction of our own and give its process; Postgres may be killed then."""
    engine = connect(stage.postgres_url, pool_size=1)
    connection = engine.connect()
    try:
        take(connection)
        yield int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
    finally:
        connection.invalidate()
        connection.close()
        engine.dispose()


def _lock_table(table: str, mode: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(f"LOCK TABLE {table} IN {mode} MODE"))


def _wait_behind(stage: Stage, holder: int) -> list[int]:
    """Wait until somebody waits for what a process of Postgres holds; return who does."""
    found: list[int] = []

    def somebody_waits() -> bool:
        found[:] = [pid for (pid,) in ask(stage.postgres, _BEHIND, holder)]
        return bool(found)

    eventually(somebody_waits, _WITHIN_S)
    return found


def _is_there(stage: Stage, sign: str = "SELECT 1") -> bool:
    try:
        return bool(ask(stage.postgres, sign))
    except psycopg2.OperationalError:
        return False


@contextlib.contextmanager
def _stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def _promotion(stage: Stage) -> Iterator["subprocess.Popen[str]"]:
    """Promote the shadow by the command, as a person does."""
    promotion = subprocess.Popen(
        [*UNDERSTUDY, "promote", SHADOW, "--why", "an experiment", "--wait", "60"],
        env=stage.stack.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield promotion
    except BaseException:
        promotion.kill()
        raise


def _is_decided(stage: Stage) -> bool:
    return bool(ask(stage.postgres, "SELECT 1 FROM deployment WHERE action = 'promote'"))


def _wait_until_served(stage: Stage, model: str) -> None:
    """Wait until twenty answers in succession are of one version."""
    version = model.partition(":")[2]

    def all_serve_it() -> bool:
        last = stage.ledger.answered[-20:]
        return {request.version for request in last} == {version}

    eventually(all_serve_it, _WITHIN_S)
