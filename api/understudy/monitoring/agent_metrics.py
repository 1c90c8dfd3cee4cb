"""What an agent counts: its spools, what it ships, and how the inputs keep to the training."""

from collections.abc import Iterable, Sequence
from itertools import chain, groupby

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from understudy.monitoring.predictions import FindScale, PredictionMetrics
from understudy.monitoring.registry import Board
from understudy.records import ServedRequest

_LAG_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0)


class AgentMetrics:
    """The metrics of one agent; `find_scale` says on which scale predictions are counted."""

    def __init__(self, registry: CollectorRegistry, endpoint: str, find_scale: FindScale) -> None:
        self._registry = registry
        self._endpoint = endpoint
        self._predictions = PredictionMetrics(registry, endpoint, "live", find_scale)
        self._make_counters()
        self._make_gauges()
        self._lag = self._histogram_of_lag()

    def shipped(self, requests: Sequence[ServedRequest], instances: int, lag_s: float) -> None:
        """Count requests that left the spools, and how many of their instances are recorded."""
        self._shipped_requests.inc(len(requests))
        self._shipped_instances.inc(instances)
        self._lag.observe(lag_s)
        by_version = groupby(requests, lambda request: (request.name, request.version))
        for (name, version), some in by_version:
            values, labels = zip(
                *((request.values, request.labels) for request in some), strict=True
            )
            self._predictions.count(name, version, chain(*values), chain(*labels))

    def count_inputs(self, instances: int) -> None:
        """Count instances whose features were looked at."""
        self._inputs.inc(instances)

    def count_feature(self, feature: str, missing: int, unseen: int, out_of_range: int) -> None:
        """Count what was unusual about one feature of some instances."""
        self._missing.labels(self._endpoint, feature).inc(missing)
        self._unseen.labels(self._endpoint, feature).inc(unseen)
        self._out_of_range.labels(self._endpoint, feature).inc(out_of_range)

    def quarantined(self, requests: int) -> None:
        """Count requests that Postgres refused."""
        self._quarantined.inc(requests)

    def missed(self, requests: int) -> None:
        """Count requests that were answered and whose record is gone."""
        self._missed.inc(requests)

    def lost(self, instances: int) -> None:
        """Count instances that were answered without a record."""
        self._lost.inc(instances)

    def set_aside(self) -> None:
        """Count a spool that cannot be read."""
        self._set_aside.inc()

    def measure_backlog(
        self, spools: int, requests: int, instances: int, oldest_s: float, size_bytes: int
    ) -> None:
        """Show what waits in the spools of this machine."""
        self._spools.set(spools)
        self._backlog_requests.set(requests)
        self._backlog_instances.set(instances)
        self._oldest.set(oldest_s)
        self._size.set(size_bytes)

    def reach_log(self, is_reachable: bool) -> None:
        """Show whether Postgres can be reached."""
        self._log_up.set(is_reachable)

    def follow(self, deployment_id: int, models: Iterable[tuple[str, str, str]]) -> None:
        """Show who serves what; `models` are role, name and version."""
        self._deployment.set(deployment_id)
        self._models.show(dict.fromkeys(models, 1.0))

    def miss_artefact(self, name: str, version: str) -> None:
        """Count a failed attempt to bring a deployed artefact here."""
        self._unavailable.labels(self._endpoint, name, version).inc()

    def _make_counters(self) -> None:
        count = self._counter
        self._shipped_requests = count(
            "understudy_shipped_requests", "Requests taken from the spools, for good."
        ).labels(self._endpoint)
        self._shipped_instances = count(
            "understudy_shipped_instances", "Instances brought into the prediction log."
        ).labels(self._endpoint)
        self._quarantined = count(
            "understudy_quarantined_requests", "Requests that Postgres refused to store."
        ).labels(self._endpoint)
        self._missed = count(
            "understudy_missing_requests", "Requests answered whose record is gone from a spool."
        ).labels(self._endpoint)
        self._lost = count(
            "understudy_lost_instances", "Instances answered that could not be recorded."
        ).labels(self._endpoint)
        self._set_aside = count(
            "understudy_spools_set_aside", "Spools that cannot be read and wait for a person."
        ).labels(self._endpoint)
        self._inputs = count(
            "understudy_inputs_checked", "Instances whose features were compared with training."
        ).labels(self._endpoint)
        self._missing = count("understudy_inputs_missing", "Missing values.", "feature")
        self._unseen = count(
            "understudy_inputs_unseen", "Categories that training did not have.", "feature"
        )
        self._out_of_range = count(
            "understudy_inputs_out_of_range", "Numbers beyond the range of training.", "feature"
        )
        self._unavailable = count(
            "understudy_artefact_failures",
            "Failed attempts to bring a deployed artefact here.",
            "name",
            "version",
        )

    def _make_gauges(self) -> None:
        self._spools = self._gauge("understudy_spools", "Spools on this machine.")
        self._backlog_requests = self._gauge(
            "understudy_spool_backlog_requests", "Requests in the spools, not shipped yet."
        )
        self._backlog_instances = self._gauge(
            "understudy_spool_backlog_instances", "Instances in the spools, not shipped yet."
        )
        self._oldest = self._gauge(
            "understudy_spool_oldest_age_seconds", "Age of the oldest request not shipped yet."
        )
        self._size = self._gauge("understudy_spool_size_bytes", "Size of the spools' files.")
        self._log_up = self._gauge("understudy_log_up", "Whether Postgres can be reached.")
        self._deployment = self._gauge(
            "understudy_deployment_id", "The deployment that the api workers were told to serve."
        )
        self._models = Board(
            self._registry,
            self._endpoint,
            "understudy_model_info",
            "The deployed model versions, by role.",
            ("role", "name", "version"),
        )

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, ("endpoint", *labels), registry=self._registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, ("endpoint",), registry=self._registry).labels(self._endpoint)

    def _histogram_of_lag(self) -> Histogram:
        return Histogram(
            "understudy_shipping_lag_seconds",
            "Age of the oldest request of a shipment when it is in the prediction log.",
            ("endpoint",),
            buckets=_LAG_S,
            registry=self._registry,
        ).labels(self._endpoint)
