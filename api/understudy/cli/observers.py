"""Lets the parts' events become metrics: neither room knows the other."""

from typing import Any

from understudy.agent import events as agent_events
from understudy.monitoring.agent_metrics import AgentMetrics
from understudy.monitoring.shadow_metrics import ShadowMetrics
from understudy.shadow import events as shadow_events


class AgentObserver:
    """Takes the agent's events; `problem` says why the agent cannot do its work now."""

    def __init__(self, metrics: AgentMetrics) -> None:
        self._metrics = metrics
        self.problem: str | None = "The prediction log was not reached yet."
        self._takers: dict[type[Any], Any] = {
            agent_events.Shipped: self._ship,
            agent_events.Quarantined: lambda event: metrics.quarantined(event.requests),
            agent_events.GapFound: lambda event: metrics.missed(event.requests),
            agent_events.SpoolSetAside: lambda _: metrics.set_aside(),
            agent_events.InstancesLost: lambda event: metrics.lost(event.instances),
            agent_events.BacklogMeasured: self._measure,
            agent_events.LogReached: self._reach,
            agent_events.DeploymentFollowed: self._follow,
            agent_events.ArtefactUnavailable: lambda event: metrics.miss_artefact(
                event.name, event.version
            ),
        }

    def __call__(self, event: agent_events.Event) -> None:
        """Take one event."""
        self._takers[type(event)](event)

    def _ship(self, event: agent_events.Shipped) -> None:
        self._metrics.shipped(event.requests, event.instances, event.lag_s)
        for counts in event.inputs:
            self._metrics.count_inputs(counts.instances)
            for feature, found in counts.features.items():
                self._metrics.count_feature(
                    feature, found.missing, found.unseen, found.out_of_range
                )

    def _measure(self, event: agent_events.BacklogMeasured) -> None:
        self._metrics.measure_backlog(
            event.spools, event.requests, event.instances, event.oldest_s, event.size_bytes
        )

    def _reach(self, event: agent_events.LogReached) -> None:
        self.problem = None if event.is_reachable else "The prediction log cannot be reached."
        self._metrics.reach_log(event.is_reachable)

    def _follow(self, event: agent_events.DeploymentFollowed) -> None:
        deployed = event.deployed
        roles = [("live", deployed.live), ("previous", deployed.previous)]
        roles += [("shadow", placed) for placed in deployed.shadows]
        self._metrics.follow(
            deployed.deployment_id,
            [(role, placed.name, placed.version) for role, placed in roles if placed is not None],
        )


class ShadowObserver:
    """Takes the events of a shadow process."""

    def __init__(self, metrics: ShadowMetrics) -> None:
        self._metrics = metrics
        self._takers: dict[type[Any], Any] = {
            shadow_events.ItemClosed: self._close,
            shadow_events.StateChanged: lambda event: metrics.enter(
                event.name, event.version, event.state
            ),
            shadow_events.LagMeasured: lambda event: metrics.measure(
                event.name, event.version, event.instances, event.oldest_s
            ),
            shadow_events.VersionEnded: lambda event: metrics.end(event.name, event.version),
        }

    def __call__(self, event: shadow_events.Event) -> None:
        """Take one event."""
        self._takers[type(event)](event)

    def _close(self, event: shadow_events.ItemClosed) -> None:
        counts = {
            "scored": event.scored,
            "failed": event.failed,
            "skipped": event.skipped,
            "sampled_out": event.sampled_out,
        }
        predictions = (event.values, event.labels)
        self._metrics.close(event.name, event.version, counts, event.seconds, predictions)
