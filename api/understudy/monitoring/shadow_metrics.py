"""What a shadow process counts: what it scored, what it could not, and how long it took."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram

from understudy.monitoring.predictions import FindScale, PredictionMetrics
from understudy.monitoring.shadow_gauges import ShadowGauges, Waiting

_ITEM_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_VERSION = ("endpoint", "name", "version")


class ShadowMetrics:
    """The metrics of one shadow process; `find_scale` is the same as for the live predictions."""

    def __init__(self, registry: CollectorRegistry, endpoint: str, find_scale: FindScale) -> None:
        self._endpoint = endpoint
        self._predictions = PredictionMetrics(registry, endpoint, "shadow", find_scale)
        self._gauges = ShadowGauges(registry, endpoint)
        self._instances = Counter(
            "understudy_shadow_instances",
            "Instances of closed work: scored, failed, skipped or sampled_out.",
            (*_VERSION, "result"),
            registry=registry,
        )
        self._seconds = Histogram(
            "understudy_shadow_batch_seconds",
            "Time spent on one work item, from reading it to storing its results.",
            _VERSION,
            buckets=_ITEM_S,
            registry=registry,
        )

    def close(
        self,
        name: str,
        version: str,
        counts: dict[str, int],
        seconds: float,
        predictions: tuple[Sequence[float], Sequence[str]],
    ) -> None:
        """
        Count a work item whose results are stored.

        `counts` are by result; `predictions` the numbers and the labels of the scored instances.
        """
        for result, count in counts.items():
            self._instances.labels(self._endpoint, name, version, result).inc(count)
        self._seconds.labels(self._endpoint, name, version).observe(seconds)
        self._predictions.count(name, version, *predictions)

    def enter(self, name: str, version: str, state: str) -> None:
        """Show the state of a version."""
        self._gauges.enter((name, version), state)

    def measure(self, name: str, version: str, instances: int, oldest_s: float) -> None:
        """Show what a version has yet to score."""
        self._gauges.measure((name, version), Waiting(instances, oldest_s))

    def end(self, name: str, version: str) -> None:
        """Show the gauges of a version no more; its counts stay."""
        self._gauges.forget((name, version))
