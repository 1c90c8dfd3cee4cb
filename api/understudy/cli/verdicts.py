"""`understudy compare` and `report`: what is known of a shadow, and is it fit to take over."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.names import MODEL, ModelName
from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_settings, open_log
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.log.database import Engine

GATE = {"PROMOTE": 0, "REJECT": 1, "HOLD": 2, "NEED_MORE_DATA": 3}


@click.command()
@click.option("--shadow", type=MODEL, help="Which shadow, if there are several.")
@click.option("--gate", is_flag=True, help="Let the exit status say the verdict.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what was decided, and all it rests on, for `understudy verify`.",
)
@as_json
@click.pass_context
def compare(
    context: click.Context,
    shadow: ModelName | None,
    gate: bool,
    certificate: Path | None,
    wants_json: bool,
) -> None:
    """
    Compare a shadow with the live model and give the verdict.

    It may be asked for at any time and as often as one likes. With --gate the exit status is 0
    for PROMOTE, 1 for REJECT, 2 for HOLD and 3 for NEED_MORE_DATA. A certificate never replaces
    a file that holds something else.
    """
    from understudy.artefacts.store import ArtefactStore
    from understudy.cli.certificates import check_place, write_certificate
    from understudy.cli.comparison_text import describe
    from understudy.review.shadow import review

    settings = find_settings()
    if certificate is not None:
        check_place(certificate)
    with open_log(settings) as log:
        model = str(shadow) if shadow else only_shadow(log, settings.endpoint)
        behind = review(log, settings, ArtefactStore(settings.artefacts_url), model)
        written = None if certificate is None else write_certificate(log, behind, certificate)
    found = behind.comparison
    if wants_json:
        told = {} if written is None else {"certificate": written.to_json()}
        print_json(found.to_json() | told)
    else:
        click.echo("\n".join(describe(found)))
        if written is not None:
            click.echo(f"\n{written}")
    if gate:
        context.exit(GATE[found.verdict])


@click.command()
@click.option("--shadow", type=MODEL, help="Which shadow, if there are several.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="Where to write it.",
)
def report(shadow: ModelName | None, out: Path) -> None:
    """
    Write the analysis of a shadow as one HTML file.

    It is the notebook shadow_analysis, executed on the prediction log; the file opens without
    internet. Needs the extra `report`.
    """
    from understudy.cli.progress import progress
    from understudy.log.deployments import history
    from understudy.report.writing import write_report
    from understudy.review.sides import find_episode

    settings = find_settings()
    with open_log(settings) as log:
        model = str(shadow) if shadow else only_shadow(log, settings.endpoint)
        with log.begin() as connection:
            find_episode(history(connection, settings.endpoint), settings.endpoint, model)
    click.echo(f"The report is in {write_report(settings, model, out, progress)}")


def only_shadow(log: "Engine", endpoint: str) -> str:
    """Return the one shadow of an endpoint; raises UsageError unless there is exactly one."""
    from understudy.log.deployments import current

    with log.begin() as connection:
        shadows = [role.model for role in current(connection, endpoint).shadows]
    if not shadows:
        raise UsageError("There is no shadow. Deploy one with `understudy deploy … --shadow`.")
    if len(shadows) > 1:
        raise UsageError(f"Say which one with --shadow: {', '.join(shadows)}.")
    return shadows[0]
