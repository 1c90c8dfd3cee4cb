"""
The parser and the validator of requests against a slow reference that is made of other libraries.

The reference reads with the standard library, looks for what is forbidden value by value, and
validates with jsonschema. On any bytes, and on good bodies with a few changes, the two agree on
whether a body is accepted, and on what was read.
"""

import json
import math
import random
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.errors import RequestError
from understudy.serving.body import parse_body
from understudy.serving.validation import RequestValidator

FUZZ = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
MOST = 4
ITEM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["area", "zone"],
    "properties": {
        "area": {"type": "number"},
        "rooms": {"type": ["integer", "null"]},
        "zone": {"type": "string", "enum": ["North", "South", "Öst", "e5"]},
        "agent": {"type": ["string", "null"]},
        "garage": {"type": "boolean"},
    },
}
VALIDATOR = RequestValidator(ITEM, MOST)
REFERENCE = jsonschema.Draft202012Validator(
    {
        "type": "object", "required": ["instances"], "additionalProperties": False,
        "properties": {
            "instances": {"type": "array", "minItems": 1, "maxItems": MOST, "items": ITEM}
        },
    }
)  # fmt: skip
PIECES = [
    b"NaN", b"-Infinity", b"1e400", b"1e-400", b"-0", b"-0.0", b"01", b"1.", b".5", b"+1", b"1E5",
    b"9007199254740992", b"9007199254740993", b"-9007199254740993", b"123456789012345678901234",
    b"1e999999999", b"0.1e309", b"1" + b"0" * 400, b"0." + b"1" * 400, b"1" * 5000, b"null",
    b'"\\u0000"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b'"\x00"', b'"\x1f"',
    b'"\x7f"', b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\\x"', b'"\\u12"', b"'a'", b"[]",
    b"{}", b"[" * 150, b"[" * 300 + b"]" * 300, b'{"a":' * 250, b"/**/", b"\xef\xbb\xbf", b"\r\n",
    b"\x0b", b"\xc2\xa0", b",", b":", b"}", b"]", b'"', b"\\", b'"area":1,', b'"area":1,"area":1,',
    b'"instances":[],', b"true", b"True", b"\0",
]  # fmt: skip
NUMBERS = [piece for piece in PIECES if re.fullmatch(rb"[-+.\deE]+|NaN|-Infinity", piece)]
TEXTS = [piece for piece in PIECES if piece.startswith(b'"') and piece.endswith(b'"')]
NUMBER = re.compile(rb":\s*(-?\d[\d.e+-]*)")
TEXT = re.compile(rb':\s*("[^"\\]*")')


class _Forbidden(Exception):
    """The reference refuses a body."""


def reference(body: bytes) -> Any:
    """Return what a body says. Raises _Forbidden for one that must be refused."""
    try:
        text = body.decode("utf-8")
        if text.startswith("\ufeff"):
            raise _Forbidden
        parsed = json.loads(text, object_pairs_hook=_once, parse_int=_exact, parse_constant=_none)
        _look(parsed, 0)
    except (ValueError, RecursionError) as error:
        raise _Forbidden from error
    if not REFERENCE.is_valid(parsed):
        raise _Forbidden
    return parsed


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise _Forbidden
    return dict(pairs)


def _exact(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > 2**53:
        raise _Forbidden
    return int(text)


def _none(_: str) -> Any:
    raise _Forbidden


def _look(value: Any, depth: int) -> None:
    if depth > 200:
        raise _Forbidden
    if isinstance(value, float) and not math.isfinite(value):
        raise _Forbidden
    if isinstance(value, str):
        value.encode()  # half a letter has no spelling in UTF-8
        if "\0" in value:
            raise _Forbidden
    if isinstance(value, dict | list):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            _look(inner, depth + 1)


def agree(body: bytes) -> bool:
    """Hold both against each other, and say whether the body is accepted."""
    try:
        expected = reference(body)
    except _Forbidden:
        expected = None
    found, said = answered(body)
    assert (found is None) == (expected is None), body
    if expected is None:
        assert 0 < len(said) < 1000
        said.encode()
        return False
    assert repr(found) == repr(expected["instances"]), body
    return True


def answered(body: bytes) -> tuple[Any, str]:
    """Return the instances that the service reads in a body, or None and why not."""
    try:
        return VALIDATOR.accept(parse_body(body)), ""
    except RequestError as error:
        return None, str(error)


def written(chance: random.Random) -> bytes:
    """Return a good body, in one of many spellings."""
    instances = [
        {
            "area": chance.choice([1, 1.5, -0.0, 2**53, 1e300, 1e-9]),
            "zone": chance.choice(["North", "South", "Öst", "e5"]),
            "rooms": chance.choice([None, 3, 3.0]),
            "agent": chance.choice([None, "", ":", '"', "{[", "e500", "1" * 20, "😀", "\\u0000"]),
            "garage": chance.random() < 0.5,
        }
        for _ in range(chance.randint(1, MOST))
    ]
    for instance in instances:
        for name in ("rooms", "agent", "garage"):
            if chance.random() < 0.4:
                del instance[name]
    return json.dumps(
        {"instances": instances}, ensure_ascii=chance.random() < 0.5,
        indent=chance.choice([None, None, 1]), separators=chance.choice([None, (",", ":")]),
    ).encode()  # fmt: skip


def changed(body: bytes, chance: random.Random) -> bytes:
    """Return a body with a piece put in, taken out, replaced, or a bit turned."""
    start, end = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    end = min(end, start + 12)
    match chance.randrange(6):
        case 5:
            opened = chance.choice([at for at, byte in enumerate(body) if byte == ord("{")] or [0])
            return body[: opened + 1] + b'"area":1,' + body[opened + 1 :]
        case 0:
            return body[:start] + chance.choice(PIECES) + body[start:]
        case 1:
            return body[:start] + chance.choice(PIECES) + body[end:]
        case 2:
            return body[:start] + body[end:]
        case 3:
            return body[:end] + body[start:end] + body[end:]
        case _:
            at = chance.randrange(len(body))
            return body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]


def replaced(body: bytes, chance: random.Random) -> bytes:
    """Return a body in which one value has become another, mostly of its own kind."""
    kinds = [(NUMBER, NUMBERS), (TEXT, TEXTS)]
    pattern, pieces = chance.choice(kinds)
    places = list(pattern.finditer(body))
    if not places:
        return body
    start, end = chance.choice(places).span(1)
    return body[:start] + chance.choice(pieces if chance.random() < 0.8 else PIECES) + body[end:]


@FUZZ
@given(body=st.binary(max_size=60) | st.text(max_size=30).map(lambda text: text.encode()))
def test_any_bytes_are_refused_in_words(body: bytes) -> None:
    """Nothing else comes of them: no other error."""
    assert not agree(body)


@pytest.mark.promise(
    "hostile input", "The parser of requests accepts what the reference accepts, and nothing else"
)
@settings(FUZZ, max_examples=1000)
@given(seed=st.integers(0, 2**32))
def test_changed_bodies_are_accepted_where_the_reference_accepts_them(seed: int) -> None:
    """What one lets through that the other refuses would reach a model, or keep a good one out."""
    chance = random.Random(seed)  # noqa: S311
    body = written(chance)
    assert agree(body)
    for _ in range(chance.randint(1, 3)):
        body = (replaced if chance.random() < 0.5 else changed)(body, chance)
    agree(body)
