"""Outputs by their place."""

import pytest

from differential_tests.pointers import flatten, is_match


def test_every_leaf_has_its_pointer() -> None:
    """Names with slashes are escaped, empty containers are leaves."""
    document = {"a": [1, {"b/c": None}], "d": {}, "e": []}
    assert dict(flatten(document)) == {"/a/0": 1, "/a/1/b~1c": None, "/d": "{}", "/e": "[]"}


@pytest.mark.parametrize(
    ("pattern", "pointer", "fits"),
    [
        ("/body/predictions/*", "/body/predictions/0", True),
        ("/body/predictions/*", "/body/predictions/0/label", False),
        ("/body/**/description", "/body/description", True),
        ("/body/**/description", "/body/a/b/description", True),
        ("/body/**/description", "/body/a/descriptions", False),
        ("/**", "/status", True),
        ("/headers/content-*", "/headers/content-type", True),
        ("/headers/c*", "/headers/c/d", False),
    ],
)
def test_a_star_stays_within_one_part(pattern: str, pointer: str, fits: bool) -> None:
    """One star is one part of a pointer, two stars any number."""
    assert is_match(pattern, pointer) is fits


def test_what_json_does_not_know_is_refused() -> None:
    """A bug in a caller does not become a leaf."""
    with pytest.raises(TypeError, match="set is nothing"):
        list(flatten({"a": {1}}))
