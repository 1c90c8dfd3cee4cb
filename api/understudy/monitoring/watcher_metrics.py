"""What the watcher shows of an endpoint: its log, its workers, its shadows and their verdicts."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from understudy.comparison.compare import Comparison
from understudy.comparison.drift import DriftReport
from understudy.comparison.verdict import HOLD, NEED_MORE_DATA, PROMOTE, REJECT
from understudy.log.figures import ShadowLag, Totals
from understudy.log.roles import Deployments
from understudy.log.spools import SpoolState
from understudy.log.work import ShadowState
from understudy.monitoring.registry import Board
from understudy.monitoring.shadow_gauges import ShadowGauges, Waiting

VERDICTS = (PROMOTE, HOLD, REJECT, NEED_MORE_DATA)

_VERSION = ("name", "version")
_ROUND_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

Rows = dict[tuple[str, ...], float]


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
        self._shadows = ShadowGauges(registry, endpoint)
        self._log = _LogBoards(registry, endpoint)
        self._reviews = _ReviewBoards(registry, endpoint)
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

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, ("endpoint",), registry=self._registry).labels(self._endpoint)


class _LogBoards:
    """What the prediction log holds and who writes into it."""

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        def board(name: str, about: str, *labels: str) -> Board:
            return Board(registry, endpoint, name, about, labels)

        self._recorded = board(
            "understudy_recorded_instances", "Instances in the prediction log, ever."
        )
        self._quarantined = board(
            "understudy_quarantine_requests", "Requests that lie in quarantine."
        )
        self._lost = board(
            "understudy_unrecorded_instances", "Instances answered without a record, ever."
        )
        self._outcomes = board("understudy_outcomes", "Instances whose outcome is known.")
        self._lag = board(
            "understudy_recording_lag_seconds",
            "How long the oldest answer of the newest shipment took into the prediction log.",
        )
        self._workers = board(
            "understudy_workers",
            "Api workers, by the deployment they serve and whether they have a problem with it.",
            "deployment",
            "problem",
        )
        self._models = board(
            "understudy_role_info", "The roles on record.", "role", "name", "version", "since"
        )

    def show(
        self,
        totals: Totals,
        lag_s: float | None,
        spools: Iterable[SpoolState],
        deployments: Deployments,
    ) -> None:
        self._recorded.show({(): totals.recorded})
        self._quarantined.show({(): totals.quarantined})
        self._lost.show({(): totals.lost})
        self._outcomes.show({(): totals.outcomes})
        self._lag.show({} if lag_s is None else {(): lag_s})
        self._workers.show(_count_workers(spools))
        self._models.show(_roles(deployments))

    def clear(self) -> None:
        for board in (
            self._recorded,
            self._quarantined,
            self._lost,
            self._outcomes,
            self._lag,
            self._workers,
            self._models,
        ):
            board.clear()


class _ReviewBoards:
    """What the comparisons found."""

    def __init__(self, registry: CollectorRegistry, endpoint: str) -> None:
        def board(name: str, about: str, *labels: str) -> Board:
            return Board(registry, endpoint, name, about, labels)

        self._coverage = board(
            "understudy_coverage_instances",
            "Where the recorded instances went; recorded is the sum of the others.",
            *_VERSION,
            "part",
        )
        self._verdict = board(
            "understudy_verdict", "1 for the present verdict, 0 for the others.", *_VERSION, "verdict"
        )
        self._more_units = board(
            "understudy_verdict_units_needed", "About how many more units the verdict needs.",
            *_VERSION,
        )  # fmt: skip
        self._guard = board(
            "understudy_guard_estimate",
            "What a guard estimates: difference is a mean, the others are shares or losses.",
            *_VERSION,
            "guard",
        )
        self._interval = board(
            "understudy_guard_interval",
            "The ends of the interval that belongs to a guard's estimate.",
            *_VERSION,
            "guard",
            "end",
        )
        self._effect = board(
            "understudy_drift_effect",
            "Size of a change against training; the name of the effect says on which scale.",
            *("of", "column", "finding", "effect"),
        )
        self._alarm = board(
            "understudy_drift_alarm", "Whether a change against training raises the alarm.",
            *("of", "column", "finding"),
        )  # fmt: skip

    def show(self, reviews: Mapping[tuple[str, str], Comparison]) -> None:
        items = list(reviews.items())
        self._coverage.show(_merge(_coverage(*item) for item in items))
        self._verdict.show(_merge(_verdict(*item) for item in items))
        self._more_units.show(_merge(_more_units(*item) for item in items))
        self._guard.show(_merge(_guards(*item) for item in items))
        self._interval.show(_merge(_intervals(*item) for item in items))
        # The shadows share one live model and its traffic, so their findings are the same.
        reports = [report for _, review in items for report in _reports(review)]
        self._effect.show(_merge(_effects(*report) for report in reports))
        self._alarm.show(_merge(_alarms(*report) for report in reports))


def _merge(parts: Iterable[Rows]) -> Rows:
    return {labels: value for rows in parts for labels, value in rows.items()}


def _count_workers(spools: Iterable[SpoolState]) -> Rows:
    found: Rows = {}
    for spool in spools:
        deployment = "" if spool.deployment_id is None else str(spool.deployment_id)
        labels = (deployment, "no" if spool.problem is None else "yes")
        found[labels] = found.get(labels, 0.0) + 1
    return found


def _roles(deployments: Deployments) -> Rows:
    roles = [("shadow", role) for role in deployments.shadows]
    named = [("live", deployments.live), ("previous", deployments.previous), *roles]
    return {
        (name, role.name, role.version, role.since.isoformat(timespec="seconds")): 1.0
        for name, role in named
        if role is not None
    }


def _coverage(version: tuple[str, str], review: Comparison) -> Rows:
    parts = ("recorded", "compared", "sampled_out", "skipped", "failed", "excluded", "waiting")
    return {(*version, part): float(getattr(review.coverage, part)) for part in parts}


def _verdict(version: tuple[str, str], review: Comparison) -> Rows:
    return {(*version, word): float(word == review.verdict) for word in VERDICTS}


def _more_units(version: tuple[str, str], review: Comparison) -> Rows:
    needed = review.more_needed.units
    return {} if needed is None else {version: float(needed)}


def _guards(version: tuple[str, str], review: Comparison) -> Rows:
    return {
        (*version, guard.name): guard.estimate
        for guard in _all_guards(review)
        if guard.estimate is not None
    }


def _intervals(version: tuple[str, str], review: Comparison) -> Rows:
    return {
        (*version, guard.name, end): value
        for guard in _all_guards(review)
        if guard.interval is not None
        for end, value in zip(("low", "high"), guard.interval, strict=True)
    }


def _all_guards(review: Comparison):
    return review.pairs.guards + (
        (review.outcomes.not_worse, review.outcomes.better) if review.outcomes else ()
    )


def _reports(review: Comparison) -> list[tuple[str, DriftReport]]:
    named = [("inputs", review.input_drift), ("predictions", review.output_drift)]
    return [(of, report) for of, report in named if report is not None]


def _effects(of: str, report: DriftReport) -> Rows:
    return {
        (of, found.column, found.finding, found.effect_name): found.effect
        for found in report.findings
        if found.effect is not None
    }


def _alarms(of: str, report: DriftReport) -> Rows:
    return {
        (of, found.column, found.finding): float(found.alarm) for found in report.findings
    }
