"""API keys: how they look, what is kept of them, and what they open."""

import hashlib
import secrets
import string
from dataclasses import dataclass
from typing import NamedTuple

SCOPES = ("predict", "outcomes", "read", "deploy")
"""What a key may open; the contract says which operation asks for which."""

_MARK = "us"
_SIGNS = string.ascii_lowercase + string.digits
_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Key:
    """
    What is known of an API key; never the key itself.

    `digest` is the SHA-256 of the whole key: it has 256 random bits, so that nothing slower is
    needed. `per_second` is how many requests a second it is good for, None for any number;
    `expires_at` is in seconds since 1970.
    """

    id: str
    name: str
    digest: str
    scopes: frozenset[str]
    per_second: float | None = None
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class KeyBook:
    """
    The keys that open an endpoint now.

    `asks` is whether a key is asked for at all: from the first key on, also when every one of them
    is revoked.
    """

    asks: bool = False
    keys: tuple[Key, ...] = ()


class Minted(NamedTuple):
    """A new key, whose text is shown to its owner once and kept nowhere."""

    id: str
    text: str
    digest: str


def mint() -> Minted:
    """Make a key that nobody can guess, such as `us_4f0q9z1k_` and 43 signs more."""
    key_id = "".join(secrets.choice(_SIGNS) for _ in range(_ID_LENGTH))
    text = f"{_MARK}_{key_id}_{secrets.token_urlsafe(32)}"
    return Minted(key_id, text, digest_of(text))


def digest_of(text: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def id_in(text: str) -> str | None:
    """Return the id that a key's text begins with; None for what has not the form of a key."""
    mark, _, rest = text.partition("_")
    key_id, separator, _ = rest.partition("_")
    return key_id if mark == _MARK and separator and len(key_id) == _ID_LENGTH else None
