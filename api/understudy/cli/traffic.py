"""`understudy send` and `understudy outcomes`: files of rows through the api."""

from itertools import islice
from pathlib import Path

import click

from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_api
from understudy.cli.progress import progress
from understudy.errors import SendingIncomplete, UsageError
from understudy.settings import read_settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTCOMES_PER_CALL = 2000

_url = click.option("--url", help="The api, if not that of the stack that runs here.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Requests per second.")
@click.option(
    "--concurrency", default=8, show_default=True, type=click.IntRange(1, 1000),
    help="Requests under way at a time.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), help="Send only so many rows.")
@click.option(
    "--batch", default=1, show_default=True, type=click.IntRange(1), help="Rows per request."
)
@click.option(
    "--missing", multiple=True, default=("",), metavar="TEXT",
    help="A cell that means: no value. Can be given again; by default the empty cell.",
)  # fmt: skip
@click.option("--drop", multiple=True, metavar="COLUMN", help="Do not send this column.")
@click.option(
    "--ids", "ids_file", type=click.Path(dir_okay=False, path_type=Path),
    help="Write row, request id, instance and status of every row to this JSONL file.",
)  # fmt: skip
@click.option(
    "--patience", "patience_s", default=30.0, show_default=True, type=click.FloatRange(0),
    help="Seconds to keep trying while the api cannot be reached.",
)  # fmt: skip
@_url
@as_json
def send(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    file: Path, rate: float | None, concurrency: int, limit: int | None, batch: int,
    missing: tuple[str, ...], drop: tuple[str, ...], ids_file: Path | None, patience_s: float,
    url: str | None, wants_json: bool,
) -> None:  # fmt: skip
    """
    Send the rows of FILE (CSV, JSONL or Parquet) through the api.

    Cells are typed as the served contract asks; columns it does not know are left out. A request
    that cannot be delivered is sent again, each time as a new prediction.
    """
    from understudy.cli.sender import Sender
    from understudy.cli.sending import Plan

    plan = Plan(batch=batch, concurrency=concurrency, rate=rate, patience_s=patience_s)
    sender = Sender(find_api(url), plan, missing, drop, ids_file)
    tally = sender.send(file, limit)
    if wants_json:
        print_json(tally.as_json())
    else:
        click.echo(tally.as_text())
    if tally.failed:
        raise SendingIncomplete(tally.failed, tally.sent, tally.first_error)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--column", default="value", show_default=True, help="The column of true values.")
@click.option(
    "--ids", "ids_file", type=_FILE,
    help="What `send --ids` wrote for the same rows; else FILE has request_id and instance.",
)  # fmt: skip
@click.option("--labels", is_flag=True, help="The values are class labels: keep them as text.")
@_url
@as_json
def outcomes(
    file: Path, column: str, ids_file: Path | None, labels: bool, url: str | None, wants_json: bool
) -> None:
    """
    Post the true values in FILE (CSV, JSONL or Parquet).

    The same value again changes nothing, another value is a revision. Rows without a value are
    passed over.
    """
    import httpx

    from understudy.cli.api import call, connection_options
    from understudy.cli.known import read_outcomes
    from understudy.cli.rows import count_rows

    counts = dict.fromkeys(
        (
            "posted",
            "new",
            "unchanged",
            "revised",
            "matched",
            "waiting",
            "erased",
        ),
        0,
    )
    found = read_outcomes(file, column, ids_file, as_labels=labels)
    with (
        httpx.Client(**connection_options(find_api(url), read_settings().api_key)) as client,
        progress("outcomes", count_rows(ids_file or file)) as advance,
    ):
        while batch := list(islice(found, _OUTCOMES_PER_CALL)):
            answer = call(client, "POST", "/v1/outcomes", {"outcomes": batch})
            for name in counts:
                counts[name] += len(batch) if name == "posted" else answer[name]
            advance(len(batch))
    if counts["posted"] == 0:
        raise UsageError(f"{file} holds no value in {column!r}.")
    if wants_json:
        print_json(counts)
        return
    click.echo(
        f"{counts['posted']} outcomes posted: {counts['matched']} matched a recorded prediction,"
        f" {counts['waiting']} wait for theirs; {counts['new']} new, {counts['revised']} revised."
    )
    if counts["erased"]:
        click.echo(f"{counts['erased']} belong to erased requests and are not kept.")
