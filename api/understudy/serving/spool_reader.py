"""The agent's side of a spool: what waits, what is read, and what is let go."""

import fcntl
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import orjson

from understudy.errors import SpoolCorrupt
from understudy.records import ServedRequest
from understudy.serving import answering
from understudy.serving.answering import Answering
from understudy.serving.notes import LOST, SHIPPED, Note
from understudy.serving.spool_file import CLEAR, OBEYS_CAPTURE, connect, lock_file, remove_files

Row = tuple[int, str, str | None, float, str, str, int, bytes]


@dataclass(frozen=True)
class SpoolStatus:
    """
    What the owner of a spool says of itself: what it serves, why not more, what it lost.

    One of an earlier version `knows_capture` policies not: it records every field as it is sent.
    """

    deployment_id: int | None
    problem: str | None
    lost: int
    knows_capture: bool = True


@dataclass(frozen=True)
class SpoolBacklog:
    """How much of a spool still waits to be shipped; `oldest` in seconds since 1970."""

    requests: int
    instances: int
    oldest: float | None
    size_bytes: int


class SpoolReader:
    """The agent's side: reads in order of `seq`, and tells what is safely in Postgres."""

    def __init__(self, path: Path, *, is_salvage: bool = False) -> None:
        self.path = path
        self.uuid = uuid.UUID(path.stem)
        self._lock: int | None = None
        with _corruption(path):
            self._db = connect(path, is_salvage=is_salvage)
        with ExitStack() as undoing:
            undoing.callback(self._db.close)
            self._receipt = Note.find(path.with_suffix(SHIPPED))
            if self._receipt is not None:
                undoing.callback(self._receipt.close)
            self._losses = Note.find(path.with_suffix(LOST))
            undoing.pop_all()

    @classmethod
    def all_in(cls, folder: Path) -> list[Path]:
        """Return the spools of a folder, oldest first."""
        return sorted(folder.glob("*.spool"), key=lambda path: path.stat().st_ctime)

    def adopt(self) -> bool:
        """Become the owner if the owner is gone; say whether this reader owns the spool now."""
        if self._lock is None:
            lock = lock_file(self.path)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return False
            self._lock = lock
        return True

    @property
    def is_adopted(self) -> bool:
        """Whether this reader owns the spool."""
        return self._lock is not None

    def read(self, after: int, limit_instances: int) -> list[ServedRequest]:
        """Return the requests behind `after`, up to about `limit_instances` instances."""
        rows = list(self.rows(after, limit_instances))
        # Behind the rows: a change that came with one of them is surely seen.
        known = self.answering()
        return [as_request(self.path, row, known) for row in rows]

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
                # SQLite believes its pages; where some are missing it may be led astray.
                if not isinstance(row[0], int) or row[0] <= after:
                    raise SpoolCorrupt(self.path, f"request {row[0]} comes after {after}")
                after = row[0]
                yield row
                total += row[6]
                if total >= limit_instances:
                    return

    def row(self, seq: int) -> Row | None:
        """Return the request of one number as it is stored, None if there is none."""
        with _corruption(self.path):
            found: Row | None = self._db.execute(
                "SELECT * FROM request WHERE seq = ?", (seq,)
            ).fetchone()
        return found

    def last(self) -> int:
        """Return the number of the last request, 0 if there is none."""
        with _corruption(self.path):
            (number,) = self._db.execute("SELECT max(seq) FROM request").fetchone()
        return number or 0

    def acknowledge(self, up_to: int) -> None:
        """
        Let the requests up to and including `up_to` go, and move the log into the file.

        The owner clears them, and what it left behind goes with the file. An owner of an earlier
        version reads no receipt: its requests are deleted here.
        """
        if self._receipt is not None:
            self._receipt.write(up_to)
        with _corruption(self.path):
            if self._receipt is None:
                self._db.execute(CLEAR, (up_to,))
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def shipped(self) -> int:
        """Return up to which number the receipt says that all is in Postgres."""
        return 0 if self._receipt is None else self._receipt.read()

    def status(self) -> SpoolStatus:
        """Return what the owner last said."""
        with _corruption(self.path):
            query = "SELECT deployment_id, problem, lost FROM status"
            deployment_id, problem, lost = self._db.execute(query).fetchone()
            (number,) = self._db.execute("PRAGMA user_version").fetchone()
        return SpoolStatus(deployment_id, problem, max(lost, self.lost()), number >= OBEYS_CAPTURE)

    def lost(self) -> int:
        """Return how many instances the owner counted that it could not record."""
        return 0 if self._losses is None else self._losses.read()

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
        remove_files(self.path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        for note in (self._receipt, self._losses):
            if note is not None:
                note.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def set_aside(path: Path) -> Path:
    """
    Rename a spool that cannot be read, so that the next round does not meet it again.

    Raises OSError if it is still where it was. What stands beside it then goes as far as it can.
    """
    aside = path.with_suffix(f".corrupt-{int(time.time())}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    for suffix in (SHIPPED, LOST):
        with suppress(OSError):
            path.with_suffix(suffix).unlink()
    return aside


def as_request(path: Path, row: Row, known: Answering) -> ServedRequest:
    """Return a stored request as it was answered; raises SpoolCorrupt if its payload is damaged."""
    seq, request_id, client_id, served_at, name, version, _, payload = row
    try:
        instances, outputs, values, labels = orjson.loads(payload)
    except ValueError as error:
        raise SpoolCorrupt(path, f"request {seq}: {error}") from error
    return ServedRequest(
        seq, request_id, client_id, served_at, name, version, instances, outputs, values, labels,
        known.deployment_of(seq),
    )  # fmt: skip


def _size(path: Path) -> int:
    size = 0
    for file in (path, path.with_suffix(".spool-wal")):
        with suppress(FileNotFoundError):  # another agent may have removed it
            size += file.stat().st_size
    return size


@contextmanager
def _corruption(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if hasattr(error, "sqlite_errorcode"):
            raise  # busy, disk full: another try may go well
        # Python's own: a text is none.
        raise SpoolCorrupt(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise SpoolCorrupt(path, str(error)) from error
