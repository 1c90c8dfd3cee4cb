"""`python -m tests.chaos`: run the experiments and say which promises were kept."""

import json
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tests.chaos import table
from tests.chaos.result import Result
from tests.chaos.running import SABOTAGE, Experiment, find, run_all
from tests.chaos.schedule import count_faults, schedules
from tests.chaos.template import template

JOURNALS = Path(".chaos")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--tag", "tags", multiple=True, help="Those of a family, such as processes.")
@click.option("--seeds", type=int, default=0, help="So many random schedules instead.")
@click.option("--first", type=int, default=1, show_default=True, help="The first seed.")
@click.option("--sabotage", is_flag=True, help="Break the promises; fail unless that is seen.")
@click.option("--minutes", type=float, help="Begin no further one after so many minutes.")
@click.option("--at-a-time", type=click.IntRange(1), default=2, show_default=True)
@click.option("--write", is_flag=True, help="Write the figures into docs/reliability.md.")
@click.option("--json", "wants_json", is_flag=True, help="Print the results as JSON.")
@click.option("--list", "wants_list", is_flag=True, help="Name the experiments and run none.")
def main(**asked: Any) -> None:
    """
    Run the experiments of these NAMES, or all of them.

    The exit status is 1 if a promise was broken, or an experiment could not be carried out. The
    journal, the logs and the ledger of each are in `.chaos/NAME`.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    experiments = _chosen(asked)
    if asked["wants_list"]:
        click.echo("\n".join(f"{name}: {one['title']}" for name, one in experiments.items()))
        return
    say(f"{len(experiments)} experiments, {asked['at_a_time']} at a time …")
    began = time.monotonic()
    seconds = None if asked["minutes"] is None else asked["minutes"] * 60
    with template():
        results = run_all(experiments, JOURNALS, asked["at_a_time"], tell, seconds)
    if asked["wants_json"]:
        click.echo(json.dumps([result.to_json() for result in results], indent=1))
    else:
        click.echo("\n".join(table.lines(results)))
    if asked["write"]:
        _write(asked, experiments, results, time.monotonic() - began)
    sys.exit(_conclude(experiments, results, is_sabotage=asked["sabotage"]))


def say(line: str) -> None:
    """Tell a person how it goes; stdout is for the results."""
    click.echo(line, err=True)


def tell(result: Result) -> None:
    """Tell of an experiment that has ended."""
    say(table.line(result))


def _chosen(asked: Mapping[str, Any]) -> Mapping[str, Experiment]:
    if asked["seeds"]:
        return schedules(asked["first"], asked["seeds"])
    try:
        if asked["sabotage"]:
            return find(asked["names"], folder=SABOTAGE)
        return find(asked["names"], asked["tags"])
    except LookupError as error:
        raise click.UsageError(str(error)) from error


def _conclude(
    experiments: Mapping[str, Experiment], results: Sequence[Result], *, is_sabotage: bool
) -> int:
    """Say how many passed, and return the exit status."""
    passed = [one for one in results if (one.shows_its_breach if is_sabotage else one.is_kept)]
    if len(results) < len(experiments):
        say(f"{len(experiments) - len(results)} more were not begun: the time was up.")
    if is_sabotage:
        unseen = [one.name for one in results if not one.shows_its_breach]
        say("Every breach was seen." if not unseen else f"NOT SEEN: {', '.join(unseen)}")
    click.echo(f"{len(passed)} passed, {len(results) - len(passed)} failed")
    return 0 if results and len(passed) == len(experiments) else 1


def _write(
    asked: Mapping[str, Any], experiments: Mapping[str, Experiment], results: Sequence[Result],
    seconds: float,
) -> None:  # fmt: skip
    # Not above: the page has a picture, and who only runs experiments needs no matplotlib.
    from tests.chaos.kept import as_kept, keep, keep_results

    if asked["seeds"]:
        runs = {
            one.name: as_kept(one) | {"faults": count_faults(experiments[one.name])}
            for one in results
        }
        about = {name: asked[name] for name in ("first", "at_a_time")}
        keep("seeds", about | {
            "asked": asked["seeds"], "minutes": round(seconds / 60, 1), "runs": runs,
        })  # fmt: skip
    else:
        keep_results("sabotage" if asked["sabotage"] else "experiments", results)


if __name__ == "__main__":
    main()
