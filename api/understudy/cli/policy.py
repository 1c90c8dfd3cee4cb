"""`understudy policy`: what a shadow has to show, with every default and where it comes from."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from understudy.cli.names import MODEL, ModelName, parse_model
from understudy.cli.output import as_json, plain, print_json, print_table
from understudy.cli.places import find_settings, open_log
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.artefacts.manifest import Manifest
    from understudy.comparison.policy import Policy
    from understudy.log.roles import Deployments
    from understudy.settings import Settings


@click.group()
def policy() -> None:
    """Look at what a shadow has to show before it may take over."""


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--for", "model", metavar="NAME:VERSION|FOLDER",
    help="The live model whose fields, task and offline errors it is held against.",
)  # fmt: skip
@as_json
def check(file: Path, model: str | None, wants_json: bool) -> None:
    """
    Check a policy file, and show it with every default.

    Without --for, what depends on the live model stays open. Ends with 64 if it is not valid.
    """
    from understudy.review.policies import check_policy
    from understudy.review.policy_file import read_policy

    given, keys = read_policy(file)
    live = None if model is None else _manifest(model, find_settings())
    if live is not None:
        check_policy(given, live)
    _show(given, keys, str(file), live, wants_json)


@policy.command()
@click.option("--shadow", type=MODEL, help="Which shadow, if there are several.")
@as_json
def show(shadow: ModelName | None, wants_json: bool) -> None:
    """
    Show the policy that a shadow is judged by, with every default.

    While there is no shadow, that of UNDERSTUDY_POLICY, or else the defaults.
    """
    from understudy.log.deployments import current

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        now = current(connection, settings.endpoint)
    live = None if now.live is None else _manifest(now.live.model, settings)
    if shadow is None and not now.shadows:
        _show(*_of_endpoint(settings), live, wants_json)
        return
    _show(*_of_shadow(now, shadow), live, wants_json)


def _of_endpoint(settings: "Settings") -> "tuple[Policy, tuple[str, ...], str]":
    """Return the policy that the next shadow gets unless it is told another."""
    from understudy.comparison.policy import Policy
    from understudy.review.policy_file import read_policy

    if settings.policy is None:
        return Policy(), (), "the defaults"
    return *read_policy(settings.policy), str(settings.policy)


def _of_shadow(
    now: "Deployments", shadow: ModelName | None
) -> "tuple[Policy, tuple[str, ...], str]":
    """Return the recorded policy of a shadow, and the keys that differ from the defaults."""
    from understudy.comparison.policy import Policy
    from understudy.errors import RecordUnknown

    there = ", ".join(role.model for role in now.shadows)
    if shadow is None and len(now.shadows) > 1:
        raise UsageError(f"Say which one with --shadow: {there}.")
    name = now.shadows[0].model if shadow is None else str(shadow)
    role = next((role for role in now.shadows if role.model == name), None)
    if role is None:
        raise RecordUnknown(f"{name} is no shadow here; the shadows are: {there or 'none'}.")
    given = Policy.from_json(role.policy) if role.policy else Policy()
    defaults = vars(Policy())
    keys = tuple(key for key, value in vars(given).items() if value != defaults[key])
    return given, keys, f"the deployment of {name}"


def _manifest(model: str, settings: "Settings") -> "Manifest":
    from understudy.artefacts.manifest import read_manifest
    from understudy.artefacts.store import ArtefactStore

    if Path(model).is_dir():
        return read_manifest(Path(model))
    named = parse_model(model)
    if named is None:
        raise UsageError(f"{model!r} is neither NAME:VERSION nor the folder of an artefact.")
    return ArtefactStore(settings.artefacts_url).manifest(named.name, named.version)


def _show(
    given: "Policy", keys: tuple[str, ...], source: str, live: "Manifest | None", wants_json: bool
) -> None:
    from understudy.review.policies import explain_policy, fill

    lines = explain_policy(given, keys, source, live)
    filled = given if live is None else fill(given, live)
    if wants_json:
        told = {line.key: {"value": line.value, "source": line.source} for line in lines}
        print_json(
            {
                "source": source,
                "live": None if live is None else live.title,
                "digest": given.digest,
                "policy": filled.to_json(),
                "keys": told,
            }
        )
        return
    held = "no live model" if live is None else live.title
    click.echo(f"Policy of {source}, held against {held}; digest {given.digest[:12]}…")
    click.echo()
    print_table(
        ("key", "value", "from"),
        [(line.key, f"{_value(line.value)} {line.unit}".strip(), plain(line.source))
         for line in lines],
    )  # fmt: skip


def _value(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, (int, float)):
        return f"{value:,.6g}" if isinstance(value, float) else f"{value:,}"
    return plain(value)
