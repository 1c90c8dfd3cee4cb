"""Requests that must be refused, of every kind that clients and attackers send, from a seed."""

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from random import Random
from typing import Any, NamedTuple

from tests.tiny import make_instances

JSON = "application/json"
GOOD = make_instances(40)
NUMBERS, INTEGERS, TEXTS = ("area", "frontage"), ("rooms", "built", "sold"), ("zone", "alley")
REQUIRED = ("area", "rooms", "built", "zone", "garage")
_OTHERS: dict[str, list[Any]] = {
    "number": ["12", "", True, [1.0], {"a": 1}, [], "NaN"],
    "integer": ["12", 2.5, True, [1], {}, 2**53 + 1, -(2**60), 1e300],
    "text": [1, 0.5, False, ["North"], {"zone": "North"}],
    "flag": [0, 1, "true", [], {}, 1.0],
}
_HUGE = ["1e400", "-1e999", "9" * 400, "-" + "9" * 310, "1" + "0" * 309 + ".5", "123456789e9999"]
_WRONG_TYPES = [
    "text/plain", "application/x-www-form-urlencoded", "text/csv", "multipart/form-data",
    "application/json; charset=latin-1", "application/json; charset=utf-16", "application/xml",
    "application/octet-stream", "a/b", "", "application/jsonp", "application/x-ndjson",
]  # fmt: skip


class Bad(NamedTuple):
    """One request that must be refused."""

    kind: str
    body: bytes
    headers: dict[str, str]


def corpus(count: int, seed: int) -> Iterator[Bad]:
    """Yield so many bad requests, all kinds in turn."""
    random = Random(seed)  # noqa: S311 - the same requests each time
    for kind in islice(cycle(_KINDS), count):
        found = kind(random)
        body, headers = found if isinstance(found, tuple) else (found, {})
        yield Bad(kind.__name__, body, {"content-type": JSON} | headers)


Found = bytes | tuple[bytes, dict[str, str]]


def _request(random: Random) -> dict[str, Any]:
    return {"instances": [dict(random.choice(GOOD)) for _ in range(random.randint(1, 4))]}


def _with(random: Random, field: str, value: Any) -> bytes:
    """Return a request one of whose instances has this value in a field."""
    request = _request(random)
    random.choice(request["instances"])[field] = value
    return json.dumps(request).encode()


def _text(random: Random) -> str:
    """Return a good request as text."""
    return json.dumps(_request(random))


def wrong_type(random: Random) -> Found:
    """A value of another type than the field's."""
    fields = {
        "number": NUMBERS, "integer": INTEGERS, "text": (*TEXTS, "agent"), "flag": ("garage",)
    }  # fmt: skip
    kind = random.choice(list(fields))
    return _with(random, random.choice(fields[kind]), random.choice(_OTHERS[kind]))


def forbidden_null(random: Random) -> Found:
    """A null where a value is needed."""
    return _with(random, random.choice(REQUIRED), None)


def missing_field(random: Random) -> Found:
    """An instance without a field that is required."""
    request = _request(random)
    del random.choice(request["instances"])[random.choice(REQUIRED)]
    return json.dumps(request).encode()


def unknown_field(random: Random) -> Found:
    """A field that the contract does not know, such as a typo."""
    names = ["Area", "aera", "area ", "__proto__", "constructor", "", "$where", "zone'--", "ärea"]
    return _with(random, random.choice(names), 1)


def wrong_shape(random: Random) -> Found:
    """JSON of another shape than a list of instances in an object."""
    good = random.choice(GOOD)
    shapes: list[Any] = [
        None, [], {}, 1, "instances", [good], {"instances": good}, {"instances": []},
        {"instances": [[good]]}, {"instances": [None]}, {"instances": ["a"]}, {"instances": None},
        {"Instances": [good]}, {"instances": [good], "more": 1}, {"instances": [good] * 1001},
        {"instances": {"0": good}}, good,
    ]  # fmt: skip
    return json.dumps(random.choice(shapes)).encode()


def cut_off(random: Random) -> Found:
    """JSON that ends too early."""
    text = _text(random)
    return text[: random.randrange(len(text) - 1)].encode()


def no_json(random: Random) -> Found:
    """What other parsers forgive."""
    text = _text(random)
    return random.choice(
        [
            text + "}", text + text, text[:-1] + ",}", text.replace('"', "'"), "// x\n" + text,
            text.replace("]", ",]", 1) if "[" in text else text + ",", "\ufeff" + text, text + "\0",
            text.replace("{", "{\x01", 1), text.replace(": ", "= ", 1), "(" + text + ")",
            text.replace('"area"', "area", 1), text.replace("true", "True").replace("false", "No"),
        ]
    ).encode() if "garage" in text else b"{"  # fmt: skip


def repeated_key(random: Random) -> Found:
    """An object that says the same key twice, of which parsers take one or the other."""
    text = _text(random)
    twice = random.choice(['"area": 1, ', '"zone": "North", ', '"garage": true, '])
    if random.random() < 0.2:
        return ('{"instances": [], ' + text[1:]).encode()
    return text.replace("[{", "[{" + twice, 1).encode()


def no_number(random: Random) -> Found:
    """NaN, infinities, and numbers as only some languages write them."""
    word = random.choice(["NaN", "Infinity", "-Infinity", "nan", "0x10", "1_000", ".5", "5.", "+1",
                          "01", "1e", "--1", "١٢"])  # fmt: skip
    return _with(random, "area", "HERE").replace(b'"HERE"', word.encode())


def huge_number(random: Random) -> Found:
    """Numbers beyond what a double holds."""
    field = random.choice((*NUMBERS, *INTEGERS))
    return _with(random, field, "HERE").replace(b'"HERE"', random.choice(_HUGE).encode())


def no_utf8(random: Random) -> Found:
    """Bytes that are no UTF-8: lone, overlong, surrogates, beyond Unicode, cut off."""
    wrong = [b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xf8"]
    return _with(random, "zone", "HERE").replace(b"HERE", b"N" + random.choice(wrong))


def lone_surrogate(random: Random) -> Found:
    """An escaped half of a character."""
    half = random.choice([b"\\ud800", b"\\udfff", b"\\ud800\\ud800", b"\\udc00x"])
    return _with(random, random.choice(TEXTS), "HERE").replace(b"HERE", half)


def nul(random: Random) -> Found:
    """The one character that Postgres refuses."""
    return _with(random, random.choice((*TEXTS, "agent")), "a\0b")


def deep(random: Random) -> Found:
    """Nesting that breaks a parser which recurs."""
    depth = random.choice([201, 1_000, 10_000, 100_000])
    opened, closed = random.choice([("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
    inner = opened * depth + random.choice(["", "1" + closed * depth])
    return random.choice([inner, '{"instances": ' + inner + "}"]).encode()


def other_type(random: Random) -> Found:
    """A good body that is declared as something else."""
    return _text(random).encode(), {"content-type": random.choice(_WRONG_TYPES)}


def other_encoding(random: Random) -> Found:
    """A good body in another encoding than UTF-8, said or unsaid."""
    text = _text(random)
    if random.random() < 0.5:
        return text.encode(random.choice(["utf-16", "utf-16-le", "utf-32", "utf-16-be"]))
    return gzip.compress(text.encode()), {"content-encoding": random.choice(["gzip", "br", "x"])}


def bad_id(random: Random) -> Found:
    """A client's id that cannot be kept."""
    wrong = ["x" * 129, "two words", "tab\there", "a" * 5000, "\x7f", "é"]
    return _text(random).encode(), {"x-request-id": random.choice(wrong)}


def noise(random: Random) -> Found:
    """Bytes of any kind."""
    return random.randbytes(random.choice([0, 1, 7, 300, 5_000]))


_KINDS: list[Callable[[Random], Found]] = [
    wrong_type, forbidden_null, missing_field, unknown_field, wrong_shape, cut_off, no_json,
    repeated_key, no_number, huge_number, no_utf8, lone_surrogate, nul, deep, other_type,
    other_encoding, bad_id, noise,
]  # fmt: skip
KINDS = [kind.__name__ for kind in _KINDS]
