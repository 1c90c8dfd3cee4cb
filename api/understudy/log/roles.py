"""Who plays what: the present roles of one endpoint, folded from the record of changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Self

import orjson

from understudy.artefacts.vetting import Waiver
from understudy.capture import Capture
from understudy.errors import DeploymentsUnreadable

Action = Literal["live", "shadow", "withdraw", "promote", "rollback"]
Policy = Mapping[str, object]
Waivers = tuple[Waiver, ...]


@dataclass(frozen=True)
class Role:
    """
    A model version that answers, or that did before the present one; `since` it took over.

    `deployment_id` is the change told by `who` and `why`. `waivers` are those of the version's
    gates, None where an earlier Understudy recorded the change and did not say.
    """

    name: str
    version: str
    digest: str
    since: datetime
    who: str
    why: str = ""
    deployment_id: int | None = None
    waivers: Waivers | None = None

    @property
    def model(self) -> str:
        """The model version as people write it: `house-prices:2.0.0`."""
        return f"{self.name}:{self.version}"

    @property
    def key(self) -> tuple[str, str]:
        """Name and version, as the readers of the log take them."""
        return self.name, self.version


@dataclass(frozen=True)
class ShadowRole(Role):
    """
    A model version that is scored in silence on `share` of the traffic.

    `since` is the start of the role; a later change of share or policy leaves it, and is told by
    `who` and `why`. A `policy` of None means the defaults.
    """

    share: float = 1.0
    policy: Policy | None = None


@dataclass(frozen=True)
class DeploymentRow:
    """
    One change as it was recorded; `policy` and `share` matter for a shadow only.

    `waivers` are None where they were not recorded, and where a role ends.
    """

    id: int
    at: datetime
    who: str
    why: str
    action: Action
    name: str
    version: str
    digest: str
    share: float = 1.0
    keep_shadow: bool = False
    policy: Policy | None = None
    waivers: Waivers | None = None

    @property
    def role(self) -> Role:
        """The role this change gives to its model version."""
        return Role(
            self.name, self.version, self.digest, self.at, self.who, self.why,
            self.id, self.waivers,
        )  # fmt: skip


@dataclass(frozen=True)
class Deployments:
    """
    The roles of one endpoint after the change number `id`, 0 when there was none yet.

    Capture policies are numbered with the deployments; `capture` is the one in force. `previous`
    was live before `live` and is what a rollback brings back. Shadows are in the order
    in which their roles began.
    """

    id: int = 0
    live: Role | None = None
    previous: Role | None = None
    shadows: tuple[ShadowRole, ...] = field(default=())
    capture: Capture | None = None

    def shadow(self, name: str, version: str) -> ShadowRole | None:
        """Return the shadow of this name and version, None if it has no such role."""
        found = (role for role in self.shadows if (role.name, role.version) == (name, version))
        return next(found, None)

    def to_json(self) -> bytes:
        """Return the roles as JSON, for the file that the api workers read."""
        capture = None if self.capture is None else self.capture.to_json()
        content = asdict(self) | {"capture": capture}
        return orjson.dumps(content, option=orjson.OPT_INDENT_2)

    @classmethod
    def from_json(cls, content: bytes | str) -> Self:
        """Return the roles that `to_json` wrote; raises DeploymentsUnreadable for all else."""
        try:
            found = orjson.loads(content)
            return cls(
                id=int(found["id"]),
                live=_read(Role, found["live"]),
                previous=_read(Role, found["previous"]),
                shadows=tuple(ShadowRole(**_dated(role)) for role in found["shadows"]),
                capture=_read_capture(found.get("capture")),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DeploymentsUnreadable(str(error)) from error


def is_twin(role: Role, live: Role | None) -> bool:
    """Tell whether a shadow is the live version itself, which shows how far equals may differ."""
    return live is not None and role.key == live.key


def read_waivers(found: Any) -> Waivers | None:
    """Return waivers from decoded JSON; what a later version adds to one is passed over."""
    if found is None:
        return None
    return tuple(Waiver(one["gate"], one["reason"], one["by"]) for one in found)


def fold(rows: Iterable[DeploymentRow]) -> Deployments:
    """Return the roles after all `rows`, which are in the order of their ids."""
    return [Deployments(), *(now for _, now in fold_each(rows))][-1]


def fold_each(rows: Iterable[DeploymentRow]) -> Iterator[tuple[DeploymentRow, Deployments]]:
    """Yield each row with the roles after it."""
    now = Deployments()
    for row in rows:
        now = replace(_after(now, row), id=row.id)
        yield row, now


def _after(now: Deployments, row: DeploymentRow) -> Deployments:
    if row.action == "shadow":
        return replace(now, shadows=_with_shadow(now, row))
    if row.action == "withdraw":
        return replace(now, shadows=_without(now.shadows, row))
    return _with_live(now, row)


def _with_live(now: Deployments, row: DeploymentRow) -> Deployments:
    """
    Let the row's version take over; its shadow role ends unless it is to be kept.

    The twin of the version that was live ends with it: there is nothing left that it could measure.
    """
    shadows = now.shadows if row.keep_shadow else _without(now.shadows, row)
    if now.live is not None and _same(now.live, row):
        return replace(now, shadows=shadows)
    shadows = tuple(role for role in shadows if not _is_deployed_as_twin(role, now.live))
    return replace(now, live=row.role, previous=now.live, shadows=shadows)


def _is_deployed_as_twin(role: ShadowRole, live: Role | None) -> bool:
    """Tell a twin from a shadow that was promoted and kept, whose own change is older."""
    if live is None or not is_twin(role, live):
        return False
    return (role.deployment_id or 0) > (live.deployment_id or 0)


def _with_shadow(now: Deployments, row: DeploymentRow) -> tuple[ShadowRole, ...]:
    role = ShadowRole(**vars(row.role), share=row.share, policy=row.policy)
    old = now.shadow(row.name, row.version)
    if old is None:
        return (*now.shadows, role)
    if old.digest == role.digest:
        role = replace(role, since=old.since)
    return tuple(role if shadow is old else shadow for shadow in now.shadows)


def _without(shadows: Sequence[ShadowRole], row: DeploymentRow) -> tuple[ShadowRole, ...]:
    return tuple(role for role in shadows if (role.name, role.version) != (row.name, row.version))


def _same(role: Role, row: DeploymentRow) -> bool:
    return (role.name, role.version, role.digest) == (row.name, row.version, row.digest)


def _dated(role: Mapping[str, Any]) -> dict[str, Any]:
    since = datetime.fromisoformat(role["since"])
    return {**role, "since": since, "waivers": read_waivers(role.get("waivers"))}


def _read_capture(found: Mapping[str, Any] | None) -> Capture | None:
    return None if found is None else Capture.from_json(found)


def _read(kind: type[Role], role: Mapping[str, Any] | None) -> Role | None:
    return None if role is None else kind(**_dated(role))
