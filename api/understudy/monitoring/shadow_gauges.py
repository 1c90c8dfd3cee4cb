"""How far the shadows are behind and how they fare, as the shadow and the watcher show it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from understudy.monitoring.registry import Board

STATES = ("scoring", "broken", "failing")

Version = tuple[str, str]
"""Name and version of a model."""


@dataclass(frozen=True)
class Waiting:
    """What a shadow version has yet to score."""

    instances: int
    oldest_s: float


class ShadowGauges:
    """
    Lag and state of each shadow version.

    Both a shadow process and the watcher show them, from the same prediction log: take the
    maximum over the processes, not the sum. Safe to use from several threads.
    """

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        version = ("name", "version")
        self._waiting: dict[Version, Waiting] = {}
        self._states: dict[Version, str] = {}
        self._lock = threading.Lock()
        self._lag_s = Board(
            registry,
            endpoint,
            "understudy_shadow_lag_seconds",
            "Age of the oldest recorded instance that the shadow has not scored; 0 if none.",
            version,
        )
        self._instances = Board(
            registry,
            endpoint,
            "understudy_shadow_waiting_instances",
            "Recorded instances that the shadow has not scored yet.",
            version,
        )
        self._state = Board(
            registry,
            endpoint,
            "understudy_shadow_state",
            "1 for the state the shadow is in, 0 for the others.",
            (*version, "state"),
        )

    def measure(self, version: Version, waiting: Waiting) -> None:
        """Show what one version has yet to score."""
        with self._lock:
            self._waiting[version] = waiting
            self._refresh()

    def enter(self, version: Version, state: str) -> None:
        """Show the state of one version."""
        with self._lock:
            self._states[version] = state
            self._refresh()

    def forget(self, version: Version) -> None:
        """Show nothing more of a version that is no shadow any longer."""
        with self._lock:
            self._waiting.pop(version, None)
            self._states.pop(version, None)
            self._refresh()

    def replace(self, waiting: Mapping[Version, Waiting], states: Mapping[Version, str]) -> None:
        """Show exactly these versions."""
        with self._lock:
            self._waiting, self._states = dict(waiting), dict(states)
            self._refresh()

    def _refresh(self) -> None:
        self._lag_s.show({version: found.oldest_s for version, found in self._waiting.items()})
        self._instances.show({version: found.instances for version, found in self._waiting.items()})
        self._state.show(
            {
                (*version, state): float(state == present)
                for version, present in self._states.items()
                for state in STATES
            }
        )
