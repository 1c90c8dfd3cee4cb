"""`understudy erase`: the contents of a request go, wherever they are."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from understudy.cli.names import is_request_id, who
from understudy.cli.output import as_json, plain, print_json
from understudy.cli.places import find_settings, open_log
from understudy.errors import RecordUnknown, UsageError

if TYPE_CHECKING:
    from understudy.log.database import Connection
    from understudy.log.erasure import Erased


@click.command()
@click.argument("request_id", required=False)
@click.option("--client-id", help="Erase the request that the client sent under this X-Request-ID.")
@click.option(
    "--all", "takes_all", is_flag=True, help="All requests with this --client-id, not one."
)
@click.option("--why", required=True, help="The reason, kept in the record for good.")
@as_json
def erase(
    request_id: str | None, client_id: str | None, takes_all: bool, why: str, wants_json: bool
) -> None:
    """
    Remove what was asked and answered in a request, and the client's id, wherever they are.

    That it was answered stays, so that the accounting adds up and verdicts stand. A request that is
    not recorded yet is erased when it is shipped. A REQUEST_ID that is no UUID is refused: it may
    be the client's, which is no key.
    """
    from understudy.log.erasure import erase as remove

    if (request_id is None) == (client_id is None):
        raise click.UsageError("Say either REQUEST_ID or --client-id.")
    if takes_all and client_id is None:
        raise click.UsageError("--all is for a --client-id.")
    if request_id is not None and not is_request_id(request_id):
        raise UsageError(
            f"{request_id!r} is no request id, which is a UUID as the answer had it. If it is the"
            " client's own, say --client-id."
        )
    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        wanted = [request_id] if request_id is not None else []
        if client_id is not None:
            wanted = _of_client(connection, settings.endpoint, client_id, takes_all=takes_all)
        # In one order for everybody, so that two who erase do not wait for one another for ever.
        found = [remove(connection, settings.endpoint, one, who(), why) for one in sorted(wanted)]
    if wants_json:
        print_json({"endpoint": settings.endpoint, "requests": [asdict(one) for one in found]})
    else:
        for erased in found:
            click.echo(_told(erased))


def _of_client(
    connection: "Connection", endpoint: str, client_id: str, *, takes_all: bool
) -> list[str]:
    from understudy.log.erasure import find_requests_of

    found = find_requests_of(connection, endpoint, client_id)
    if not found:
        raise RecordUnknown(
            f"No request of the endpoint {endpoint} is recorded under the client's id"
            f" {plain(client_id)!r}. One that was answered just now may still be on its way."
        )
    if len(found) > 1 and not takes_all:
        raise UsageError(
            f"{len(found)} requests carry the client's id {plain(client_id)!r}. Say --all to erase"
            " every one of them, or name one by its request id: `understudy trace --client-id`"
            " lists them."
        )
    return found


def _told(found: "Erased") -> str:
    if not found.is_found:
        return (
            f"Nothing is recorded under {found.request_id}. If it was answered, it is erased when"
            " it is shipped; if the id is mistyped, nothing is."
        )
    parts = [
        f"{count:,} {name}{'' if count == 1 else 's'}"
        for count, name in (
            (found.instances, "instance"),
            (found.shadow_predictions, "shadow prediction"),
            (found.outcomes, "outcome"),
            (found.quarantined, "quarantined request"),
        )
        if count
    ]
    if not parts:
        return f"{found.request_id} was erased before."
    return f"{found.request_id} is erased: {', '.join(parts)}."
