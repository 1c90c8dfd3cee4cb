"""
The local, durable record of what an api worker answered.

One SQLite file in WAL mode per worker, named by a UUID. The worker appends, the agent ships, and
the worker clears what its receipt says is shipped; a file lock beside it, not a process id, says
whether the owner still lives. Checkpoints, and with them every fsync of `durability = process`, are
the reader's work.
"""

import fcntl
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import orjson

from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving import answering, receipt
from understudy.serving.answering import Answering, changes_in
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
_APPEND = "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_CLEAR = "DELETE FROM request WHERE seq <= ?"
_BUSY_S = 5.0
# Twice what is appended and a little more, so that clearing catches up under every load.
_CLEARED_PER_APPENDED, _CLEARED_AT_LEAST = 2, 8
_CLEARED_IN_SILENCE = 1000

Row = tuple[int, str, str | None, float, str, str, int, bytes]


@dataclass(frozen=True)
class SpoolStatus:
    """What the owner of a spool says of itself: what it serves, why not more, what it lost."""

    deployment_id: int | None
    problem: str | None
    lost: int


@dataclass(frozen=True)
class SpoolBacklog:
    """How much of a spool still waits to be shipped; `oldest` in seconds since 1970."""

    requests: int
    instances: int
    oldest: float | None
    size_bytes: int


class SpoolWriter:
    """The owner's side: appends whole micro-batches, one transaction each, and clears."""

    def __init__(self, folder: Path, durability: Durability = "process") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.uuid = uuid.uuid4()
        self.path = folder / f"{self.uuid}.spool"
        self._lock = _lock_file(self.path)
        # Nobody sees the file before the lock is held, so it never looks like an orphan.
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._receipt = Receipt(self.path)
        self._db = _connect(self.path)
        synchronous = "FULL" if durability == "power" else "NORMAL"
        self._db.execute(f"PRAGMA synchronous = {synchronous}")
        self._db.execute("PRAGMA wal_autocheckpoint = 0")
        self._db.executescript(f"BEGIN;{_SCHEMA}{answering.TABLE}COMMIT;")
        self._next = 1
        self._appended = 1
        self._shipped = 0
        self._cleared = 0
        self._lost = 0
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
            if self._lost:
                self._db.execute("UPDATE status SET lost = ?", (self._lost,))
            cleared = self._clear(_CLEARED_PER_APPENDED * len(rows) + _CLEARED_AT_LEAST)
        self._cleared = cleared
        self._next += len(rows)
        if changes:
            self._answering = changes[-1][1]

    def tidy(self) -> None:
        """Look how far the spool is shipped; clear it here if nothing was appended meanwhile."""
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
            self._db.execute(_CLEAR, (up_to,))
        return up_to

    def count_lost(self, instances: int) -> None:
        """Remember instances that were answered without a record; told with the next append."""
        self._lost += instances

    def say(self, deployment_id: int | None, problem: str | None) -> None:
        """Tell the agent which deployment this worker serves, and why not a later one."""
        with self._transaction():
            self._db.execute(
                "UPDATE status SET deployment_id = ?, problem = ?, lost = ?",
                (deployment_id, problem, self._lost),
            )

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
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


class SpoolReader:
    """The agent's side: reads in order of `seq`, and tells what is safely in Postgres."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.uuid = uuid.UUID(path.stem)
        self._lock: int | None = None
        with _corruption(path):
            self._db = _connect(path)
        self._receipt = Receipt.find(path)

    @classmethod
    def all_in(cls, folder: Path) -> list[Path]:
        """Return the spools of a folder, oldest first."""
        return sorted(folder.glob("*.spool"), key=lambda path: path.stat().st_ctime)

    def adopt(self) -> bool:
        """Become the owner if the owner is gone; say whether this reader owns the spool now."""
        if self._lock is None:
            lock = _lock_file(self.path)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return False
            self._lock = lock
        return True

    def read(self, after: int, limit_instances: int) -> list[ServedRequest]:
        """Return the requests behind `after`, up to about `limit_instances` instances."""
        rows = list(self.rows(after, limit_instances))
        # Behind the rows: a change that came with one of them is surely seen.
        known = self.answering()
        return [_request(self.path, row, known.deployment_of(row[0])) for row in rows]

    def answering(self) -> Answering:
        """Return which deployments answered, as far as is written by now."""
        return answering.read_answering(self._db)

    def rows(self, after: int, limit_instances: int) -> Iterator[Row]:
        """Yield the requests behind `after` as they are stored, payloads unread."""
        total = 0
        with _corruption(self.path):
            for row in self._db.execute(
                "SELECT * FROM request WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit_instances)
            ):
                yield row
                total += row[6]
                if total >= limit_instances:
                    return

    def acknowledge(self, up_to: int) -> None:
        """
        Let the requests up to and including `up_to` go, and move the log into the file.

        The owner clears them; where there is none any more, or one of an earlier version, which
        reads no receipt, they are deleted here.
        """
        if self._receipt is not None:
            self._receipt.write(up_to)
        with _corruption(self.path):
            if self._lock is not None or self._receipt is None:
                self._db.execute(_CLEAR, (up_to,))
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def shipped(self) -> int:
        """Return up to which number the receipt says that all is in Postgres."""
        return 0 if self._receipt is None else self._receipt.read()

    def status(self) -> SpoolStatus:
        """Return what the owner last said."""
        with _corruption(self.path):
            row = self._db.execute("SELECT deployment_id, problem, lost FROM status").fetchone()
        return SpoolStatus(*row)

    def backlog(self) -> SpoolBacklog:
        """Return what is not shipped yet; the size is that of the file."""
        with _corruption(self.path):
            requests, instances, oldest = self._db.execute(
                "SELECT count(*), coalesce(sum(instances), 0), min(served_at) FROM request"
                " WHERE seq > ?",
                (self.shipped(),),
            ).fetchone()
        return SpoolBacklog(requests, instances, oldest, _size(self.path))

    def is_ready(self) -> bool:
        """Say whether the owner has finished making the file."""
        with _corruption(self.path):
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return bool(tables)

    def remove(self) -> None:
        """Delete the files of an adopted spool."""
        self.close()
        for suffix in (".spool", ".spool-wal", ".spool-shm", receipt.SUFFIX, ".lock"):
            self.path.with_suffix(suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._receipt is not None:
            self._receipt.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def set_aside(path: Path) -> Path:
    """Rename a spool that cannot be read, so that the next round does not meet it again."""
    aside = path.with_suffix(f".corrupt-{int(time.time())}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    path.with_suffix(receipt.SUFFIX).unlink(missing_ok=True)
    return aside


def _request(path: Path, row: Row, deployment_id: int | None) -> ServedRequest:
    seq, request_id, client_id, served_at, name, version, _, payload = row
    try:
        instances, outputs, values, labels = orjson.loads(payload)
    except ValueError as error:
        raise SpoolCorrupt(path, f"request {seq}: {error}") from error
    return ServedRequest(
        seq, request_id, client_id, served_at, name, version, instances, outputs, values, labels,
        deployment_id,
    )  # fmt: skip


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _lock_file(path: Path) -> int:
    return os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _size(path: Path) -> int:
    files = (path, path.with_suffix(".spool-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


@contextmanager
def _corruption(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError:
        raise  # busy, disk full: another try may go well
    except sqlite3.DatabaseError as error:
        raise SpoolCorrupt(path, str(error)) from error
