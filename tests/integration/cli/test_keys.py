"""API keys on a running stack: from the command to the door, and into the audit."""

import json
import math
import time
from collections.abc import Callable

import httpx
import pytest

from tests import tiny
from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import until
from understudy.settings import Settings
from understudy.stack.addresses import api_url


def status(stack: Settings, key: str | None) -> int:
    """Return what a prediction with a key is answered with."""
    headers = {} if key is None else {"x-api-key": key}
    body = {"instances": tiny.make_instances(1)}
    return httpx.post(f"{api_url(stack)}/v1/predictions", json=body, headers=headers).status_code


@pytest.mark.promise(
    "access", "A key is shown once, and revoked or replaced it opens nothing within seconds"
)
def test_the_life_of_a_key(
    stack: Settings, understudy: CommandLine, record_property: Callable[[str, object], None]
) -> None:
    """Open, then closed to all but the key, which is replaced, and at last revoked."""
    assert status(stack, None) == 503  # it got in, and nothing is live
    assert "There is no key" in understudy.good("keys", "list")
    created = understudy("keys", "create", "shop", "--scope", "predict", "--why", "the new shop")
    assert created.status == 0
    key = created.out.strip()
    assert "it is not shown again" in created.err
    until(lambda: status(stack, None) == 401)
    assert status(stack, key) == 503
    (listed,) = json.loads(understudy.good("keys", "list", "--json"))
    assert (listed["name"], listed["scopes"]) == ("shop", ["predict"])
    assert key not in understudy.good("keys", "list", "--all")

    rotated = json.loads(understudy.good("keys", "rotate", listed["id"], "--json"))
    until(lambda: status(stack, key) == 401)
    assert status(stack, rotated["key"]) == 503

    revoked = understudy.good("keys", "revoke", rotated["id"], "--why", "it was in a mail")
    assert "of shop is revoked" in revoked
    began = time.monotonic()
    until(lambda: status(stack, rotated["key"]) == 401)
    seconds = time.monotonic() - began
    assert seconds < 5
    record_property("seconds at most", math.ceil(seconds))
    assert "the api lets nobody in" in understudy.good("keys", "list")
    assert "no, revoked" in understudy.good("keys", "list", "--all")

    acts = json.loads(understudy.good("audit", "--json"))
    assert [(act["action"], act["why"]) for act in acts] == [
        ("revoke key", "it was in a mail"),
        ("rotate key", ""),
        ("create key", "the new shop"),
    ]
    said = understudy.good("audit", "--since", "1h", "--limit", "2")
    assert "revoke key" in said
    assert "create key" not in said
    for file in stack.data_dir.rglob("*"):
        if file.is_file() and file.suffix in {".log", ".json"}:
            assert key not in file.read_text(errors="replace"), file


def test_what_makes_no_sense_is_one_line(stack: Settings, understudy: CommandLine) -> None:
    """Wrong scopes, rates, times and ids say what was expected."""
    for arguments, words in (
        (("create", "x"), "--scope"),
        (("create", "x", "--scope", "all"), "'predict', 'outcomes', 'read', 'deploy'"),
        (("create", "x", "--scope", "read", "--lasts", "soon"), "30m, 12h, 90d or 2w"),
        (("create", "x", "--scope", "read", "--per-second", "0"), "0.01"),
    ):
        ending = understudy("keys", *arguments)
        assert ending.status == 64
        assert words in ending.err
    ending = understudy("keys", "revoke", "nokey123")
    assert ending.status == 70
    assert "has no key nokey123 that is good" in ending.err
    assert understudy.good("audit", "--since", "2999-01-01").startswith("Nothing was changed")
