"""The gate `quality`: a metric on held-out rows must keep a limit that a person set."""

from understudy.artefacts.manifest import Metric
from understudy.errors import GatesInvalid
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.intervals import Interval, rows_needed
from understudy.packaging.gates.ruling import Ruling, passed, refused, skipped, warned
from understudy.packaging.gates.wording import exactly, figure, settled_by
from understudy.packaging.metrics import offline_metrics

METRIC_NAMES = {
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "r2": "R²",
    "accuracy": "accuracy",
    "log_loss": "log loss",
    "brier": "Brier score",
}
# Of these more is better, of all others less.
GAINS = ("r2", "accuracy")


def judge(case: Case) -> Ruling:
    """
    Refuse a model whose metric is shown to be beyond the limit with its whole 95 % interval.

    Raises GatesInvalid for a metric that models of this kind do not have.
    """
    name, limit = case.limits.quality.metric, case.limits.quality.limit
    if name is None or limit is None:
        return skipped("no limit is set for any metric")
    metrics = offline_metrics(case.given, case.test_scores, case.seed)
    if name not in metrics:
        raise GatesInvalid(
            f"quality.metric is {name}, but this {case.given.task} model has"
            f" {', '.join(metrics)}. Name one of these."
        )
    return _ruling(name, metrics[name], limit, len(case.given.test))


def _ruling(name: str, metric: Metric, limit: float, rows: int) -> Ruling:
    low, high = metric.low, metric.high
    interval = Interval(metric.value, low, high, rows)
    gains = name in GAINS
    figures: dict[str, object] = {
        "metric": name,
        "value": figure(metric.value),
        "low": figure(low),
        "high": figure(high),
        "level": interval.level,
        "limit": limit,
        "direction": "at least" if gains else "at most",
        "rows": rows,
    }
    found = (
        f"{METRIC_NAMES[name]} {exactly(metric.value)} ({exactly(low)} to"
        f" {exactly(high)} at 95 %, {rows:,} rows)"
    )
    wanted = f"{figures['direction']} {exactly(limit)}"
    beyond = high < limit if gains else low > limit
    inside = low >= limit if gains else high <= limit
    if beyond:
        return refused(f"{found} should be {wanted}", **figures)
    if inside:
        return passed(f"{found} is {wanted}", **figures)
    needed = rows_needed(interval, limit)
    return warned(
        f"{found} is not shown to be {wanted}; {settled_by(needed)}",
        **figures | {"rows_needed": needed},
    )
