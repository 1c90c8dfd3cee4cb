"""`understudy deployments`: who serves what, since when, by whose decision."""

from typing import TYPE_CHECKING

import click

from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.cli.waivers import waived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from understudy.artefacts.manifest import Manifest
    from understudy.cli.deployments_page import States
    from understudy.log.roles import DeploymentRow, Deployments, Role, ShadowRole
    from understudy.log.work import ShadowState
    from understudy.settings import Settings


@click.command()
@click.option(
    "--markdown", "wants_page", is_flag=True,
    help="Write a page: which version, trained on which data, since when, by whose decision.",
)  # fmt: skip
@as_json
def deployments(wants_page: bool, wants_json: bool) -> None:
    """Show who serves what, and every decision that led there."""
    from dataclasses import asdict

    from understudy.log.deployments import current, history
    from understudy.log.roles import is_twin
    from understudy.log.work import read_states

    if wants_page and wants_json:
        raise click.UsageError("Say either --markdown or --json.")
    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        now = current(connection, settings.endpoint)
        rows = history(connection, settings.endpoint)
        states = {
            (one.name, one.version): one for one in read_states(connection, settings.endpoint)
        }
    if wants_json:
        shadows = [
            _with_state(shadow, states.get(shadow.key)) | {"is_twin": is_twin(shadow, now.live)}
            for shadow in now.shadows
        ]
        capture = None if now.capture is None else now.capture.to_json()
        told = asdict(now) | {
            "shadows": shadows, "capture": capture, "history": [asdict(row) for row in rows],
        }  # fmt: skip
        print_json({"endpoint": settings.endpoint} | told)
    elif wants_page:
        _print_page(settings, now, rows, states)
    else:
        _print_lines(settings.endpoint, now, rows, states)


def _with_state(shadow: "ShadowRole", state: "ShadowState | None") -> dict[str, object]:
    """Return a role as JSON-ready content, with how it fares, which may be unknown yet."""
    from dataclasses import asdict

    found = {"state": None, "detail": None} if state is None else asdict(state)
    return asdict(shadow) | {"state": found["state"], "detail": found["detail"]}


def _print_lines(
    endpoint: str, now: "Deployments", rows: "Sequence[DeploymentRow]", states: "States"
) -> None:
    from understudy.cli.deployments_page import fares
    from understudy.log.roles import is_twin

    click.echo(f"endpoint  {endpoint}")
    for title, role in (("live", now.live), ("previous", now.previous)):
        click.echo(f"{title:<9} {role.model if role else 'nothing'}")
        _print_waivers(role)
    for shadow in now.shadows:
        title = "twin" if is_twin(shadow, now.live) else "shadow"
        click.echo(f"{title:<9} {shadow.model} on {shadow.share:.0%} of the requests")
        click.echo(f"          {plain(fares(states.get(shadow.key)))}")
        _print_waivers(shadow)
    if now.capture is not None:
        click.echo(f"capture   policy {now.capture.id}: `understudy capture show`")
    if rows:
        click.echo()
        print_table(
            ("id", "at", "who", "action", "model", "waived", "why"),
            [(r.id, moment(r.at), plain(r.who), r.action, r.role.model, _gates(r), plain(r.why))
             for r in rows],
        )  # fmt: skip


def _print_waivers(role: "Role | None") -> None:
    if role is not None and role.waivers:
        for text in waived(role.waivers):
            click.echo(f"          waived: {text}")


def _gates(row: "DeploymentRow") -> str:
    """Name the gates that were waived; a dash where none was, or nobody wrote it down."""
    return ",".join(waiver.gate for waiver in row.waivers or ()) or "–"


def _print_page(
    settings: "Settings", now: "Deployments", rows: "Sequence[DeploymentRow]", states: "States"
) -> None:
    from understudy.cli.deployments_page import page

    roles = [role for role in (now.live, now.previous, *now.shadows) if role is not None]
    known = {role.digest: _manifest(settings, role) for role in roles}
    click.echo(page(settings.endpoint, now, rows, known, states), nl=False)


def _manifest(settings: "Settings", role: "Role") -> "Manifest | str":
    """Return the manifest of what was deployed, or why it cannot be had."""
    from understudy.artefacts.store import ArtefactStore
    from understudy.errors import UnderstudyError

    try:
        manifest = ArtefactStore(settings.artefacts_url).manifest(role.name, role.version)
    except UnderstudyError as error:
        return str(error)
    if manifest.digest != role.digest:
        return f"the store holds other content under this version: {manifest.digest[:12]}…"
    return manifest
