"""
Faults: the file of a spool is damaged, by a page of a living worker's or the end of a dead one's.

What can be read of it afterwards is found out here, by SQLite alone: all of that has to be shipped,
and only the rest may be missing.
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.chaos.faults.processes import VICTIMS, held, kill
from tests.chaos.records import ask
from tests.chaos.stage import Stage, current
from tests.stack import eventually

_PAGE_BYTES = 4096
_LEAF = 0x0D  # how a page begins in which rows of a table stand
_KEPT = 0.6  # of a file that is cut short
_TRIES = 5
_TOLD_WITHIN_S = 120.0


class _Row(NamedTuple):
    seq: int
    request_id: str
    client_id: str


def ruin_a_page(answers: int = 150) -> int:
    """
    Overwrite a page amid what a living worker has not shipped, and kill the agent.

    Returns how many requests fell.
    """
    stage = current()
    for _ in range(_TRIES):
        with held(stage.stack.pids("agent")[:1]):
            stage.wait_for_answers(answers)
            workers = VICTIMS["worker"](stage)
            spool = _spool_of(workers[0])
            with held(workers):
                if rows := _waiting(stage, spool):
                    ruined = _note(stage, _overwrite(spool, rows))
                    kill("agent")  # its successor reads the file, not what this one remembers
                    return ruined
    raise AssertionError(_NEVER_QUIET)


def cut_short(answers: int = 150) -> int:
    """Kill a worker and cut its spool short before it is shipped; return how many requests fell."""
    stage = current()
    for _ in range(_TRIES):
        with held(stage.stack.pids("agent")[:1]):
            stage.wait_for_answers(answers)
            spools = {pid: _spool_of(pid) for pid in VICTIMS["worker"](stage)}
            spool = spools[kill("worker")]
            if rows := _waiting(stage, spool):
                os.truncate(spool, int(spool.stat().st_size * _KEPT))
                return _note(stage, _unreadable(spool, rows))
    raise AssertionError(_NEVER_QUIET)


def are_missed() -> int:
    """Wait until the agent calls just those requests missing that cannot be read; count them."""
    stage = current()
    eventually(lambda: _told("understudy_missing_requests_total") >= 1, _TOLD_WITHIN_S)
    stage.wait_for_answers(50)
    missing = _told("understudy_missing_requests_total")
    assert missing == len(stage.ruined), f"{missing} of {len(stage.ruined)} are called missing"
    return missing


def is_set_aside() -> int:
    """
    Wait until the agent has set the spool aside; return how many requests it calls missing.

    Behind the end of a file that was cut short nobody knows how many there were.
    """
    eventually(lambda: _told("understudy_spools_set_aside_total") == 1, _TOLD_WITHIN_S)
    return _told("understudy_missing_requests_total")


def _told(name: str) -> int:
    with suppress(httpx.HTTPError):  # it is about to start again
        return int(current().stack.metric(name, port=1))
    return 0


def _spool_of(pid: int) -> Path:
    """Return the spool that a worker has open."""
    files = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            files.append(link.readlink())
    (spool,) = {file for file in files if file.suffix == ".spool"}
    return spool


def _waiting(stage: Stage, spool: Path) -> list[_Row]:
    """
    Return what is not shipped, in order, and all of it in the file itself, nothing in its log.

    Nothing, if the agent was stopped just when it read: then SQLite does not empty the log.
    """
    shipped = dict(ask(stage.postgres, "SELECT uuid::text, watermark FROM spool"))
    query = "SELECT seq, request_id, client_id FROM request WHERE seq > ? ORDER BY seq"
    with closing(sqlite3.connect(spool, timeout=0.1, isolation_level=None)) as db:
        (is_busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        rows = [_Row(*row) for row in db.execute(query, (shipped.get(spool.stem, 0),))]
    return [] if is_busy else rows


def _overwrite(spool: Path, rows: Sequence[_Row]) -> list[_Row]:
    """Overwrite the page in which a row in the middle begins; return what cannot be read then."""
    content, wanted = spool.read_bytes(), rows[len(rows) // 2].request_id.encode()
    at = content.find(wanted)
    while at >= 0:  # where a page was split, an old copy of the row may be left
        page = at // _PAGE_BYTES * _PAGE_BYTES
        if content[page] == _LEAF:
            with spool.open("r+b") as file:
                file.seek(page)
                file.write(b"\xff" * _PAGE_BYTES)
            if ruined := _unreadable(spool, rows):
                return ruined
        at = content.find(wanted, at + 1)
    raise AssertionError(f"no page of {spool} could be ruined")


def _unreadable(spool: Path, rows: Sequence[_Row]) -> list[_Row]:
    with closing(sqlite3.connect(spool, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")  # or it refuses a file that was cut short
        return [row for row in rows if not _is_readable(db, row)]


def _is_readable(db: sqlite3.Connection, row: _Row) -> bool:
    try:
        found = db.execute("SELECT payload FROM request WHERE seq = ?", (row.seq,)).fetchone()
        return found is not None and bool(json.loads(found[0]))
    except (sqlite3.DatabaseError, ValueError, TypeError):  # NULL where the end of a row is cut off
        return False


def _note(stage: Stage, ruined: Sequence[_Row]) -> int:
    """Note what may be missing from now on."""
    assert ruined, "all can still be read"
    stage.ruined |= {row.client_id for row in ruined}
    stage.fault()
    return len(ruined)


_NEVER_QUIET = f"the agent read a spool each of the {_TRIES} times that it was stopped"
