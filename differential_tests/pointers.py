"""Outputs by their place: a document as JSON pointers, and patterns over them."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate
from functools import lru_cache

Leaf = str | int | float | bool | None
Outputs = Mapping[str, Leaf]


def flatten(document: object, pointer: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield every leaf under its pointer; an empty list or object is the leaf `[]` or `{}`."""
    if isinstance(document, Mapping) and document:
        for name, value in document.items():
            yield from flatten(value, f"{pointer}/{_escape(str(name))}")
    elif isinstance(document, list) and document:
        for number, value in enumerate(document):
            yield from flatten(value, f"{pointer}/{number}")
    elif isinstance(document, Mapping | list):
        yield pointer, "{}" if isinstance(document, Mapping) else "[]"
    elif document is None or isinstance(document, str | int | float):
        yield pointer, document
    else:
        raise TypeError(f"{type(document).__name__} is nothing JSON knows")


def is_match(pattern: str, pointer: str) -> bool:
    """Say whether a pointer fits a pattern: `*` is one part of it, `**` any number of parts."""
    return _compiled(pattern).fullmatch(pointer) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = pattern.split("/")[1:]
    return re.compile("".join(map(_part, parts)))


def _part(part: str) -> str:
    if part == "**":
        return "(?:/[^/]*)*"
    # One part of a pointer holds no slash, so a star must not run over one.
    return "/" + translate(part).removesuffix(r"\Z").removesuffix(r"\z").replace(".*", "[^/]*")


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
