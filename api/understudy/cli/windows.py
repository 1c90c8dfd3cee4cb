"""`understudy windows`: whether the traffic of the live version has moved, day after day."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.errors import RecordUnknown

if TYPE_CHECKING:
    from understudy.comparison.windows import WindowLook, WindowState
    from understudy.review.windows import Windows

_HEADER = ("window", "first day", "last day", "units", "against", "found")


@click.command()
@as_json
def windows(wants_json: bool) -> None:
    """
    List the windows of the live version's traffic, the newest first, and tell whether it alarms.

    The watcher tests each window once, when it is over: see docs/operations.md.
    """
    from understudy.review.windows import read_windows

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        found = read_windows(connection, settings.endpoint)
    if found is None:
        raise RecordUnknown(
            f"Nothing is live on the endpoint {settings.endpoint}, so it has no windows."
            " Deploy a version with `understudy deploy NAME:VERSION --live`."
        )
    if wants_json:
        print_json(found.to_json())
    else:
        _print_lines(found)


def _print_lines(found: "Windows") -> None:
    model = f"{found.live.name}:{found.live.version}"
    if not found.kept:
        click.echo(
            f"{model} has no window yet: the first is tested when a day is over, an hour after"
            " midnight (UTC), and as soon as there are 1000 units."
        )
        return
    click.echo("\n".join(_say(found.state, model)))
    click.echo()
    rows = [_row(k.number, look) for k, look in zip(found.kept, found.looks, strict=True)]
    print_table(_HEADER, rows[::-1])
    if redacted := found.kept[-1].content.get("redacted"):
        click.echo(f"\nRedacted at capture, and so not tested: {plain(', '.join(redacted))}.")


def _say(state: "WindowState", model: str) -> list[str]:
    if state.since is None:
        return [f"CLEAN  The traffic of {model} raises no alarm."]
    left = f"; {state.clean_blocks} clean since" if state.clean_blocks else ""
    since = moment(datetime.fromtimestamp(state.since, UTC))
    told = [f"ALARM  The traffic of {model} alarms since {since}{left}."]
    return [*told, *(f"  against {alarm.against}: {plain(alarm.text)}" for alarm in state.alarms)]


def _row(number: int, look: "WindowLook") -> tuple[object, ...]:
    columns = dict.fromkeys(alarm.column for alarm in look.alarms)
    found = "alarm: " + plain(", ".join(columns)) if columns else "clean"
    ends = (f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (look.start, look.end - 1))
    return (number, *ends, look.units, ", ".join(look.against), found)
