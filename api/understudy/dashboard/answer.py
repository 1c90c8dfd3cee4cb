"""The page of one request: what was asked, what was answered, and what came of it."""

import orjson
from markupsafe import Markup

from understudy.dashboard.rendering import fragment
from understudy.dashboard.table import Table, link, table
from understudy.log.predictions import ClientRequests, LivePrediction, RecordedRequest
from understudy.presentation.numbers import NONE, count, number
from understudy.review.answer import Answer

TIME = "%Y-%m-%d %H:%M:%S"


def answer_page(answer: Answer) -> Markup:
    """Return the content of the page of one request."""
    request = answer.request
    client = request.client_id
    return fragment(
        "answer.html",
        request=request,
        digest=answer.digest,
        client=None if client is None else found_link(client),
        decision=None if answer.answerer is None else answer.answerer.decision,
        instances=[_instance(request, live) for live in request.predictions],
    )


def found_link(client_id: str) -> Markup:
    """Return a link to all requests that a client sent under its own id."""
    return link(client_id, "requests", query={"id": client_id})


def found_page(client_id: str, found: ClientRequests) -> Markup:
    """Return the content of the list of requests with one id of the client's."""
    rows = [
        (
            link(one.request_id, "requests", one.request_id),
            one.served_at.strftime(TIME),
            f"{one.name}:{one.version}",
            count(one.instances),
        )
        for one in found.requests
    ]
    head = ("Request", "Served (UTC)", "Answered by", "Instances")
    title = f"The newest {len(rows)}; there are more" if found.has_more else "The newest first"
    return fragment("found.html", client_id=client_id, found=table(title, head, rows))


def _instance(request: RecordedRequest, live: LivePrediction) -> dict[str, object]:
    is_only = len(request.predictions) == 1
    return {
        "title": "Instance" if is_only else f"Instance {live.instance_no}",
        "answers": _answers(request, live),
        "outcomes": _outcomes(request, live.instance_no),
        "fields": table(
            f"What was asked: {count(len(live.instance))} fields",
            ("Field", "Value"),
            [(name, told(value)) for name, value in live.instance.items()],
        ),
    }


def _answers(request: RecordedRequest, live: LivePrediction) -> Table:
    rows = [("live", f"{request.name}:{request.version}", "answered", told(live.output), NONE)]
    rows += [
        (
            "shadow",
            f"{shadow.name}:{shadow.version}",
            shadow.status if shadow.error is None else f"{shadow.status}: {shadow.error}",
            NONE if shadow.output is None else told(shadow.output),
            _apart(live.value, shadow.value),
        )
        for shadow in request.shadows
        if shadow.instance_no == live.instance_no
    ]
    head = ("Role", "Model", "Status", "Answer", "Shadow − live")
    return table("What was answered", head, rows)


def _apart(live: float | None, shadow: float | None) -> str:
    return NONE if live is None or shadow is None else number(shadow - live, signed=True)


def _outcomes(request: RecordedRequest, instance_no: int) -> Table | None:
    rows = [
        (str(one.revision), told(one.value), one.received_at.strftime(TIME))
        for one in request.outcomes
        if one.instance_no == instance_no
    ]
    if not rows:
        return None
    head = ("Revision", "Value", "Received (UTC)")
    return table("The outcome; the last revision counts", head, rows)


def told(value: object) -> str:
    """Write a JSON value: numbers and texts as they are, all else as JSON."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_NAIVE_UTC).decode()
