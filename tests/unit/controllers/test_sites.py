"""Another site cannot use its visitor's browser to change anything here."""

from base64 import b64encode
from itertools import product

import httpx
import pytest

from tests.tiny import make_instances
from tests.unit.controllers.conftest import Start
from understudy.controllers.contract import read_contract

FORMS = [
    {"content-type": kind}
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                 "text/plain")
]  # fmt: skip
KEY = "a-key-for-tests"
PREDICTION = {"instances": make_instances(1)}
CHANGING = [
    (method, path)
    for path, item in read_contract()["paths"].items()
    for method in item
    if method != "get"
]
ELSEWHERE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"},
    {"sec-fetch-site": "cross-site", "origin": "null"},
    {"origin": "https://shop.example"},
    {"origin": "http://127.0.0.1"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "127.0.0.1"},
]


def post(client: httpx.Client, **headers: str) -> httpx.Response:
    """Ask for a prediction with headers, whose underscores are hyphens."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/predictions", json=PREDICTION, headers=sent)


@pytest.mark.promise("access", "Nothing that changes something is taken from another site")
def test_nothing_that_changes_something_is_taken_from_another_site(client: httpx.Client) -> None:
    """Whatever a browser says of where it comes from: an api that asks nobody refuses by that."""
    for (method, path), headers in product(CHANGING, ELSEWHERE):
        answer = client.request(method, path, json={}, headers=headers)
        assert answer.status_code == 403
        assert "on behalf of another site" in answer.json()["detail"]


def test_with_a_key_it_is_refused_all_the_same(start: Start) -> None:
    """Should a browser ever hold one."""
    client = start(api_key=KEY)
    assert post(client, x_api_key=KEY, origin="https://shop.example").status_code == 403
    assert post(client, x_api_key=KEY).status_code == 200


def test_a_password_that_a_browser_keeps_changes_nothing(start: Start) -> None:
    """It is sent along with a form of any site, and opens pages alone; no cookie opens anything."""
    client = start(api_key=KEY)
    basic = {"authorization": "Basic " + b64encode(f":{KEY}".encode()).decode()}
    cookie = {"cookie": f"key={KEY}; X-API-Key={KEY}"}
    for (method, path), headers in product(CHANGING, (basic, cookie)):
        answer = client.request(method, path, json={}, headers=headers)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


def test_no_form_is_read(client: httpx.Client) -> None:
    """What a form can send without asking first is refused by its type, whatever is in it."""
    body = b'{"action": "rollback", "why": "="}'
    for (method, path), kind in product(CHANGING, FORMS):
        assert client.request(method, path, content=body, headers=kind).status_code == 415


def test_no_other_site_is_given_leave(client: httpx.Client) -> None:
    """A browser asks before it sends JSON for another site, and is not told that it may."""
    asks = {"origin": "https://shop.example", "access-control-request-method": "POST",
            "access-control-request-headers": "content-type"}  # fmt: skip
    for _, path in CHANGING:
        answer = client.options(path, headers=asks)
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_pages_of_this_service_and_programs_are_let_through(client: httpx.Client) -> None:
    """The Swagger UI tries things, programs say nothing of an origin."""
    here = str(client.base_url).rstrip("/")
    assert post(client).status_code == 200
    assert post(client, origin=here).status_code == 200
    assert post(client, origin=here, sec_fetch_site="same-origin").status_code == 200
    assert post(client, sec_fetch_site="none").status_code == 200


def test_behind_a_proxy_that_speaks_https_the_host_decides(start: Start) -> None:
    """The proxy keeps the name; what it speaks to the browser is not known here."""
    client = start(api_key=KEY)
    host = "models.example:8443"
    assert post(client, x_api_key=KEY, host=host, origin=f"https://{host}").status_code == 200
    assert (
        post(client, x_api_key=KEY, host=host, origin="https://models.example").status_code == 403
    )


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "="}])
def test_a_name_that_somebody_pointed_here_is_not_this_machine(
    client: httpx.Client, headers: dict[str, str]
) -> None:
    """A site that changes its own address to loopback is the same site to a browser, not to us."""
    evil = "shop.example:8000"
    said = {"host": evil} | {name: text.replace("=", f"http://{evil}") if name == "origin" else text
                             for name, text in headers.items()}  # fmt: skip
    answers = [client.post("/v1/predictions", json=PREDICTION, headers=said)]
    # Of what is only read a browser says nothing at all: the name is all there is to go by.
    answers += [
        client.get(path, headers=said)
        for path in ("/", "/requests", "/v1/models", "/metrics", "/openapi.json", "/v1/ui/")
    ]
    for answer in answers:
        assert (answer.status_code, "Host: shop.example" in answer.text) == (403, True)


def test_its_own_names_and_addresses_are_this_machine(client: httpx.Client) -> None:
    """A browser says where a request comes from only to some of them, and to others nothing."""
    for name in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost", "10.0.0.7"):
        assert post(client, host=name, origin=f"http://{name}").status_code == 200
        assert client.get("/health/live", headers={"host": name}).status_code == 200


def test_with_a_key_any_name_will_do(start: Start) -> None:
    """No site has the key."""
    client = start(api_key=KEY)
    answer = client.get("/health/live", headers={"host": "models.example", "x-api-key": KEY})
    assert answer.status_code == 200


def test_reading_is_no_change(client: httpx.Client) -> None:
    """A link on another site may lead here; what comes back stays with the browser."""
    answer = client.get("/health/live", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
