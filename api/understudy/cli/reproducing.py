"""`understudy reproduce`: what was served is scored again, and must be the same."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from understudy.cli.moments import MOMENT
from understudy.cli.output import as_json, moment, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.cli.progress import progress
from understudy.errors import NothingRecorded, NotReproduced, NotReproducible, UsageError

if TYPE_CHECKING:
    from understudy.comparison.reproduction import Checked, Difference, Reproduction
    from understudy.log.database import Engine
    from understudy.log.reproduction import Span
    from understudy.settings import Settings


@click.command()
@click.option(
    "--sample", default=1000, show_default=True, type=click.IntRange(1, 1_000_000),
    help="How many instances, dealt out to the versions that answered.",
)  # fmt: skip
@click.option("--since", type=MOMENT, help="From when on: a date (UTC), or 12h, 7d, 2w ago.")
@click.option("--until", type=MOMENT, help="Until when; now, unless it is said.")
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the sample of an earlier run again."
)
@as_json
def reproduce(
    sample: int, since: datetime | None, until: datetime | None, seed: int | None, wants_json: bool
) -> None:
    """
    Score again what was served, and prove it equal.

    Each instance is given to the very content that answered it, from the artefact store or a cache
    of this machine. In the compiled engine the answers must be equal to the last bit; other
    engines, and other library versions than at packaging, are allowed a difference of 1e-6, never
    another label. Ends with status 70 unless all are equal.
    """
    from understudy.shadow.reproducing import Wish, new_seed
    from understudy.shadow.reproducing import reproduce as run

    settings = find_settings()
    with open_log(settings) as log:
        span = _span(log, settings, since, until)
        wish = Wish(span, sample, new_seed() if seed is None else seed)
        with progress("scoring again", sample) as advance:
            found = run(log, settings, wish, advance=advance)
    if not found.versions:
        raise NothingRecorded(settings.endpoint, span.since, span.until)
    if all(version.redacted for version in found.versions):
        raise _refusal(found)
    if wants_json:
        print_json(found.to_json() | {"is_equal": found.is_equal})
    else:
        _print(found)
    if not found.is_equal:
        raise _failure(found)


def _span(
    log: "Engine", settings: "Settings", since: datetime | None, until: datetime | None
) -> "Span":
    from understudy.log.reproduction import Span, first_recorded

    # A shipment of this very moment belongs to it, whoever's clock is a little late.
    now = datetime.now(UTC) + timedelta(minutes=1)
    if since is not None and since > now:
        raise UsageError(f"--since is {moment(since)}, but nothing is recorded of the future.")
    if since is None:
        with log.begin() as connection:
            since = first_recorded(connection, settings.endpoint)
    begin, end = since or now - timedelta(minutes=1), until or now
    if begin >= end:
        raise UsageError(f"--since ({moment(begin)}) must be earlier than --until.")
    return Span(begin, end)


def _print(found: "Reproduction") -> None:
    click.echo(
        f"{found.total('sampled'):,} instances of the endpoint {found.endpoint} were drawn with the"
        f" seed {found.seed} and scored again."
    )
    click.echo()
    print_table(
        ("version", "digest", "engine", "recorded", "drawn", "identical", "within", "differing",
         "missing", "largest"),
        [_row(version) for version in found.versions],
    )  # fmt: skip
    for version in found.versions:
        _print_notes(version)


def _row(one: "Checked") -> tuple[object, ...]:
    return (
        f"{one.name}:{one.version}", (one.digest or "unknown")[:12], one.engine or "–",
        one.recorded, one.sampled, one.identical, one.within, one.differing, one.missing,
        f"{one.largest:.3g}",
    )  # fmt: skip


def _print_notes(one: "Checked") -> None:
    model = f"{one.name}:{one.version}"
    if one.tolerance:
        click.echo(f"\n{model} may differ by {one.tolerance:g}: {one.why}.")
    if one.redacted:
        click.echo(
            f"\n{model} is not scored again on {one.recorded:,} instances, which were recorded"
            f" redacted: {one.redacted}."
        )
    if one.problem:
        click.echo(f"\n{model} could not be scored again: {plain(one.problem)}")
    if one.examples:
        click.echo(f"\nOf {model} differ, the furthest apart first:")
        for example in one.examples:
            click.echo(f"  {_told(example)}")


def _told(one: "Difference") -> str:
    where = f"{one.request_id}/{one.instance}"
    if one.error is not None:
        return plain(f"{where} was {one.recorded}, and now there is no answer: {one.error}")
    return plain(f"{where} was {one.recorded} and is {one.again}")


def _refusal(found: "Reproduction") -> NotReproducible:
    told = {f"{one.name}:{one.version}": str(one.redacted) for one in found.versions}
    return NotReproducible(told)


def _failure(found: "Reproduction") -> NotReproduced:
    problems = [version.problem for version in found.versions if version.problem]
    examples = [example for version in found.versions for example in version.examples]
    first = _told(examples[0]) if examples else plain(problems[0])
    return NotReproduced(
        found.total("differing"), found.total("missing"), found.total("sampled"), first
    )
