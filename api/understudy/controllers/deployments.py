"""/v1/deployments: who serves what, since when, by whose decision; and to decide it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import flask

from understudy.controllers.documents import Json, answer
from understudy.controllers.services import log_engine, log_transaction, services
from understudy.errors import DecisionInvalid, DeploymentRefused, PolicyInvalid, RecordUnknown
from understudy.log import deployments
from understudy.log.database import log_errors
from understudy.log.roles import Policy
from understudy.review.deciding import TWIN_SHARE, Decided, Decision, record
from understudy.review.rollout import read_rollout


def search() -> flask.Response:
    """Return the present roles and every decision that led to them, newest first."""
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        now = deployments.current(connection, endpoint)
        history = deployments.history(connection, endpoint)
    return answer(
        {
            "endpoint": endpoint,
            "deployment_id": now.id,
            "live": asdict(now.live) if now.live else None,
            "previous": asdict(now.previous) if now.previous else None,
            "shadows": [asdict(shadow) for shadow in now.shadows],
            "history": [asdict(decision) for decision in reversed(history)],
        }
    )


def get(deployment_id: int) -> flask.Response:
    """Return one decision and how many workers serve it. Raises RecordUnknown."""
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        history = deployments.history(connection, endpoint)
        workers = read_rollout(connection, endpoint, deployment_id)
    row = next((row for row in history if row.id == deployment_id), None)
    if row is None:
        raise RecordUnknown(f"The endpoint {endpoint} has no decision {deployment_id}.")
    return answer({"decision": asdict(row), "workers": workers.to_json()})


def create(body: Json, token_info: Mapping[str, Any] | None = None) -> flask.Response:
    """
    Decide who serves what, by the very checks of the command line, and answer at once.

    201 for a decision that is new, 200 for one that an earlier try of the same request recorded.
    Raises DecisionInvalid, DeploymentRefused, ArtefactError or NotReady.
    """
    with log_errors():
        decided = record(log_engine(), services().settings, _decision(body, _who(token_info)))
    return _made(decided)


def _made(decided: Decided) -> flask.Response:
    with log_transaction() as connection:
        workers = read_rollout(connection, services().settings.endpoint, decided.row.id)
    response = answer({"decision": asdict(decided.row), "workers": workers.to_json()})
    response.status_code = 201 if decided.is_new else 200
    response.headers["location"] = f"/v1/deployments/{decided.row.id}"
    return response


def _who(token_info: Mapping[str, Any] | None) -> str:
    """Return who decides, for the record: the key, by its name and its id."""
    if token_info is None:
        return "(no key was asked for)"
    return f"{token_info['name']} (key {token_info['sub']})"


def _decision(body: Json, who: str) -> Decision:
    action, is_twin = body["action"], body["action"] == "twin"
    name, version = _live() if is_twin else (body.get("name", ""), body.get("version", ""))
    return Decision(
        "shadow" if is_twin else action,
        who,
        name,
        version,
        body["why"],
        share=body.get("share", TWIN_SHARE if is_twin else 1.0),
        policy=_policy(body) if action == "shadow" else None,
        keep_shadow=body.get("keep_shadow", False),
        is_breaking=body.get("breaking", False),
        is_twin=is_twin,
        after=body.get("after"),
    )


def _live() -> tuple[str, str]:
    with log_transaction() as connection:
        live = deployments.current(connection, services().settings.endpoint).live
    if live is None:
        raise DeploymentRefused("Nothing is live, so nothing can have a twin.")
    return live.key


def _policy(body: Json) -> Policy | None:
    given = body.get("policy")
    services().store.manifest(body["name"], body["version"])  # what is not there needs no process
    try:
        return services().examiner.settle(given, body["name"], body["version"])
    except PolicyInvalid as error:
        if given is None:
            raise  # the service's own
        raise DecisionInvalid(str(error)) from error
