"""
Who may call: the API key, checked by Connexion's security for every operation that asks.

Programs send it in a header. A browser, which can only ask for a name and a password, sends it as
the password (HTTP Basic), and that counts for the pages of the dashboard alone: they read and
change nothing, so another site that makes the browser send it along gains nothing.
"""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from connexion.exceptions import OAuthProblem, OAuthResponseProblem
from connexion.lifecycle import ConnexionRequest
from connexion.security import NO_VALUE

Verify = Callable[[ConnexionRequest], Awaitable[Any]]


def checks(key: str) -> dict[str, Any]:
    """Return what checks the security schemes of the contract, by their kind."""
    return {"apiKey": KeyCheck(key), "basic": PasswordCheck(key)}


class KeyCheck:
    """Checks `X-API-Key`, or the same key as a bearer token, in constant time."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def __call__(self) -> "KeyCheck":
        """Stand in for the class that Connexion would instantiate for each operation."""
        return self

    def get_fn(self, _scheme: dict[str, Any], _required_scopes: Sequence[str]) -> Verify:
        """Return the check of one operation; the one key there is has every scope."""
        return self._verify

    async def _verify(self, request: ConnexionRequest) -> Any:
        sent = request.headers.get("X-API-Key") or _bearer(request.headers.get("Authorization"))
        if sent is None:
            return NO_VALUE
        return _compared(sent.encode(), self._key)


class PasswordCheck:
    """Checks the key as the password of HTTP Basic, whatever the name, in constant time."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def __call__(self) -> "PasswordCheck":
        """Stand in for the class that Connexion would instantiate for each operation."""
        return self

    def get_fn(self, _scheme: dict[str, Any], _required_scopes: Sequence[str]) -> Verify:
        """Return the check of one operation."""
        return self._verify

    async def _verify(self, request: ConnexionRequest) -> Any:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return NO_VALUE
        try:
            _, _, password = base64.b64decode(token.strip(), validate=True).partition(b":")
        except binascii.Error:
            raise OAuthProblem(detail="The Authorization header is not valid.") from None
        return _compared(password, self._key)


def _compared(sent: bytes, key: bytes) -> Any:
    if not hmac.compare_digest(sent, key):
        raise OAuthResponseProblem(detail="The API key is not valid.")
    return {"sub": "service"}


def _bearer(header: str | None) -> str | None:
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise OAuthProblem(detail="The Authorization header must be: Bearer KEY.")
    return token.strip()
