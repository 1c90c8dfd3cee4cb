"""`python -m tests.chaos`: run the experiments and say which promises were kept."""

import json
import signal
import sys
from pathlib import Path

import click

from tests.chaos import table
from tests.chaos.result import Result
from tests.chaos.running import find, run_all
from tests.chaos.schedule import schedules
from tests.chaos.template import template

JOURNALS = Path(".chaos")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--tag", "tags", multiple=True, help="Those of a family, such as processes.")
@click.option(
    "--seeds", type=int, default=0, help="So many random schedules instead, from --first."
)
@click.option("--first", type=int, default=1, help="The seed of the first random schedule.")
@click.option("--minutes", type=float, help="Begin no further experiment after so many minutes.")
@click.option("--at-a-time", type=click.IntRange(1), default=2, show_default=True)
@click.option("--json", "wants_json", is_flag=True, help="Print the results as JSON.")
@click.option("--list", "wants_list", is_flag=True, help="Name the experiments and run none.")
def main(*, seeds: int, first: int, minutes: float | None, at_a_time: int, names: tuple[str, ...],
         tags: tuple[str, ...], wants_json: bool, wants_list: bool) -> None:  # fmt: skip
    """
    Run the experiments of these NAMES, or all of them.

    The exit status is 1 if a promise was broken, or an experiment could not be carried out. The
    journal, the logs and the ledger of each are in `.chaos/NAME`.
    """
    try:
        experiments = schedules(first, seeds) if seeds else find(names, tags)
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    if wants_list:
        click.echo("\n".join(f"{name}: {one['title']}" for name, one in experiments.items()))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say(f"{len(experiments)} experiments, {at_a_time} at a time …")
    with template():
        seconds = None if minutes is None else minutes * 60
        results = run_all(experiments, JOURNALS, at_a_time, tell, seconds)
    if wants_json:
        click.echo(json.dumps([result.to_json() for result in results], indent=1))
    else:
        click.echo("\n".join(table.lines(results)))
    broken = [result for result in results if not result.is_kept]
    kept = len(results) - len(broken)
    say(f"{kept} passed, {len(broken)} failed")
    if len(results) < len(experiments):
        say(f"{len(experiments) - len(results)} more were not begun: the time was up.")
    sys.exit(1 if broken or not results else 0)


def say(line: str) -> None:
    """Tell a person how it goes; stdout is for the results."""
    click.echo(line, err=True)


def tell(result: Result) -> None:
    """Tell of an experiment that has ended."""
    say(table.line(result))


if __name__ == "__main__":
    main()
