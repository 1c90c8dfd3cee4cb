"""Every event of a part becomes a metric, and none is forgotten."""

from pathlib import Path
from typing import get_args

import pytest
from prometheus_client import CollectorRegistry

from understudy.agent import events as agent_events
from understudy.agent.inputs import FeatureCounts, InputCounts
from understudy.cli.observers import AgentObserver, ShadowObserver
from understudy.monitoring.agent_metrics import AgentMetrics
from understudy.monitoring.scale import OutputScale
from understudy.monitoring.shadow_metrics import ShadowMetrics
from understudy.records import ServedRequest
from understudy.serving.deployment_file import Deployed, Placed
from understudy.shadow import events as shadow_events

SCALE = OutputScale(buckets=(1.0, 2.0), labels=("dear",))
LIVE = Placed("tiny", "1.0.0", "d", "/cache/tiny")


@pytest.fixture
def registry() -> CollectorRegistry:
    """A registry of this test's own."""
    return CollectorRegistry()


def served() -> ServedRequest:
    """Return a request of two instances."""
    return ServedRequest(
        1, "r", None, 0.0, "tiny", "1.0.0", [{}, {}], [0.5, 1.5], [0.5, 1.5], [None, "dear"]
    )


def test_every_event_of_the_agent_is_counted(registry: CollectorRegistry) -> None:
    """One of each kind moves exactly its own figures."""
    observer = AgentObserver(AgentMetrics(registry, "houses", lambda: SCALE))
    inputs = InputCounts("tiny", "1.0.0", 2, {"area": FeatureCounts(1, 2, 3)})
    events: list[agent_events.Event] = [
        agent_events.Shipped([served()], 2, [inputs], 0.2),
        agent_events.Quarantined(4),
        agent_events.GapFound(5),
        agent_events.SpoolSetAside(Path("x"), "why"),
        agent_events.InstancesLost(6),
        agent_events.BacklogMeasured(1, 2, 3, 4.0, 5),
        agent_events.LogReached(is_reachable=True),
        agent_events.DeploymentFollowed(Deployed(7, "houses", LIVE, None, (LIVE,))),
        agent_events.ArtefactUnavailable("tiny", "2.0.0", "gone"),
    ]
    assert {type(event) for event in events} == set(get_args(agent_events.Event))
    for event in events:
        observer(event)

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, {"endpoint": "houses", **labels})

    assert value("understudy_shipped_requests_total") == 1
    assert value("understudy_shipped_instances_total") == 2
    assert value("understudy_inputs_checked_total") == 2
    assert value("understudy_inputs_missing_total", feature="area") == 1
    assert value("understudy_inputs_unseen_total", feature="area") == 2
    assert value("understudy_inputs_out_of_range_total", feature="area") == 3
    assert value("understudy_quarantined_requests_total") == 4
    assert value("understudy_missing_requests_total") == 5
    assert value("understudy_spools_set_aside_total") == 1
    assert value("understudy_lost_instances_total") == 6
    assert value("understudy_spool_backlog_instances") == 3
    assert value("understudy_log_up") == 1
    assert value("understudy_deployment_id") == 7
    for role in ("live", "shadow"):
        assert value("understudy_model_info", role=role, name="tiny", version="1.0.0") == 1
    assert value("understudy_artefact_failures_total", name="tiny", version="2.0.0") == 1


def test_the_agent_is_ready_while_the_log_can_be_reached(registry: CollectorRegistry) -> None:
    """The probe says why it is not."""
    observer = AgentObserver(AgentMetrics(registry, "houses", lambda: SCALE))
    assert observer.problem is not None
    observer(agent_events.LogReached(is_reachable=True))
    assert observer.problem is None
    observer(agent_events.LogReached(is_reachable=False))
    assert "cannot be reached" in observer.problem


def test_every_event_of_a_shadow_is_counted(registry: CollectorRegistry) -> None:
    """Scored, failed, skipped and sampled out; state and lag come and go."""
    observer = ShadowObserver(ShadowMetrics(registry, "houses", lambda: SCALE))
    events: list[shadow_events.Event] = [
        shadow_events.ItemClosed("tiny", "2.0.0", 1, 2, 3, 4, 0.1, [1.5], ["dear"]),
        shadow_events.StateChanged("tiny", "2.0.0", "scoring", ""),
        shadow_events.LagMeasured("tiny", "2.0.0", 9, 1.5),
        shadow_events.VersionEnded("tiny", "2.0.0"),
    ]
    assert {type(event) for event in events} == set(get_args(shadow_events.Event))
    for event in events[:-1]:
        observer(event)
    version = {"endpoint": "houses", "name": "tiny", "version": "2.0.0"}
    for result, count in {"scored": 1, "failed": 2, "skipped": 3, "sampled_out": 4}.items():
        found = registry.get_sample_value(
            "understudy_shadow_instances_total", version | {"result": result}
        )
        assert found == count
    shown = {sample.name for metric in registry.collect() for sample in metric.samples}
    assert any("waiting" in name or "lag" in name for name in shown)
    observer(events[-1])
