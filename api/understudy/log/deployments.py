"""The append-only record of who serves what, and the changes it allows."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, insert, null, select, text

from understudy.capture import CapturePolicy
from understudy.errors import DeploymentRefused
from understudy.log.captures import read_captures, write_capture
from understudy.log.locks import lock_deployments
from understudy.log.notices import notify
from understudy.log.roles import (
    Action,
    DeploymentRow,
    Deployments,
    Policy,
    ShadowRole,
    Waivers,
    fold,
    read_waivers,
)
from understudy.log.schema import deployment

CHANNEL = "understudy_deployment"
LAST_CHANGE = """greatest(
    (SELECT coalesce(max(id), 0) FROM deployment WHERE endpoint = :endpoint),
    (SELECT coalesce(max(id), 0) FROM capture_policy WHERE endpoint = :endpoint))"""
"""The number of the last change of an endpoint's roles or capture policy, 0 before the first."""


@dataclass(frozen=True)
class Change:
    """
    A wish to change the roles of an endpoint.

    `live` and `shadow` need name, version and digest; `withdraw` and `promote` name and version of
    a shadow; `rollback` nothing. `is_twin` means that the live version shall be its own shadow. For
    a version that is a shadow already, a `policy` of None keeps the one it has. `waivers` are those
    in the version's manifest; None stands for not known, and takes over what is recorded with the
    role that is promoted or brought back.
    """

    action: Action
    who: str
    name: str = ""
    version: str = ""
    digest: str = ""
    why: str = ""
    share: float = 1.0
    keep_shadow: bool = False
    policy: Policy | None = None
    waivers: Waivers | None = None
    is_twin: bool = False


def current(connection: Connection, endpoint: str) -> Deployments:
    """Return the present roles of an endpoint, and its capture policy."""
    now, captures = fold(history(connection, endpoint)), read_captures(connection, endpoint)
    if not captures:
        return now
    newest = captures.rows[-1]
    return replace(now, id=max(now.id, newest.id), capture=newest.capture)


def history(connection: Connection, endpoint: str) -> list[DeploymentRow]:
    """Return every change of an endpoint, the first one first."""
    columns = [column for column in deployment.c if column is not deployment.c.endpoint]
    query = select(*columns).where(deployment.c.endpoint == endpoint).order_by(deployment.c.id)
    rows = connection.execute(query).mappings()
    return [DeploymentRow(**{**row, "waivers": read_waivers(row["waivers"])}) for row in rows]


def last_change(connection: Connection, endpoint: str) -> int:
    """Return the number of the last change of the roles or of the capture policy, or 0."""
    query = text(f"SELECT {LAST_CHANGE}")
    return int(connection.execute(query, {"endpoint": endpoint}).scalar_one())


def append(connection: Connection, endpoint: str, change: Change) -> Deployments:
    """
    Record a change and return the roles after it; it counts once the caller commits.

    Writers of one endpoint wait for one another, and for the ends of the shipments under way; one
    that has not come to its end begins anew: a shipment lies either wholly before the change or
    wholly after it. Listeners on CHANNEL are told the
    endpoint. Raises DeploymentRefused with what would help.
    """
    lock_deployments(connection, endpoint, shared=False)
    change = _CHECKS[change.action](current(connection, endpoint), change)
    connection.execute(
        insert(deployment).values(
            endpoint=endpoint,
            # Not now(), which is the start of a transaction that may have waited for the lock.
            at=text("clock_timestamp()"),
            who=change.who,
            why=change.why,
            action=change.action,
            name=change.name,
            version=change.version,
            digest=change.digest,
            share=change.share,
            keep_shadow=change.keep_shadow,
            policy=null() if change.policy is None else dict(change.policy),
            waivers=null() if change.waivers is None else list(map(asdict, change.waivers)),
        )
    )
    notify(connection, CHANNEL, endpoint)
    return current(connection, endpoint)


def change_capture(
    connection: Connection, endpoint: str, policy: CapturePolicy, who: str, why: str
) -> Deployments:
    """Put a capture policy in force and return what is so after it; see `append`."""
    lock_deployments(connection, endpoint, shared=False)
    write_capture(connection, endpoint, policy, who, why)
    notify(connection, CHANNEL, endpoint)
    return current(connection, endpoint)


def _live(_: Deployments, change: Change) -> Change:
    return _complete(change)


def _shadow(now: Deployments, change: Change) -> Change:
    change = _complete(change)
    model = f"{change.name}:{change.version}"
    if not 0 < change.share <= 1:
        raise DeploymentRefused(
            f"The share of {model} is {change.share:g}; it must be greater than 0 and at most 1."
        )
    _check_twin(now, change)
    present = now.shadow(change.name, change.version)
    if present is not None and change.policy is None:
        return replace(change, policy=present.policy)
    return change


def _check_twin(now: Deployments, change: Change) -> None:
    """Let the live version be its own shadow where that is meant, and no other version."""
    model = f"{change.name}:{change.version}"
    is_live = now.live is not None and now.live.model == model
    if is_live and not change.is_twin:
        raise DeploymentRefused(
            f"{model} is live, and a version is not compared with itself. Deploy another version as"
            " the shadow, or measure the noise with `understudy deploy --twin`."
        )
    if change.is_twin and (now.live is None or not is_live or now.live.digest != change.digest):
        live = "nothing" if now.live is None else f"{now.live.model} ({now.live.digest[:12]}…)"
        raise DeploymentRefused(
            f"A twin is the live version, but {live} is live, and not {model}"
            f" ({change.digest[:12]}…)."
        )


def _withdraw(now: Deployments, change: Change) -> Change:
    return replace(change, digest=_present(now, change).digest, waivers=None)


def _promote(now: Deployments, change: Change) -> Change:
    role = _present(now, change)
    if now.live is not None and (role.key, role.digest) == (now.live.key, now.live.digest):
        raise DeploymentRefused(
            f"{role.model} is live already, and its twin in the shadow is no candidate."
            f" End the twin with `understudy withdraw {role.model}`."
        )
    waivers = role.waivers if change.waivers is None else change.waivers
    return replace(change, digest=role.digest, waivers=waivers)


def _rollback(now: Deployments, change: Change) -> Change:
    if now.previous is None:
        raise DeploymentRefused(
            "No model was live before the present one, so there is nothing to roll back to."
            " Deploy a version with `understudy deploy NAME:VERSION --live`."
        )
    back = now.previous
    return replace(
        change, name=back.name, version=back.version, digest=back.digest, waivers=back.waivers
    )


_CHECKS: Mapping[Action, Callable[[Deployments, Change], Change]] = {
    "live": _live,
    "shadow": _shadow,
    "withdraw": _withdraw,
    "promote": _promote,
    "rollback": _rollback,
}


def _complete(change: Change) -> Change:
    """Return the change if it says what is deployed."""
    for part in ("name", "version", "digest"):
        if not getattr(change, part):
            raise DeploymentRefused(f"A deployment as {change.action} needs the model's {part}.")
    return change


def _present(now: Deployments, change: Change) -> ShadowRole:
    """Return the shadow that the change is about."""
    role = now.shadow(change.name, change.version)
    if role is None:
        found = ", ".join(role.model for role in now.shadows) or "none"
        raise DeploymentRefused(
            f"{change.name}:{change.version} is not a shadow of this endpoint (shadows: {found})."
            " Deploy it with `understudy deploy NAME:VERSION --shadow` first."
        )
    return role
