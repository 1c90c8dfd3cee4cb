"""Brings the API keys of an endpoint to the api workers of this machine."""

import logging
import threading

from understudy.errors import KeysUnreadable, LogUnavailable
from understudy.keys import KeyBook
from understudy.log.database import Engine, log_errors
from understudy.log.keys import read_key_book
from understudy.serving import key_file
from understudy.settings import Settings

EVERY_S = 1.0

logger = logging.getLogger(__name__)


class KeyCarrier:
    """Keeps the key file of this machine equal to what Postgres says."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._carried = _read(settings)

    def run(self, stop: threading.Event) -> None:
        """
        Carry until told to stop; nothing that happens here ends it.

        On a thread of its own: a revocation must not wait for an artefact that is being fetched.
        """
        while not stop.is_set():
            try:
                self.carry()
            except LogUnavailable:
                pass  # the agent's other half says so
            except Exception:
                logger.exception("The API keys cannot be carried here; trying again.")
            stop.wait(EVERY_S)

    def carry(self) -> None:
        """Look once. Raises LogUnavailable."""
        with log_errors(), self._engine.begin() as connection:
            book = read_key_book(connection, self._settings.endpoint)
        is_gone = book.asks and not self._settings.key_file.exists()
        if book != self._carried or is_gone:
            key_file.write(self._settings.key_file, book)
            self._carried = book
            logger.info("API keys that are good now: %d", len(book.keys))


def _read(settings: Settings) -> KeyBook | None:
    try:
        return key_file.read(settings.key_file)
    except KeysUnreadable as error:
        logger.error("%s", error)
        return None
