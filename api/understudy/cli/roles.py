"""The life of a model: deploy, withdraw, promote, rollback."""

import math
from pathlib import Path

import click

from understudy.cli.names import MODEL, ModelName, stored_model, who
from understudy.cli.output import as_json
from understudy.cli.places import find_settings, open_log
from understudy.cli.rollout import decide
from understudy.errors import DeploymentRefused
from understudy.review.policy_file import read_policy
from understudy.settings import Settings

_why = click.option("--why", default="", help="The reason, kept in the record.")
_wait = click.option(
    "--wait", "wait_s", default=30.0, show_default=True, type=click.FloatRange(min=0),
    help="Seconds to wait until every api worker serves it.",
)  # fmt: skip
_breaking = click.option(
    "--breaking", is_flag=True,
    help="Go on although instances that are accepted today would be refused; needs --why.",
)  # fmt: skip


def refuse_nan(_: click.Context, param: click.Parameter, value: float | None) -> float | None:
    """Refuse what is no number, though it lies in every range."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("it must be a number", param=param)
    return value


@click.command()
@click.argument("model", metavar="[NAME:VERSION|FOLDER]", required=False)
@click.option("--live", "is_live", is_flag=True, help="It answers from now on.")
@click.option("--shadow", "is_shadow", is_flag=True, help="It is scored in silence.")
@click.option(
    "--twin", "is_twin", is_flag=True,
    help="The live version is scored in silence as well, to see how far equals differ.",
)  # fmt: skip
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), callback=refuse_nan,
    help="The share of the requests that it is scored on: 1 for a shadow, 0.05 for a twin.",
)  # fmt: skip
@click.option(
    "--policy", "policy_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the shadow has to show: a YAML or JSON file; else that of UNDERSTUDY_POLICY.",
)  # fmt: skip
@_why
@_wait
@_breaking
@as_json
def deploy(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    model: str | None, is_live: bool, is_shadow: bool, is_twin: bool, share: float | None,
    policy_file: Path | None, why: str, wait_s: float, breaking: bool, wants_json: bool,
) -> None:  # fmt: skip
    """
    Give a model version the live or a shadow role.

    The folder of an artefact is pushed to the artefact store first. With --twin no version needs to
    be named: it is the live one, and its twin ends when another version becomes live.
    """
    if is_live + is_shadow + is_twin != 1:
        raise click.UsageError("Say either --live, --shadow or --twin.")
    if is_live and share is not None:
        raise click.UsageError("--share is for a shadow or a twin.")
    if not is_shadow and policy_file is not None:
        raise click.UsageError("--policy is for a shadow.")
    from understudy.review.deciding import TWIN_SHARE, Decision

    settings = find_settings()
    policy_file = policy_file or (settings.policy if is_shadow else None)
    policy = None if policy_file is None else read_policy(policy_file)[0].to_json()
    named = _named(model, settings, is_twin=is_twin)
    decision = Decision(
        "live" if is_live else "shadow", who(), named.name, named.version, why,
        share=share or (TWIN_SHARE if is_twin else 1.0), policy=policy,
        is_breaking=breaking, is_twin=is_twin,
    )  # fmt: skip
    decide(settings, decision, wait_s, wants_json, policy_file)


def _named(model: str | None, settings: Settings, *, is_twin: bool) -> ModelName:
    """Return the version that is meant: the live one, if a twin is wanted and nothing is named."""
    if model is not None:
        return stored_model(model, settings)
    if not is_twin:
        raise click.UsageError("Say which version: NAME:VERSION, or the folder of an artefact.")
    from understudy.log.deployments import current

    with open_log(settings) as log, log.begin() as connection:
        live = current(connection, settings.endpoint).live
    if live is None:
        raise DeploymentRefused("Nothing is live, so nothing can have a twin.")
    return ModelName(live.name, live.version)


@click.command()
@click.argument("model", type=MODEL)
@_why
@as_json
def withdraw(model: ModelName, why: str, wants_json: bool) -> None:
    """End a shadow role; what it was scored on stays in the prediction log."""
    from understudy.review.deciding import Decision

    decision = Decision("withdraw", who(), model.name, model.version, why)
    decide(find_settings(), decision, 0.0, wants_json)


@click.command()
@click.argument("model", type=MODEL)
@click.option("--keep-shadow", is_flag=True, help="Keep scoring it in the shadow as well.")
@_why
@_wait
@_breaking
@as_json
def promote(
    model: ModelName, keep_shadow: bool, why: str, wait_s: float, breaking: bool, wants_json: bool
) -> None:
    """
    Make a shadow the live model.

    Every api worker changes without a restart; the model that was live stays loaded for a rollback.
    """
    from understudy.review.deciding import Decision

    decision = Decision(
        "promote", who(), model.name, model.version, why,
        keep_shadow=keep_shadow, is_breaking=breaking,
    )  # fmt: skip
    decide(find_settings(), decision, wait_s, wants_json)


@click.command()
@_why
@_wait
@as_json
def rollback(why: str, wait_s: float, wants_json: bool) -> None:
    """Make the previous live model live again."""
    from understudy.review.deciding import Decision

    decide(find_settings(), Decision("rollback", who(), why=why), wait_s, wants_json)
