"""`understudy trace`: from an answer to the model, the data and the decision behind it."""

from typing import TYPE_CHECKING, Any

import click

from understudy.cli.names import is_request_id
from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.errors import RecordUnknown, UsageError

if TYPE_CHECKING:
    from understudy.log.database import Engine
    from understudy.log.predictions import ClientRequests
    from understudy.settings import Settings


@click.command()
@click.argument("request_id", required=False)
@click.option("--client-id", help="Find the request by the X-Request-ID that the client sent.")
@click.option(
    "--instance", "number", type=click.IntRange(min=0), help="Show only this instance, from 0."
)
@as_json
def trace(
    request_id: str | None, client_id: str | None, number: int | None, wants_json: bool
) -> None:
    """
    Go from an answer to the model, the data and the decision behind it.

    Shows what was asked and answered, who put that model there and why, what it was trained on,
    what its gates found and who waived one, what every shadow said, and the true values. Of
    several requests with one --client-id it lists the ids. A REQUEST_ID that is no UUID is taken
    for the client's.
    """
    if (request_id is None) == (client_id is None):
        raise click.UsageError("Say either REQUEST_ID or --client-id.")
    if request_id is not None and not is_request_id(request_id):
        click.echo(
            f"{plain(request_id)} is no request id, which is a UUID as the answer had it in"
            " `request_id`; looking for the client's own id of that name.",
            err=True,
        )
        request_id, client_id = None, request_id
    settings = find_settings()
    with open_log(settings) as log:
        if client_id is not None:
            found = _by_client(log, settings, client_id)
            if len(found.requests) > 1:
                _list(found, wants_json)
                return
            request_id = found.requests[0].request_id
        assert request_id is not None  # noqa: S101 - for mypy: one of the two was given
        _show(log, settings, request_id, number, wants_json)


def _by_client(log: "Engine", settings: "Settings", client_id: str) -> "ClientRequests":
    from understudy.log.predictions import find_by_client

    with log.begin() as connection:
        found = find_by_client(connection, settings.endpoint, client_id)
    if not found.requests:
        raise RecordUnknown(
            f"No prediction of the endpoint {settings.endpoint} is recorded under the client's id"
            f" {client_id!r}. One that was answered just now may still be on its way."
        )
    return found


def _list(found: "ClientRequests", wants_json: bool) -> None:
    if wants_json:
        listed = [vars(request) for request in found.requests]
        print_json({"requests": listed, "has_more": found.has_more})
        return
    print_table(
        ("request", "answered", "model", "instances"),
        [
            (
                request.request_id,
                moment(request.served_at),
                f"{request.name}:{request.version}",
                request.instances,
            )
            for request in found.requests
        ],
    )
    if found.has_more:
        click.echo(f"These are the newest {len(found.requests)}; there are more.")


def _show(
    log: "Engine", settings: "Settings", request_id: str, number: int | None, wants_json: bool
) -> None:
    from understudy.artefacts.store import ArtefactStore
    from understudy.cli.trace_text import describe
    from understudy.review.answer import find_answer
    from understudy.review.trace import trace as follow

    with log.begin() as connection:
        answer = find_answer(connection, settings.endpoint, request_id)
    last = len(answer.request.predictions) - 1
    if number is not None and number > last:
        raise UsageError(f"The request has the instances 0 to {last}, and no {number}.")
    store = ArtefactStore(settings.artefacts_url)
    places = settings.reading_dir, settings.cache_dir
    found = follow(answer, settings.endpoint, store, *places)
    if wants_json:
        print_json(_only(found.to_json(), number))
    else:
        click.echo("\n".join(describe(found, number)))


def _only(content: dict[str, Any], number: int | None) -> dict[str, Any]:
    """Leave one instance of the request."""
    if number is None:
        return content
    return content | {"instance": number, "instances": [content["instances"][number]]}
