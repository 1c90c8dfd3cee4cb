"""`understudy keys list` and `revoke`."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from understudy.cli.keys.making import why
from understudy.cli.names import who
from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log

if TYPE_CHECKING:
    from understudy.log.keys import KeyRow

_HEADER = ("id", "name", "opens", "a second", "made", "is good")


@click.command(name="list")
@click.option("--all", "wants_all", is_flag=True, help="Those that have ended as well.")
@as_json
def list_keys(wants_all: bool, wants_json: bool) -> None:
    """List the keys of the endpoint, the newest first."""
    from understudy.log.keys import list_keys as read

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        found = read(connection, settings.endpoint)
    now = datetime.now(UTC)
    shown = [row for row in found if wants_all or row.is_good(now)]
    if wants_json:
        print_json([asdict(row) for row in shown])
    elif shown:
        print_table(_HEADER, [_line(row, now) for row in shown])
    elif found:
        click.echo("No key is good; the api lets nobody in. --all lists those that have ended.")
    else:
        click.echo("There is no key. The first one makes the api ask for keys.")


@click.command()
@click.argument("key_id", metavar="ID")
@why
@as_json
def revoke(key_id: str, why: str, wants_json: bool) -> None:
    """End the key ID now; the api refuses it within two seconds."""
    from understudy.log.keys import revoke_key

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        row = revoke_key(connection, settings.endpoint, key_id, who(), why)
    if wants_json:
        print_json({"id": row.id, "name": row.name, "revoked": True})
    else:
        click.echo(f"The key {row.id} of {plain(row.name)} is revoked.")


def _line(row: "KeyRow", now: datetime) -> tuple[object, ...]:
    rate = "any" if row.per_second is None else f"{row.per_second:g}"
    made = moment(row.created_at)
    return row.id, plain(row.name), " ".join(row.scopes), rate, made, _standing(row, now)


def _standing(row: "KeyRow", now: datetime) -> str:
    if row.revoked_at is not None:
        return f"no, revoked {moment(row.revoked_at)}"
    if row.expires_at is None:
        return "for ever"
    until = moment(row.expires_at)
    return f"until {until}" if row.is_good(now) else f"no, it ran out {until}"
