"""
What other sites make a browser send: nothing of it may change anything here, or read it.

A page anywhere may post a form to an address of its visitor's network, and the browser adds what it
keeps for that address. No key is ever taken from there for what changes something; but an api that
asks nobody would do it. So a browser has to say that the request comes from a page of this service:
the rules are those of Go's `http.CrossOriginProtection`, which programs never meet.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from understudy.controllers.key_ring import KeyRing
from understudy.errors import AddressedByAnotherName, SentByAnotherSite
from understudy.hosts import names_nobody_else

ASKS_NOBODY = "understudy.asks_nobody"
"""Key of the ASGI scope: whether the service asks nobody for a key, at the time of this request."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SAID_BY_BROWSERS = frozenset({b"host", b"origin", b"sec-fetch-site"})


class OwnSite:
    """Lets nothing pass that a browser sends here for somebody else; `ring` says who is asked."""

    def __init__(self, app: ASGIApp, *, ring: KeyRing) -> None:
        self._app = app
        self._ring = ring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or raise."""
        if scope["type"] == "http":
            scope[ASKS_NOBODY] = is_open = self._ring.is_open
            _refuse_other_sites(scope, is_open=is_open)
        await self._app(scope, receive, send)


def _refuse_other_sites(scope: Scope, *, is_open: bool) -> None:
    """
    Raise SentByAnotherSite for a request that a browser sends here for somebody else.

    `is_open` is whether the service asks nobody for a key. Then it answers under the names of this
    machine only, and raises AddressedByAnotherName under any other.
    """
    is_safe = scope["method"] in _SAFE
    if is_safe and not is_open:
        return
    said = {name: value for name, value in scope["headers"] if name in _SAID_BY_BROWSERS}
    host = said.pop(b"host", b"")
    if is_open and host and not names_nobody_else(host):
        raise AddressedByAnotherName(host)
    if is_safe or not said:
        return
    site, origin = said.get(b"sec-fetch-site"), said.get(b"origin", b"")
    if site is None and not _is_of(origin, host):
        raise SentByAnotherSite("Origin", origin)
    if site not in (None, b"same-origin", b"none"):
        raise SentByAnotherSite("Sec-Fetch-Site", site)


def _is_of(origin: bytes, host: bytes) -> bool:
    """Compare hosts and ports; whether it was https is not known behind a proxy."""
    _, separator, rest = origin.lower().partition(b"://")
    return bool(separator) and rest == host.lower()
