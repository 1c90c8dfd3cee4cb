"""`understudy keys create` and `rotate`: the two commands that show a key."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from understudy.cli.moments import SPAN
from understudy.cli.names import who
from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_settings, open_log
from understudy.keys import SCOPES

if TYPE_CHECKING:
    from understudy.keys import Minted

why = click.option("--why", default="", help="The reason, kept in the record.")


@click.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES),
    help="What it opens; may be given several times.",
)  # fmt: skip
@click.option(
    "--per-second", type=click.FloatRange(0.01, 1e6),
    help="The requests a second that it is good for; any number, unless it is said.",
)  # fmt: skip
@click.option("--lasts", type=SPAN, help="How long it is good: 90d; for ever, unless it is said.")
@why
@as_json
def create(
    name: str, scopes: Sequence[str], per_second: float | None, lasts: timedelta | None, why: str,
    wants_json: bool,
) -> None:  # fmt: skip
    """Make a key for NAME, such as a program or a person, and show it once."""
    from understudy.log.keys import KeyWish, create_key

    settings = find_settings()
    wish = KeyWish(name, set(scopes), per_second, lasts)
    with open_log(settings) as log, log.begin() as connection:
        minted = create_key(connection, settings.endpoint, wish, who(), why)
    _show(minted, wants_json)


@click.command()
@click.argument("key_id", metavar="ID")
@click.option(
    "--overlap", type=SPAN, default="0m", show_default=True,
    help="How long the old key stays good beside the new one: 1d.",
)  # fmt: skip
@why
@as_json
def rotate(key_id: str, overlap: timedelta, why: str, wants_json: bool) -> None:
    """Make a key that opens what the key ID does, and end that one."""
    from understudy.log.keys import rotate_key

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        minted = rotate_key(connection, settings.endpoint, key_id, overlap, who(), why)
    _show(minted, wants_json)


def _show(minted: "Minted", wants_json: bool) -> None:
    if wants_json:
        print_json({"id": minted.id, "key": minted.text})
        return
    click.echo(minted.text)
    click.echo(
        f"This is the key {minted.id}. Keep it now: it is not shown again. It opens the api within"
        " two seconds; send it as X-API-Key, or set UNDERSTUDY_API_KEY for these commands.",
        err=True,
    )
