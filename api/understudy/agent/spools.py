"""The spools of one folder: which of them are open, and who comes next."""

import contextlib
import logging
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from understudy.agent.events import Observer, SpoolSetAside
from understudy.agent.salvage import SalvagingReader
from understudy.errors import SpoolCorrupt
from understudy.serving.spool_file import is_owned
from understudy.serving.spool_reader import SpoolBacklog, SpoolReader, set_aside

MOST_OPEN = 64
"""Each takes six open files, of which many systems give a process 1024 (docs/limits.md)."""
_ORPHANS_AT_LEAST = 4  # however many workers live

logger = logging.getLogger(__name__)


class Spools:
    """
    Finds the spools of a folder and holds the readers of those that have a place.

    Those of living workers always have one. Orphans have the places that are left, those first
    with which nothing was amiss, then the oldest; the others wait until these are shipped and
    removed. What cannot be opened or set aside is told once, and tried again with every round.
    """

    def __init__(self, folder: Path, observe: Observer) -> None:
        self._folder = folder
        self._observe = observe
        self._readers: dict[Path, SalvagingReader] = {}
        self._present: Sequence[Path] = ()
        self._waiting: dict[Path, SpoolBacklog] = {}
        self._failures: Counter[Path] = Counter()
        self._said: dict[Path, str] = {}
        self._corrupt: dict[Path, SpoolCorrupt] = {}

    def find(self) -> set[Path]:
        """Look into the folder, open and close what is to be, and return which spools are gone."""
        try:
            paths = SpoolReader.all_in(self._folder)
        except FileNotFoundError:  # another agent has removed one meanwhile
            return set()
        except OSError as error:
            self._complain(self._folder, error)
            return set()
        self._said.pop(self._folder, None)
        gone = set(self._present) - set(paths)
        for path in gone:
            self._forget(path)
        self._present = paths
        chosen = self._choose(paths)
        for path in self._readers.keys() - chosen:
            self.let_go(path)
        for path in paths:
            if path in chosen and path not in self._readers:
                self._open(path)
        return gone

    def in_turn(self) -> list[SalvagingReader]:
        """Return the open spools; those with which something was amiss come last."""
        return sorted(self._readers.values(), key=lambda reader: self._failures[reader.path])

    def succeed(self, path: Path) -> None:
        """Take note that nothing was amiss with a spool in its turn, unless it was let go of."""
        if path in self._readers:
            self._failures.pop(path, None)
            self._said.pop(path, None)

    def fail(self, path: Path) -> None:
        """Let the others go before a spool: something is amiss with it, or with Postgres."""
        self._failures[path] += 1

    def drop(self, path: Path, why: object) -> None:
        """Let go of a spool that cannot be used now, which the next round finds again."""
        self.fail(path)
        self._complain(path, why)
        self.let_go(path)

    def let_go(self, path: Path) -> None:
        """Close a spool."""
        if (reader := self._readers.pop(path, None)) is not None:
            reader.close()

    def set_aside(self, path: Path, error: SpoolCorrupt) -> None:
        """Rename a spool that cannot be read; if that is not possible, it is tried again."""
        self.let_go(path)
        try:
            aside = set_aside(path)
        except FileNotFoundError:
            return  # another agent was quicker
        except OSError as problem:
            self._corrupt[path] = error
            self.fail(path)
            self._complain(path, f"{error.reason}; it cannot be set aside: {problem.strerror}")
            return
        logger.error("%s It is now %s.", error, aside)
        self._observe(SpoolSetAside(aside, str(error)))

    def backlogs(self) -> list[SpoolBacklog]:
        """Return what waits in each spool that can be read; an orphan that waits is read once."""
        return [found for path in self._present if (found := self._backlog(path)) is not None]

    def close(self) -> None:
        """Let go of all spools."""
        for path in list(self._readers):
            self.let_go(path)

    def _backlog(self, path: Path) -> SpoolBacklog | None:
        # Damage and locks are the business of whoever ships it.
        with contextlib.suppress(SpoolCorrupt, sqlite3.Error, OSError, ValueError):
            if (reader := self._readers.get(path)) is not None:
                return reader.backlog() if reader.is_ready() else None
            if path not in self._waiting:
                with SalvagingReader(path) as passing:
                    if passing.is_ready():
                        self._waiting[path] = passing.backlog()
        return self._waiting.get(path)

    def _choose(self, paths: Sequence[Path]) -> set[Path]:
        """Return which spools have a place."""
        if len(paths) <= MOST_OPEN:
            return set(paths)
        orphans = [path for path in paths if self._is_orphan(path)]
        # Those under way keep their place: a spool gives room only when it is shipped to its end.
        orphans.sort(key=lambda path: (self._failures[path], path not in self._readers))
        living = len(paths) - len(orphans)
        return set(paths).difference(orphans[max(MOST_OPEN - living, _ORPHANS_AT_LEAST) :])

    def _is_orphan(self, path: Path) -> bool:
        reader = self._readers.get(path)
        return (reader is not None and reader.is_adopted) or not is_owned(path)

    def _open(self, path: Path) -> None:
        self._waiting.pop(path, None)
        if path in self._corrupt:  # what could be read of it is shipped
            self.set_aside(path, self._corrupt[path])
            return
        try:
            self._readers[path] = SalvagingReader(path)
        except SpoolCorrupt as error:
            self.set_aside(path, error)
        except (sqlite3.OperationalError, OSError, ValueError) as error:
            self.drop(path, error)

    def _forget(self, path: Path) -> None:
        self.let_go(path)
        self._failures.pop(path, None)
        self._said.pop(path, None)
        self._corrupt.pop(path, None)
        self._waiting.pop(path, None)

    def _complain(self, path: Path, why: object) -> None:
        """Say what is amiss, once: the next round comes in a tenth of a second."""
        if self._said.get(path) != str(why):
            self._said[path] = str(why)
            logger.warning("%s cannot be used now, and is tried again: %s", path, why)
