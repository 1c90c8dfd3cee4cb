"""The pages over a real log: what was recorded is what is shown, whatever it holds."""

import html
import re

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.filled import fill_log
from tests.integration.controllers.conftest import ENDPOINT, Deploy, Record
from understudy.artefacts.artefact import Artefact
from understudy.log.deployments import Change, append
from understudy.log.latest import latest_pairs
from understudy.log.outcomes import OutcomeItem
from understudy.log.outcomes import record as record_outcomes
from understudy.log.work import claim, complete
from understudy.log.work_item import ShadowResult
from understudy.settings import Settings

EVIL = "\"'><script>alert(1)</script>"
LIVE, SHADOW = ("tiny-houses", "1.0.0"), ("tiny-houses", "2.0.0")


def test_the_pages_of_an_endpoint_without_anything(api: httpx.Client) -> None:
    """The first thing that a new user sees says what to do."""
    overview = api.get("/")
    assert overview.status_code == 200
    assert "No model is live yet." in overview.text
    assert "Nothing has been deployed yet." in api.get("/deployments").text
    nothing = api.get("/shadows/a:1")
    assert nothing.status_code == 404
    assert "the shadows are: none" in nothing.text


def test_a_live_model_alone_is_shown_without_a_comparison(
    api: httpx.Client, deploy: Deploy, linear_artefact: Artefact
) -> None:
    """Who put it there, when and why, and that there is no shadow."""
    deploy("live", linear_artefact)
    page = api.get("/").text
    assert "tiny-houses:1.0.0" in page
    assert "why live" in page
    assert "No model is in the shadow." in page


def test_a_twin_has_a_card_and_no_page_of_its_own(
    api: httpx.Client, database: Engine, deploy: Deploy, linear_artefact: Artefact
) -> None:
    """Nobody is offered a verdict on the live version against itself."""
    deploy("live", linear_artefact)
    known = linear_artefact.manifest
    twin = Change("shadow", "ann", known.name, known.version, known.digest, is_twin=True)
    with database.begin() as connection:
        append(connection, ENDPOINT, twin)
    overview = api.get("/").text
    assert "the twin of the live model" in overview
    assert "/shadows/" not in overview
    nothing = api.get("/shadows/tiny-houses:1.0.0")
    assert nothing.status_code == 404
    assert "tiny-houses:1.0.0 is the twin of the live model" in nothing.text
    assert "/shadows/" not in api.get("/deployments").text


def test_what_clients_and_people_wrote_is_shown_as_text(
    api: httpx.Client, record: Record, database: Engine,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """A value of an instance, a client's id, a reason, an outcome, a failure: none is markup."""
    with database.begin() as connection:
        for action, artefact in (("live", linear_artefact), ("shadow", boosting_artefact)):
            known = artefact.manifest
            change = Change(action, EVIL, known.name, known.version, known.digest, EVIL)
            number = append(connection, ENDPOINT, change).id
    request_id = record(
        linear_artefact, number, client_id=EVIL, instances=[{EVIL: EVIL, "cell": "=1+1"}]
    )
    item = claim(database, ENDPOINT, *SHADOW, "test", 60)
    assert item is not None
    complete(database, item, [ShadowResult(request_id, 0, "failed", error=EVIL)], 0)
    with database.begin() as connection:
        record_outcomes(connection, ENDPOINT, [OutcomeItem(request_id, 0, EVIL)])
    answer = api.get(f"/requests/{request_id}").text
    found = api.get("/requests", params={"id": EVIL}).text
    for page, least in ((answer, 6), (found, 1), (api.get("/deployments").text, 4)):
        assert "<script" not in page
        assert html.unescape(page).count(EVIL) >= least
    assert "=1+1" in answer
    assert f"/requests/{request_id}" in found


def test_a_request_that_is_not_recorded_yet_has_a_page_that_says_so(api: httpx.Client) -> None:
    """A reader who comes too early is told when to come again."""
    answer = api.get("/requests/01900000-0000-7000-8000-000000000000")
    assert (answer.status_code, answer.headers["retry-after"]) == (404, "1")
    assert "text/html" in answer.headers["content-type"]
    assert api.get("/requests", params={"id": "nobody"}).status_code == 404


def test_the_latest_pairs_are_the_newest_of_these_two_models(
    database: Engine, options: Settings, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Newest first, each with both answers and the last revision of the outcome."""
    fill_log(database, options, linear_artefact, boosting_artefact, 30)
    with database.begin() as connection:
        newest = connection.execute(
            text("SELECT request_id::text FROM prediction ORDER BY served_at DESC LIMIT 5")
        ).scalars()
        expected = list(newest)
        record_outcomes(connection, ENDPOINT, [OutcomeItem(expected[0], 0, 7.5)])
        found = latest_pairs(connection, ENDPOINT, LIVE, SHADOW, 5)
        assert [pair.request_id for pair in found] == expected
        assert found[0].outcome == 7.5
        assert all(pair.live_value and pair.shadow_value and not pair.error for pair in found)
        assert latest_pairs(connection, ENDPOINT, SHADOW, LIVE) == ()
        assert latest_pairs(connection, "another", LIVE, SHADOW) == ()


def test_the_verdict_is_drawn_from_the_log(
    api: httpx.Client, database: Engine, options: Settings,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Through the process that draws: overview, page of the shadow, page of its newest request."""
    fill_log(database, options, linear_artefact, boosting_artefact, 150)
    page = _patiently(api, "/shadows/tiny-houses:2.0.0")
    assert "NEED MORE DATA" in page
    assert "150 compared (100" in page
    overview = api.get("/").text
    assert "NEED MORE DATA" in overview
    assert 'href="/shadows/tiny-houses:2.0.0"' in overview
    links = re.findall(r'href="(/requests/[0-9a-f-]{36})"', page)
    assert len(links) == 20
    assert "tiny-houses:2.0.0" in api.get(links[0]).text
    moving = api.get("/shadows/tiny-houses:2.0.0", params={"refresh": 30})
    assert moving.headers["refresh"] == "30"
    found = api.get("/v1/comparisons/tiny-houses:2.0.0", timeout=120)
    assert found.json()["coverage"]["compared"] == 150
    assert found.json()["verdict"] == "NEED_MORE_DATA"
    assert api.get("/v1/comparisons/tiny-houses:9.0.0", timeout=120).status_code == 404


def _patiently(api: httpx.Client, path: str) -> str:
    """Return a page that may still be drawn at the first asking, on a busy machine."""
    for _ in range(6):
        answer = api.get(path, timeout=60)
        if answer.status_code == 200:
            return answer.text
        assert "it is still being made" in answer.text
    pytest.fail("the page was not drawn")
