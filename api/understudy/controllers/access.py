"""
Who may call: API keys, checked by Connexion's security for every operation that asks.

Programs send a key in a header. A browser, which can only ask for a name and a password, sends it
as the password (HTTP Basic), and that counts for the pages of the dashboard alone: they read and
change nothing, so another site that makes the browser send it along gains nothing.
"""

import base64
import binascii
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from connexion.exceptions import OAuthProblem, OAuthResponseProblem, ProblemException
from connexion.lifecycle import ConnexionRequest
from connexion.security import NO_VALUE
from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from understudy.controllers.key_ring import KeyRing
from understudy.keys import Key

Verify = Callable[[ConnexionRequest], Awaitable[Any]]
Read = Callable[[ConnexionRequest], str | None]


def checks(ring: KeyRing, workers: int) -> dict[str, Any]:
    """Return what checks the security schemes of the contract, by their kind."""
    door = Door(ring, workers)
    return {"apiKey": _Scheme(door, _in_header), "basic": _Scheme(door, _as_password)}


class Door:
    """
    Lets in whoever shows a good key that opens what is asked for, as often as the key allows.

    Each of the `workers` counts for itself, so that each gives out its part of a key's rate.
    """

    def __init__(self, ring: KeyRing, workers: int) -> None:
        self._ring = ring
        self._workers = workers
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def open(self, text: str, scopes: Sequence[str]) -> dict[str, object]:
        """Return who comes in. Raises what Connexion answers with 401, 403 or 429."""
        key = self._ring.find(text)
        if key is None:
            raise OAuthResponseProblem(detail="The API key is not valid.")
        missing = [scope for scope in scopes if scope not in key.scopes]
        if missing:
            raise ProblemException(
                status=403,
                title="Forbidden",
                detail=f"The API key {key.id} opens {', '.join(sorted(key.scopes))};"
                f" this asks for {', '.join(missing)}.",
            )
        if key.per_second is not None:
            await self._count(key, key.per_second)
        return {"sub": key.id, "name": key.name, "scope": sorted(key.scopes)}

    async def _count(self, key: Key, per_second: float) -> None:
        share = per_second / self._workers
        if not await self._limiter.hit(_Share(share), key.id):
            raise ProblemException(
                status=429,
                title="Too many requests",
                detail=f"The API key {key.id} is good for {per_second:g} requests a second.",
                headers={"retry-after": str(math.ceil(1 / share))},
            )


class _Share(RateLimitItemPerSecond):
    """
    What one worker gives out of a key's rate: whole requests, in a window of their exact length.

    The window is as near to a second as whole requests let it, or the time that one takes.
    """

    __slots__ = ("_seconds",)

    def __init__(self, per_second: float) -> None:
        super().__init__(max(1, round(per_second)))
        self._seconds = self.amount / per_second

    def get_expiry(self) -> float:  # type: ignore[override] # the library only reckons with it
        """Return the length of the window in seconds."""
        return self._seconds


class _Scheme:
    """One security scheme of the contract: where a key is read, and what it has to open."""

    def __init__(self, door: Door, read: Read) -> None:
        self._door = door
        self._read = read

    def __call__(self) -> "_Scheme":
        """Stand in for the class that Connexion would instantiate for each operation."""
        return self

    def get_fn(self, scheme: dict[str, Any], required_scopes: Sequence[str]) -> Verify:
        """Return the check of one operation."""
        # The contract can give scopes to a key in a header only; a browser reads.
        scopes = tuple(required_scopes) if scheme["type"] == "apiKey" else ("read",)

        async def verify(request: ConnexionRequest) -> Any:
            text = self._read(request)
            return NO_VALUE if text is None else await self._door.open(text, scopes)

        return verify


def _in_header(request: ConnexionRequest) -> str | None:
    """Read `X-API-Key`, or the same key as a bearer token; a password is for others to read."""
    sent = request.headers.get("X-API-Key")
    return sent or _bearer(request.headers.get("Authorization"))


def _as_password(request: ConnexionRequest) -> str | None:
    """Read the password of HTTP Basic, whatever the name."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, _, password = base64.b64decode(token.strip(), validate=True).partition(b":")
    except binascii.Error:
        raise OAuthProblem(detail="The Authorization header is not valid.") from None
    return password.decode(errors="surrogateescape")


def _bearer(header: str | None) -> str | None:
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "basic":
        return None  # or its 401 would go before what the check of the password says
    if scheme.lower() != "bearer" or not token.strip():
        raise OAuthProblem(detail="The Authorization header must be: Bearer KEY.")
    return token.strip()
