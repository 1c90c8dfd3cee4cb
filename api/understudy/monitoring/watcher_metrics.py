"""What the watcher shows of an endpoint: its log, its workers, its shadows and their verdicts."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from understudy.comparison.compare import Comparison
from understudy.log.figures import ShadowLag, Totals
from understudy.log.roles import Deployments
from understudy.log.spools import SpoolState
from understudy.log.work import ShadowState
from understudy.monitoring.log_boards import LogBoards
from understudy.monitoring.review_boards import ReviewBoards
from understudy.monitoring.shadow_gauges import ShadowGauges, Waiting
from understudy.monitoring.window_boards import WindowBoards
from understudy.review.windows import Windows

_VERSION = ("name", "version")
_ROUND_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class WatcherMetrics:
    """The gauges of one watcher; what could not be measured in a round is not shown after it."""

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        self._registry, self._endpoint = registry, endpoint
        self._log_up = self._gauge("understudy_log_up", "Whether Postgres can be reached.")
        self._watched_at = self._gauge(
            "understudy_watch_timestamp_seconds", "When the last complete round ended."
        )
        self._round = Histogram(
            "understudy_watch_round_seconds",
            "Time one round took.",
            ("endpoint",),
            buckets=_ROUND_S,
            registry=registry,
        ).labels(endpoint)
        self._failures = Counter(
            "understudy_review_failures",
            "Reviews of a shadow that ended in an error.",
            ("endpoint", *_VERSION),
            registry=registry,
        )
        self._window_failures = Counter(
            "understudy_drift_window_failures",
            "Tests of the windows of live's traffic that ended in an error.",
            ("endpoint",),
            registry=registry,
        ).labels(endpoint)
        self._shadows = ShadowGauges(registry, endpoint)
        self._log = LogBoards(registry, endpoint)
        self._reviews = ReviewBoards(registry, endpoint)
        self._windows = WindowBoards(registry, endpoint)
        self._log_up.set(0)

    def show_log(
        self,
        totals: Totals,
        shipping_lag_s: float | None,
        spools: Iterable[SpoolState],
        deployments: Deployments,
    ) -> None:
        """Show what the log says of itself and of the api workers."""
        self._log_up.set(1)
        self._log.show(totals, shipping_lag_s, spools, deployments)

    def show_shadows(
        self,
        deployments: Deployments,
        waiting: Iterable[ShadowLag],
        states: Iterable[ShadowState],
    ) -> None:
        """Show how far the deployed shadows are behind and how they fare."""
        deployed = [(role.name, role.version) for role in deployments.shadows]
        behind = {(lag.name, lag.version): Waiting(lag.instances, lag.oldest_s) for lag in waiting}
        told = {(state.name, state.version): state.state for state in states}
        self._shadows.replace(
            {version: behind.get(version, Waiting(0, 0.0)) for version in deployed},
            {version: told[version] for version in deployed if version in told},
        )

    def show_reviews(self, reviews: Mapping[tuple[str, str], Comparison]) -> None:
        """Show what the reviews of this round found, by name and version of the shadow."""
        self._reviews.show(reviews)

    def fail_review(self, name: str, version: str) -> None:
        """Count a review that ended in an error."""
        self._failures.labels(self._endpoint, name, version).inc()

    def show_windows(self, windows: Windows | None) -> None:
        """Show the windows of the live version, nothing if none is live."""
        self._windows.show(windows)

    def fail_windows(self) -> None:
        """Count a test of windows that ended in an error."""
        self._window_failures.inc()

    def complete(self, now: float, seconds: float) -> None:
        """Note the end of a round."""
        self._watched_at.set(now)
        self._round.observe(seconds)

    def lose_log(self) -> None:
        """Show that Postgres cannot be reached, and nothing that would have to come from it."""
        self._log_up.set(0)
        self._log.clear()
        self._shadows.replace({}, {})
        self._reviews.show({})
        self._windows.show(None)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, ("endpoint",), registry=self._registry).labels(self._endpoint)
