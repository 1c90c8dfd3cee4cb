"""The keys that open this service, as one worker knows them: no database stands behind a look."""

import hmac
import logging
import time
from pathlib import Path

from understudy.errors import KeysUnreadable
from understudy.hosts import is_loopback
from understudy.keys import SCOPES, Key, digest_of, id_in
from understudy.serving import key_file
from understudy.settings import Settings

_LOOK_EVERY_S = 0.5
_OWNER = "settings"

logger = logging.getLogger(__name__)


class KeyRing:
    """
    The keys of the file that the agent writes, and the one of the settings, which opens all.

    The file is looked at every half second at most, when somebody comes. One that cannot be read
    changes nothing: who was in stays in, and where nobody was known yet nobody gets in. Who asked
    once asks for as long as it runs, whatever becomes of the file, and beyond loopback always.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.key_file
        self._asks = settings.access == "keys" or not is_loopback(settings.host)
        self._owner = _owner_key(settings.api_key)
        self._look_at = 0.0
        self._seen: tuple[int, int] | None = None
        self._said = ""
        self._keys: dict[str, Key] = {}
        self._look()

    @property
    def is_open(self) -> bool:
        """Whether the service asks nobody for a key."""
        if time.monotonic() >= self._look_at:
            self._look()
        return not (self._asks or self._owner)

    def find(self, text: str) -> Key | None:
        """Return the key that somebody shows, if it is good now."""
        digest = digest_of(text)
        # Compared with something in any case: how long it takes tells nothing of what is known.
        found = self._keys.get(id_in(text) or "", self._owner or _NOBODY)
        is_it = hmac.compare_digest(found.digest, digest)
        is_over = found.expires_at is not None and time.time() >= found.expires_at
        return found if is_it and not is_over else None

    def _look(self) -> None:
        self._look_at = time.monotonic() + _LOOK_EVERY_S
        seen = _signature(self._path)
        if seen == self._seen:
            return
        try:
            book = key_file.read(self._path)
        except KeysUnreadable as error:
            self._asks = True
            self._complain(str(error))
            return  # it may be readable in a moment: it is looked at again
        self._asks = self._asks or book.asks
        self._keys = {key.id: key for key in book.keys}
        self._said = ""
        self._seen = seen

    def _complain(self, what: str) -> None:
        if what != self._said:  # once, not with every look
            logger.error("%s The keys that were known stay good.", what)
        self._said = what


def _owner_key(text: str | None) -> Key | None:
    if text is None:
        return None
    return Key(_OWNER, "UNDERSTUDY_API_KEY", digest_of(text), frozenset(SCOPES))


_NOBODY = Key("", "", "", frozenset())  # no text has this digest, not even none at all


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
