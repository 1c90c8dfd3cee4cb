"""The served contract holds for whatever a stranger sends: Schemathesis against the real api."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import Case
from schemathesis.schemas import APIOperation
from sqlalchemy import Engine

from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.artefacts.vetting import Waiver
from understudy.keys import SCOPES, Key, KeyBook, mint
from understudy.log.deployments import Change, append
from understudy.log.shipping import ship
from understudy.records import ServedRequest
from understudy.serving import deployment_file, key_file
from understudy.serving.deployment_file import Deployed, Placed
from understudy.settings import Settings

pytestmark = pytest.mark.no_cover

KEYS = {scope: mint() for scope in SCOPES}
"""A key of each scope alone, beside the owner's, which opens everything."""
KEY = "a-key-for-tests"
PATIENCE_S = 130
"""A comparison may take two minutes, and who makes it gives way to whoever else is busy here."""
OPERATIONS = {
    "POST /v1/predictions",
    "GET /v1/predictions",
    "GET /v1/predictions/{request_id}",
    "POST /v1/outcomes",
    "GET /v1/models",
    "GET /v1/models/{name}/{version}",
    "GET /v1/deployments",
    "POST /v1/deployments",
    "GET /v1/deployments/{deployment_id}",
    "GET /v1/comparisons",
    "GET /v1/comparisons/{shadow}",
    "GET /v1/windows",
    "GET /",
    "GET /shadows/{shadow}",
    "GET /requests",
    "GET /requests/{request_id}",
    "GET /deployments",
    "GET /assets/{name}",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
}


@pytest.fixture
def client(database_url: str, tmp_path: Path, linear_artefact: Artefact) -> Iterator[httpx.Client]:
    """A client of an api with a key, a live model and a prediction log."""
    options = Settings(data_dir=tmp_path, database_url=database_url, api_key=KEY)
    ArtefactStore(options.artefacts_url).push(linear_artefact)
    manifest = linear_artefact.manifest
    live = Placed(manifest.name, manifest.version, linear_artefact.digest,
                  str(linear_artefact.folder))  # fmt: skip
    deployment_file.write(options.deployment_file, Deployed(1, "default", live, None))
    known = (Key(minted.id, "x", minted.digest, frozenset({scope}))
             for scope, minted in KEYS.items())  # fmt: skip
    key_file.write(options.key_file, KeyBook(asks=True, keys=tuple(known)))
    with served(options) as client:
        yield client


def operations(client: httpx.Client) -> dict[str, APIOperation]:
    """Return the operations of the contract as it is served."""
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


def credentials(operation: APIOperation, key: str = KEY) -> dict[str, str]:
    """Return what an operation asks for, all of it."""
    as_program = {"X-API-Key": key}
    wanted = operation.definition.raw.get("security", [])
    if not any("Browser" in scheme for scheme in wanted):
        return as_program
    # A page takes both, and a header that Schemathesis made up must not stand beside a good one.
    return as_program | {"Authorization": "Basic " + b64encode(f":{key}".encode()).decode()}


def is_refused_beside_the_contract(value: object) -> bool:
    """Say whether a number beyond ±2^53 or the character NUL is anywhere in a document."""
    if isinstance(value, dict):
        return any(map(is_refused_beside_the_contract, [*value, *value.values()]))
    if isinstance(value, list):
        return any(map(is_refused_beside_the_contract, value))
    if isinstance(value, str):
        return "\0" in value
    return isinstance(value, int | float) and abs(value) > 2**53


@pytest.mark.promise(
    "hostile input", "Every operation keeps the contract for whatever Schemathesis makes up"
)
@pytest.mark.parametrize(
    ("key", "examples"),
    [(KEY, 25), *((minted.text, 6) for minted in KEYS.values())],
    ids=["owner", *KEYS],
)
def test_every_operation_keeps_the_contract(client: httpx.Client, key: str, examples: int) -> None:
    """
    Good and bad requests alike get what the contract promises, and never a crash.

    So does who may do one thing only, and is refused where another is asked for.
    """
    tried = 0
    statuses = set()
    for label, operation in operations(client).items():
        assert label in OPERATIONS

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def keeps(case: Case) -> None:
            nonlocal tried
            # What OpenAPI cannot say: integers fit a double exactly, Postgres takes no NUL, and
            # no address has a line feed in it.
            assume(not is_refused_beside_the_contract(case.body))
            given_path = map(str, (case.path_parameters or {}).values())
            assume(not any("\n" in unquote(value) for value in given_path))
            tried += 1
            answer = case.call_and_validate(
                base_url=str(client.base_url).rstrip("/"),
                headers=credentials(case.operation, key),
                timeout=PATIENCE_S,
            )
            statuses.add(answer.status_code)

        keeps()
    assert tried > 4 * examples
    assert 401 not in statuses
    assert (403 in statuses) == (key != KEY)


def test_what_strangers_do_not_find_keeps_the_contract_too(
    client: httpx.Client, database: Engine
) -> None:
    """A stored version, a recorded answer and a decision: each answer is as the contract says."""
    waiver = Waiver("cost", "for now", "ada")
    change = Change("live", "ada", "tiny-houses", "1.0.0", "d" * 64, waivers=(waiver,))
    with database.begin() as connection:
        live = append(connection, "default", change).id
    answered = [_recorded(database, live), _recorded(database, None)]
    known = operations(client)
    asked = [("GET /v1/models/{name}/{version}", {"name": "tiny-houses", "version": "1.0.0"})]
    asked += [("GET /v1/predictions/{request_id}", {"request_id": one}) for one in answered]
    asked += [("GET /requests/{request_id}", {"request_id": one}) for one in answered]
    asked += [("GET /v1/deployments", {}), ("GET /v1/models", {}), ("GET /deployments", {})]
    asked += [("GET /", {}), ("GET /assets/{name}", {"name": "icon.svg"})]
    for label, parameters in asked:
        case = known[label].Case(path_parameters=parameters)
        url = str(client.base_url).rstrip("/")
        response = case.call_and_validate(
            base_url=url, headers=credentials(known[label]), timeout=PATIENCE_S
        )
        assert response.status_code == 200


def _recorded(database: Engine, deployment_id: int | None) -> str:
    request_id = str(uuid4())
    request = ServedRequest(
        1, request_id, None, 1_790_000_000.0, "tiny-houses", "1.0.0", [{"area": 1.5}], [2.5], [2.5],
        [None], deployment_id=deployment_id,
    )  # fmt: skip
    ship(database, "default", uuid4(), [request])
    return request_id


def test_the_contract_has_every_operation(client: httpx.Client) -> None:
    """Nothing is served that the contract does not tell, and nothing told is missing."""
    assert set(operations(client)) == OPERATIONS


def test_the_contract_is_valid_openapi(client: httpx.Client) -> None:
    """The document is OpenAPI 3.0.3, closed and with the live model filled in."""
    from openapi_spec_validator import validate

    validate(client.get("/openapi.json").json())
