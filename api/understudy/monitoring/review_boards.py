"""What the comparisons found, as gauges: coverage, verdict, guards and drift."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry

from understudy.comparison.compare import Comparison
from understudy.comparison.drift import DriftReport
from understudy.comparison.guards import Guard
from understudy.comparison.verdict import HOLD, NEED_MORE_DATA, PROMOTE, REJECT
from understudy.monitoring.registry import Board, Rows

VERDICTS = (PROMOTE, HOLD, REJECT, NEED_MORE_DATA)

_VERSION = ("name", "version")
_PARTS = ("recorded", "compared", "sampled_out", "skipped", "failed", "excluded", "waiting")


class ReviewBoards:
    """The newest review of each shadow of one endpoint."""

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
            "understudy_verdict",
            "1 for the present verdict, 0 for the others.",
            *_VERSION,
            "verdict",
        )
        self._more_units = board(
            "understudy_verdict_units_needed",
            "About how many more units the verdict needs.",
            *_VERSION,
        )
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
            "understudy_drift_alarm",
            "Whether a change against training raises the alarm.",
            *("of", "column", "finding"),
        )

    def show(self, reviews: Mapping[tuple[str, str], Comparison]) -> None:
        """Show exactly these reviews, by name and version of the shadow."""
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


def _coverage(version: tuple[str, str], review: Comparison) -> Rows:
    return {(*version, part): float(getattr(review.coverage, part)) for part in _PARTS}


def _verdict(version: tuple[str, str], review: Comparison) -> Rows:
    return {(*version, word): float(word == review.verdict) for word in VERDICTS}


def _more_units(version: tuple[str, str], review: Comparison) -> Rows:
    _, likely, _ = review.more_needed.units
    return {} if likely is None else {version: float(likely)}


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


def _all_guards(review: Comparison) -> tuple[Guard, ...]:
    if review.outcomes is None:
        return review.pairs.guards
    return (*review.pairs.guards, review.outcomes.not_worse, review.outcomes.better)


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
    return {(of, found.column, found.finding): float(found.alarm) for found in report.findings}
