"""The pages as a browser meets them: who may read, what holds them in, how errors look."""

from base64 import b64encode
from pathlib import Path

import httpx
import pytest

from tests.unit.controllers.conftest import Start, served
from understudy.settings import Settings

KEY = "a-key-for-tests"
PAGES = ("/", "/deployments", "/shadows/a:1", "/requests?id=x",
         "/requests/01900000-0000-7000-8000-000000000001")  # fmt: skip
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def basic(password: str, name: str = "") -> dict[str, str]:
    """Return the header of a browser that was told a name and a password."""
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


@pytest.mark.parametrize("path", PAGES)
def test_without_a_log_a_page_says_so_and_that_predictions_go_on(
    client: httpx.Client, path: str
) -> None:
    """A page of HTML with the status that a program would get."""
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["retry-after"] == "5"
    assert "UNDERSTUDY_DATABASE_URL is not set" in answer.text
    assert "what is live goes on answering" in answer.text
    body = {"instances": [{"area": 90.5, "rooms": 3, "built": 1990, "zone": "West",
                           "garage": True}]}  # fmt: skip
    assert client.post("/v1/predictions", json=body).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_the_key(start: Start, path: str) -> None:
    """A browser is told how to ask; what it may not read is not in the page."""
    client = start(api_key=KEY)
    for headers in ({}, basic("wrong"), basic(""), {"Authorization": "Basic !"}):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Basic realm="Understudy", charset="UTF-8"'
        assert "the password is the key" in answer.text
        assert KEY not in answer.text


@pytest.mark.parametrize(
    "headers",
    [basic(KEY), basic(KEY, "anybody"), {"X-API-Key": KEY}, {"Authorization": f"Bearer {KEY}"}],
)
def test_the_key_opens_the_pages(start: Start, headers: dict[str, str]) -> None:
    """As a password whatever the name, and as programs send it."""
    assert start(api_key=KEY).get("/", headers=headers).status_code == 503  # there is no log


@pytest.mark.parametrize("path", ["/v1/models", "/v1/deployments", "/metrics"])
def test_a_password_opens_nothing_but_the_pages(start: Start, path: str) -> None:
    """A browser sends a password along for any site that asks it to: the api takes none."""
    client = start(api_key=KEY)
    assert client.get(path, headers=basic(KEY)).status_code == 401
    sent = client.post("/v1/outcomes", json={"outcomes": []}, headers=basic(KEY))
    assert sent.status_code == 401
    assert "www-authenticate" not in sent.headers


@pytest.mark.parametrize("path", [*PAGES, "/assets/dashboard.css", "/nowhere"])
def test_a_page_is_held_in(client: httpx.Client, path: str) -> None:
    """No script, no style in the text, no frame, no guessing of types, no copy in a cache."""
    headers = client.get(path, headers=BROWSER).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    expected = "no-cache" if path.startswith("/assets") else "no-store"
    assert headers["cache-control"] == expected


def test_a_browser_that_is_lost_gets_a_page_and_a_program_a_problem(client: httpx.Client) -> None:
    """By what it asks for, and never on the paths of the api."""
    assert "text/html" in client.get("/nowhere", headers=BROWSER).headers["content-type"]
    for path, headers in (("/nowhere", {}), ("/v1/nowhere", BROWSER)):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "content-security-policy" not in answer.headers


def test_what_was_mistyped_comes_back_as_text(client: httpx.Client) -> None:
    """The address is part of no markup."""
    evil = "<script>alert(1)</script>"
    for path in (f"/requests/{evil}", f"/?refresh={evil}", f"/{evil}"):
        answer = client.get(path, headers=BROWSER)
        assert answer.status_code in (400, 404)
        assert "text/html" in answer.headers["content-type"]
        assert "<script" not in answer.text


def test_a_request_id_leads_to_its_page(client: httpx.Client) -> None:
    """The field for both kinds of ids needs no script."""
    wanted = "01900000-0000-7000-8000-000000000001"
    answer = client.get("/requests", params={"id": f" {wanted} "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/requests/{wanted}")


def test_style_and_icon_are_served_once(client: httpx.Client) -> None:
    """A browser that has the file already is told so; nothing else is in that folder."""
    style = client.get("/assets/dashboard.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    again = client.get("/assets/dashboard.css", headers={"If-None-Match": style.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/assets/icon.svg").headers["content-type"] == "image/svg+xml"
    for path in ("/assets/page.html", "/assets/..%2Fpress.py", "/assets/../press.py"):
        assert client.get(path).status_code in (400, 404)


def test_an_open_service_asks_nobody(tmp_path: Path) -> None:
    """Without a key there is no scheme in the contract either."""
    with served(Settings(data_dir=tmp_path)) as client:
        assert client.get("/").status_code == 503
        assert "securitySchemes" not in client.get("/openapi.json").json()["components"]
