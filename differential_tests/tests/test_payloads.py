"""The frozen requests."""

import json
from pathlib import Path

import pytest

from differential_tests.errors import FileInvalid
from differential_tests.payloads import read_payloads

FOLDER = Path(__file__).parents[1] / "payloads"


def test_there_is_enough_to_ask() -> None:
    """Hundreds of instances, alone and by fifty, the edges, what is refused, and the contract."""
    payloads = {payload.name: payload for payload in read_payloads(FOLDER)}
    files = {name.split("/")[0] for name in payloads}
    assert files == {"bad", "contract", "edges", "sales"}
    assert sum(payload.instances for payload in payloads.values()) >= 300
    assert {1, 50} <= {payload.instances for payload in payloads.values()}
    assert payloads["contract/openapi"].method == "GET"
    assert b"NaN" in (payloads["bad/nan"].body or b"")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[", "Expecting"), ("{}", "a list"), ("[{}]", "a `name`"), ("[7]", "a `name`"),
        ('[{"name": "a", "bodies": "x"}]', "'bodies' is not one of"),
        ('[{"name": "a", "body": "x", "instances": []}]', "exclude"),
        ('[{"name": "a"}, {"name": "a"}]', "a second"),
        ("[]", "no request"),
    ],
)  # fmt: skip
def test_payloads_that_cannot_be_read_are_refused(
    tmp_path: Path, content: str, complaint: str
) -> None:
    """A mistake in a file is not a request that is left out."""
    (tmp_path / "some.json").write_text(content)
    with pytest.raises(FileInvalid, match=complaint):
        read_payloads(tmp_path)


def test_a_body_is_sent_as_it_stands(tmp_path: Path) -> None:
    """Not parsed and written again: duplicate keys would be lost."""
    body = '{"a": 1, "a": NaN}'
    (tmp_path / "some.json").write_text(json.dumps([{"name": "x", "body": body}]))
    (payload,) = read_payloads(tmp_path)
    assert payload.body == body.encode()
    assert (payload.name, payload.method, payload.content_type) == (
        "some/x", "POST", "application/json",
    )  # fmt: skip
