"""
The local, durable record of what an api worker answered.

One SQLite file in WAL mode per worker, named by a UUID. The worker appends, the agent ships, and
the worker clears what its receipt says is shipped; a file lock beside it, not a process id, says
whether the owner still lives. Checkpoints, and with them nearly every fsync of `durability =
process`, are the reader's work; the worker only begins the log of changes anew when it is long.
"""

import errno
import fcntl
import os
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import orjson

from understudy.records import ServedRequest
from understudy.serving import answering
from understudy.serving.answering import changes_in
from understudy.serving.notes import LOST, SHIPPED, Note
from understudy.serving.spool_file import (
    BUSY_S,
    CLEAR,
    connect,
    lock_file,
    logs_in,
    make_tables,
    remove_files,
)
from understudy.settings import Durability

_APPEND = "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
MAX_BYTES = 8 * 1024**3
"""What a spool holds at most; beyond it an append fails as on a full disk."""
# Twice what is appended and a little more, so that clearing catches up under every load.
_CLEARED_PER_APPENDED, _CLEARED_AT_LEAST = 2, 8
_CLEARED_IN_SILENCE = 1000
_LONGEST_LOG_BYTES = 64 * 1024 * 1024
_COMMIT_BYTES = 4 * 4096  # what a transaction writes into the log beside what it adds
_NO_PATIENCE_MS = 20
_LEFT_BYTES = 4 * 1024 * 1024  # of the disk, beside what moving the logs takes


class SpoolWriter:
    """The owner's side: appends whole micro-batches, one transaction each, and clears."""

    def __init__(
        self, folder: Path, durability: Durability = "process", max_bytes: int = MAX_BYTES
    ) -> None:
        """Make a spool of one's own; raises OSError or sqlite3.Error, and leaves nothing then."""
        folder.mkdir(parents=True, exist_ok=True)
        self.uuid = uuid.uuid4()
        self.path = folder / f"{self.uuid}.spool"
        with ExitStack() as undoing:
            undoing.callback(remove_files, self.path)
            self._lock = lock_file(self.path)
            undoing.callback(os.close, self._lock)
            # Nobody sees the file before the lock is held, so it never looks like an orphan.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._receipt = undoing.enter_context(closing(Note(self.path.with_suffix(SHIPPED))))
            self._losses = undoing.enter_context(closing(Note(self.path.with_suffix(LOST))))
            self._db = undoing.enter_context(closing(connect(self.path)))
            self._page_bytes = make_tables(self._db, durability, max_bytes)
            undoing.pop_all()
        self._is_damaged = False
        self._inode = self.path.stat().st_ino
        self._next = 1
        self._appended = 1
        self._shipped = 0
        self._cleared = 0
        self._cleared_at_once = _CLEARED_IN_SILENCE
        self._lost = 0
        self._told_lost = 0
        self._lost_when_seen = 0
        self._since_seen = 0
        self._log_bytes = 0
        self._is_tight = False  # the disk: what is left of it should not be needed for logs
        self._is_short = False
        self._answering: int | None = None

    def append(self, requests: Sequence[ServedRequest]) -> None:
        """
        Record the requests in one transaction, numbering them in order.

        Their own `seq` is ignored. Raises sqlite3.Error, or OSError where what is left of the disk
        is needed to clear what is shipped, having recorded none of them.
        """
        if self._is_short:
            raise OSError(errno.ENOSPC, "what is left of the disk is kept for clearing the spool")
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
        most = _CLEARED_PER_APPENDED * len(rows) + _CLEARED_AT_LEAST
        try:
            self._write(rows, changes, most)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # damaged, but perhaps only where it is to be cleared
            self._write(rows, changes, 0)
        self._since_seen += sum(row[-2] for row in rows)
        self._log_bytes += _COMMIT_BYTES + sum(len(row[-1]) for row in rows)
        self._next += len(rows)
        if changes:
            self._answering = changes[-1][1]

    def _write(
        self, rows: Sequence[tuple[object, ...]], changes: Sequence[tuple[object, ...]], most: int
    ) -> None:
        with self._transaction():
            self._db.executemany(_APPEND, rows)
            if changes:
                self._db.executemany(answering.INSERT, changes)
            cleared = self._clear(most)
        self._cleared = cleared

    def tidy(self) -> None:
        """
        Look how far the spool is shipped and how full the disk is, and tell what was lost.

        It is cleared here if nothing was appended meanwhile. Raises sqlite3.Error or OSError.
        """
        self._since_seen, self._lost_when_seen = 0, self._lost
        self._shipped = self._receipt.read()
        self._is_tight = self._free_bytes() < logs_in(self.path.parent) + _LEFT_BYTES
        self._is_short = self._is_short and self._is_tight
        if self._appended == self._next and self._cleared < self._shipped:
            self._clear_in_silence()
        self._appended = self._next
        if self._lost != self._told_lost:
            lost = self._lost
            with self._transaction():
                self._db.execute("UPDATE status SET lost = ?", (lost,))
            self._told_lost = lost

    def _clear_in_silence(self) -> None:
        try:
            with self._transaction():
                cleared = self._clear(self._cleared_at_once)
        except sqlite3.OperationalError:  # on a full disk a smaller piece may go
            self._cleared_at_once = max(1, self._cleared_at_once // 8)
            raise
        self._cleared, self._cleared_at_once = cleared, _CLEARED_IN_SILENCE

    def _clear(self, most: int) -> int:
        """Delete so many of the shipped requests, and return up to which number none is left."""
        up_to = min(self._shipped, self._cleared + most)
        if up_to > self._cleared:
            self._db.execute(CLEAR, (up_to,))
        return up_to

    def count_lost(self, instances: int) -> None:
        """Remember instances that were answered without a record, on the disk if that is well."""
        self._lost += instances
        with suppress(OSError):
            self._losses.write(self._lost)

    @property
    def is_good(self) -> bool:
        """Whether the file is sound, and where it was made: a damaged one the agent sets aside."""
        return not self._is_damaged and self._is_here()

    def _is_here(self) -> bool:
        try:
            return self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    @property
    def untold_lost(self) -> int:
        """
        How many instances are lost of which this spool does not tell the agent.

        Where the file was taken away, those are at most what was lost or appended since it was last
        seen.
        """
        return 0 if self._is_here() else self._lost - self._lost_when_seen + self.vanished

    @property
    def vanished(self) -> int:
        """How many instances, at most, were recorded in a file that had been taken away."""
        return 0 if self._is_here() else self._since_seen

    @property
    def has_long_log(self) -> bool:
        """Whether SQLite's log of changes is so long, or the disk so full, that it should go."""
        return self._is_tight or self._log_bytes > _LONGEST_LOG_BYTES

    def begin_log_anew(self) -> bool:
        """
        Let the next append begin the log of changes anew, and say whether that was possible.

        A checkpoint by the reader moves the changes into the file, but SQLite begins the log anew
        only when nothing is left in it: which under load never happens, as appends go on. To be
        called right after `move_log`, so that hardly anything is left. Gives up while somebody
        reads. Where the disk is nearly full its room is given back, and no more is appended if what
        is left then is needed to clear. Raises sqlite3.Error.
        """
        how = "TRUNCATE" if self._is_tight else "RESTART"
        self._db.execute(f"PRAGMA busy_timeout = {_NO_PATIENCE_MS}")
        try:
            is_busy, log, moved = self._db.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}")
        if self._is_tight:
            self._is_short = not self._has_room_for((log - moved) * self._page_bytes + _LEFT_BYTES)
        if not is_busy:
            self._log_bytes = 0
        return not is_busy

    def _has_room_for(self, needed: int) -> bool:
        """Say whether so many bytes are left on the disk, or are unused within the file."""
        if self._free_bytes() >= needed:
            return True
        (unused,) = self._db.execute("PRAGMA freelist_count").fetchone()
        return int(unused) * self._page_bytes >= needed

    def _free_bytes(self) -> float:
        """Return how much is left of the disk; where a file system tells nothing, without end."""
        disk = os.statvfs(self.path.parent)
        return disk.f_bavail * disk.f_frsize if disk.f_blocks else float("inf")

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
        self._losses.close()
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
