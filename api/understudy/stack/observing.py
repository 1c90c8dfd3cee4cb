"""Joins what happens in a part with what monitoring counts; neither room knows the other."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from understudy.agent import events as agent
from understudy.monitoring.agent_metrics import AgentMetrics
from understudy.monitoring.shadow_metrics import ShadowMetrics
from understudy.serving.deployment_file import Deployed
from understudy.shadow import events as shadow

logger = logging.getLogger(__name__)


def agent_observer(metrics: AgentMetrics) -> agent.Observer:
    """Return the observer that counts an agent's events."""
    return _observer(
        {
            agent.Shipped: lambda event: _count_shipment(metrics, event),
            agent.Quarantined: lambda event: metrics.quarantined(event.requests),
            agent.GapFound: lambda event: metrics.missed(event.requests),
            agent.SpoolSetAside: lambda _: metrics.set_aside(),
            agent.InstancesLost: lambda event: metrics.lost(event.instances),
            agent.BacklogMeasured: lambda event: _measure_backlog(metrics, event),
            agent.LogReached: lambda event: metrics.reach_log(event.is_reachable),
            agent.DeploymentFollowed: lambda event: _follow(metrics, event.deployed),
            agent.ArtefactUnavailable: lambda event: metrics.miss_artefact(
                event.name, event.version
            ),
        }
    )


def shadow_observer(metrics: ShadowMetrics) -> shadow.Observer:
    """Return the observer that counts a shadow's events."""
    return _observer(
        {
            shadow.ItemClosed: lambda event: _count_item(metrics, event),
            shadow.StateChanged: lambda event: metrics.enter(
                event.name, event.version, event.state
            ),
            shadow.LagMeasured: lambda event: metrics.measure(
                event.name, event.version, event.instances, event.oldest_s
            ),
            shadow.VersionEnded: lambda event: metrics.end(event.name, event.version),
        }
    )


def _observer(counting: Mapping[type, Callable[[Any], None]]) -> Callable[[object], None]:
    """Keep an error of counting from the work that is counted; it is logged."""

    def observe(event: object) -> None:
        try:
            counting[type(event)](event)
        except Exception:
            logger.exception("%s could not be counted", type(event).__name__)

    return observe


def _count_shipment(metrics: AgentMetrics, event: agent.Shipped) -> None:
    metrics.shipped(event.requests, event.instances, event.lag_s)
    for inputs in event.inputs:
        metrics.count_inputs(inputs.instances)
        for feature, found in inputs.features.items():
            metrics.count_feature(feature, found.missing, found.unseen, found.out_of_range)


def _count_item(metrics: ShadowMetrics, event: shadow.ItemClosed) -> None:
    counts = {
        "scored": event.scored,
        "failed": event.failed,
        "skipped": event.skipped,
        "sampled_out": event.sampled_out,
    }
    predictions = event.values, event.labels
    metrics.close(event.name, event.version, counts, event.seconds, predictions)


def _measure_backlog(metrics: AgentMetrics, event: agent.BacklogMeasured) -> None:
    metrics.measure_backlog(
        event.spools, event.requests, event.instances, event.oldest_s, event.size_bytes
    )


def _follow(metrics: AgentMetrics, deployed: Deployed) -> None:
    roles = [("live", deployed.live), ("previous", deployed.previous)]
    roles += [("shadow", placed) for placed in deployed.shadows]
    models = [(role, placed.name, placed.version) for role, placed in roles if placed is not None]
    metrics.follow(deployed.deployment_id, models)
