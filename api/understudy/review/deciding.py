"""A decision about roles, by whatever way it comes: checked, and written down."""

from dataclasses import dataclass

from understudy.artefacts.admission import admit_stored
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import breaking_changes
from understudy.artefacts.store import ArtefactStore
from understudy.errors import DeploymentRefused
from understudy.log.database import Connection, Engine
from understudy.log.deployments import Change, append, current, history
from understudy.log.locks import lock_deployments
from understudy.log.roles import Action, DeploymentRow, Deployments, Policy, Role
from understudy.review.capturing import check_role
from understudy.settings import Settings

TWIN_SHARE = 0.05
"""The share of the requests that a twin is scored on, unless somebody says another."""


@dataclass(frozen=True)
class Decision:
    """
    What somebody wants to change, and why.

    A `policy` has passed `review.policy_check`. `after` is the last decision known to whoever
    decides: another one since then is a refusal, and this very one a repetition, which changes
    nothing. None asks for neither.
    """

    action: Action
    who: str
    name: str = ""
    version: str = ""
    why: str = ""
    share: float = 1.0
    policy: Policy | None = None
    keep_shadow: bool = False
    is_breaking: bool = False
    is_twin: bool = False
    after: int | None = None


@dataclass(frozen=True)
class Decided:
    """
    A decision on record: its row, and the roles as they are now.

    `is_new` is false where it had been recorded before, by an earlier try of the same decision.
    """

    row: DeploymentRow
    now: Deployments
    is_new: bool = True


def record(log: Engine, settings: Settings, decision: Decision) -> Decided:
    """
    Check a decision and write it down.

    All that needs the artefact store comes first: shipments of this endpoint wait while a decision
    is written down, and a store may take its time. What may have changed meanwhile is looked at
    again then; refused there, the whole transaction is as if it had never been. Raises
    DeploymentRefused, ArtefactError or StoreUnavailable.
    """
    with log.begin() as connection:
        seen = current(connection, settings.endpoint)
        made = _made_before(connection, settings.endpoint, seen, decision)
    if made is not None:
        return made
    manifest = _admitted(settings, decision, seen)
    _refuse_redacted(seen, decision, manifest)
    if _is_held_to_contract(decision):
        _refuse_breaking(settings, seen.live, manifest)
    with log.begin() as connection:
        return _write(connection, settings.endpoint, decision, seen.live, manifest)


def _write(
    connection: Connection,
    endpoint: str,
    decision: Decision,
    seen: Role | None,
    manifest: Manifest | None,
) -> Decided:
    """Write a decision down, unless what it was checked against has changed."""
    lock_deployments(connection, endpoint, shared=False)
    before = current(connection, endpoint)
    if (made := _made_before(connection, endpoint, before, decision)) is not None:
        return made
    _refuse_redacted(before, decision, manifest)
    after = append(connection, endpoint, _change(decision, manifest))
    if decision.action == "promote":
        _refuse_other_content(after.live, manifest)
    if _is_held_to_contract(decision):
        _refuse_if_changed(seen, before.live)
    return Decided(history(connection, endpoint)[-1], after)


def _change(decision: Decision, manifest: Manifest | None) -> Change:
    return Change(
        decision.action, decision.who, decision.name, decision.version,
        "" if manifest is None else manifest.digest, decision.why, decision.share,
        decision.keep_shadow, decision.policy, None if manifest is None else manifest.waivers,
        decision.is_twin,
    )  # fmt: skip


def _made_before(
    connection: Connection, endpoint: str, now: Deployments, decision: Decision
) -> Decided | None:
    """
    Return this decision as an earlier try recorded it, None if it is still to be made.

    Raises DeploymentRefused where another one has been made since the one it is to come after.
    """
    if decision.after is None or decision.after == now.id:
        return None
    rows = history(connection, endpoint)
    since = next((row for row in rows if row.id > decision.after), None)
    if since is None or not _is_same(since, decision):
        raise DeploymentRefused(
            f"This is to come after decision {decision.after}, but the last one is {now.id}."
            " Look at what was decided and decide again."
        )
    return Decided(since, now, is_new=False)


def _is_same(row: DeploymentRow, decision: Decision) -> bool:
    """Tell whether a row says what a decision says; a rollback names no version."""
    told = (row.action, row.who, row.why, row.share, row.keep_shadow)
    wanted = (decision.action, decision.who, decision.why, decision.share, decision.keep_shadow)
    names = not decision.name or (row.name, row.version) == (decision.name, decision.version)
    return told == wanted and names and decision.policy in (None, row.policy)


def _refuse_redacted(now: Deployments, decision: Decision, manifest: Manifest | None) -> None:
    """Refuse a role in which a model would need what the capture policy redacts."""
    if manifest is not None:
        present = now.shadow(decision.name, decision.version)
        kept = None if present is None else present.policy
        comparison = kept if decision.policy is None else decision.policy
        is_live = decision.action != "shadow"
        check_role(now.capture, manifest, comparison, is_live=is_live)


def _is_held_to_contract(decision: Decision) -> bool:
    """A rollback is an emergency, and returns to a contract that was accepted before."""
    return decision.action in ("live", "promote") and not decision.is_breaking


def _admitted(settings: Settings, decision: Decision, seen: Deployments) -> Manifest | None:
    """Return the manifest of what may be deployed, None where nothing is taken into service."""
    name, version = decision.name, decision.version
    # Whom one trusts may have changed since the shadow was deployed.
    is_promoted = decision.action == "promote" and seen.shadow(name, version) is not None
    if decision.action not in ("live", "shadow") and not is_promoted:
        return None
    store = ArtefactStore(settings.artefacts_url)
    return admit_stored(store, name, version, settings.trusted_keys)


def _refuse_breaking(settings: Settings, old: Role | None, new: Manifest | None) -> None:
    if old is None or new is None or old.digest == new.digest:
        return
    accepted = ArtefactStore(settings.artefacts_url).manifest(old.name, old.version).input_schema
    if reasons := breaking_changes(accepted, new.input_schema):
        raise DeploymentRefused(
            f"{new.title} would refuse instances that {old.model} accepts today:"
            f" {'; '.join(reasons)}. If that is meant, say so: --breaking --why TEXT, or"
            ' "breaking": true over HTTP.'
        )


def _refuse_other_content(role: Role | None, admitted: Manifest | None) -> None:
    """Refuse to promote a shadow that is not what the store holds, and what was admitted."""
    found = "none" if admitted is None else f"the digest {admitted.digest[:12]}…"
    if role is not None and (admitted is None or admitted.digest != role.digest):
        raise DeploymentRefused(
            f"{role.model} is a shadow with the digest {role.digest[:12]}…, but what was found"
            f" in the artefact store has {found}. Deploy it as a shadow again, or restore the"
            " store."
        )


def _refuse_if_changed(seen: Role | None, now: Role | None) -> None:
    """Refuse where the new contract was held against that of a model that is live no more."""
    if (seen and seen.digest) != (now and now.digest):
        model = "nothing" if now is None else now.model
        raise DeploymentRefused(
            f"Somebody else has decided meanwhile, and {model} is live now."
            " Look at `understudy deployments` and decide again."
        )
