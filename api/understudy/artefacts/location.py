"""The URL of an artefact store: what may stand in it, and the file system it leads to."""

import inspect
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import fsspec
from fsspec.core import split_protocol

from understudy.errors import ExtraMissing, StoreInvalid, StoreUnavailable

OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "oci"})
"""Protocols with buckets and keys: what is written appears whole, and folders need no making."""

_LOCAL = ("file", "local")
_EXTRAS = {"s3": ("s3fs", "s3"), "s3a": ("s3fs", "s3")}
_SECRET = re.compile(r"key|secret|token|pass|credential|user|sas|connection_string", re.IGNORECASE)
_WORDS = {"true": True, "false": False}


def open_location(url: str) -> tuple[Any, str]:
    """
    Return the fsspec file system of a URL, and the path in it where the store begins.

    What follows a `?` are options of the file system, such as
    `s3://bucket/models?endpoint_url=http://127.0.0.1:9000`. Credentials are none of them: they
    come from the environment, as the file system's own client reads them, so that a URL can be
    shown to anybody. Raises StoreInvalid, ExtraMissing where a library is not installed, and
    StoreUnavailable.
    """
    protocol, place, options = _take_apart(url)
    shown = shown_url(url)
    kind = _kind_of(protocol, shown)
    _check_options(kind, options, shown)
    try:
        files, root = fsspec.url_to_fs(place, **options)
    except Exception as error:
        raise StoreUnavailable(shown, f"{type(error).__name__}: {error}") from error
    root = str(root).rstrip("/")
    if protocol in OBJECT_STORES and not root.strip("/"):
        raise StoreInvalid(shown, f"it names no bucket, such as {protocol}://bucket/models")
    return files, root


def shown_url(url: str) -> str:
    """Return a URL without what could be a secret: a user's password, and all options."""
    protocol, rest = split_protocol(url)
    if protocol is None or protocol in _LOCAL:
        return url
    place = rest.partition("?")[0]
    return f"{protocol}://{place.rpartition('@')[2]}"


def _take_apart(url: str) -> tuple[str, str, dict[str, object]]:
    """Return the protocol, the URL without its options, and the options."""
    protocol = split_protocol(url)[0] or "file"
    if protocol in _LOCAL:
        return protocol, url, {}  # a question mark in a folder's name is one
    if "::" in url:
        raise StoreInvalid(shown_url(url), "a store is one place, not a chain of them")
    if urlsplit(url).password is not None:
        raise StoreInvalid(shown_url(url), f"it holds a password; {_INSTEAD}")
    place, _, query = url.partition("?")
    return protocol, place, {name: _typed(value) for name, value in parse_qsl(query)}


def _kind_of(protocol: str, shown: str) -> type:
    try:
        kind: type = fsspec.get_filesystem_class(protocol)
    except ValueError as error:
        raise StoreInvalid(shown, f"nothing is known of the protocol {protocol!r}") from error
    except ImportError as error:
        if protocol not in _EXTRAS:
            raise StoreInvalid(shown, str(error)) from error
        library, extra = _EXTRAS[protocol]
        raise ExtraMissing(f"The artefact store {shown}", [library], extra) from error
    return kind


def _check_options(kind: type, options: dict[str, object], shown: str) -> None:
    known = set(inspect.signature(kind.__init__).parameters) - {"self", "args", "kwargs"}  # type: ignore[misc] # of a class
    for name in options:
        if _SECRET.search(name):
            raise StoreInvalid(shown, f"its option {name!r} looks like a secret; {_INSTEAD}")
        if name not in known:
            public = ", ".join(sorted(name for name in known if not _SECRET.search(name)))
            raise StoreInvalid(shown, f"it has no option {name!r}; known are {public or 'none'}")


def _typed(text: str) -> object:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if text.isdecimal() else text


_INSTEAD = (
    "set it in the environment, as the client of this kind of store reads it"
    " (AWS_ACCESS_KEY_ID, …, or FSSPEC_<PROTOCOL>_<OPTION>)"
)
