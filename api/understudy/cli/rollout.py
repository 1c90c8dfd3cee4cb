"""A decision about roles: checked, recorded, and followed until every api worker serves it."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.output import print_json
from understudy.cli.places import open_log
from understudy.cli.progress import progress
from understudy.cli.waivers import waived
from understudy.errors import DeploymentRefused, RolloutIncomplete

if TYPE_CHECKING:
    from understudy.artefacts.manifest import Manifest
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
    policy_file: Path | None = None
    keep_shadow: bool = False
    is_breaking: bool = False
    is_twin: bool = False


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
    """
    Check a decision and write it down.

    All that needs the artefact store comes first: shipments of this endpoint wait while a decision
    is written down, and a store may take its time. What may have changed meanwhile is looked at
    again then; refused there, the whole transaction is as if it had never been.
    """
    from understudy.log.deployments import Change, append, current
    from understudy.log.locks import lock_deployments

    with log.begin() as connection:
        seen = current(connection, settings.endpoint)
    manifest = _admitted(settings, decision, seen)
    _refuse_unfit_policy(settings, decision, seen.live, manifest)
    # A rollback is an emergency, and returns to a contract that was accepted before.
    is_held_to_contract = decision.action in ("live", "promote") and not decision.is_breaking
    if is_held_to_contract:
        _refuse_breaking(settings, seen.live, manifest)
    _refuse_noise(log, settings, decision, seen.live)
    change = Change(
        decision.action, decision.who, decision.name, decision.version,
        "" if manifest is None else manifest.digest, decision.why, decision.share,
        decision.keep_shadow, decision.policy, None if manifest is None else manifest.waivers,
        decision.is_twin,
    )  # fmt: skip
    with log.begin() as connection:
        lock_deployments(connection, settings.endpoint, shared=False)
        before = current(connection, settings.endpoint)
        after = append(connection, settings.endpoint, change)
        if decision.action == "promote":
            _refuse_other_content(after.live, manifest)
        if is_held_to_contract:
            _refuse_if_changed(seen.live, before.live)
    return after


def _admitted(settings: "Settings", decision: Decision, seen: "Deployments") -> "Manifest | None":
    """Return the manifest of what may be deployed, None where nothing is taken into service."""
    from understudy.artefacts.admission import admit_stored
    from understudy.artefacts.store import ArtefactStore

    name, version = decision.name, decision.version
    # Whom one trusts may have changed since the shadow was deployed.
    is_promoted = decision.action == "promote" and seen.shadow(name, version) is not None
    if decision.action not in ("live", "shadow") and not is_promoted:
        return None
    store = ArtefactStore(settings.artefacts_url)
    return admit_stored(store, name, version, settings.trusted_keys)


def _refuse_unfit_policy(
    settings: "Settings", decision: Decision, live: "Role | None", shadow: "Manifest | None"
) -> None:
    """Refuse a policy that these two models can never answer, before anything is compared."""
    from understudy.artefacts.store import ArtefactStore
    from understudy.comparison.policy import Policy
    from understudy.review.policies import check_policy

    if decision.policy is None or shadow is None:
        return
    store = ArtefactStore(settings.artefacts_url)
    held = shadow if live is None else store.manifest(live.name, live.version)
    check_policy(Policy.from_json(decision.policy), held, shadow)


def _refuse_breaking(settings: "Settings", old: "Role | None", new: "Manifest | None") -> None:
    from understudy.artefacts.schema import breaking_changes
    from understudy.artefacts.store import ArtefactStore

    if old is None or new is None or old.digest == new.digest:
        return
    accepted = ArtefactStore(settings.artefacts_url).manifest(old.name, old.version).input_schema
    if reasons := breaking_changes(accepted, new.input_schema):
        raise DeploymentRefused(
            f"{new.title} would refuse instances that {old.model} accepts today:"
            f" {'; '.join(reasons)}. Add --breaking --why TEXT if that is meant."
        )


def _refuse_noise(
    log: "Engine", settings: "Settings", decision: Decision, live: "Role | None"
) -> None:
    """Refuse a policy whose tolerance the live version would not keep towards itself."""
    from understudy.review.noise import noise_floor

    tolerance = (decision.policy or {}).get("tolerance")
    if live is None or not isinstance(tolerance, int | float):
        return
    floor = noise_floor(log, settings, live)
    if floor is not None and floor.is_above(tolerance):
        raise DeploymentRefused(
            f"The tolerance {tolerance:g} of the policy is below the noise: {live.model} and its"
            f" twin differ by up to {floor.p99:g} in 99 % of {floor.pairs:,} pairs. Ask for a"
            " tolerance of at least that."
        )


def _refuse_other_content(role: "Role | None", admitted: "Manifest | None") -> None:
    """Refuse to promote a shadow that is not what the store holds, and what was admitted."""
    found = "none" if admitted is None else f"the digest {admitted.digest[:12]}…"
    if role is not None and (admitted is None or admitted.digest != role.digest):
        raise DeploymentRefused(
            f"{role.model} is a shadow with the digest {role.digest[:12]}…, but what was found"
            f" in the artefact store has {found}. Deploy it as a shadow again, or restore the"
            " store."
        )


def _refuse_if_changed(seen: "Role | None", now: "Role | None") -> None:
    """Refuse where the new contract was held against that of a model that is live no more."""
    if (seen and seen.digest) != (now and now.digest):
        model = "nothing" if now is None else now.model
        raise DeploymentRefused(
            f"Somebody else has decided meanwhile, and {model} is live now."
            " Look at `understudy deployments` and decide again."
        )


def _say(decision: Decision, now: "Deployments", done: Rollout | None) -> None:
    if done is None:
        model = f"{decision.name}:{decision.version}"
        role = "its own twin" if decision.is_twin else "a shadow"
        becomes = f"is {role} on {decision.share:.0%} of the requests"
        what = becomes if decision.action == "shadow" else "is no shadow any more"
        click.echo(f"{model} {what} (deployment {now.id}).")
        if decision.policy_file is not None:
            click.echo(f"It is judged by {decision.policy_file}.")
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
