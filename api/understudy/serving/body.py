"""Strict JSON: what a request body may hold, and where exactly it breaks the rules."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import jiter
import orjson

from understudy.errors import BodyMalformed, InstancesInvalid, Violation

LARGEST_EXACT_INTEGER = 2**53
"""Integers beyond it do not fit a double, so a model would see another number than was sent."""

LONGEST_FIELD = 200
"""Signs of the name of a field that a refusal repeats."""

MOST_VIOLATIONS = 20
"""More places than this are not named: a refusal must not be larger than its request."""

# Whatever may hide something that a parser lets through: long digit runs, large exponents, and the
# escaped NUL that Postgres refuses. False hits only cost a walk through the parsed body. With every
# digit alike these are plain texts to look for, in a twentieth of the time of an expression.
_ALIKE = bytes.maketrans(b"123456789E", b"000000000e")
_LONG_DIGITS, _EXPONENT, _SIGNED_EXPONENT = b"0" * 16, b"e000", b"e+000"
_ESCAPED_NUL = b"\\u0000"

Path = tuple[str | int, ...]


def parse_body(body: bytes) -> Any:
    """
    Parse a JSON body, strictly.

    Refuses repeated keys, NaN, Infinity, numbers too large for a double, integers beyond ±2^53 and
    strings with NUL: InstancesInvalid names the place of each. Anything that is no JSON, is no
    UTF-8 or is nested deeper than 200 levels raises BodyMalformed.
    """
    if is_suspicious(body):
        parsed = _parse_strictly(body)
        _refuse_all(parsed)
        return parsed
    parsed = _parse_flat(body)
    return _parse_strictly(body) if parsed is None else parsed


def _parse_flat(body: bytes) -> Any:
    """
    Parse one list of flat objects without a repeated key; anything else is None.

    orjson takes half the time, but forgives repeated keys. Every key has its colon: where there are
    no more colons than keys in what was parsed, no key came twice. A colon or a bracket inside a
    text only makes the count too high.
    """
    try:
        parsed = orjson.loads(body)
        (items,) = parsed.values()
        keys = 1 + sum(map(len, items))
    except (ValueError, TypeError, AttributeError):
        return None
    is_flat = body.find(b"[") == body.rfind(b"[") and body.count(b"{") == 1 + len(items)
    return (
        parsed if is_flat and body.count(b":") == keys and {*map(type, items)} == {dict} else None
    )


def _parse_strictly(body: bytes) -> Any:
    try:
        return jiter.from_json(body, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        raise _explain(body, error) from None


def is_suspicious(body: bytes) -> bool:
    """Tell whether something in a body may be more than a double holds, or NUL."""
    alike = body.translate(_ALIKE)
    return (
        _LONG_DIGITS in alike
        or _EXPONENT in alike
        # A single byte is looked for thirty times as fast, and most bodies have neither.
        or (b"+" in alike and _SIGNED_EXPONENT in alike)
        or (b"\\" in body and _ESCAPED_NUL in body)
    )


def _explain(body: bytes, error: ValueError) -> BodyMalformed | InstancesInvalid:
    """Find out whether a refused body is no JSON at all, or JSON with forbidden values."""
    try:
        parsed = json.loads(body, object_pairs_hook=_Object)
        _refuse_all(parsed)
    except InstancesInvalid as named:
        return named
    except (ValueError, RecursionError):
        pass
    if not body.strip():
        return BodyMalformed("The body is empty, but JSON is needed.")
    return BodyMalformed(f"The body is not JSON: {error}.")


class _Object(dict[str, object]):
    """A JSON object that remembers which of its keys came more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.repeated = sorted(name for name, count in counts.items() if count > 1)


def _refuse_all(parsed: object) -> None:
    forbidden = islice(_forbidden(parsed, ()), MOST_VIOLATIONS)
    violations = [violation_at(path, message) for path, message in forbidden]
    if violations:
        raise InstancesInvalid(violations)


def violation_at(path: Path, message: str) -> Violation:
    """Say which instance and field a place in the body belongs to."""
    match path:
        case ("instances", int(instance), *rest):
            return Violation(instance, _field(rest), message)
        case (str(key), int(number), *rest):
            return Violation(None, _field((f"{key}[{number}]", *rest)), message)
        case _:
            return Violation(None, _field(path), message)


def _field(path: Sequence[str | int]) -> str | None:
    """Write a place in a body, of which a client may have made a long one."""
    return ".".join(map(str, path))[:LONGEST_FIELD] or None


def _forbidden(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    match value:
        case dict():
            for name in getattr(value, "repeated", ()):
                yield (*path, name), "the key comes more than once"
            yield from _forbidden_within(value.items(), path)
        case list():
            yield from _forbidden_within(enumerate(value), path)
        case float() if not math.isfinite(value):
            yield path, "NaN, Infinity and numbers too large for a double are not allowed"
        case int() if abs(value) > LARGEST_EXACT_INTEGER:
            yield path, f"the integer {_shortened(value)} is too large: the limit is ±2^53"
        case str() if "\0" in value:
            yield path, "a text must not contain the character NUL"


def _forbidden_within(
    entries: Iterable[tuple[str | int, object]], path: Path
) -> Iterator[tuple[Path, str]]:
    for place, inner in entries:
        yield from _forbidden(inner, (*path, place))


def _shortened(value: int) -> str:
    return str(value) if value.bit_length() < 140 else f"of {value.bit_length()} bits"
