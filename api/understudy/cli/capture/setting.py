"""`understudy capture set`: a capture policy, checked, recorded, and followed by every worker."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.names import who
from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_settings, open_log
from understudy.cli.rollout import wait_for_workers
from understudy.errors import CaptureIncomplete, CaptureInvalid, DeploymentRefused
from understudy.review.strict_file import read_strict

if TYPE_CHECKING:
    from understudy.artefacts.manifest import Manifest
    from understudy.capture import CapturePolicy
    from understudy.log.database import Engine
    from understudy.log.roles import Deployments, ShadowRole
    from understudy.review.rollout import Rollout
    from understudy.settings import Settings

_UNHEARD = "no api worker was heard of; is the agent running?"


@click.command("set")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--why", required=True, help="The reason, kept in the record.")
@click.option(
    "--output-only", is_flag=True,
    help="Go on although the live model or a shadow reads what is redacted.",
)  # fmt: skip
@click.option(
    "--wait", "wait_s", default=30.0, show_default=True, type=click.FloatRange(min=0),
    help="Seconds to wait until every api worker goes by it.",
)  # fmt: skip
@as_json
def set_policy(file: Path, why: str, output_only: bool, wait_s: float, wants_json: bool) -> None:
    """
    Put the capture policy in FILE in force, and wait until every api worker goes by it.

    A policy that redacts what the live model or a shadow reads is refused, unless --output-only is
    given: then no shadow, replay or reproduction that reads it is offered any more, and a shadow
    that does loses its role. What is recorded already stays as it is.
    """
    settings = find_settings()
    wanted = _read(file, output_only)
    with open_log(settings) as log:
        now, ended = _record(log, settings, wanted, why)
        done = wait_for_workers(log, settings.endpoint, now.id, wait_s)
    if wants_json:
        print_json(_as_json(now, ended, done))
    else:
        _say(now, ended, done)
    is_unheard = done.workers == 0 and now.live is not None
    if is_unheard or not done.is_done:
        problems = (_UNHEARD,) if is_unheard else done.problems
        raise CaptureIncomplete(done.serving, done.workers, wait_s, problems)


def _read(file: Path, output_only: bool) -> "CapturePolicy":
    from dataclasses import replace

    from understudy.capture import CapturePolicy

    try:
        content = read_strict(file, "capture policy", _stands_twice)
        if isinstance(content, dict) and "output_only" in content:
            raise CaptureInvalid("output_only", "it is said with --output-only, and not in a file")
        policy = CapturePolicy.from_json({} if content is None else content)
    except CaptureInvalid as error:
        error.args = (f"{file}: {error}",)
        raise
    return replace(policy, output_only=output_only)


def _stands_twice(key: str, _: list[object]) -> CaptureInvalid:
    return CaptureInvalid(key, "it stands twice")


def _record(
    log: "Engine", settings: "Settings", wanted: "CapturePolicy", why: str
) -> "tuple[Deployments, tuple[ShadowRole, ...]]":
    """Check a policy and write it down; the store is asked before anybody has to wait for it."""
    from understudy.log.deployments import Change, append, change_capture, current
    from understudy.log.locks import lock_deployments
    from understudy.review.capturing import ended_by, settle

    endpoint = settings.endpoint
    with log.begin() as connection:
        seen = current(connection, endpoint)
    known = _manifests(settings, seen)
    policy = settle(wanted, seen, known)
    ended = ended_by(policy, seen, known)
    with log.begin() as connection:
        lock_deployments(connection, endpoint, shared=False)
        _refuse_if_changed(seen, current(connection, endpoint))
        for role in ended:
            reason = f"the capture policy redacts what it reads: {why}"
            append(connection, endpoint, Change("withdraw", who(), *role.key, why=reason))
        return change_capture(connection, endpoint, policy, who(), why), ended


def _manifests(settings: "Settings", seen: "Deployments") -> "dict[str, Manifest]":
    from understudy.artefacts.store import ArtefactStore

    store = ArtefactStore(settings.artefacts_url)
    roles = [role for role in (seen.live, *seen.shadows) if role is not None]
    return {role.digest: store.manifest(role.name, role.version) for role in roles}


def _refuse_if_changed(seen: "Deployments", now: "Deployments") -> None:
    if seen.id != now.id:
        raise DeploymentRefused(
            "Somebody else has decided meanwhile. Look at `understudy deployments` and"
            " `understudy capture show`, and decide again."
        )


def _say(now: "Deployments", ended: "tuple[ShadowRole, ...]", done: "Rollout") -> None:
    click.echo(f"The capture policy {now.id} is in force.")
    for role in ended:
        click.echo(f"{role.model} is no shadow any more: it reads what is redacted.")
    if done.workers:
        click.echo(f"{done.serving} of {done.workers} workers go by it.")
    else:
        click.echo("No api worker has reported yet; they go by it as soon as they start.")


def _as_json(
    now: "Deployments", ended: "tuple[ShadowRole, ...]", done: "Rollout"
) -> dict[str, object]:
    assert now.capture is not None  # noqa: S101 - for mypy: it was set just now
    return {
        "capture": now.capture.to_json(),
        "ended": [role.model for role in ended],
        "workers": done.to_json(),
    }
