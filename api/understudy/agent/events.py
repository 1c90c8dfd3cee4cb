"""What happens in the agent, for whoever counts it: the monitoring room makes metrics of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from understudy.agent.inputs import InputCounts
from understudy.records import ServedRequest
from understudy.serving.deployment_file import Deployed


@dataclass(frozen=True, slots=True)
class Shipped:
    """
    Requests of one spool were taken over by the prediction log, for good and for the first time.

    `instances` of them are recorded; those of a quarantined request are among `requests` only.
    `inputs` counts them per live version; `lag_s` is the age of the oldest.
    """

    requests: Sequence[ServedRequest]
    instances: int
    inputs: Sequence[InputCounts]
    lag_s: float


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Requests could not be recorded as they are; they lie in the table `quarantine`."""

    requests: int


@dataclass(frozen=True, slots=True)
class GapFound:
    """Numbers are missing in a spool: requests were answered, and their record is gone."""

    requests: int


@dataclass(frozen=True, slots=True)
class SpoolSetAside:
    """A spool cannot be read; its file was renamed and waits for a person."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class InstancesLost:
    """A worker answered instances that it could not record, this many more than last told."""

    instances: int


@dataclass(frozen=True, slots=True)
class BacklogMeasured:
    """What lies in the spools of this machine, all together, before a round of shipping."""

    spools: int
    requests: int
    instances: int
    oldest_s: float
    size_bytes: int


@dataclass(frozen=True, slots=True)
class LogReached:
    """The prediction log can be reached, or no longer can."""

    is_reachable: bool


@dataclass(frozen=True, slots=True)
class DeploymentFollowed:
    """The api workers of this machine were told what to serve."""

    deployed: Deployed


@dataclass(frozen=True, slots=True)
class ArtefactUnavailable:
    """A deployed artefact cannot be brought here; what was served before is still served."""

    name: str
    version: str
    reason: str


Event = (
    Shipped
    | Quarantined
    | GapFound
    | SpoolSetAside
    | InstancesLost
    | BacklogMeasured
    | LogReached
    | DeploymentFollowed
    | ArtefactUnavailable
)
Observer = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Take no notice."""
