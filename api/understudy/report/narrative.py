"""The sentences of the report: what each result says, in words a manager can use."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from understudy.comparison.compare import Comparison
from understudy.comparison.drift import DriftReport
from understudy.comparison.finding import Finding
from understudy.comparison.series import Group, Series
from understudy.comparison.units import Values
from understudy.comparison.values import ValueCheck
from understudy.presentation.numbers import Interval, Written, between, count, number, percent

MEANINGS = {
    "PROMOTE": "{shadow} is fit to take over from {live}.",
    "HOLD": "{shadow} should not take over now, and more of the same data will not settle it.",
    "REJECT": "{shadow} should not take over from {live}.",
    "NEED_MORE_DATA": "It is too early to say whether {shadow} may take over from {live}.",
}
LOSSES = {
    "absolute": "mean absolute error",
    "squared": "mean squared error",
    "rmse": "root mean squared error",
    "squared_log": "mean squared log error",
    "zero_one": "error rate",
    "log_loss": "log loss",
    "brier": "Brier score",
}


def meaning(found: Comparison) -> str:
    """Say what the word of the verdict means for the two models."""
    return MEANINGS[found.verdict].format(shadow=found.shadow, live=found.live)


def opening(found: Comparison) -> tuple[str, ...]:
    """Say the verdict, the figure behind it, and what is missing: three sentences at most."""
    figure = errors(found) or difference(found) or "No instance has been answered by both yet."
    if found.verdict == "NEED_MORE_DATA":
        return meaning(found), figure, found.more_needed.sentence
    if found.verdict in ("HOLD", "REJECT"):
        return meaning(found), figure, found.reasons[0]
    return meaning(found), figure


def cards(found: Comparison) -> tuple[tuple[str, str, str], ...]:
    """Give the four figures to read first: name, figure, what goes with it."""
    outcomes, drifted = found.outcomes, found.input_drift
    due = f"of {count(found.coverage.recorded)} recorded instances"
    cards = [("Compared", count(found.coverage.compared), due)]
    mean = found.pairs.description.get("mean")
    if mean is not None:
        cards.append(
            ("Shadow − live", number(mean, signed=True), f"{found.measured_in} on average")
        )
    if outcomes is not None and outcomes.live_loss is not None:
        change, ends = _change(found)
        known = f"against live, on {count(outcomes.outcomes)} outcomes"
        cards.append(("Error of the shadow", change if ends else f"{change} so far", known))
    if drifted is not None:
        columns = {finding.column for finding in drifted.alarms}
        cards.append(("Inputs drifted", count(len(columns)), f"of {len(drifted.kinds)} features"))
    return tuple(cards)


def loss_change(found: Comparison) -> tuple[float | None, Interval | None]:
    """Return the change of the loss and its interval, relative unless it is an error rate."""
    outcomes = found.outcomes
    if outcomes is None:
        return None, None
    if outcomes.loss == "zero_one":
        return outcomes.difference, outcomes.difference_interval
    return outcomes.ratio, outcomes.ratio_interval


def _change(found: Comparison) -> tuple[str, str]:
    value, ends = loss_change(found)
    return percent(value, signed=True), "" if ends is None else between(ends, _signed)


def _signed(value: float | None) -> str:
    return percent(value, signed=True)


def errors(found: Comparison) -> str:
    """Say by how much the shadow's error differs from live's; empty without outcomes."""
    outcomes = found.outcomes
    if outcomes is None or outcomes.live_loss is None or outcomes.shadow_loss is None:
        return ""
    write = loss_writer(found)
    live, shadow = outcomes.live_loss, outcomes.shadow_loss
    if outcomes.loss == "rmse":
        live, shadow = live**0.5, shadow**0.5
    change, ends = _change(found)
    certain = f", between {ends.replace(' to ', ' and ')}" if ends else ", no interval yet"
    change = f"a difference of {change}" if outcomes.loss == "zero_one" else change
    return (
        f"The shadow's {LOSSES[outcomes.loss]} is {write(shadow)} against {write(live)} of live:"
        f" {change}{certain}."
    )


def loss_writer(found: Comparison) -> Written:
    """Return how a loss is written: in the unit of the target where it has one."""
    loss = found.outcomes.loss if found.outcomes else ""
    if loss == "zero_one":
        return percent
    unit = found.measured_in if loss in ("absolute", "rmse") else ""
    return lambda value: number(value, unit)


def difference(found: Comparison) -> str:
    """Say how far the answers are apart; empty without numbers."""
    figures = found.pairs.description
    if figures.get("mean_total_variation") is not None:
        return f"The two answers differ by {number(figures['mean_total_variation'])} on average."
    mean, unit = figures.get("mean"), found.measured_in
    if mean is None:
        return ""
    if found.pairs.is_identical:
        return f"All {count(found.pairs.pairs)} pairs are identical."
    way = "higher" if mean > 0 else "lower"
    return (
        f"The shadow answers {number(abs(mean), unit)} {way} on average;"
        f" 95 % of the pairs are within {number(figures['q95_abs'], unit)} of each other."
    )


def coverage(found: Comparison) -> str:
    """Say how much of what was recorded has been compared."""
    counts = found.coverage
    if not counts.recorded:
        return "Nothing has been recorded yet."
    share = percent(counts.shares["compared"])
    return f"{count(counts.compared)} of {count(counts.recorded)} instances were compared ({share})"


def agreement(found: Comparison) -> str:
    """Say where nearly all differences lie."""
    figures = found.pairs.description
    ends = number(figures.get("limits_low")), number(figures.get("limits_high"), found.measured_in)
    return f"Nearly all differences lie between {ends[0]} and {ends[1]}"


def slope(found: Comparison) -> str:
    """Say how the difference changes with the size of the answer."""
    value = found.pairs.description.get("slope")
    if value is None:
        return ""
    way = "grows" if value > 0 else "falls"
    change = percent(abs(value))
    return f"Along the dotted line the difference {way} by {change} of the size of the answer."


def labels(series: Series) -> str:
    """Say on how many pairs the labels agree."""
    if series.live_labels is None or series.shadow_labels is None:
        return ""
    same = int((series.live_labels == series.shadow_labels).sum())
    total = len(series.live_labels)
    return f"The labels agree on {count(same)} of {count(total)} pairs ({percent(same / total)})"


def drifted(report: DriftReport, what: str) -> str:
    """Say which columns raise the alarm."""
    columns = list(dict.fromkeys(finding.column for finding in report.alarms))
    checks = count(len(report.findings))
    if not columns:
        return f"No alarm: none of {checks} checks shows that {what} moved"
    named = ", ".join(columns[:4]) + (f" and {len(columns) - 4} more" if len(columns) > 4 else "")
    return f"{count(len(report.alarms))} of {checks} checks raise the alarm: {named}"


def about(found: Comparison, served_at: Values | None) -> str:
    """Say what was compared, where, and when it was served."""
    unit = f" in {found.measured_in}" if found.measured_in else ""
    text = f"Endpoint {found.endpoint}: {found.task} of {found.target}{unit}."
    if served_at is None or not len(served_at):
        return text
    first, last = (
        datetime.fromtimestamp(float(end(served_at)), UTC).strftime("%Y-%m-%d %H:%M:%S")
        for end in (np.min, np.max)
    )
    return f"{text} Served from {first} to {last} UTC. {found.about}"


def values(checks: Sequence[ValueCheck]) -> str:
    """Say how many features hold what nobody expected."""
    if not checks or not checks[0].rows:
        return "There are no live inputs yet."
    bad = sum(1 for check in checks if check.unexpected)
    rows, features = count(checks[0].rows), count(len(checks))
    if not bad:
        return f"All values of {rows} instances are as expected, in all {features} features."
    return f"{count(bad)} of {features} features hold unexpected values, in {rows} instances"


def missing(findings: Sequence[Finding]) -> str:
    """Say which feature's missing share changed most."""
    worst = max(findings, key=lambda finding: abs(finding.effect or 0.0))
    before, after = (
        percent(worst.details.get(side)) for side in ("reference_share", "current_share")
    )
    return f"Missing values change most in {worst.column}: {before} in training, {after} live"


def no_numbers(found: Comparison) -> str:
    """Say why there are no numbers to draw."""
    if not found.pairs.pairs:
        return "There are no pairs yet."
    return "These models answer with labels, so there are no numbers to draw against each other."


def no_outcomes(found: Comparison) -> str:
    """Say that nothing is known of the truth, and whether that matters."""
    wants = "needs them" if found.policy.needs_outcomes else "does not need them"
    return f"No outcome of a compared instance is known yet; the aim “{found.policy.aim}” {wants}."


def spread(found: Comparison) -> str:
    """Say how far the two distributions of the answers are apart."""
    gaps = [finding.effect for finding in found.pairs.findings if finding.effect_name == "D"]
    if not gaps or gaps[0] is None:
        return "Both models' answers as a whole"
    return f"As a whole, the two distributions are at most {percent(gaps[0])} of the answers apart"


def wins(groups: Sequence[Group], what: str) -> str:
    """Say in how many groups the shadow errs less."""
    if all(group.shadow == group.live for group in groups):
        return f"Both models err alike in all {what}"
    better = sum(1 for group in groups if group.shadow < group.live)
    return f"The shadow errs less in {better} of {len(groups)} {what}"


def waiting(found: Comparison) -> str:
    """Say how many outcomes the errors rest on, and why an interval may be lacking."""
    outcomes = found.outcomes
    if outcomes is None:
        return ""
    known, later = count(outcomes.outcomes), count(outcomes.waiting)
    text = f"On {known} outcomes; {later} compared instances still wait for theirs."
    if any(figure.live_interval is None for figure in outcomes.errors):
        return (
            f"{text} An interval needs at least 100 units, and more while a few large errors weigh"
            " heavily."
        )
    return f"{text} The intervals hold at any time."


def reasons(found: Comparison) -> list[str]:
    """Return the reasons without the cautions among them and without what is missing."""
    left_out = {*found.cautions, found.more_needed.sentence}
    return [reason for reason in found.reasons if reason not in left_out]


def cautions(found: Comparison) -> list[str]:
    """Return the cautions as sentences of their own."""
    said = (caution.removeprefix("Caution: ") for caution in found.cautions)
    return [text[:1].upper() + text[1:] for text in said]


def settled(found: Comparison, name: str, subject: str) -> str:
    """Say where an interval has come to, for the guard of this name."""
    outcomes = found.outcomes
    known = [*found.pairs.guards, *([outcomes.not_worse] if outcomes else [])]
    guard = next((guard for guard in known if guard.name == name), None)
    if guard is None or guard.interval is None:
        return f"{subject}: no interval yet"
    words = {"INSIDE": "within its limit", "BEYOND": "beyond its limit", "OPEN": "not settled yet"}
    return f"{subject} after {count(guard.units)} units: {words[guard.state]}"
