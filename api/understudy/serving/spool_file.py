"""The file of a spool and what stands beside it: made, opened, and removed."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from understudy.file_locks import is_locked
from understudy.serving import answering
from understudy.serving.notes import LOST, SHIPPED
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

CLEAR = "DELETE FROM request WHERE seq <= ?"
BUSY_S = 5.0


def make_tables(db: sqlite3.Connection, durability: Durability, max_bytes: int) -> int:
    """Make the tables of a new spool, and return the size of its pages."""
    synchronous = "FULL" if durability == "power" else "NORMAL"
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    (page_bytes,) = db.execute("PRAGMA page_size").fetchone()
    db.execute(f"PRAGMA max_page_count = {max(1, max_bytes // page_bytes)}")
    db.executescript(
        f"BEGIN;{_SCHEMA}{answering.TABLE}PRAGMA user_version = {OBEYS_CAPTURE};COMMIT;"
    )
    return int(page_bytes)


def remove_files(path: Path) -> None:
    """Delete a spool with all that stands beside it."""
    for suffix in (".spool", ".spool-wal", ".spool-shm", SHIPPED, LOST, ".lock"):
        path.with_suffix(suffix).unlink(missing_ok=True)


def move_log(path: Path) -> None:
    """Move what is in the log of changes into the file, beside appends; raises sqlite3.Error."""
    with closing(connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def connect(path: Path, *, is_salvage: bool = False) -> sqlite3.Connection:
    """
    Open a spool; raises sqlite3.Error if it is no database.

    For salvage a file that was cut short is one, too, as far as it goes.
    """
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
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


def is_owned(path: Path) -> bool:
    """Say whether anybody holds the lock of a spool: its worker, or an agent that adopted it."""
    return is_locked(path.with_suffix(".lock"))


def logs_in(folder: Path) -> int:
    """Return how many bytes SQLite's logs of all the spools of a folder have."""
    total = 0
    for log in folder.glob("*.spool-wal"):
        with suppress(FileNotFoundError):
            total += log.stat().st_size
    return total
