"""POST /v1/predictions, from the wire to the spool and back."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.tiny import make_instances
from tests.unit.controllers.conftest import Start
from understudy.artefacts.artefact import Artefact
from understudy.capture import Capture, CapturePolicy
from understudy.controllers.predictions import new_request_id
from understudy.serving.engines import load_engine

INSTANCES = make_instances(5)
JSON = {"content-type": "application/json"}


def predict(client: httpx.Client, instances: Any, **headers: str) -> Any:
    """Post instances and return the response."""
    return client.post("/v1/predictions", json={"instances": instances}, headers=headers)


def test_each_instance_gets_its_prediction_in_order(
    client: httpx.Client, linear_artefact: Artefact
) -> None:
    """The answer names the request, the model and one prediction per instance."""
    response = predict(client, INSTANCES)
    assert response.status_code == 200
    answer = response.json()
    assert UUID(answer["request_id"]).version == 7
    assert answer["model"] == {"name": "tiny-houses", "version": "1.0.0"}
    assert answer["predictions"] == load_engine(linear_artefact).predict(INSTANCES).outputs


def test_a_null_is_what_an_absent_value_is(client: httpx.Client) -> None:
    """For numbers and categories alike, null and absence mean a missing value."""
    instance = {**INSTANCES[0], "frontage": None, "alley": None}
    absent = {k: v for k, v in instance.items() if k not in ("frontage", "alley")}
    answer = predict(client, [instance, absent]).json()["predictions"]
    assert answer[0] == answer[1]


def test_classes_come_with_their_probabilities(start: Start, binary_artefact: Artefact) -> None:
    """A classifier answers a label and what it gives to each class."""
    answer = predict(start(live=binary_artefact), make_instances(2)).json()["predictions"]
    for prediction in answer:
        assert prediction["label"] in prediction["probabilities"]
        assert sum(prediction["probabilities"].values()) == pytest.approx(1)


def test_the_clients_own_id_is_echoed(client: httpx.Client) -> None:
    """A client finds its id on the answer; without one it gets the service's."""
    assert predict(client, INSTANCES, **{"x-request-id": "order-7"}).headers["x-request-id"] == (
        "order-7"
    )
    response = predict(client, INSTANCES)
    assert response.headers["x-request-id"] == response.json()["request_id"]


@pytest.mark.parametrize("client_id", ["x" * 129, "two words", "tab\there"])
def test_an_id_that_cannot_be_kept_is_refused(client: httpx.Client, client_id: str) -> None:
    """Nobody is left believing that such an id was stored."""
    response = predict(client, INSTANCES, **{"x-request-id": client_id})
    assert response.status_code == 400
    assert "X-Request-ID" in response.json()["detail"]


REFUSED: dict[str, tuple[bytes, int, str | None, str]] = {
    "wrong type": (b'[{"area": "x"}]', 0, "area", "not of type"),
    "null": (b'[{"area": null}]', 0, "area", "null is not allowed"),
    "unknown": (b'[{"aera": 1}]', 0, "aera", "did you mean 'area'"),
    "NaN": (b'[{"area": NaN}]', 0, "area", "NaN"),
    "Infinity": (b'[{"area": -Infinity}]', 0, "area", "Infinity"),
    "1e400": (b'[{"area": 1e400}]', 0, "area", "too large for a double"),
    "big integer": (b'[{"rooms": 99999999999999999999}]', 0, "rooms", "too large"),
    "twice": (b'[{"area": 1, "area": 1}]', 0, "area", "more than once"),
}


@pytest.mark.parametrize(("instances", "at", "field", "message"), REFUSED.values(), ids=REFUSED)
def test_a_bad_instance_is_named(
    client: httpx.Client, instances: bytes, at: int, field: str, message: str
) -> None:
    """The problem document points at the instance and the field and says what is wrong."""
    response = client.post(
        "/v1/predictions", content=b'{"instances": ' + instances + b"}", headers=JSON
    )
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    named = [e for e in response.json()["errors"] if e.get("field") == field]
    assert named[0]["instance"] == at
    assert message in named[0]["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"instances": []}', 400),
        (b'{"instances": [[]]}', 400),
        (b'{"instances": [{}], "extra": 1}', 400),
        (b"\xff", 400),
        (b"[" * 10_000, 400),
    ],
)
def test_a_bad_body_is_refused(client: httpx.Client, body: bytes, status: int) -> None:
    """Whatever is no request is refused as a problem document."""
    response = client.post("/v1/predictions", content=body, headers=JSON)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "text/csv",
                     "application/json; charset=latin-1"],
)  # fmt: skip
def test_another_content_type_is_refused(client: httpx.Client, content_type: str) -> None:
    """The body must be declared as JSON in UTF-8."""
    body = json.dumps({"instances": INSTANCES}).encode()
    response = client.post("/v1/predictions", content=body, headers={"content-type": content_type})
    assert response.status_code == 415


def test_too_many_instances_are_refused(start: Start) -> None:
    """The limit is told together with what was found."""
    response = predict(start(max_instances=3), INSTANCES)
    assert response.status_code == 400
    assert "5 instances in one request, but at most 3" in response.json()["detail"]


def test_a_body_that_is_too_large_is_refused_unread(start: Start) -> None:
    """A declared length beyond the limit is refused at once, a chunked one where it crosses it."""
    client = start(max_body_bytes=1000)
    declared = client.post("/v1/predictions", content=b" " * 2000, headers=JSON)
    assert declared.status_code == 413
    assert "1000 bytes" in declared.json()["detail"]
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 100
            yield b" " * 100

    chunked = client.post("/v1/predictions", content=chunks(), headers=JSON)
    assert chunked.status_code == 413


def test_a_chunked_body_is_as_good_as_any(client: httpx.Client) -> None:
    """Without Content-Length the body is read to its end."""
    body = json.dumps({"instances": INSTANCES}).encode()
    response = client.post(
        "/v1/predictions", content=(body[i : i + 50] for i in range(0, len(body), 50)), headers=JSON
    )
    assert response.status_code == 200
    assert len(response.json()["predictions"]) == len(INSTANCES)


def test_without_a_live_model_the_caller_is_told_when_to_come_again(start: Start) -> None:
    """503 with Retry-After, and the command that would help."""
    client = start(live=None)
    response = predict(client, INSTANCES)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert "understudy deploy" in response.json()["detail"]
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    assert client.get("/openapi.json").json()["components"]["schemas"]["Instance"]["type"] == (
        "object"
    )


def test_the_probes_name_the_model(client: httpx.Client) -> None:
    """Ready means: this model answers."""
    assert client.get("/health/ready").json() == {
        "status": "ready",
        "model": {"name": "tiny-houses", "version": "1.0.0"},
    }


def test_wrong_methods_and_paths_are_problems(client: httpx.Client) -> None:
    """What the contract does not know is answered in the same form."""
    for response, status in (
        (client.put("/v1/predictions", json={}), 405),
        (client.get("/nowhere"), 404),
    ):
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


def test_the_example_in_the_contract_works(client: httpx.Client) -> None:
    """Anybody can copy the example out of /openapi.json and get an answer."""
    contract = client.get("/openapi.json").json()
    post = contract["paths"]["/v1/predictions"]["post"]
    example = post["requestBody"]["content"]["application/json"]["example"]
    assert client.post("/v1/predictions", json=example).status_code == 200
    properties = contract["components"]["schemas"]["Instance"]["properties"]
    assert properties["frontage"]["nullable"] is True
    assert "agent" in properties


def test_the_swagger_ui_is_served(client: httpx.Client) -> None:
    """A person can try the contract in a browser."""
    page = client.get("/v1/ui/")
    assert page.status_code == 200
    assert "/openapi.json" in page.text


def test_request_ids_are_uuids_in_order_of_time() -> None:
    """Version 7, variant 1, and never the same twice."""
    ids = [new_request_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(re.fullmatch(r"[0-9a-f-]{14}7[0-9a-f]{3}-[89ab][0-9a-f-]{16}", i) for i in ids)


def test_a_request_is_counted_under_its_template(client: httpx.Client) -> None:
    """Refused requests are counted too, raw paths never appear."""
    predict(client, INSTANCES)
    predict(client, [])
    client.get("/v1/predictions/0190b6a0-0000-7000-8000-000000000000")
    client.get("/secret-path")
    text = client.get("/metrics").text
    for status in ("200", "400"):
        assert re.search(
            r'http_requests_total\{endpoint="default",method="POST",'
            rf'route="/v1/predictions",status="{status}"\}} 1\.0',
            text,
        )
    assert 'route="/v1/predictions/{request_id}",status="503"' in text
    assert 'route="(unknown)",status="404"' in text
    assert "secret-path" not in text


class TestWithAKey:
    """A service that was started with a key."""

    @pytest.fixture
    def client(self, start: Start) -> httpx.Client:
        """Return a client of a closed api."""
        return start(api_key="s3cret-key")

    def test_nobody_gets_in_without_it(self, client: httpx.Client) -> None:
        """Missing and wrong keys are refused before the body is looked at."""
        assert predict(client, INSTANCES).status_code == 401
        assert predict(client, INSTANCES, **{"x-api-key": "wrong"}).status_code == 401
        assert predict(client, INSTANCES, authorization="Bearer wrong").status_code == 401
        assert predict(client, INSTANCES, authorization="Basic abc").status_code == 401
        assert client.get("/metrics").status_code == 401

    def test_the_key_opens_either_way(self, client: httpx.Client) -> None:
        """As a header of its own or as a bearer token."""
        assert predict(client, INSTANCES, **{"x-api-key": "s3cret-key"}).status_code == 200
        assert predict(client, INSTANCES, authorization="Bearer s3cret-key").status_code == 200

    def test_probes_need_none(self, client: httpx.Client) -> None:
        """Whoever watches the process has no key."""
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 200

    def test_the_contract_says_so(self, client: httpx.Client, start: Start) -> None:
        """The closed contract has the scheme and scopes, the open one asks for nothing."""
        contract = client.get("/openapi.json").json()
        assert contract["paths"]["/v1/predictions"]["post"]["security"] == [{"ApiKey": ["predict"]}]
        assert contract["components"]["securitySchemes"]["ApiKey"]["name"] == "X-API-Key"


def test_an_instance_without_a_finite_answer_is_named(client: httpx.Client) -> None:
    """A valid number at the edge of what a double holds is the caller's to correct: 422."""
    response = predict(client, [INSTANCES[0], {**INSTANCES[1], "area": 1.7e308}])
    assert response.status_code == 422
    assert response.json()["errors"][0]["instance"] == 1


@pytest.mark.parametrize("log_inputs", [False, True])
def test_a_refused_body_is_logged_only_when_asked(
    start: Start, caplog: pytest.LogCaptureFixture, log_inputs: bool
) -> None:
    """Inputs stay out of the logs unless the operator wants them there."""
    predict(start(log_inputs=log_inputs), [{"area": "planted-secret"}])
    logged = [str(vars(record)) for record in caplog.records]
    assert any("planted-secret" in line for line in logged) is log_inputs


@pytest.mark.parametrize("path", ["/v1/predictions", "/v1/outcomes"])
@pytest.mark.parametrize("live", [True, False])
def test_no_refused_body_is_logged_beside_a_capture_policy(
    start: Start, linear_artefact: Artefact, caplog: pytest.LogCaptureFixture, path: str, live: bool
) -> None:
    """What the policy keeps out of the record does not get into the log instead."""
    policy = CapturePolicy.from_json({"fields": {"agent": "drop"}})
    client = start(
        live=linear_artefact if live else None, capture=Capture(1, policy), log_inputs=True
    )
    for body in (b'{"instances": [{"agent": 7, "zone": "planted-secret"}]}', b"{planted-secret"):
        response = client.post(path, content=body, headers=JSON)
        assert response.status_code in (400, 503)
    assert not [record for record in caplog.records if "planted-secret" in str(vars(record))]


def test_a_content_type_is_judged_the_same_however_often_it_comes(client: httpx.Client) -> None:
    """More spellings than are remembered, in turn with one that is refused."""
    body = json.dumps({"instances": make_instances(1)}).encode()
    for number in [*range(20), *range(20)]:
        accepted = {"content-type": f"application/json; charset=utf-8; v={number}"}
        assert client.post("/v1/predictions", content=body, headers=accepted).status_code == 200
        refused = {"content-type": "text/plain"}
        assert client.post("/v1/predictions", content=body, headers=refused).status_code == 415
