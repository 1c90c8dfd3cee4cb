"""
The local, durable record of what an api worker answered.

One SQLite file in WAL mode per worker, named by a UUID. The worker appends, the agent ships, and
the worker clears what its receipt says is shipped; a file lock beside it, not a process id, says
whether the owner still lives. Checkpoints, and with them nearly every fsync of `durability =
process`, are the reader's work; the worker only begins the log of changes anew when it is long.
"""

import fcntl
import os
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import orjson

from understudy.records import ServedRequest
from understudy.serving import answering
from understudy.serving.answering import changes_in
from understudy.serving.receipt import Receipt
from understudy.settings import Durability

_SCHEMA = """
CREATE TABLE request (
    seq INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    client_id TEXT,
    served_at REAL NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    instances INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE TABLE status (deployment_id INTEGER, problem TEXT, lost INTEGER NOT NULL);
INSERT INTO status VALUES (NULL, NULL, 0);
"""
OBEYS_CAPTURE = 1
"""The `user_version` of a spool whose owner goes by capture policies; earlier ones have 0."""

_APPEND = "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
CLEAR = "DELETE FROM request WHERE seq <= ?"
MAX_BYTES = 8 * 1024**3
"""What a spool holds at most; beyond it an append fails as on a full disk."""
_BUSY_S = 5.0
# Twice what is appended and a little more, so that clearing catches up under every load.
_CLEARED_PER_APPENDED, _CLEARED_AT_LEAST = 2, 8
_CLEARED_IN_SILENCE = 1000
_LONGEST_LOG_BYTES = 64 * 1024 * 1024
_COMMIT_BYTES = 4 * 4096  # what a transaction writes into the log beside what it adds
_NO_PATIENCE_MS = 20


class SpoolWriter:
    """The owner's side: appends whole micro-batches, one transaction each, and clears."""

    def __init__(
        self, folder: Path, durability: Durability = "process", max_bytes: int = MAX_BYTES
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.uuid = uuid.uuid4()
        self.path = folder / f"{self.uuid}.spool"
        self._lock = lock_file(self.path)
        # Nobody sees the file before the lock is held, so it never looks like an orphan.
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._receipt = Receipt(self.path)
        self._db = connect(self.path)
        synchronous = "FULL" if durability == "power" else "NORMAL"
        self._db.execute(f"PRAGMA synchronous = {synchronous}")
        self._db.execute("PRAGMA wal_autocheckpoint = 0")
        (page_bytes,) = self._db.execute("PRAGMA page_size").fetchone()
        self._db.execute(f"PRAGMA max_page_count = {max(1, max_bytes // page_bytes)}")
        self._db.executescript(
            f"BEGIN;{_SCHEMA}{answering.TABLE}PRAGMA user_version = {OBEYS_CAPTURE};COMMIT;"
        )
        self._is_damaged = False
        self._inode = self.path.stat().st_ino
        self._next = 1
        self._appended = 1
        self._shipped = 0
        self._cleared = 0
        self._lost = 0
        self._told_lost = 0
        self._log_bytes = 0
        self._answering: int | None = None

    def append(self, requests: Sequence[ServedRequest]) -> None:
        """
        Record the requests in one transaction, numbering them in order.

        Their own `seq` is ignored. Raises sqlite3.Error, having recorded none of them.
        """
        rows = [
            (
                seq,
                request.request_id,
                request.client_id,
                request.served_at,
                request.name,
                request.version,
                len(request.instances),
                orjson.dumps((request.instances, request.outputs, request.values, request.labels)),
            )
            for seq, request in enumerate(requests, start=self._next)
        ]
        changes = changes_in(requests, self._next, self._answering)
        with self._transaction():
            self._db.executemany(_APPEND, rows)
            if changes:
                self._db.executemany(answering.INSERT, changes)
            cleared = self._clear(_CLEARED_PER_APPENDED * len(rows) + _CLEARED_AT_LEAST)
        self._cleared = cleared
        self._log_bytes += _COMMIT_BYTES + sum(len(row[-1]) for row in rows)
        self._next += len(rows)
        if changes:
            self._answering = changes[-1][1]

    def tidy(self) -> None:
        """
        Tell what was lost, and look how far the spool is shipped.

        It is cleared here if nothing was appended meanwhile. Raises sqlite3.Error.
        """
        if self._lost != self._told_lost:
            lost = self._lost
            with self._transaction():
                self._db.execute("UPDATE status SET lost = ?", (lost,))
            self._told_lost = lost
        self._shipped = self._receipt.read()
        if self._appended == self._next and self._cleared < self._shipped:
            with self._transaction():
                cleared = self._clear(_CLEARED_IN_SILENCE)
            self._cleared = cleared
        self._appended = self._next

    def _clear(self, most: int) -> int:
        """Delete so many of the shipped requests, and return up to which number none is left."""
        up_to = min(self._shipped, self._cleared + most)
        if up_to > self._cleared:
            self._db.execute(CLEAR, (up_to,))
        return up_to

    def count_lost(self, instances: int) -> None:
        """Remember instances that were answered without a record; `tidy` tells the agent."""
        self._lost += instances

    @property
    def is_good(self) -> bool:
        """Whether the file is sound, and where it was made: a damaged one the agent sets aside."""
        try:
            return not self._is_damaged and self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    @property
    def untold_lost(self) -> int:
        """How many lost instances this spool does not tell the agent."""
        return self._lost - self._told_lost

    @property
    def has_long_log(self) -> bool:
        """Whether SQLite's log of changes has grown long, so that it should begin anew."""
        return self._log_bytes > _LONGEST_LOG_BYTES

    def begin_log_anew(self) -> bool:
        """
        Let the next append begin the log of changes anew, and say whether that was possible.

        A checkpoint by the reader moves the changes into the file, but SQLite begins the log anew
        only when nothing is left in it: which under load never happens, as appends go on. To be
        called right after `move_log`, so that hardly anything is left. Gives up while somebody
        reads. Raises sqlite3.Error.
        """
        self._db.execute(f"PRAGMA busy_timeout = {_NO_PATIENCE_MS}")
        try:
            (is_busy, *_) = self._db.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {_BUSY_S * 1000:.0f}")
        if not is_busy:
            self._log_bytes = 0
        return not is_busy

    def say(self, deployment_id: int | None, problem: str | None) -> None:
        """Tell the agent which deployment this worker serves, and why not a later one."""
        with self._transaction():
            self._db.execute(
                "UPDATE status SET deployment_id = ?, problem = ?, lost = ?",
                (deployment_id, problem, self._lost),
            )
        self._told_lost = self._lost

    def close(self) -> None:
        """Let go of the file, so that the agent may ship the rest and remove it."""
        self._db.close()
        self._receipt.close()
        os.close(self._lock)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            # Busy or full are operational: another try may go well.
            is_data = isinstance(error, sqlite3.DatabaseError)
            if is_data and not isinstance(error, sqlite3.OperationalError):
                self._is_damaged = True
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def move_log(path: Path) -> None:
    """Move what is in the log of changes into the file, beside appends; raises sqlite3.Error."""
    with closing(connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def connect(path: Path, *, is_salvage: bool = False) -> sqlite3.Connection:
    """
    Open a spool; raises sqlite3.Error if it is no database.

    For salvage a file that was cut short is one, too, as far as it goes.
    """
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        if is_salvage:
            # Nothing is written there; it lets SQLite pass over the missing pages.
            db.execute("PRAGMA writable_schema = ON")
        db.execute("PRAGMA journal_mode = WAL")
        # Most builds of SQLite leave what is deleted in the file until the place is needed again.
        db.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        db.close()
        raise
    return db


def lock_file(path: Path) -> int:
    """Open the file beside a spool whose lock its owner holds."""
    return os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
