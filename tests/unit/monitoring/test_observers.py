"""What becomes of the events of agent and shadow in their metrics."""

import logging
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client import CollectorRegistry

from understudy.agent import events as agent
from understudy.agent.inputs import FeatureCounts, InputCounts
from understudy.monitoring.agent_metrics import AgentMetrics
from understudy.monitoring.registry import new_registry
from understudy.monitoring.scale import OutputScale
from understudy.monitoring.shadow_metrics import ShadowMetrics
from understudy.records import ServedRequest
from understudy.serving.deployment_file import Deployed, Placed
from understudy.shadow import events as shadow
from understudy.stack.observing import agent_observer, shadow_observer

SCALE = OutputScale((100.0, 200.0, 300.0))


class Bench:
    """An observer and the registry that its metrics are in."""

    def __init__(self, part: str) -> None:
        self.registry: CollectorRegistry = new_registry("houses")
        if part == "agent":
            self.observe = agent_observer(AgentMetrics(self.registry, "houses", lambda: SCALE))
        else:
            self.observe = shadow_observer(ShadowMetrics(self.registry, "houses", lambda: SCALE))

    def __call__(self, metric: str, /, **labels: str) -> float | None:
        """Return the value of a series of this endpoint."""
        return self.registry.get_sample_value(
            f"understudy_{metric}", {"endpoint": "houses"} | labels
        )


@pytest.fixture
def an_agent() -> Bench:
    """Return the metrics of an agent."""
    return Bench("agent")


@pytest.fixture
def a_shadow() -> Bench:
    """Return the metrics of a shadow process."""
    return Bench("shadow")


def request(*values: float, version: str = "1.0.0") -> ServedRequest:
    """Return an answered request with these predictions."""
    return ServedRequest(
        seq=1,
        request_id="r",
        client_id=None,
        served_at=0.0,
        name="tiny",
        version=version,
        instances=[{}] * len(values),
        outputs=values,
        values=values,
        labels=[None] * len(values),
    )


def test_a_shipment_is_counted_by_request_instance_and_version(an_agent: Bench) -> None:
    """Requests, instances, lag and predictions of the versions that gave them."""
    requests = [request(150.0, 250.0), request(50.0, version="2.0.0")]
    an_agent.observe(agent.Shipped(requests, 3, [], lag_s=0.2))
    assert an_agent("shipped_requests_total") == 2
    assert an_agent("shipped_instances_total") == 3
    assert an_agent("shipping_lag_seconds_bucket", le="0.25") == 1
    assert an_agent("shipping_lag_seconds_bucket", le="0.1") == 0
    first = {"role": "live", "name": "tiny", "version": "1.0.0"}
    assert an_agent("prediction_value_count", **first) == 2
    assert an_agent("prediction_value_bucket", **first, le="200.0") == 1
    assert an_agent("prediction_value_count", **(first | {"version": "2.0.0"})) == 1


def test_unusual_inputs_are_counted_per_feature(an_agent: Bench) -> None:
    """A feature that is always as in training shows 0, not nothing."""
    counts = {"area": FeatureCounts(0, 0, 3), "zone": FeatureCounts(1, 2, 0)}
    inputs = [InputCounts("tiny", "1.0.0", 10, counts)]
    for _ in range(2):
        an_agent.observe(agent.Shipped([], 0, inputs, lag_s=0.0))
    assert an_agent("inputs_checked_total") == 20
    assert an_agent("inputs_out_of_range_total", feature="area") == 6
    assert an_agent("inputs_missing_total", feature="area") == 0
    assert an_agent("inputs_missing_total", feature="zone") == 2
    assert an_agent("inputs_unseen_total", feature="zone") == 4


def test_every_loss_has_its_count(an_agent: Bench) -> None:
    """Quarantine, gaps, spools set aside, and answers without a record."""
    an_agent.observe(agent.Quarantined(2))
    an_agent.observe(agent.GapFound(3))
    an_agent.observe(agent.SpoolSetAside(Path("x"), "cut short"))
    an_agent.observe(agent.InstancesLost(5))
    an_agent.observe(agent.ArtefactUnavailable("tiny", "9.0.0", "not there"))
    assert an_agent("quarantined_requests_total") == 2
    assert an_agent("missing_requests_total") == 3
    assert an_agent("spools_set_aside_total") == 1
    assert an_agent("lost_instances_total") == 5
    assert an_agent("artefact_failures_total", name="tiny", version="9.0.0") == 1


def test_counts_begin_at_0(an_agent: Bench) -> None:
    """What never happened is shown as 0, so that an increase from nothing is seen."""
    for name in ("quarantined_requests", "missing_requests", "lost_instances", "spools_set_aside"):
        assert an_agent(f"{name}_total") == 0


def test_the_backlog_is_shown(an_agent: Bench) -> None:
    """The last measurement counts."""
    an_agent.observe(agent.BacklogMeasured(1, 9, 90, 60.0, 1_000))
    an_agent.observe(agent.BacklogMeasured(2, 3, 5, 1.5, 4096))
    assert an_agent("spools") == 2
    assert an_agent("spool_backlog_requests") == 3
    assert an_agent("spool_backlog_instances") == 5
    assert an_agent("spool_oldest_age_seconds") == 1.5
    assert an_agent("spool_size_bytes") == 4096


def test_the_reach_of_postgres_is_shown(an_agent: Bench) -> None:
    """1 while it can be reached, 0 while not."""
    for is_reachable in (True, False):
        an_agent.observe(agent.LogReached(is_reachable))
        assert an_agent("log_up") == float(is_reachable)


def test_a_promotion_leaves_no_old_role_behind(an_agent: Bench) -> None:
    """After a swap the old live version is not shown as live any more."""
    old, new = (Placed("tiny", version, "d", "/x") for version in ("1.0.0", "2.0.0"))
    an_agent.observe(agent.DeploymentFollowed(Deployed(1, "houses", old, None, (new,))))
    assert an_agent("model_info", role="shadow", name="tiny", version="2.0.0") == 1
    an_agent.observe(agent.DeploymentFollowed(Deployed(2, "houses", new, old)))
    assert an_agent("model_info", role="live", name="tiny", version="2.0.0") == 1
    assert an_agent("model_info", role="live", name="tiny", version="1.0.0") is None
    assert an_agent("model_info", role="shadow", name="tiny", version="2.0.0") is None
    assert an_agent("deployment_id") == 2


def test_closed_work_is_counted_by_result(a_shadow: Bench) -> None:
    """All four results, the time, and the predictions under the metric that live uses."""
    item = shadow.ItemClosed("tiny", "2.0.0", 3, 1, 2, 4, 0.2, [50.0, 150.0, 250.0], [])
    a_shadow.observe(item)
    version = {"name": "tiny", "version": "2.0.0"}
    results = {"scored": 3, "failed": 1, "skipped": 2, "sampled_out": 4}
    for result, count in results.items():
        assert a_shadow("shadow_instances_total", **version, result=result) == count
    assert a_shadow("shadow_batch_seconds_bucket", **version, le="0.25") == 1
    assert a_shadow("prediction_value_bucket", **version, role="shadow", le="200.0") == 2


def test_live_and_shadow_have_the_same_buckets(an_agent: Bench, a_shadow: Bench) -> None:
    """Their histograms can be laid one upon the other."""
    an_agent.observe(agent.Shipped([request(1.0)], 1, [], 0.0))
    a_shadow.observe(shadow.ItemClosed("tiny", "2.0.0", 1, 0, 0, 0, 0.1, [1.0], []))
    ends = [
        {
            sample.labels["le"]
            for family in bench.registry.collect()
            for sample in family.samples
            if sample.name == "understudy_prediction_value_bucket"
        }
        for bench in (an_agent, a_shadow)
    ]
    assert ends[0] == ends[1] == {"100.0", "200.0", "300.0", "+Inf"}


def test_lag_and_state_of_a_shadow_end_with_its_role(a_shadow: Bench) -> None:
    """A withdrawn version shows no gauge; its counts stay."""
    version = {"name": "tiny", "version": "2.0.0"}
    a_shadow.observe(shadow.LagMeasured(**version, instances=7, oldest_s=3.5))
    a_shadow.observe(shadow.StateChanged(**version, state="failing", detail="dies"))
    assert a_shadow("shadow_lag_seconds", **version) == 3.5
    assert a_shadow("shadow_waiting_instances", **version) == 7
    assert a_shadow("shadow_state", **version, state="failing") == 1
    assert a_shadow("shadow_state", **version, state="scoring") == 0
    a_shadow.observe(shadow.ItemClosed(**version, scored=1, failed=0, skipped=0, sampled_out=0,
                                       seconds=0.1, values=[1.0], labels=[]))  # fmt: skip
    a_shadow.observe(shadow.VersionEnded(**version))
    assert a_shadow("shadow_lag_seconds", **version) is None
    assert a_shadow("shadow_state", **version, state="failing") is None
    assert a_shadow("shadow_instances_total", **version, result="scored") == 1


@pytest.mark.parametrize("room", [agent, shadow], ids=["agent", "shadow"])
def test_every_event_is_counted(room: object, caplog: pytest.LogCaptureFixture) -> None:
    """No kind of event that a part tells is unknown to its observer."""
    bench = Bench("agent" if room is agent else "shadow")
    for kind in get_args(room.Event):  # type: ignore[attr-defined]
        event = object.__new__(kind)
        with caplog.at_level(logging.ERROR):
            bench.observe(event)
    assert not [record for record in caplog.records if "KeyError" in (record.exc_text or "")]
    assert not any(record.exc_info and record.exc_info[0] is KeyError for record in caplog.records)


def test_an_error_of_counting_stays_here(an_agent: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """The agent must not stumble over its observer; the error is logged."""
    an_agent.observe("not an event")  # type: ignore[arg-type]
    assert "str could not be counted" in caplog.text
