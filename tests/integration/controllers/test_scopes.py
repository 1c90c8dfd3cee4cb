"""Every operation of the contract, by who asks: with its scope, with all others, with none."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.controllers.conftest import serving
from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.controllers.contract import METHODS, read_contract
from understudy.keys import SCOPES, Key, KeyBook, mint
from understudy.serving import key_file
from understudy.settings import Settings

OPEN = {"GET /assets/{name}", "GET /health/live", "GET /health/ready"}
PARAMETERS = {
    "request_id": "01900000-0000-7000-8000-000000000001", "name": "icon.svg", "version": "1.0.0",
    "shadow": "a:1.0.0", "deployment_id": "1",
}  # fmt: skip
QUERIES = {"GET /v1/predictions": {"client_id": "x"}, "GET /requests": {"id": "x"}}
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in read_contract()["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


@pytest.fixture
def options(tmp_path: Path, linear_artefact: Artefact) -> Settings:
    """A service with a live model and no prediction log, which only who got in would miss."""
    return serving(tmp_path, linear_artefact)


@pytest.fixture
def keys(options: Settings) -> dict[frozenset[str], str]:
    """A key of each scope alone, and one of all scopes but it, by their scopes."""
    texts, known = {}, []
    for scope in SCOPES:
        for scopes in (frozenset({scope}), frozenset(SCOPES) - {scope}):
            minted = mint()
            texts[scopes] = minted.text
            known.append(Key(minted.id, "x", minted.digest, scopes))
    key_file.write(options.key_file, KeyBook(asks=True, keys=tuple(known)))
    return texts


@pytest.fixture
def client(options: Settings, keys: dict[frozenset[str], str]) -> Iterator[httpx.Client]:
    """A client of it."""
    with served(options) as found:
        yield found


def scope_of(operation: dict[str, Any]) -> str | None:
    """Return the one scope that opens an operation, None where nobody is asked."""
    wanted = {scope for way in operation["security"] for scope in way.get("ApiKey", ())}
    assert len(wanted) <= 1
    return next(iter(wanted), None)


def ask(client: httpx.Client, label: str, headers: dict[str, str]) -> int:
    """Send what an operation needs at least, and return the status."""
    method, path = label.split()
    answer = client.request(
        method, path.format(**PARAMETERS), params=QUERIES.get(label), headers=headers,
        json={} if method == "POST" else None,
    )  # fmt: skip
    if answer.status_code in (401, 403):
        asked = "www-authenticate" in answer.headers
        assert asked == (answer.status_code == 401 and not path.startswith(("/v1", "/metrics")))
    return answer.status_code


@pytest.mark.promise("access", "Each operation is opened by its scope and by nothing else")
def test_an_operation_is_opened_by_its_scope_and_by_nothing_else(
    client: httpx.Client, keys: dict[frozenset[str], str]
) -> None:
    """In a header of either kind, as a password on pages alone, and never in address or cookie."""
    for label, operation in OPERATIONS.items():
        scope = scope_of(operation)
        assert (scope is None) == (label in OPEN), label
        if scope is None:
            assert ask(client, label, {}) == 200, label
            continue
        good, others = keys[frozenset({scope})], keys[frozenset(SCOPES) - {scope}]
        for key, expected in ((good, None), (others, 403), (good[:-1], 401), (good.upper(), 401)):
            for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}):
                status = ask(client, label, headers)
                # Who got in hears what is wrong with the request, or that there is no log.
                assert status not in (401, 403) if expected is None else status == expected, label
        assert ask(client, label, {}) == 401, label
        assert ask(client, label, {"cookie": f"X-API-Key={good}"}) == 401, label
        basic = {"authorization": "Basic " + b64encode(f":{good}".encode()).decode()}
        is_page = any("Browser" in way for way in operation["security"])
        assert (ask(client, label, basic) not in (401, 403)) == is_page, label


def test_every_scope_opens_something(client: httpx.Client) -> None:
    """A scope that no operation asks for would be a promise of nothing."""
    assert {scope_of(operation) for operation in OPERATIONS.values()} == {None, *SCOPES}


def test_what_changes_something_is_no_get() -> None:
    """A link or a picture on another site asks for a GET, and a browser lets it."""
    changing = {label for label, it in OPERATIONS.items() if scope_of(it) not in (None, "read")}
    assert changing == {label for label in OPERATIONS if not label.startswith("GET ")}
    assert all(label.startswith("POST ") for label in changing)
