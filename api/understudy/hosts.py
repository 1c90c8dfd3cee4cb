"""Names and addresses: which of them lead to this machine, and cannot be made to lead elsewhere."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

_AT_HAND = 64


def is_loopback(host: str) -> bool:
    """Say whether an address is reachable from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@lru_cache(_AT_HAND)
def names_nobody_else(host: bytes) -> bool:
    """
    Say whether a `Host` header is an address, or the one name that nobody can point elsewhere.

    Any other name may be that of a site whose owner has pointed it at this machine, so that a
    browser takes the two for one (DNS rebinding).
    """
    try:
        name = urlsplit(f"//{host.decode('latin-1')}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False
