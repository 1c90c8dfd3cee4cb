"""Logs that processes write to for as long as they run, kept from growing for ever."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

_TRY_AGAIN_S = 60.0


class Rotation:
    """
    Keeps a log near a length, and what it held before as `NAME.log.1`, also while it is written.

    It is copied and emptied in place: whoever writes has it open for appending and goes on at its
    new end. A line that is written between the two is lost. A failure, as on a full disk, leaves
    the log as it is, and is tried again after a minute.
    """

    def __init__(
        self, log: Path, longest: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._longest = longest
        self._clock = clock
        self._again_at: float | None = None

    def tend(self) -> bool:
        """Look at the length, which costs next to nothing, and say whether the log was emptied."""
        if self._again_at is not None and self._clock() < self._again_at:
            return False
        try:
            if self._log.stat().st_size <= self._longest:
                return False
            self._put_aside()
        except FileNotFoundError:
            return False
        except OSError:
            self._again_at = self._clock() + _TRY_AGAIN_S
            return False
        return True

    def _put_aside(self) -> None:
        older = self._log.with_suffix(".log.1")
        try:
            shutil.copyfile(self._log, older)
        except OSError:
            older.unlink(missing_ok=True)  # half of a copy only takes room
            raise
        os.truncate(self._log, 0)
