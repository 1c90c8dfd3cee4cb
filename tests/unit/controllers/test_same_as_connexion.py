"""
The prediction operation is guarded by what Connexion would guard it by.

Generated requests, good and bad, go to the service and to an application that Connexion builds from
the served contract without anything of ours: the two agree on the status. What is answered is what
the controller says when it is called with the parsed body.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import connexion
import httpx
import pytest
from connexion.resolver import Resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact
from understudy.controllers import predictions
from understudy.serving import deployment_file
from understudy.serving.deployment_file import Deployed, Placed
from understudy.serving.worker import Worker
from understudy.settings import Settings

PATH = "/v1/predictions"
JSON = "application/json"
GOOD = make_instances(8)
FIELDS = sorted(GOOD[0])
# Refused by us alone (docs/adr/0002): a number beyond a double's digits, a repeated key, and bytes
# that are no UTF-8, which Connexion calls an error of its own.
ANY_VALUE = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(-1e6, 1e6)
    | st.text("aäx:{[,", max_size=4)
    | st.just([1])
    | st.just({"a": 1})
)

Ask = Callable[[dict[str, Any]], Awaitable[int]]


@st.composite
def instances(draw: st.DrawFn) -> Any:
    """Return a list of instances: most are good, some lack a field or have a value of any kind."""
    found = draw(st.lists(st.sampled_from(GOOD), max_size=3).map(lambda some: [*map(dict, some)]))
    for instance in found:
        for change in draw(st.lists(st.sampled_from(["drop", "set", "add"]), max_size=1)):
            field = "surplus" if change == "add" else draw(st.sampled_from(FIELDS))
            if change == "drop":
                instance.pop(field, None)
            else:
                instance[field] = draw(ANY_VALUE)
    return found


BODIES = st.one_of(
    instances().map(lambda found: {"instances": found}),
    instances().map(lambda found: {"instances": found, "more": 1}),
    ANY_VALUE.map(lambda value: {"instances": value}),
    ANY_VALUE,
).map(lambda body: json.dumps(body).encode())
REQUESTS = st.fixed_dictionaries(
    {
        "method": st.just("POST") | st.sampled_from(["GET", "PUT", "DELETE", "HEAD"]),
        "url": st.just(PATH)
        | st.sampled_from([f"{PATH}?", f"{PATH}?a=1", f"{PATH}/", "/v1/other"]),
        "content": BODIES | st.sampled_from([b"", b"{", b'{"instances": [']),
        "headers": st.sampled_from(
            [
                {"content-type": JSON},
                {"content-type": JSON, "x-request-id": "mine"},
                {"content-type": f"{JSON}; charset=utf-8"},
                {"content-type": "text/plain"},
                {"content-type": "application/vnd.api+json"},
            ]
        ),
    }
)


async def stub() -> tuple[dict[str, str], int, dict[str, str]]:
    """Answer whatever comes through."""
    return {}, 200, {"content-type": JSON}


@pytest.fixture
def pristine(client: httpx.Client) -> Ask:
    """Return a function that tells the status by which Connexion alone would answer."""
    app = connexion.AsyncApp("pristine")
    app.add_api(
        client.get("/openapi.json").json(),
        strict_validation=True,
        resolver=Resolver(lambda _: stub),
    )

    async def ask(request: dict[str, Any]) -> int:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as inside:
            return (await inside.request(**request)).status_code

    return ask


@pytest.fixture
def worker(tmp_path: Path, linear_artefact: Artefact) -> Iterator[Worker]:
    """Return a worker of its own, with the same model."""
    options = Settings(data_dir=tmp_path / "alone")
    manifest = linear_artefact.manifest
    live = Placed(
        manifest.name, manifest.version, linear_artefact.digest, str(linear_artefact.folder)
    )
    deployment_file.write(options.deployment_file, Deployed(1, options.endpoint, live, None))
    found = Worker(options)
    asyncio.run(found.follow_once())
    yield found
    asyncio.run(found.stop())


@given(request=REQUESTS)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_request_is_answered_as_connexion_and_the_controller_say(
    client: httpx.Client, pristine: Ask, worker: Worker, request: dict[str, Any]
) -> None:
    """One contract, one validation, one controller."""
    response = client.request(**request)
    assert response.status_code == asyncio.run(pristine(request))
    if response.status_code == 200 and request["method"] == "POST":
        answer = response.json()
        assert json.loads(_said(worker, request["content"], answer["request_id"])) == answer


def _said(worker: Worker, body: bytes, request_id: str) -> bytes:
    """Call the controller as Connexion would have it called."""
    parsed = json.loads(body)["instances"]
    return asyncio.run(
        predictions.create(worker, worker.generation, parsed, request_id=request_id, client_id=None)
    )


def test_every_kind_of_status_is_among_the_requests(client: httpx.Client) -> None:
    """The property above would hold of requests that are all refused for one reason."""
    body = json.dumps({"instances": GOOD}).encode()
    asked = {
        200: {"method": "POST", "url": PATH, "content": body, "headers": {"content-type": JSON}},
        400: {"method": "POST", "url": PATH, "content": b"{}", "headers": {"content-type": JSON}},
        404: {"method": "POST", "url": "/v1/other"},
        405: {"method": "PUT", "url": PATH},
        415: {"method": "POST", "url": PATH, "content": body, "headers": {"content-type": "a/b"}},
    }
    for status, request in asked.items():
        assert client.request(**request).status_code == status
