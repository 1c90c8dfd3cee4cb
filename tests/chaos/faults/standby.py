"""Faults: the Postgres of the stack is lost, and a standby that has every commit takes over."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.records import command
from tests.chaos.stage import current
from tests.stack import Stack, eventually, is_alive
from understudy.log.binaries import find_binaries
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.premises import find_premises

_REPLICATED = {
    "wal_level": "replica",
    "max_wal_senders": "4",
    "hot_standby": "on",
    "synchronous_standby_names": "*",
    "synchronous_commit": "remote_apply",
}


@dataclass
class Pair:
    """A Postgres and its standby."""

    first: EmbeddedPostgres
    second: EmbeddedPostgres


@contextmanager
def with_a_standby(stack: Stack) -> Iterator[Pair]:
    """Run the stack's Postgres with a standby that replays before a commit is confirmed."""
    beside = stack.folder.with_name("standby")
    beside.mkdir()
    # Where there is no standby, nobody waits for one.
    alone = _REPLICATED | {"synchronous_standby_names": ""}
    with EmbeddedPostgres(stack.folder, settings=alone) as first:
        _copy(first, beside)
    with (
        EmbeddedPostgres(stack.folder, settings=_REPLICATED) as first,
        EmbeddedPostgres(beside, settings=alone) as second,
    ):
        hosts = ",".join(str(find_premises(one.data_dir).socket_dir) for one in (first, second))
        stack.more["UNDERSTUDY_DATABASE_URL"] = (
            f"postgresql://postgres@/postgres?host={hosts}&port=5432,5432"
            "&target_session_attrs=read-write"
        )
        yield Pair(first, second)


def fail_over() -> str:
    """Kill the first with all its sessions, and promote the second."""
    stage = current()
    pair = stage.prepared
    assert isinstance(pair, Pair)
    assert pair.first.pid is not None
    everyone = [pair.first.pid, *_children(pair.first.pid)]
    for pid in everyone:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(map(is_alive, everyone)))
    stage.wait_for_answers(50)
    second = _address(pair.second)
    command(second, "SELECT pg_promote()")
    stage.elsewhere = second
    stage.fault()
    return second


def _address(postgres: EmbeddedPostgres) -> str:
    where = find_premises(postgres.data_dir).socket_dir
    return f"host={where} port=5432 user=postgres dbname=postgres"


def _copy(first: EmbeddedPostgres, folder: Path) -> None:
    """Copy the cluster to where a Postgres with this data directory looks for it."""
    premises = find_premises(folder)
    premises.account.give(premises.pgdata.parent)
    program = find_binaries(premises.account).folder / "pg_basebackup"
    options: list[str | Path] = [
        "-D",
        premises.pgdata,
        "-R",
        "-X",
        "stream",
        "--checkpoint=fast",
        "-d",
    ]
    _run(premises.account.command(program, *options, _address(first)))


def _run(words: Sequence[str]) -> None:
    subprocess.run(words, check=True, cwd="/", capture_output=True)


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False
    )
    return [int(word) for word in listed.stdout.split()]
