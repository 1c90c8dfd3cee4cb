"""Strict JSON: every forbidden value is named, nothing else is refused."""

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.errors import BodyMalformed, InstancesInvalid
from understudy.serving.body import is_suspicious, parse_body

FORBIDDEN = {
    "NaN": b'{"instances": [{"a": 1}, {"a": NaN}]}',
    "Infinity": b'{"instances": [{"a": 1}, {"a": Infinity}]}',
    "minus Infinity": b'{"instances": [{"a": 1}, {"a": -Infinity}]}',
    "1e400": b'{"instances": [{"a": 1}, {"a": 1e400}]}',
    "-1e999": b'{"instances": [{"a": 1}, {"a": -1e999}]}',
    "thirty digits": b'{"instances": [{"a": 1}, {"a": 123456789012345678901234567890}]}',
    "a thousand digits": b'{"instances": [{"a": 1}, {"a": ' + b"9" * 1000 + b"}]}",
    "repeated key": b'{"instances": [{"a": 1}, {"a": 1, "a": 2}]}',
    "NUL": b'{"instances": [{"a": 1}, {"a": "x\\u0000y"}]}',
}


@pytest.mark.parametrize("body", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_forbidden_value_is_named_with_instance_and_field(body: bytes) -> None:
    """The client learns which instance and which field to look at."""
    with pytest.raises(InstancesInvalid) as refused:
        parse_body(body)
    (violation,) = refused.value.violations
    assert (violation.instance, violation.field) == (1, "a")


@pytest.mark.parametrize(
    "body",
    [b"", b"  ", b"{", b'{"a": 1,}', b"'a'", b'{"a": 1} x', b'"\xff"', b'"\\ud800"', b"[" * 5000,
     b"\xef\xbb\xbf{}", b"01", b'"a\x01"'],
    ids=repr,
)  # fmt: skip
def test_what_is_no_json_is_refused_as_such(body: bytes) -> None:
    """Broken, empty, badly encoded and far too deep bodies get one clear error."""
    with pytest.raises(BodyMalformed, match="body is"):
        parse_body(body)


@pytest.mark.parametrize(
    "frame", [b'{"instances": [{%b: 1e400}]}', b'{"x": [{%b: NaN}]}', b"{%b: NaN}"]
)
def test_a_refusal_is_not_longer_than_its_request(frame: bytes) -> None:
    """A name of a field may be of any length; a person reads its beginning."""
    with pytest.raises(InstancesInvalid) as refused:
        parse_body(frame % (b'"' + b"a" * 5000 + b'"'))
    assert len(str(refused.value)) < 400
    assert "aaa" in str(refused.value)


def test_a_repeated_key_outside_the_instances_is_named() -> None:
    """The key is told even where no instance is concerned."""
    with pytest.raises(InstancesInvalid, match="instances: the key comes more than once"):
        parse_body(b'{"instances": [], "instances": []}')


@pytest.mark.parametrize("text", ["1e300", "9007199254740992", '"e500"', '"1234567890123456789"'])
def test_large_but_exact_values_pass(text: str) -> None:
    """What only looks suspicious is let through unchanged."""
    assert parse_body(f'{{"a": {text}}}'.encode()) == {"a": json.loads(text)}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_every_allowed_json_document_passes_unchanged(value: object) -> None:
    """For all allowed documents the parser agrees with the standard library."""
    parsed = parse_body(json.dumps(value).encode())
    assert parsed == value
    assert not isinstance(parsed, float) or math.isfinite(parsed)


SUSPICIOUS = re.compile(rb"\d{16}|[eE]\+?\d{3}|\\u0000")
PIECES = [b"0", b"12345678", b"9" * 15, b"e", b"E+", b"+", b"\\u0000", b"\\u1234", b"\xff"]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=12))
def test_what_is_looked_for_is_what_an_expression_finds(pieces: list[bytes]) -> None:
    """Long digit runs, large exponents, escaped NULs: told by texts, which is quicker."""
    body = b"".join(pieces)
    assert is_suspicious(body) == bool(SUSPICIOUS.search(body))


KEYS = st.sampled_from(["a", "b", "a:", '"', "{", "["])
FLAT = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e15, 1e15)
    | st.text('a:{["\\ ', max_size=4)
)
ITEMS = st.lists(st.lists(st.tuples(KEYS, FLAT), max_size=4), max_size=3)


@given(ITEMS, st.sampled_from(["instances", "outcomes", "a:"]), st.sampled_from(["", " ", "\n"]))
def test_a_key_that_comes_twice_is_found_whatever_stands_in_texts(
    items: list[list[tuple[str, object]]], name: str, space: str
) -> None:
    """Colons and brackets in keys and texts neither hide a repeated key nor feign one."""
    written = (
        f"{{{','.join(f'{json.dumps(key)}{space}:{json.dumps(value)}' for key, value in item)}}}"
        for item in items
    )
    body = f"{{{json.dumps(name)}:{space}[{','.join(written)}]}}".encode()
    if any(len({key for key, _ in item}) < len(item) for item in items):
        with pytest.raises(InstancesInvalid, match="the key comes more than once"):
            parse_body(body)
    else:
        parsed = parse_body(body)
        assert parsed == json.loads(body)
        assert repr(parsed) == repr(json.loads(body))  # a number keeps its kind and its sign
