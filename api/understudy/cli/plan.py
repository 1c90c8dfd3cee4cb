"""`understudy plan`: how much traffic, time and storage a verdict will take, before the start."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store
from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_settings, open_log
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.comparison.policy import Policy
    from understudy.log.traffic import RecentTraffic

DAYS = 7.0


def _refuse_endless(
    context: click.Context, parameter: click.Parameter, value: float | None
) -> float | None:
    """Click's ranges let NaN and infinity pass."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"{value} is no such number.", context, parameter)
    return value


@click.command()
@click.argument("candidate", metavar=MODEL_OR_FOLDER)
@click.option("--live", metavar=MODEL_OR_FOLDER, help="Against which version; default: the live.")
@click.option(
    "--policy", "policy_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The comparison policy, YAML or JSON; without it the defaults.",
)  # fmt: skip
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), default=1.0, show_default=True,
    callback=_refuse_endless, help="Of the units, how many the shadow is to score.",
)  # fmt: skip
@click.option(
    "--rate", callback=_refuse_endless, type=click.FloatRange(0, min_open=True),
    help="Requests a day to expect, instead of those in the log.",
)  # fmt: skip
@click.option(
    "--instances", type=click.FloatRange(1), callback=_refuse_endless,
    help="Instances of a request, with --rate.",
)  # fmt: skip
@click.option(
    "--days", type=click.FloatRange(0, min_open=True), default=DAYS, show_default=True,
    callback=_refuse_endless, help="How many of the last days tell what traffic to expect.",
)  # fmt: skip
@in_store
@as_json
def plan(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    candidate: str, live: str | None, policy_file: Path | None, share: float, rate: float | None,
    instances: float | None, days: float, store_url: str | None, wants_json: bool,
) -> None:  # fmt: skip
    """
    Tell how long a candidate would have to stay in the shadow.

    From the traffic of the last days in the prediction log and from the rows that both versions
    held out: units, instances, days and storage until it can be promoted, if it is as good as
    offline and if it is just as good as live. With --rate and --live neither a running stack nor
    a database is needed.
    """
    from understudy.cli.plan_text import describe
    from understudy.comparison.plan import Expected
    from understudy.comparison.policy import Policy
    from understudy.review.plan import expected_of, make_plan

    if instances is not None and rate is None:
        raise click.UsageError("--instances belongs to --rate.")
    policy = Policy() if policy_file is None else _read_policy(policy_file)
    traffic = None if rate is not None else _traffic(days, policy.unit)
    if traffic is not None:
        expected = expected_of(traffic, share, policy)
    else:
        delay = policy.outcome_delay_days or 0.0
        expected = Expected(rate, instances or 1.0, share, outcome_delay_days=delay)
    with (
        find_artefact(live or _live(), store_url) as before,
        find_artefact(candidate, store_url) as after,
    ):
        found = make_plan(before, after, policy, expected, traffic)
    if wants_json:
        print_json(found.to_json())
    else:
        click.echo("\n".join(describe(found)))


def _traffic(days: float, unit: str) -> "RecentTraffic":
    from understudy.log.traffic import recent_traffic

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        found = recent_traffic(connection, settings.endpoint, days, unit)
    if found is None:
        raise UsageError(
            f"The endpoint {settings.endpoint} had no traffic in the last {days:g} days:"
            " say with --rate how many requests a day to expect."
        )
    return found


def _live() -> str:
    from understudy.log.deployments import current

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        role = current(connection, settings.endpoint).live
    if role is None:
        raise UsageError(
            f"Nothing is live on the endpoint {settings.endpoint}: say with --live against which"
            " version to plan."
        )
    return f"{role.name}:{role.version}"


def _read_policy(path: Path) -> "Policy":
    import yaml

    from understudy.comparison.policy import Policy

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is neither YAML nor JSON: {error}.") from error
    return Policy.from_json(content)
