"""
What other sites make a browser send: nothing of it may change anything here.

A page anywhere may post a form to an address of its visitor's network, and the browser adds what it
keeps for that address. No key is ever taken from there for what changes something; but an api that
asks nobody would do it. So a browser has to say that the request comes from a page of this service:
the rules are those of Go's `http.CrossOriginProtection`, which programs never meet.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from understudy.errors import SentByAnotherSite

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SAID_BY_BROWSERS = frozenset({b"host", b"origin", b"sec-fetch-site"})


def refuse_other_sites(scope: Scope, *, is_open: bool) -> None:
    """
    Raise SentByAnotherSite for a request that a browser sends here for somebody else.

    `is_open` is whether the service asks nobody for a key. Then it may be reached in a browser by
    the names of this machine only: any other name may be that of a site whose owner has pointed it
    here, so that the browser takes the two for one.
    """
    if scope["method"] in _SAFE:
        return
    said = {name: value for name, value in scope["headers"] if name in _SAID_BY_BROWSERS}
    host = said.pop(b"host", b"")
    if not said:
        return
    if is_open and not _is_this_machine(host):
        raise SentByAnotherSite("Host", host)
    site, origin = said.get(b"sec-fetch-site"), said.get(b"origin", b"")
    if site is None and not _is_of(origin, host):
        raise SentByAnotherSite("Origin", origin)
    if site not in (None, b"same-origin", b"none"):
        raise SentByAnotherSite("Sec-Fetch-Site", site)


def _is_of(origin: bytes, host: bytes) -> bool:
    """Compare hosts and ports; whether it was https is not known behind a proxy."""
    _, separator, rest = origin.lower().partition(b"://")
    return bool(separator) and rest == host.lower()


def _is_this_machine(host: bytes) -> bool:
    """Say whether a host is an address, or the one name that nobody can point elsewhere."""
    try:
        name = urlsplit(f"//{host.decode('latin-1')}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False
