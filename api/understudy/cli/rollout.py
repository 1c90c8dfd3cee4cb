"""A decision about roles: checked, recorded, and followed until every api worker serves it."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from understudy.cli.output import print_json
from understudy.cli.places import open_log
from understudy.cli.progress import progress
from understudy.cli.waivers import waived
from understudy.errors import DeploymentRefused, RolloutIncomplete

if TYPE_CHECKING:
    from understudy.log.database import Engine
    from understudy.log.roles import Action, Deployments, Role
    from understudy.log.spools import SpoolState
    from understudy.settings import Settings

_POLL_S = 0.1
_SEEN_WITHIN_S = 10.0  # a spool that was not seen for longer belongs to a worker that is gone
_FIRST_REPORT_S = 5.0  # a stack that has just started reports its workers a moment later


_UNHEARD = "no api worker was heard of; is the agent running?"


@dataclass(frozen=True)
class Decision:
    """What somebody wants to change, and why."""

    action: "Action"
    who: str
    name: str = ""
    version: str = ""
    why: str = ""
    share: float = 1.0
    policy: dict[str, object] | None = None
    keep_shadow: bool = False
    is_breaking: bool = False


@dataclass(frozen=True)
class Rollout:
    """How many of the workers that report serve a deployment, and what the others say."""

    serving: int
    workers: int
    problems: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Whether no worker is behind."""
        return self.serving == self.workers


def decide(settings: "Settings", decision: Decision, wait_s: float, wants_json: bool) -> None:
    """Record the decision, wait for the workers where it changes who answers, and say so."""
    if decision.is_breaking and not decision.why:
        raise click.UsageError("--breaking needs --why: somebody's requests will be refused.")
    with open_log(settings) as log:
        now = _record(log, settings, decision)
        changes_live = decision.action in ("live", "promote", "rollback")
        done = wait_for_workers(log, settings.endpoint, now.id, wait_s if changes_live else 0.0)
    if wants_json:
        print_json(_as_json(decision, now, done))
    else:
        _say(decision, now, done if changes_live else None)
    # Before the first live model there may be nobody to serve it; later somebody must be there.
    is_unheard = done.workers == 0 and now.previous is not None
    if changes_live and (is_unheard or not done.is_done):
        problems = (_UNHEARD,) if is_unheard else done.problems
        raise RolloutIncomplete(done.serving, done.workers, wait_s, problems)


def wait_for_workers(log: "Engine", endpoint: str, deployment_id: int, wait_s: float) -> Rollout:
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


def _patience(found: Rollout, wait_s: float) -> float:
    if found.workers == 0:
        return min(wait_s, _FIRST_REPORT_S)
    return 0.0 if found.is_done else wait_s


def _look(log: "Engine", endpoint: str, deployment_id: int) -> Rollout:
    from understudy.log.spools import list_spools

    with log.begin() as connection:
        spools = list_spools(connection, endpoint)
    present = [spool for spool in spools if spool.unseen_s < _SEEN_WITHIN_S]
    behind = [spool for spool in present if (spool.deployment_id or 0) < deployment_id]
    return Rollout(len(present) - len(behind), len(present), _problems(behind))


def _problems(behind: "list[SpoolState]") -> tuple[str, ...]:
    return tuple(sorted({spool.problem for spool in behind if spool.problem}))


def _record(log: "Engine", settings: "Settings", decision: Decision) -> "Deployments":
    from understudy.artefacts.admission import admit_stored
    from understudy.artefacts.store import ArtefactStore
    from understudy.log.deployments import Change, append, current

    store = ArtefactStore(settings.artefacts_url)
    digest, waivers = "", None
    if decision.action in ("live", "shadow"):
        manifest = admit_stored(store, decision.name, decision.version, settings.trusted_keys)
        digest, waivers = manifest.digest, manifest.waivers
    with log.begin() as connection:
        before = current(connection, settings.endpoint)
        change = Change(
            decision.action, decision.who, decision.name, decision.version, digest, decision.why,
            decision.share, decision.keep_shadow, decision.policy, waivers,
        )  # fmt: skip
        after = append(connection, settings.endpoint, change)
        if decision.action == "promote":  # whom one trusts may have changed since it was deployed
            admit_stored(store, decision.name, decision.version, settings.trusted_keys)
        # Refused here, the whole transaction is as if it had never been. A rollback is an
        # emergency, and returns to a contract that was accepted before.
        if decision.action in ("live", "promote") and not decision.is_breaking:
            _refuse_breaking(store, before.live, after.live)
    return after


def _refuse_breaking(store: object, old: "Role | None", new: "Role | None") -> None:
    from understudy.artefacts.schema import breaking_changes
    from understudy.artefacts.store import ArtefactStore

    assert isinstance(store, ArtefactStore)  # noqa: S101 - for mypy: imported late
    if old is None or new is None or old.digest == new.digest:
        return
    accepted = store.manifest(old.name, old.version).input_schema
    reasons = breaking_changes(accepted, store.manifest(new.name, new.version).input_schema)
    if reasons:
        raise DeploymentRefused(
            f"{new.model} would refuse instances that {old.model} accepts today:"
            f" {'; '.join(reasons)}. Add --breaking --why TEXT if that is meant."
        )


def _say(decision: Decision, now: "Deployments", done: Rollout | None) -> None:
    if done is None:
        model = f"{decision.name}:{decision.version}"
        becomes = f"is a shadow on {decision.share:.0%} of the requests"
        what = becomes if decision.action == "shadow" else "is no shadow any more"
        click.echo(f"{model} {what} (deployment {now.id}).")
        _say_waivers(_concerned(decision, now))
        return
    model = now.live.model if now.live else "nothing"
    click.echo(f"{model} is live (deployment {now.id}).")
    _say_waivers(now.live)
    if done.workers:
        click.echo(f"{done.serving} of {done.workers} workers serve {model}.")
    else:
        click.echo("No api worker has reported yet; they serve it as soon as they start.")


def _concerned(decision: Decision, now: "Deployments") -> "Role | None":
    """Return the role that a decision gives, None where it ends one."""
    if decision.action in ("shadow", "withdraw"):
        return now.shadow(decision.name, decision.version)
    return now.live


def _say_waivers(role: "Role | None") -> None:
    """Tell what the gates would have refused, at the moment at which it takes effect."""
    if role is not None and role.waivers:
        for text in waived(role.waivers):
            click.echo(f"A gate refused it and was waived: {text}")


def _as_json(decision: Decision, now: "Deployments", done: Rollout) -> dict[str, object]:
    role = _concerned(decision, now)
    waivers = None if role is None else role.waivers
    return {
        "deployment_id": now.id,
        "live": now.live.model if now.live else None,
        "previous": now.previous.model if now.previous else None,
        "shadows": [{"model": role.model, "share": role.share} for role in now.shadows],
        "waivers": None if waivers is None else [vars(waiver) for waiver in waivers],
        "workers": {"serving": done.serving, "of": done.workers, "problems": done.problems},
    }
