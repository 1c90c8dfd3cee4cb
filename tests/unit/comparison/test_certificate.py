"""A certificate has one spelling, rounds once and for all, and knows when it was changed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.artefacts.canonical import canonical_json, sha256
from understudy.comparison.certificate import (
    LIBRARIES,
    SECTIONS,
    Certificate,
    first_difference,
    present_versions,
    read_certificate,
    rounded,
)
from understudy.errors import CertificateInvalid

WORDS = st.text(max_size=4)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def certificate() -> Certificate:
    """A certificate with figures of every magnitude."""
    sections: dict[str, Any] = {name: {"of": name} for name in SECTIONS}
    sections["comparison"] = {
        "verdict": "HOLD",
        "p": (1 / 3, 2e-300),
        "units": 10**20,
        "mean": -0.0,
    }
    sections["artefacts"] = {"live": {"digest": "a"}, "shadow": {"digest": "b"}}
    sections["data"] = {"parts": [], "digest": "c"}
    sections["window"] = {
        "endpoint": "houses", "deployment": 2, "folds": 1, "last_outcome": 0, "waiting": 0,
        "looks_taken": [],
    }  # fmt: skip
    return Certificate.of(**sections)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_rounding_twice_is_rounding_once(value: Any) -> None:
    """Nor does a way through the file change anything."""
    once = rounded(value)
    assert canonical_json(rounded(once)) == canonical_json(once)
    assert canonical_json(rounded(json.loads(canonical_json(once)))) == canonical_json(once)


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        (-0.0, "0.0"),
        (5, "5"),
        (10**25 + 1, str(10**25 + 1)),
        (True, "true"),
        (5.0, "5.0"),
        (1 / 3, "0.333333333"),
        (123456789.5, "123456790.0"),
        (1.7976931348623157e308, "1.79769313e+308"),
        (5e-324, "5e-324"),
        (2.2250738585072014e-308, "2.22507386e-308"),
        (-1e-17 / 3, "-3.33333333e-18"),
    ],
)
def test_nine_digits_count(value: float, spelt: str) -> None:
    """Whole numbers stay as they are; nought has no sign."""
    assert canonical_json(rounded([value])).decode() == f"[\n  {spelt}\n]\n"


def test_figures_equal_up_to_their_last_bits_have_the_same_spelling() -> None:
    """0.1 + 0.2 is 0.3 here."""
    assert rounded(0.1 + 0.2) == rounded(0.3)


def test_a_certificate_is_read_back_as_it_was_written(certificate: Certificate) -> None:
    """The same sections, the same digest, the same bytes."""
    content = certificate.to_bytes()
    found = read_certificate(content, "file")
    assert found == certificate
    assert found.to_bytes() == content
    assert found.verdict == "HOLD"
    without = {name: part for name, part in json.loads(content).items() if name != "digest"}
    assert found.digest == sha256(canonical_json(without))


def _changed(content: bytes, place: str, value: Any) -> bytes:
    found = json.loads(content)
    *way, last = place.split(".")
    inner = found
    for name in way:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return canonical_json(found)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("comparison.verdict", "PROMOTE", "section 'comparison' does not have the digest"),
        ("window.waiting", 5, "section 'window' does not have the digest"),
        ("digests.data", "0" * 64, "section 'data' does not have the digest"),
        ("digest", "0" * 64, "'digest' is not that of its content"),
        ("format", 2, "format 2, and this Understudy reads 1"),
        ("kind", "else", 'does not say "kind"'),
        ("looks", None, "'looks' is missing or foreign"),
        ("window.folds", None, "window.folds is missing"),
        ("versions", 3, "versions is missing, or is not what it must be"),
        ("more", 1, "'more' is missing or foreign"),
        ("digests", 3, "does not have the digest"),
    ],
)
def test_a_changed_file_is_refused_with_the_place(
    certificate: Certificate, place: str, value: Any, told: str
) -> None:
    """Which section, or which word, is not what was written."""
    with pytest.raises(CertificateInvalid, match=told):
        read_certificate(_changed(certificate.to_bytes(), place, value), "file")


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "not JSON"), (b"\xff\xfe", "not JSON"), (b"[1]", "kind"), (b"[" * 100_000, "not JSON")],
)
def test_what_is_no_certificate_is_refused(content: bytes, told: str) -> None:
    """An empty file, no text, another document, a trap for parsers."""
    with pytest.raises(CertificateInvalid, match=told):
        read_certificate(content, "file")


def test_other_spellings_and_numbers_that_json_lacks_are_refused(certificate: Certificate) -> None:
    """The digest is one of bytes, so the bytes have one form."""
    content = certificate.to_bytes()
    with pytest.raises(CertificateInvalid, match="canonical spelling"):
        read_certificate(json.dumps(json.loads(content)).encode(), "file")
    with pytest.raises(CertificateInvalid, match="JSON does not know"):
        read_certificate(content.replace(b"2e-300", b"NaN"), "file")


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_nothing_differs_from_itself(value: Any) -> None:
    """Exactly or nearly."""
    assert first_difference(value, value, nearly=False) is None
    assert first_difference(value, value, nearly=True) is None


@pytest.mark.parametrize(
    ("written", "found", "place", "is_near"),
    [
        ({"b": 1.0, "verdict": "A"}, {"b": 2.0, "verdict": "B"}, "verdict", False),
        ({"b": {"c": [1, 2.0]}}, {"b": {"c": [1, 2.0 * (1 + 5e-9)]}}, "b.c[1]", True),
        ({"b": {"c": [1, 2.0]}}, {"b": {"c": [1, 2.0 * (1 + 2e-8)]}}, "b.c[1]", False),
        ({"b": 1e-17}, {"b": -2e-16}, "b", True),
        ({"b": 1}, {"b": 1.0}, "b", True),
        ({"b": 1}, {"b": True}, "b", False),
        ({"b": 1}, {"b": 1, "c": 2}, "c", True),
        ({"b": 1, "c": 2}, {"b": 1}, "c", False),
        ({"b": [1]}, {"b": [1, 2]}, "the length of b", False),
        ({"b": None}, {"b": 0.0}, "b", False),
    ],
)
def test_the_first_difference_is_named(written: Any, found: Any, place: str, is_near: bool) -> None:
    """The verdict first, then in order of names; nearly equal figures only where that is asked."""
    difference = first_difference(written, found, nearly=False)
    assert difference is not None
    assert difference.place == place
    assert (first_difference(written, found, nearly=True) is None) == is_near


def test_the_versions_name_code_and_libraries() -> None:
    """Everything that a figure may depend on, the same at every call."""
    found = present_versions()
    assert found.keys() == {*LIBRARIES, "understudy", "code", "python", "machine"}
    assert len(found["code"]) == 64
    assert present_versions() == found
