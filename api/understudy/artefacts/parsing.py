"""Reads JSON into frozen dataclasses and accepts nothing that the class does not declare."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from reprlib import Repr
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from understudy.errors import ArtefactInvalid

T = TypeVar("T")
# What people call a scalar; its Python name means something to programmers alone.
WORDS: Mapping[object, str] = {str: "text", bool: "true or false"}

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = 100
_SHORT.maxlist = _SHORT.maxdict = _SHORT.maxlevel = 3


def parse(kind: type[T], content: object, where: str = "manifest") -> T:
    """
    Build `kind` from decoded JSON.

    Raises ArtefactInvalid naming the place of the first value that is missing, unknown or of
    another type.
    """
    parsed: T = _parse(kind, content, where)
    return parsed


def shown(content: object) -> str:
    """Return what somebody wrote, for a message: short, and without unprintable signs."""
    return _SHORT.repr(content)


def _parse(kind: Any, content: object, where: str) -> Any:
    if is_dataclass(kind):
        return _parse_dataclass(kind, content, where)
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        return _parse_optional(kind, content, where)
    if origin is Literal:
        choices = ", ".join(map(str, get_args(kind)))
        return _expect(content in get_args(kind), content, where, f"one of {choices}")
    if origin is tuple:
        _expect(isinstance(content, list), content, where, "a list")
        item = get_args(kind)[0]
        return tuple(_parse(item, value, f"{where}[{i}]") for i, value in enumerate(_list(content)))
    if origin is dict:
        _expect(isinstance(content, dict), content, where, "an object")
        item = get_args(kind)[1]
        return {k: _parse(item, v, _within(where, k)) for k, v in _object(content).items()}
    return _parse_scalar(kind, content, where)


def _parse_dataclass(kind: Any, content: object, where: str) -> Any:
    _expect(isinstance(content, dict), content, where, "an object")
    given = _object(content)
    hints = get_type_hints(kind)
    known = {spec.name: spec for spec in fields(kind)}
    for name in given:
        _expect(name in known, name, where, f"one of {', '.join(known)}")
    for name, spec in known.items():
        optional = spec.default is not MISSING or spec.default_factory is not MISSING
        if name not in given and not optional:
            raise ArtefactInvalid(f"{where} lacks {name!r}.")
    return kind(**{k: _parse(hints[k], v, f"{where}.{k}") for k, v in given.items()})


def _parse_optional(kind: Any, content: object, where: str) -> Any:
    if content is None:
        return None
    (inner,) = (option for option in get_args(kind) if option is not type(None))
    return _parse(inner, content, where)


def _parse_scalar(kind: Any, content: object, where: str) -> Any:
    if kind is float:
        _expect(_is_number(content), content, where, "a number")
        return _float(cast(float, content), where)
    if kind is int:
        return _expect(_is_number(content) and type(content) is int, content, where, "an integer")
    wanted = WORDS.get(kind, f"a {kind.__name__}")
    return _expect(isinstance(content, kind), content, where, wanted)


def _float(content: float, where: str) -> float:
    try:
        return float(content)
    except OverflowError:
        raise ArtefactInvalid(f"{where} has {shown(content)}, too large a number.") from None


def _within(where: str, key: str) -> str:
    is_plain = key.isascii() and key.isprintable() and len(key) <= _SHORT.maxstring
    return f"{where}.{key}" if is_plain else f"{where}.{shown(key)}"


def _is_number(content: object) -> bool:
    return isinstance(content, int | float) and not isinstance(content, bool)


def _expect(holds: bool, content: object, where: str, wanted: str) -> object:
    if not holds:
        raise ArtefactInvalid(f"{where} has {shown(content)}, which is not {wanted}.")
    return content


def _list(content: object) -> Sequence[object]:
    return content if isinstance(content, list) else []


def _object(content: object) -> Mapping[str, object]:
    return content if isinstance(content, dict) else {}
