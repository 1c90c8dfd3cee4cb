"""What a worker has while no spool can be made, as on a full disk: nothing is recorded."""

import errno
import logging
import sqlite3
from collections.abc import Sequence

from understudy.records import ServedRequest
from understudy.serving.spool import SpoolWriter
from understudy.settings import Settings

_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EIO}

logger = logging.getLogger(__name__)


class NoSpool:
    """
    Takes the place of a spool until there is one.

    Whether what comes meanwhile is answered or refused is the spool policy's to say, as with a
    spool that cannot be written.
    """

    is_good = False
    """So that it is replaced as soon as that is possible."""
    vanished = 0
    """Nothing is recorded here that could be taken away."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem
        self._lost = 0

    @property
    def untold_lost(self) -> int:
        """How many instances were answered without a record."""
        return self._lost

    def append(self, requests: Sequence[ServedRequest]) -> None:
        """Raise OSError: nothing can be recorded."""
        raise OSError(f"there is no spool to record it in: {self.problem}")

    def count_lost(self, instances: int) -> None:
        """Remember instances for the spool that will come."""
        self._lost += instances

    def say(self, deployment_id: int | None, problem: str | None) -> None:
        """Tell nobody: the next spool is told."""

    def tidy(self) -> None:
        """There is nothing to tidy."""

    def close(self) -> None:
        """Say how many were lost of which nobody was told."""
        if self._lost:
            logger.error("%d instances were answered without a record, and no spool could be made"
                         " to tell the agent.", self._lost)  # fmt: skip


def open_spool(settings: Settings) -> SpoolWriter | NoSpool:
    """
    Make a worker's spool; where the disk has no room for it, return what stands in for it.

    Raises OSError where no spool could ever be made, as in a folder that is not to be written.
    """
    try:
        return SpoolWriter(settings.spool_dir, settings.durability, settings.max_spool_bytes)
    except sqlite3.Error as error:
        return NoSpool(error)
    except OSError as error:
        if error.errno not in _PASSING:
            raise
        return NoSpool(error)
