"""What a capture policy may say, and what it means for a field."""

import pytest

from understudy.capture import KEEP, Capture, CapturePolicy, Handling
from understudy.errors import CaptureInvalid

FILE = {
    "default": "drop",
    "fields": {"zone": "keep", "agent": "hash", "area": {"bucket": [50, 80]}},
}


def test_a_field_is_handled_as_it_is_named_and_else_by_the_default() -> None:
    """What is redacted is told in the order in which it was asked for."""
    policy = CapturePolicy.from_json(FILE)
    assert [policy.handling(name).how for name in ("zone", "agent", "area", "other")] == [
        "keep", "hash", "bucket", "drop",
    ]  # fmt: skip
    assert policy.redacted(["other", "zone", "area"]) == ("other", "area")
    assert CapturePolicy().redacted(["zone"]) == ()


def test_what_models_read_is_kept_unless_it_is_named() -> None:
    """A default is about fields that nobody reads; where it keeps all, nothing has to be named."""
    policy = CapturePolicy.from_json(FILE).keeping(["zone", "agent", "rooms"])
    assert policy.handling("rooms") == KEEP
    assert policy.handling("agent").how == "hash"
    assert policy.handling("other").how == "drop"
    assert CapturePolicy().keeping(["rooms"]).fields == {}


def test_a_policy_is_read_back_as_it_was_written() -> None:
    """With its number, and whether it is for outputs only."""
    policy = CapturePolicy(
        {"area": Handling("bucket", (1.5, 2)), "zone": KEEP}, Handling("hash"), output_only=True
    )
    assert Capture.from_json(Capture(7, policy).to_json()) == Capture(7, policy)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "it must have the keys"),
        ({"field": {}}, "did you mean fields"),
        ({"default": "bucket"}, "a bucket needs its edges"),
        ({"default": {"bucket": [1]}}, "must be keep, drop, hash"),
        ({"fields": ["zone"]}, "must name fields"),
        ({"fields": {"zone": "mask"}}, "'mask'"),
        ({"fields": {"zone": {"buckets": [1]}}}, "bucket with its edges"),
        ({"fields": {"zone": {"bucket": []}}}, "1 to 1000 finite numbers"),
        ({"fields": {"zone": {"bucket": [1, "2"]}}}, "finite numbers"),
        ({"fields": {"zone": {"bucket": [True]}}}, "finite numbers"),
        ({"fields": {"zone": {"bucket": [float("inf")]}}}, "finite numbers"),
        ({"fields": {"zone": {"bucket": [2, 2]}}}, "must rise"),
    ],
)
def test_a_slip_is_refused_with_what_would_help(content: object, words: str) -> None:
    """A policy that is not understood would let through what it should keep back."""
    with pytest.raises(CaptureInvalid, match=words):
        CapturePolicy.from_json(content)
