"""Who may call: the API key, checked by Connexion's security for every operation that asks."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from connexion.exceptions import OAuthProblem, OAuthResponseProblem
from connexion.lifecycle import ConnexionRequest
from connexion.security import NO_VALUE

Verify = Callable[[ConnexionRequest], Awaitable[Any]]


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
        if not hmac.compare_digest(sent.encode(), self._key):
            raise OAuthResponseProblem(detail="The API key is not valid.")
        return {"sub": "service"}


def _bearer(header: str | None) -> str | None:
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise OAuthProblem(detail="The Authorization header must be: Bearer KEY.")
    return token.strip()
