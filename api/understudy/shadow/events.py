"""What happens in a shadow, for whoever counts it: the monitoring room makes metrics of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemClosed:
    """
    A work item was scored and its results are in the prediction log.

    `values` and `labels` are those of the scored instances; `seconds` is the time spent on the
    item, from reading it to storing it.
    """

    name: str
    version: str
    scored: int
    failed: int
    skipped: int
    sampled_out: int
    seconds: float
    values: Sequence[float]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A shadow version began to score, broke, or keeps failing."""

    name: str
    version: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class LagMeasured:
    """How many recorded instances a shadow version has yet to score; how long the oldest waits."""

    name: str
    version: str
    instances: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class VersionEnded:
    """A shadow version is no longer deployed; its gauges should go."""

    name: str
    version: str


Event = ItemClosed | StateChanged | LagMeasured | VersionEnded
Observer = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Take no notice."""
