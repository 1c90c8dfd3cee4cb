"""The URL of a store is understood or refused, and never shows a secret."""

import sys

import pytest

from tests.s3 import S3Server
from understudy.artefacts.location import open_location, shown_url
from understudy.errors import ExtraMissing, StoreInvalid, StoreUnavailable, UnderstudyError

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("/srv/models", "/srv/models"),
        ("/srv/models/", "/srv/models"),
        ("file:///srv/models", "/srv/models"),
        ("/srv/what?key=1", "/srv/what?key=1"),
        ("memory://models", "/models"),
        ("s3://bucket/models/", "bucket/models"),
        ("s3://bucket", "bucket"),
        ("s3a://bucket/a/b", "bucket/a/b"),
    ],
)
def test_a_url_leads_to_a_place(url: str, root: str, s3: S3Server) -> None:
    """A folder with a question mark in its name is one."""
    assert open_location(url)[1] == root


def test_options_follow_a_question_mark() -> None:
    """They are those of the file system, with their types."""
    url = "s3://bucket/models?endpoint_url=http://127.0.0.1:9000&anon=true&max_concurrency=3"
    files, root = open_location(url)
    assert root == "bucket/models"
    assert (files.endpoint_url, files.anon, files.max_concurrency) == (
        "http://127.0.0.1:9000", True, 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        f"s3://bucket/models?key=me&secret={SECRET}",
        f"s3://bucket/models?token={SECRET}",
        f"s3://bucket/models?password={SECRET}",
        f"s3://me:{SECRET}@bucket/models",
        f"ftp://me:{SECRET}@127.0.0.1/models",
        f"memory://models?api_key={SECRET}",
    ],
)
def test_a_secret_has_no_place_in_a_url(url: str) -> None:
    """It would be shown with every error; the message says where it belongs."""
    with pytest.raises(StoreInvalid, match="AWS_ACCESS_KEY_ID") as refusal:
        open_location(url)
    assert SECRET not in str(refusal.value)
    assert SECRET not in shown_url(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nope://bucket/models", "nothing is known of the protocol 'nope'"),
        ("s3://", "it names no bucket, such as s3://bucket/models"),
        ("s3://bucket?endpoint=x", "no option 'endpoint'; known are .*endpoint_url"),
        ("memory://models?anon=true", "no option 'anon'; known are global_store"),
        ("simplecache::s3://bucket/models", "not a chain"),
        ("gs://bucket/models", "gcsfs"),
    ],
)
def test_a_url_that_leads_nowhere_is_refused(url: str, words: str) -> None:
    """A typo is neither an empty store nor a traceback."""
    with pytest.raises(StoreInvalid, match=words):
        open_location(url)


def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 is an extra, like every library that not everybody needs."""
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(ExtraMissing, match=r"s3://bucket/models needs s3fs.*understudy\[s3\]"):
        open_location("s3://bucket/models")


def test_a_place_that_refuses_at_once_is_unavailable() -> None:
    """Some file systems reach out as soon as they are made."""
    with pytest.raises(StoreUnavailable, match="models cannot be used"):
        open_location("ftp://127.0.0.1:1/models")


def test_options_are_not_shown() -> None:
    """What stands behind the question mark may be anything."""
    assert shown_url("s3://bucket/models?endpoint_url=http://h") == "s3://bucket/models"
    assert shown_url("sftp://me@host/models") == "sftp://host/models"
    assert shown_url("/srv/what?") == "/srv/what?"
    assert issubclass(StoreInvalid, UnderstudyError)
