"""Brings the API keys of an endpoint to the api workers of this machine."""

import logging
import time

from understudy.errors import KeysUnreadable
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
        self._look_at = 0.0
        self._carried = _read(settings)

    def carry(self) -> None:
        """Look, unless that was done within the last second. Raises LogUnavailable."""
        if time.monotonic() < self._look_at:
            return
        with log_errors(), self._engine.begin() as connection:
            book = read_key_book(connection, self._settings.endpoint)
        if book != self._carried:
            key_file.write(self._settings.key_file, book)
            self._carried = book
            logger.info("API keys that are good now: %d", len(book.keys))
        self._look_at = time.monotonic() + EVERY_S


def _read(settings: Settings) -> KeyBook | None:
    try:
        return key_file.read(settings.key_file)
    except KeysUnreadable as error:
        logger.error("%s", error)
        return None
