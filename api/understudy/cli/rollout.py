"""A decision about roles on the command line, followed until every api worker serves it."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.output import print_json
from understudy.cli.places import open_log
from understudy.cli.progress import progress
from understudy.cli.waivers import waived
from understudy.errors import RolloutIncomplete

if TYPE_CHECKING:
    from understudy.log.database import Engine
    from understudy.log.roles import Deployments, Role
    from understudy.review.deciding import Decision
    from understudy.review.rollout import Rollout
    from understudy.settings import Settings

_POLL_S = 0.1
_FIRST_REPORT_S = 5.0  # a stack that has just started reports its workers a moment later
_UNHEARD = "no api worker was heard of; is the agent running?"


def decide(
    settings: "Settings",
    decision: "Decision",
    wait_s: float,
    wants_json: bool,
    policy_file: Path | None = None,
) -> None:
    """
    Record the decision, wait for the workers where it changes who answers, and say so.

    `policy_file` is where the decision's policy was read.
    """
    from understudy.review.deciding import record

    if decision.is_breaking and not decision.why:
        raise click.UsageError("--breaking needs --why: somebody's requests will be refused.")
    with open_log(settings) as log:
        _check_policy(log, settings, decision)
        now = record(log, settings, decision).now
        changes_live = decision.action in ("live", "promote", "rollback")
        done = wait_for_workers(log, settings.endpoint, now.id, wait_s if changes_live else 0.0)
    if wants_json:
        print_json(_as_json(decision, now, done))
    else:
        _say(decision, now, done if changes_live else None, policy_file)
    # Before the first live model there may be nobody to serve it; later somebody must be there.
    is_unheard = done.workers == 0 and now.previous is not None
    if changes_live and (is_unheard or not done.is_done):
        problems = (_UNHEARD,) if is_unheard else done.problems
        raise RolloutIncomplete(done.serving, done.workers, wait_s, problems)


def _check_policy(log: "Engine", settings: "Settings", decision: "Decision") -> None:
    if decision.policy is not None:
        from understudy.comparison.policy import Policy
        from understudy.review.policy_check import check_wanted

        policy = Policy.from_json(decision.policy)
        check_wanted(log, settings, policy, decision.name, decision.version)


def wait_for_workers(log: "Engine", endpoint: str, deployment_id: int, wait_s: float) -> "Rollout":
    """Wait until every worker serves the deployment or a later one, and return how many do."""
    start = time.monotonic()
    found = _look(log, endpoint, deployment_id)
    with progress("workers", found.workers) as advance:
        advance(found.serving)
        while time.monotonic() - start < _patience(found, wait_s):
            time.sleep(_POLL_S)
            before, found = found, _look(log, endpoint, deployment_id)
            advance(found.serving - before.serving)
    return found


def _patience(found: "Rollout", wait_s: float) -> float:
    if found.workers == 0:
        return min(wait_s, _FIRST_REPORT_S)
    return 0.0 if found.is_done else wait_s


def _look(log: "Engine", endpoint: str, deployment_id: int) -> "Rollout":
    from understudy.review.rollout import read_rollout

    with log.begin() as connection:
        return read_rollout(connection, endpoint, deployment_id)


def _say(
    decision: "Decision", now: "Deployments", done: "Rollout | None", policy_file: Path | None
) -> None:
    if done is None:
        model = f"{decision.name}:{decision.version}"
        role = "its own twin" if decision.is_twin else "a shadow"
        becomes = f"is {role} on {decision.share:.0%} of the requests"
        what = becomes if decision.action == "shadow" else "is no shadow any more"
        click.echo(f"{model} {what} (deployment {now.id}).")
        if policy_file is not None:
            click.echo(f"It is judged by {policy_file}.")
        _say_waivers(_concerned(decision, now))
        return
    model = now.live.model if now.live else "nothing"
    click.echo(f"{model} is live (deployment {now.id}).")
    _say_waivers(now.live)
    if done.workers:
        click.echo(f"{done.serving} of {done.workers} workers serve {model}.")
    else:
        click.echo("No api worker has reported yet; they serve it as soon as they start.")


def _concerned(decision: "Decision", now: "Deployments") -> "Role | None":
    """Return the role that a decision gives, None where it ends one."""
    if decision.action in ("shadow", "withdraw"):
        return now.shadow(decision.name, decision.version)
    return now.live


def _say_waivers(role: "Role | None") -> None:
    """Tell what the gates would have refused, at the moment at which it takes effect."""
    if role is not None and role.waivers:
        for text in waived(role.waivers):
            click.echo(f"A gate refused it and was waived: {text}")


def _as_json(decision: "Decision", now: "Deployments", done: "Rollout") -> dict[str, object]:
    role = _concerned(decision, now)
    waivers = None if role is None else role.waivers
    return {
        "deployment_id": now.id,
        "live": now.live.model if now.live else None,
        "previous": now.previous.model if now.previous else None,
        "shadows": [{"model": role.model, "share": role.share} for role in now.shadows],
        "waivers": None if waivers is None else [vars(waiver) for waiver in waivers],
        "workers": done.to_json(),
    }
