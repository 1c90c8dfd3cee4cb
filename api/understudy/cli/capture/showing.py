"""`understudy capture show`: what is recorded of each field, and who reads it."""

from typing import TYPE_CHECKING, Any

import click

from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.cli.rollout import wait_for_workers

if TYPE_CHECKING:
    from understudy.capture import Handling
    from understudy.log.captures import CaptureRow
    from understudy.log.roles import Deployments
    from understudy.review.rollout import Rollout
    from understudy.settings import Settings

Readers = dict[str, list[str]]


@click.command()
@as_json
def show(wants_json: bool) -> None:
    """Show the capture policy in force, field by field, and how many workers go by it."""
    from understudy.log.captures import read_captures
    from understudy.log.deployments import current

    settings = find_settings()
    with open_log(settings) as log:
        with log.begin() as connection:
            now = current(connection, settings.endpoint)
            rows = read_captures(connection, settings.endpoint).rows
        done = wait_for_workers(log, settings.endpoint, rows[-1].id if rows else 0, 0.0)
    if wants_json:
        print_json(_as_json(settings, now, rows[-1] if rows else None, done))
    elif rows:
        _print(settings, now, rows[-1], done)
    else:
        click.echo("There is no capture policy: every field is recorded as it is sent.")


def _readers(settings: "Settings", now: "Deployments") -> Readers:
    """Return the fields that the deployed models know, each with the models that read it."""
    from understudy.artefacts.store import ArtefactStore

    store = ArtefactStore(settings.artefacts_url)
    found: Readers = {}
    for role in (now.live, *now.shadows):
        if role is not None:
            schema = store.manifest(role.name, role.version).input_schema
            for field in schema.fields:
                found.setdefault(field.name, [])
            for field in schema.features:
                found[field.name].append(role.model)
    return found


def _fields(row: "CaptureRow", readers: Readers) -> "list[tuple[str, Handling, list[str]]]":
    names = dict.fromkeys([*readers, *row.policy.fields])
    return [(name, row.policy.handling(name), readers.get(name, [])) for name in names]


def _as_json(
    settings: "Settings", now: "Deployments", row: "CaptureRow | None", done: "Rollout"
) -> dict[str, Any]:
    workers = done.to_json()
    if row is None:
        return {"endpoint": settings.endpoint, "capture": None, "workers": workers}
    return {
        "endpoint": settings.endpoint,
        "capture": row.capture.to_json() | {"at": row.at, "who": row.who, "why": row.why},
        "fields": [
            {"field": name, "handling": handling.to_json(), "read_by": models}
            for name, handling, models in _fields(row, _readers(settings, now))
        ],
        "workers": workers,
    }


def _print(settings: "Settings", now: "Deployments", row: "CaptureRow", done: "Rollout") -> None:
    click.echo(
        f"The capture policy {row.id} is in force since {moment(row.at)}, by {plain(row.who)}:"
        f" {plain(row.why)}"
    )
    click.echo(f"{done.serving} of {done.workers} workers go by it.")
    for problem in done.problems:
        click.echo(f"  {plain(problem)}")
    if row.policy.output_only:
        click.echo("It is for outputs only: the live model may read what is redacted.")
    click.echo()
    print_table(
        ("field", "recorded", "read by"),
        [
            (plain(name), _told(handling), ", ".join(models) or "–")
            for name, handling, models in _fields(row, _readers(settings, now))
        ],
    )
    click.echo(f"\nFields that are not named: {row.policy.default.how}")


def _told(handling: "Handling") -> str:
    if handling.how != "bucket":
        return handling.how
    return f"bucket at {', '.join(f'{edge:g}' for edge in handling.edges)}"
