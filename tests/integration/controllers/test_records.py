"""GET /v1/predictions/{request_id} names the decision by which a model answered."""

import httpx
import pytest
from sqlalchemy import Engine

from tests.integration.controllers.conftest import ENDPOINT, Deploy, Record
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.vetting import Waiver
from understudy.log.outcomes import OutcomeItem
from understudy.log.outcomes import record as record_outcomes
from understudy.log.work import claim, complete
from understudy.log.work_item import ShadowResult


def test_an_answer_leads_to_its_decision(
    api: httpx.Client, deploy: Deploy, record: Record, database: Engine,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Who put the model there, when and why, its digest and waivers, and the shadow's digest."""
    live = deploy("live", linear_artefact, (Waiver("quality", "a pilot", "ada"),))
    as_of = deploy("shadow", boosting_artefact)
    request_id = record(linear_artefact, as_of)
    item = claim(database, ENDPOINT, "tiny-houses", "2.0.0", "test", 60)
    assert item is not None
    complete(database, item, [ShadowResult(request_id, 0, "scored", 7.5, 7.5)], 0)
    with database.begin() as connection:
        record_outcomes(connection, ENDPOINT, [OutcomeItem(request_id, 0, 200_000)])
    found = api.get(f"/v1/predictions/{request_id}").json()
    decision = found["deployment"]
    assert decision.pop("at") < found["recorded_at"]
    assert decision == {
        "id": live,
        "who": "ada",
        "why": "why live",
        "action": "live",
        "digest": linear_artefact.digest,
        "waivers": [{"gate": "quality", "reason": "a pilot", "by": "ada"}],
        "as_of": as_of,
    }
    (instance,) = found["instances"]
    assert instance["prediction"] == 214_332.125
    assert instance["outcomes"][0]["value"] == 200_000
    (shadow,) = instance["shadows"]
    assert (shadow["digest"], shadow["prediction"]) == (boosting_artefact.digest, 7.5)


def test_an_older_row_has_no_deployment(
    api: httpx.Client, deploy: Deploy, record: Record, linear_artefact: Artefact
) -> None:
    """Nobody wrote it down, so nobody makes it up."""
    deploy("live", linear_artefact)
    found = api.get(f"/v1/predictions/{record(linear_artefact, None)}").json()
    assert found["deployment"] is None
    assert found["client_id"] == "order-7"


def test_a_request_that_was_refused_by_postgres_is_told(
    api: httpx.Client, record: Record, linear_artefact: Artefact
) -> None:
    """It will never come, so the caller is not sent to try again."""
    request_id = record(linear_artefact, 1, client_id="nul\0l")
    answer = api.get(f"/v1/predictions/{request_id}")
    assert answer.status_code == 404
    assert "quarantine" in answer.json()["detail"]
    assert "retry-after" not in answer.headers
    later = api.get("/v1/predictions/01900000-0000-7000-8000-000000000000")
    assert (later.status_code, later.headers["retry-after"]) == (404, "1")


@pytest.mark.promise("exactly once", "A client's id that many requests carry is told, not guessed")
def test_a_request_is_found_by_the_id_of_the_client(
    api: httpx.Client, record: Record, linear_artefact: Artefact
) -> None:
    """All that carry it are listed; an id that nobody sent is not found."""
    sent = {record(linear_artefact, None), record(linear_artefact, None)}
    found = api.get("/v1/predictions", params={"client_id": "order-7"}).json()["requests"]
    assert {request["request_id"] for request in found} == sent
    nobody = api.get("/v1/predictions", params={"client_id": "order-8"})
    assert (nobody.status_code, "order-8" in nobody.json()["detail"]) == (404, True)
    assert api.get("/v1/predictions/order-7").status_code in (400, 404)


def test_the_decisions_are_listed_with_their_waivers(
    api: httpx.Client, deploy: Deploy, linear_artefact: Artefact
) -> None:
    """GET /v1/deployments has them with the role and with the decision."""
    number = deploy("live", linear_artefact, (Waiver("cost", "for now", "ben"),))
    found = api.get("/v1/deployments").json()
    waivers = [{"gate": "cost", "reason": "for now", "by": "ben"}]
    assert (found["live"]["waivers"], found["live"]["deployment_id"]) == (waivers, number)
    assert found["history"][0]["waivers"] == waivers
