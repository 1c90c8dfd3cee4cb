"""Faults: a Postgres that is not the stack's own is away, slow, silent, crowded, or another one."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg2
import psycopg2.extensions

from tests.chaos.faults.proxy import Proxy, proxy_to
from tests.chaos.records import connected
from tests.chaos.stage import Stage, current
from tests.stack import Stack, eventually
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.premises import find_premises


@dataclass
class Outside:
    """A Postgres that the stack reaches through a proxy, as it would one in the network."""

    server: EmbeddedPostgres
    proxy: Proxy
    held: list[psycopg2.extensions.connection] = field(default_factory=list)


@contextlib.contextmanager
def in_the_network(stack: Stack) -> Iterator[Outside]:
    """Run the stack's Postgres here, and let the stack reach it through a proxy."""
    with EmbeddedPostgres(stack.folder) as server:
        premises = find_premises(stack.folder)
        with proxy_to(premises.socket_dir / ".s.PGSQL.5432") as proxy:
            stack.more["UNDERSTUDY_DATABASE_URL"] = (
                f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres"
            )
            yield Outside(server, proxy)


def stop_postgres(seconds: float) -> None:
    """Stop it in order, and start it again after so many seconds."""
    stage, outside = _here()
    outside.server.stop()
    _outlast(stage, seconds)
    outside.server.start()
    stage.fault()


def refuse_connections(seconds: float) -> None:
    """End every connection, and refuse others for so many seconds."""
    stage, outside = _here()
    outside.proxy.refuse()
    _outlast(stage, seconds)
    outside.proxy.accept()
    stage.fault()


def fall_silent(seconds: float) -> None:
    """Let connections stand for so many seconds, and nothing come through."""
    stage, outside = _here()
    outside.proxy.fall_silent()
    _outlast(stage, seconds)
    outside.proxy.speak()
    stage.fault()


def slow_down(delay_s: float, seconds: float) -> None:
    """Delay whatever is said, in either direction, for so many seconds."""
    stage, outside = _here()
    outside.proxy.delay(delay_s)
    _outlast(stage, seconds)
    outside.proxy.delay(0.0)
    stage.fault()


def take_all_connections(seconds: float) -> int:
    """Take every connection there is, those of the stack included, and return how many."""
    stage, outside = _here()
    try:
        with connected(stage.postgres) as own, own.cursor() as cursor:
            eventually(lambda: _is_crowded(cursor, outside, stage.postgres))
        taken = len(outside.held)
        _outlast(stage, seconds)
    finally:
        while outside.held:
            outside.held.pop().close()
    stage.fault()
    return taken


def _is_crowded(cursor: psycopg2.extensions.cursor, outside: Outside, postgres: str) -> bool:
    """End the stack's connections, take what is free, and say whether none is left to it."""
    cursor.execute(_END)
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            outside.held.append(psycopg2.connect(postgres, application_name="crowd"))
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy'")
    (left,) = cursor.fetchone() or (1,)
    return bool(left == 0)


_END = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'understudy'
"""


def put_back() -> None:
    """Let everything through again, whatever became of a fault."""
    _, outside = _here()
    outside.proxy.delay(0.0)
    outside.proxy.speak()
    while outside.held:
        outside.held.pop().close()
    if not outside.server.is_running:
        outside.server.start()


def _here() -> tuple[Stage, Outside]:
    stage = current()
    assert isinstance(stage.prepared, Outside)
    return stage, stage.prepared


def _outlast(stage: Stage, seconds: float) -> None:
    """Let the fault last, while requests are answered."""
    until = time.monotonic() + seconds
    stage.wait_for_answers(20)
    time.sleep(max(0.0, until - time.monotonic()))
