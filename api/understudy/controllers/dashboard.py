"""GET / and the pages behind it: what a person sees of the endpoint in a browser."""

import re
from importlib.resources import files

import flask
from markupsafe import Markup

from understudy.controllers.services import log_transaction, services
from understudy.dashboard.answer import answer_page, found_page
from understudy.dashboard.endpoint import (
    deployments_page,
    overview_page,
    twin_card,
    unavailable_card,
)
from understudy.dashboard.rendering import Frame, page
from understudy.dashboard.table import address
from understudy.errors import RecordUnknown, UnderstudyError
from understudy.log import comparisons, deployments
from understudy.log.predictions import find_by_client
from understudy.log.roles import Deployments, ShadowRole, is_twin
from understudy.review.answer import find_answer

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TYPES = {"dashboard.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def overview(refresh: int = 0) -> flask.Response:
    """Show who is live, and a card with the verdict for each shadow."""
    endpoint, now = services().settings.endpoint, _now()
    cards, made_at = [], None
    twins = [role for role in now.shadows if is_twin(role, now.live)]
    for role in now.shadows:
        if role in twins:
            continue
        try:
            sheet = services().press.sheet(role.model, now.id)
        except UnderstudyError as error:
            cards.append(unavailable_card(role, str(error)))
        else:
            cards.append(sheet.card)
            made_at = sheet.made_at if made_at is None else min(made_at, sheet.made_at)
    cards += map(twin_card, twins)
    frame = Frame("Overview", endpoint, "/", refresh, made_at)
    return _answer(frame, overview_page(endpoint, now, cards))


def shadow(shadow: str, refresh: int = 0) -> flask.Response:
    """Show everything about one shadow. Raises RecordUnknown if it is none now."""
    now = _now()
    sheet = services().press.sheet(_role(now, shadow).model, now.id)
    path = address("shadows", shadow)
    frame = Frame(sheet.title, services().settings.endpoint, path, refresh, sheet.made_at)
    return _answer(frame, sheet.content)


def request(request_id: str) -> flask.Response:
    """Show everything about one request. Raises NotRecordedYet or RecordUnknown."""
    if not _UUID.fullmatch(request_id):
        raise RecordUnknown(f"{request_id!r} is not a request id: that is a UUID.")
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        found = find_answer(connection, endpoint, request_id)
    frame = Frame(f"Request {request_id}", endpoint, address("requests", request_id))
    return _answer(frame, answer_page(found))


def find(id: str) -> flask.Response:
    """Lead to the request with this id, or list those with this id of the client's."""
    wanted = id.strip()
    if _UUID.fullmatch(wanted):
        return _elsewhere(address("requests", wanted))
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        found = find_by_client(connection, endpoint, wanted)
    if not found.requests:
        raise RecordUnknown(
            f"No request is recorded with the id {wanted!r}: neither ours, which is a UUID, nor"
            " the client's own, its X-Request-ID."
        )
    frame = Frame(f"Requests of {wanted}", endpoint, "/requests")
    return _answer(frame, found_page(wanted, found))


def decisions() -> flask.Response:
    """Show who serves what, and every decision that led to it."""
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        now = deployments.current(connection, endpoint)
        history = deployments.history(connection, endpoint)
        kept = comparisons.list_comparisons(connection, endpoint)
    frame = Frame("Deployments", endpoint, "/deployments")
    return _answer(frame, deployments_page(endpoint, now, history, kept))


def asset(name: str) -> flask.Response:
    """Return the style sheet or the icon; browsers ask whether theirs is still the same."""
    content = files("understudy.dashboard").joinpath("assets", name).read_bytes()
    response = flask.Response(content, content_type=_TYPES[name])
    response.headers["cache-control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(flask.request)  # type: ignore[return-value]


def _now() -> Deployments:
    with log_transaction() as connection:
        return deployments.current(connection, services().settings.endpoint)


def _role(now: Deployments, model: str) -> ShadowRole:
    found = next((role for role in now.shadows if role.model == model), None)
    if found is not None and is_twin(found, now.live):
        raise RecordUnknown(
            f"{model} is the twin of the live model: it shows how far that differs from itself,"
            " beside the disagreement of each shadow, and gets no verdict."
        )
    if found is None:
        there = ", ".join(role.model for role in now.shadows) or "none"
        raise RecordUnknown(f"{model} is not a shadow here; the shadows are: {there}.")
    return found


def _answer(frame: Frame, content: Markup) -> flask.Response:
    response = flask.Response(page(frame, content), content_type="text/html; charset=utf-8")
    response.headers["cache-control"] = "no-store"
    if frame.refresh_s:
        response.headers["refresh"] = str(frame.refresh_s)
    return response


def _elsewhere(where: str) -> flask.Response:
    return flask.Response(status=303, headers={"location": where, "cache-control": "no-store"})
