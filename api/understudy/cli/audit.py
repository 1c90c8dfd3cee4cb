"""`understudy audit`: every act upon an endpoint, and who answers for it."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from understudy.cli.moments import MOMENT
from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log

if TYPE_CHECKING:
    from understudy.log.audit import Act

_HEADER = ("when", "who", "what", "why")


@click.command()
@click.option("--since", type=MOMENT, help="From when on: a date (UTC), or how long ago: 12h, 7d.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=1000, show_default=True,
    help="How many at most, the newest.",
)  # fmt: skip
@as_json
def audit(since: datetime | None, limit: int, wants_json: bool) -> None:
    """Tell who changed what, when and why: deployments, replays, keys and capture policies."""
    from understudy.log.audit import read_audit

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        found = read_audit(connection, settings.endpoint, since=since, limit=limit)
    if wants_json:
        print_json([asdict(act) for act in found])
    elif found:
        print_table(_HEADER, [_line(act) for act in found])
    else:
        click.echo(f"Nothing was changed on the endpoint {settings.endpoint}.")


def _line(act: "Act") -> tuple[object, ...]:
    what = f"{act.action} {act.subject}"
    return moment(act.at), plain(act.who), plain(what), plain(act.why) or "(no reason given)"
