"""`understudy compare` and `report`: what is known of a shadow, and is it fit to take over."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.moments import MOMENT
from understudy.cli.names import MODEL, ModelName
from understudy.cli.output import as_json, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.log.database import Engine

GATE = {"PROMOTE": 0, "REJECT": 1, "HOLD": 2, "NEED_MORE_DATA": 3}


@click.command()
@click.option("--shadow", type=MODEL, help="Which shadow, if there are several.")
@click.option(
    "--since", type=MOMENT,
    help="Only what was served since then (7d, 12h, or a date): exploratory, without a verdict.",
)  # fmt: skip
@click.option("--list", "wants_list", is_flag=True, help="List every comparison there was.")
@click.option("--gate", is_flag=True, help="Let the exit status say the verdict.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what was decided, and all it rests on, for `understudy verify`.",
)
@as_json
@click.pass_context
def compare(
    context: click.Context, shadow: ModelName | None, since: datetime | None, wants_list: bool,
    gate: bool, certificate: Path | None, wants_json: bool,
) -> None:  # fmt: skip
    """
    Compare a shadow with the live model and give the verdict.

    It may be asked for at any time and as often as one likes. With --gate the exit status is 0
    for PROMOTE, 1 for REJECT, 2 for HOLD and 3 for NEED_MORE_DATA. A certificate never replaces
    a file that holds something else.
    """
    from understudy.artefacts.store import ArtefactStore
    from understudy.cli.certificates import check_place, write_certificate
    from understudy.cli.comparison_text import describe
    from understudy.review.exploring import explore
    from understudy.review.shadow import review

    _refuse_without_verdict(wants_it=gate or certificate is not None, has_none=wants_list or since)
    if certificate is not None:
        check_place(certificate)
    settings = find_settings()
    store = ArtefactStore(settings.artefacts_url)
    with open_log(settings) as log:
        if wants_list:
            _list(log, settings.endpoint, wants_json=wants_json)
            return
        model = str(shadow) if shadow else only_shadow(log, settings.endpoint)
        if since is not None:
            found, written = explore(log, settings, store, model, since), None
        else:
            behind = review(log, settings, store, model)
            found = behind.comparison
            written = None if certificate is None else write_certificate(log, behind, certificate)
    if wants_json:
        told = {} if written is None else {"certificate": written.to_json()}
        print_json(found.to_json() | told)
    else:
        click.echo("\n".join([*describe(found), *([] if written is None else ["", str(written)])]))
    if gate:
        context.exit(GATE[found.verdict])


def _refuse_without_verdict(*, wants_it: bool, has_none: object) -> None:
    if wants_it and has_none:
        raise click.UsageError(
            "--gate and --certificate need a verdict: neither --since nor --list gives one."
        )


def _list(log: "Engine", endpoint: str, *, wants_json: bool) -> None:
    """List the comparisons of an endpoint, the newest first."""
    from understudy.cli.comparisons_list import HEADER, as_objects, row
    from understudy.log.comparisons import list_comparisons

    with log.begin() as connection:
        kept = list_comparisons(connection, endpoint)
    if wants_json:
        print_json({"comparisons": as_objects(kept)})
    elif kept:
        print_table(HEADER, [row(comparison) for comparison in kept])
    else:
        click.echo("No shadow has been compared yet.")


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
    """Return the one shadow of an endpoint but a twin; raises UsageError unless there is one."""
    from understudy.log.deployments import current
    from understudy.log.roles import is_twin

    with log.begin() as connection:
        now = current(connection, endpoint)
    shadows = [role.model for role in now.shadows if not is_twin(role, now.live)]
    if not shadows:
        raise UsageError("There is no shadow. Deploy one with `understudy deploy … --shadow`.")
    if len(shadows) > 1:
        raise UsageError(f"Say which one with --shadow: {', '.join(shadows)}.")
    return shadows[0]
