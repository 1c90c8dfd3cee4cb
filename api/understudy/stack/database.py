"""The database of a stack: the one that was named, or a Postgres that lives with the stack."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from understudy.errors import EmbeddedPostgresFailed, EmbeddedPostgresKilled, LogUnavailable
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.migrate import wait_for_database
from understudy.settings import Settings

_PAUSE_S = 5.0
_ATTEMPTS = 3
_RECOVERY_S = 60.0
_POLL_S = 0.5


class NamedDatabase:
    """Somebody else's database: it is used, and not looked after."""

    def __init__(self, url: str) -> None:
        self.url = url

    def use(self, work: Callable[[str], None]) -> None:
        """Do something with it, given its URL; raises LogUnavailable."""
        work(self.url)

    def tend(self, meanwhile: Callable[[], None]) -> None:
        """Leave it to its owner."""


class OwnDatabase:
    """
    An embedded Postgres that is started again when it ends, whoever ended it.

    Its start can take minutes. `meanwhile` is called while it waits and may end the waiting by
    raising something, which is passed on.
    """

    def __init__(
        self, postgres: EmbeddedPostgres, say: Callable[[str], None], meanwhile: Callable[[], None]
    ) -> None:
        self._postgres = postgres
        self._say = say
        self._meanwhile = meanwhile
        self._next_start = 0.0

    @property
    def url(self) -> str:
        """Where it is reached."""
        return self._postgres.url

    def start(self) -> None:
        """Start it; raises EmbeddedPostgresFailed, for being killed only if that goes on."""
        for _ in range(_ATTEMPTS - 1):
            try:
                self._postgres.start(self._meanwhile)
            except EmbeddedPostgresKilled as error:
                self._say(f"{error}\nStarting it again.")
            else:
                return
        self._postgres.start(self._meanwhile)

    def use(self, work: Callable[[str], None]) -> None:
        """
        Do something with it that may be done twice, given its URL.

        Raises LogUnavailable if it ends again and again.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                work(self.url)
            except LogUnavailable as error:
                self._say(f"The embedded Postgres was lost meanwhile: {error}\nTrying again.")
            else:
                return
            self._wait_for_return()
        work(self.url)

    def _wait_for_return(self) -> None:
        """Wait until it answers; one that ends says so a moment after it has stopped to listen."""
        deadline = time.monotonic() + _RECOVERY_S
        while True:
            if not self._postgres.is_running:
                self._postgres.stop()
                self.start()
            try:
                return wait_for_database(self.url, _POLL_S)
            except LogUnavailable:
                if time.monotonic() >= deadline:
                    raise

    def tend(self, meanwhile: Callable[[], None]) -> None:
        """
        Start it again if it has ended, and not at once if that was tried a moment ago.

        What it needs while it runs is done, too.
        """
        self._postgres.tend()
        if self._postgres.is_running or time.monotonic() < self._next_start:
            return
        self._next_start = time.monotonic() + _PAUSE_S
        log = self._postgres.log_file
        self._say(f"The embedded Postgres ended; starting it again (log: {log}).")
        self._postgres.stop()
        try:
            self._postgres.start(meanwhile)
        except EmbeddedPostgresFailed as error:
            self._say(str(error))  # predictions go on meanwhile


@contextmanager
def database(
    settings: Settings, say: Callable[[str], None], meanwhile: Callable[[], None]
) -> Iterator[NamedDatabase | OwnDatabase]:
    """Give a stack its database for as long as the block lasts; `meanwhile` is for its start."""
    if settings.database_url is not None:
        yield NamedDatabase(settings.database_url)
        return
    say("Starting the embedded Postgres …")
    postgres = EmbeddedPostgres(settings.data_dir)
    try:
        found = OwnDatabase(postgres, say, meanwhile)
        found.start()
        yield found
    finally:
        postgres.stop()
