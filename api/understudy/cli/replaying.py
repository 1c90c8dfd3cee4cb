"""`understudy replay`: past traffic scored by a version that was not there then."""

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from understudy.cli.moments import MOMENT
from understudy.cli.names import MODEL, ModelName, who
from understudy.cli.output import as_json, moment, print_json
from understudy.cli.places import find_settings, open_log
from understudy.cli.progress import progress
from understudy.cli.replay_wait import follow, read
from understudy.cli.roles import refuse_nan
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.log.database import Engine
    from understudy.log.replay import Replay, Standing, Survey
    from understudy.settings import Settings


@dataclass
class Told:
    """What a replay prints at its end."""

    replay: "Replay"
    survey: "Survey"
    inserted: int
    standing: "Standing"
    seconds: float


@click.command()
@click.argument("model", type=MODEL)
@click.option(
    "--since", type=MOMENT, help="From when on: a date (UTC), or how long ago: 12h, 7d, 2w."
)
@click.option("--until", type=MOMENT, help="Until when; now, unless it is said.")
@click.option(
    "--share", default=1.0, show_default=True, type=click.FloatRange(0, 1, min_open=True),
    callback=refuse_nan,
    help="The share of the requests to score.",
)  # fmt: skip
@click.option(
    "--wait/--no-wait", "is_awaited", default=True, show_default=True,
    help="Whether to stay until all of it is scored.",
)  # fmt: skip
@click.option("--cancel", is_flag=True, help="Take back what waits to be scored.")
@as_json
def replay(
    model: ModelName, since: datetime | None, until: datetime | None, share: float,
    is_awaited: bool, cancel: bool, wants_json: bool,
) -> None:  # fmt: skip
    """
    Score past traffic with a version that was not there then.

    What was recorded in that time becomes work of the version, which needs no role for it. A
    shadow process scores it, always after the live traffic of the deployed shadows. Nothing is
    scored twice: called again, it goes on where it was, and adds what has been recorded since.
    """
    settings = find_settings()
    if cancel:
        _cancel(settings, model, wants_json)
        return
    since, until = _span(since, until)
    began = time.monotonic()
    with open_log(settings) as log:
        wanted, survey = _begin(log, settings, model, share, (since, until))
        _say_survey(wanted, survey)
        inserted = _insert(log, wanted, survey)
        standing = follow(log, wanted) if is_awaited else read(log, wanted)
    told = Told(wanted, survey, inserted, standing, time.monotonic() - began)
    if wants_json:
        print_json(_as_json(told))
    else:
        click.echo(_as_text(told))


def _span(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    if since is None:
        raise click.UsageError("Say from when on with --since, such as --since 7d.")
    now = datetime.now(UTC)
    if since > now:
        raise UsageError(f"--since is {moment(since)}, but nothing is recorded of the future.")
    until = min(until or now, now)
    if since >= until:
        raise UsageError(f"--since ({moment(since)}) must be earlier than --until.")
    return since, until


def _begin(
    log: "Engine",
    settings: "Settings",
    model: ModelName,
    share: float,
    span: tuple[datetime, datetime],
) -> "tuple[Replay, Survey]":
    from understudy.artefacts.admission import admit_stored
    from understudy.artefacts.store import ArtefactStore
    from understudy.log.replay import Replay, begin_replay
    from understudy.review.capturing import refuse_redacted_span

    store = ArtefactStore(settings.artefacts_url)
    manifest = admit_stored(store, model.name, model.version, settings.trusted_keys)
    wanted = Replay(settings.endpoint, model.name, model.version, manifest.digest, share, *span)
    with log.begin() as connection:
        refuse_redacted_span(connection, wanted, manifest)
        return begin_replay(connection, wanted, who())


def _say_survey(wanted: "Replay", survey: "Survey") -> None:
    there = ""
    if survey.present:
        there = f"; {survey.present:,} of them are work of {wanted.model} already and stay as they"
        there += " are"
    if survey.other_share:
        there += f", {survey.other_share:,} at another share than {wanted.share:.0%}"
    click.echo(
        f"{survey.shipments:,} shipments with {survey.instances:,} instances were recorded from"
        f" {moment(wanted.since)} to {moment(wanted.until)}{there}.",
        err=True,
    )
    if survey.expired:
        click.echo(
            f"{survey.expired:,} earlier shipments of that time were dropped by the retention.",
            err=True,
        )


def _insert(log: "Engine", wanted: "Replay", survey: "Survey") -> int:
    from understudy.log.replay import insert_missing

    inserted = 0
    if not survey.missing:
        return inserted
    try:
        with progress("inserting shipments", survey.missing) as advance:
            for batch in insert_missing(log, wanted):
                inserted += batch.shipments
                advance(batch.shipments)
    except KeyboardInterrupt:
        click.echo(
            f"{inserted:,} of {survey.missing:,} shipments are inserted and will be scored."
            " The same command again goes on.",
            err=True,
        )
        raise
    return inserted


def _as_json(told: Told) -> dict[str, object]:
    replay, survey = told.replay, told.survey
    return {
        "endpoint": replay.endpoint,
        "model": replay.model,
        "digest": replay.digest,
        "since": replay.since.isoformat(),
        "until": replay.until.isoformat(),
        "share": replay.share,
        "shipments": {
            "recorded": survey.shipments,
            "present": survey.present,
            "inserted": told.inserted,
            "expired": survey.expired,
        },
        "instances": {"recorded": survey.instances} | asdict(told.standing),
        "is_finished": told.standing.waiting == 0,
        "seconds": round(told.seconds, 3),
    }


def _as_text(told: Told) -> str:
    found = told.standing
    parts = [
        f"{count:,} {word}"
        for word, count in (
            ("scored", found.scored),
            ("sampled out", found.sampled_out),
            ("skipped", found.skipped),
            ("failed", found.failed),
            ("waiting", found.waiting),
        )
        if count or word == "scored"
    ]
    return (
        f"{told.inserted:,} shipments inserted; of {told.survey.instances:,} instances"
        f" {', '.join(parts)}."
    )


def _cancel(settings: "Settings", model: ModelName, wants_json: bool) -> None:
    from understudy.log.replay import cancel_replays

    with open_log(settings) as log, log.begin() as connection:
        taken = cancel_replays(connection, settings.endpoint, model.name, model.version)
    if wants_json:
        print_json({"model": str(model), "cancelled": asdict(taken)})
        return
    click.echo(
        f"{taken.shipments:,} shipments with {taken.instances:,} instances are taken back; what was"
        " scored stays."
    )
