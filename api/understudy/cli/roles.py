"""The life of a model: deploy, withdraw, promote, rollback."""

import math
from pathlib import Path

import click

from understudy.cli.names import MODEL, ModelName, stored_model, who
from understudy.cli.output import as_json
from understudy.cli.places import find_settings
from understudy.cli.rollout import Decision, decide
from understudy.errors import UsageError

_why = click.option("--why", default="", help="The reason, kept in the record.")
_wait = click.option(
    "--wait", "wait_s", default=30.0, show_default=True, type=click.FloatRange(min=0),
    help="Seconds to wait until every api worker serves it.",
)  # fmt: skip
_breaking = click.option(
    "--breaking", is_flag=True,
    help="Go on although instances that are accepted today would be refused; needs --why.",
)  # fmt: skip


def refuse_nan(_: click.Context, param: click.Parameter, value: float) -> float:
    """Refuse what is no number, though it lies in every range."""
    if math.isnan(value):
        raise click.BadParameter("it must be a number", param=param)
    return value


@click.command()
@click.argument("model", metavar="NAME:VERSION|FOLDER")
@click.option("--live", "is_live", is_flag=True, help="It answers from now on.")
@click.option("--shadow", "is_shadow", is_flag=True, help="It is scored in silence.")
@click.option(
    "--share", default=1.0, show_default=True, type=click.FloatRange(0, 1, min_open=True),
    callback=refuse_nan,
    help="The share of the requests that a shadow is scored on.",
)  # fmt: skip
@click.option(
    "--policy", "policy_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the shadow has to show: a YAML or JSON file.",
)  # fmt: skip
@_why
@_wait
@_breaking
@as_json
def deploy(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    model: str, is_live: bool, is_shadow: bool, share: float, policy_file: Path | None, why: str,
    wait_s: float, breaking: bool, wants_json: bool,
) -> None:  # fmt: skip
    """
    Give a model version the live or a shadow role.

    The folder of an artefact is pushed to the artefact store first.
    """
    if is_live == is_shadow:
        raise click.UsageError("Say either --live or --shadow.")
    if is_live and (share != 1.0 or policy_file is not None):
        raise click.UsageError("--share and --policy are for a shadow.")
    policy = None if policy_file is None else _read_policy(policy_file)
    settings = find_settings()
    named = stored_model(model, settings)
    decision = Decision(
        "live" if is_live else "shadow", who(), named.name, named.version, why,
        share=share, policy=policy, is_breaking=breaking,
    )  # fmt: skip
    decide(settings, decision, wait_s, wants_json)


def _read_policy(path: Path) -> dict[str, object]:
    import yaml

    from understudy.comparison.policy import Policy

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is neither YAML nor JSON: {error}.") from error
    return Policy.from_json(content).to_json()


@click.command()
@click.argument("model", type=MODEL)
@_why
@as_json
def withdraw(model: ModelName, why: str, wants_json: bool) -> None:
    """End a shadow role; what it was scored on stays in the prediction log."""
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
    decide(find_settings(), Decision("rollback", who(), why=why), wait_s, wants_json)
