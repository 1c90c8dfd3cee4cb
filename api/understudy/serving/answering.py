"""
Which deployment answered which request of a spool.

Written down once per change instead of with every request: it costs a comparison, an agent of an
earlier version reads the requests as ever, and a spool of an earlier version, which lacks the
table, is one where nobody knows.
"""

import logging
import sqlite3
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.records import ServedRequest

TABLE = "CREATE TABLE answering (first_seq INTEGER PRIMARY KEY, deployment_id INTEGER);"
INSERT = "INSERT INTO answering VALUES (?, ?)"

Change = tuple[int, int | None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answering:
    """`deployments[n]` answered from the request `first_seqs[n]` on, until the next one did."""

    first_seqs: tuple[int, ...] = ()
    deployments: tuple[int | None, ...] = ()

    def deployment_of(self, seq: int) -> int | None:
        """Return the deployment that answered a request, None if that is not known."""
        place = bisect_right(self.first_seqs, seq) - 1
        return None if place < 0 else self.deployments[place]


def changes_in(
    requests: Sequence[ServedRequest], first_seq: int, answering: int | None
) -> list[Change]:
    """Return from which number on another deployment answers than `answering` did before."""
    changes: list[Change] = []
    for seq, request in enumerate(requests, start=first_seq):
        if request.deployment_id != answering:
            answering = request.deployment_id
            changes.append((seq, answering))
    return changes


def read_answering(db: sqlite3.Connection) -> Answering:
    """Return what a spool says; damage here costs the knowledge, never the requests."""
    try:
        known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'answering'").fetchone()
        if known is None:
            return Answering()
        changes = db.execute("SELECT * FROM answering ORDER BY first_seq").fetchall()
    except sqlite3.OperationalError:
        raise  # busy: another try may go well
    except sqlite3.DatabaseError as error:
        logger.warning("A spool does not say which deployments answered: %s", error)
        return Answering()
    return Answering(tuple(seq for seq, _ in changes), tuple(found for _, found in changes))
