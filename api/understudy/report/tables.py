"""The tables of the report: results in, rows of text out."""

from collections.abc import Iterable, Sequence

from understudy.comparison.compare import Comparison
from understudy.comparison.finding import NEED_MORE_DATA, Finding
from understudy.comparison.guards import Guard
from understudy.comparison.outcomes import OutcomesResult
from understudy.comparison.values import ValueCheck
from understudy.presentation.metrics import METRICS
from understudy.presentation.numbers import (
    NONE,
    SPACE,
    Interval,
    Written,
    between,
    count,
    number,
    p_value,
    percent,
)
from understudy.review.gathering import Gathered

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]

STATES = {"INSIDE": "kept", "BEYOND": "broken", "OPEN": "not settled"}
OPEN = "open"
TESTS = {
    "two-sample Kolmogorov–Smirnov": "Kolmogorov–Smirnov",
    "2×K chi-square": "chi‑square",
    "2×2 chi-square": "chi‑square",
    "Fisher's exact test per end": "Fisher’s exact",
}
EFFECTS = {
    "share difference": "change",
    "largest share change": "change up to",
    "share beyond the range": "beyond",
}
PARTS = {
    "compared": "both models answered",
    "waiting": "not scored by the shadow yet",
    "sampled_out": "outside the shadow's share of the traffic",
    "excluded": "within the shadow's training time",
    "skipped": "lacked something only the shadow needs",
    "failed": "the shadow failed on it",
}


def coverage(found: Comparison) -> Table:
    """Tell where every recorded instance went."""
    shares, counts = found.coverage.shares, found.coverage
    rows = [
        (part.replace("_", " "), about, count(getattr(counts, part)), percent(shares[part]))
        for part, about in PARTS.items()
    ]
    rows.append(("recorded", "all of the above", count(counts.recorded), percent(1.0)))
    return ("Part", "Meaning", "Instances", "Share"), tuple(rows)


def values(checks: Sequence[ValueCheck], most: int = 25) -> Table:
    """Tell which columns hold unexpected or missing values, the worst first."""
    notable = sorted(
        (check for check in checks if check.unexpected or check.missing),
        key=lambda check: (-check.unexpected, -check.missing, check.column),
    )
    head = ("Feature", "Missing", "Below range", "Above range", "Unseen", "Mistyped", "Examples")
    return head, tuple(
        (
            check.column,
            _missing(check),
            *(count(n) for n in (check.below, check.above, check.unseen, check.mistyped)),
            ", ".join(check.examples) or NONE,
        )
        for check in notable[:most]
    )


def _missing(check: ValueCheck) -> str:
    allowed = "" if check.missing_allowed or not check.missing else " (not allowed)"
    return f"{count(check.missing)}{allowed}"


def findings(found: Iterable[Finding], most: int = 20) -> Table:
    """Tell the figures of drift findings, each with its effect and interval."""
    head = ("Feature", "What", "Test", "Effect", "Interval", "Adjusted p", "Status")
    return head, tuple(
        (
            finding.column,
            finding.finding,
            TESTS.get(finding.test, finding.test),
            _effect(finding),
            between(finding.interval, _writer(finding)) if finding.interval else NONE,
            p_value(finding.p_adjusted),
            _status(finding),
        )
        for finding in list(found)[:most]
    )


def _status(finding: Finding) -> str:
    words = OPEN if finding.status == NEED_MORE_DATA else finding.status.lower()
    return f"{words}, alarm" if finding.alarm else words


def textbook(found: Iterable[Finding], unit: str) -> Table:
    """Tell the figures of tests that are valid for one look and decide nothing."""
    head = ("Test", "Statistic", "p", "Effect", "Interval", "Assumes")
    rows = []
    for finding in found:
        write = _in_unit(unit) if finding.effect_name.endswith("difference") else _writer(finding)
        rows.append(
            (
                TESTS.get(finding.test, finding.test),
                number(finding.statistic),
                p_value(finding.p_value),
                f"{finding.effect_name} {write(finding.effect)}" if finding.effect_name else NONE,
                between(finding.interval, write) if finding.interval else NONE,
                finding.assumption,
            )
        )
    return head, tuple(rows)


def sparse(found: Iterable[Finding]) -> Table:
    """Tell how often columns that are mostly zero hold something else, in training and live."""
    head = ("Feature", "Non-zero in training", "Non-zero live", "Change", "Interval", "Status")
    return head, tuple(
        (
            finding.column,
            percent(finding.details.get("reference_share")),
            percent(finding.details.get("current_share")),
            percent(finding.effect, signed=True),
            between(finding.interval, lambda end: percent(end, signed=True)),
            _status(finding),
        )
        for finding in found
        if finding.finding == "non-zero"
    )


def guards(found: Comparison) -> Table:
    """Tell each limit of the policy, and whether it is shown to be kept."""
    known = [*found.pairs.guards]
    if found.outcomes is not None:
        known += [found.outcomes.not_worse, found.outcomes.better]
    known.sort(key=lambda guard: not guard.decides)
    head = ("Limit", "Estimate", "Interval", "Allowed", "State", "Decides")
    return head, tuple(
        (
            guard.what[0].upper() + guard.what[1:],
            _guard(guard, found.measured_in)(guard.estimate),
            guard.note or between(guard.interval, _guard(guard, "")),
            _limits(guard, found.measured_in),
            STATES[guard.state],
            "yes" if guard.decides else "shown only",
        )
        for guard in known
    )


def _guard(guard: Guard, unit: str) -> Written:
    return percent if guard.measure == "share" else _in_unit(unit)


def _limits(guard: Guard, unit: str) -> str:
    write, limits = _guard(guard, unit), guard.limits
    if limits.low is not None and limits.high is not None:
        return f"{_guard(guard, '')(limits.low)} to {write(limits.high)}"
    return f"below {write(limits.high)}" if limits.low is None else f"above {write(limits.low)}"


def errors(result: OutcomesResult, unit: str) -> Table:
    """Tell the error measures of both models with their intervals."""
    head = ("Measure", "Live", "Interval", "Shadow", "Interval")
    rows = []
    for figure in result.errors:
        write = (
            percent
            if figure.name == "error_rate"
            else _in_unit(unit if figure.name in ("mae", "rmse") else "")
        )
        sides: tuple[tuple[float, Interval | None], ...] = (
            (figure.live, figure.live_interval),
            (figure.shadow, figure.shadow_interval),
        )
        cells = [text for value, ends in sides for text in (write(value), between(ends, write))]
        rows.append((METRICS[figure.name], *cells))
    return head, tuple(rows)


def behind(gathered: Gathered, found: Comparison) -> Table:
    """Tell which artefacts all of this is about."""
    rows = [("endpoint", found.endpoint)]
    for role, manifest in (("live", gathered.live), ("shadow", gathered.shadow)):
        data = manifest.training
        time = f", {data.start} to {data.end}" if data.start and data.end else ""
        rows.append((role, f"{manifest.title} ({manifest.engine} engine)"))
        rows.append((f"artefact of {role}", manifest.digest))
        rows.append((f"training data of {role}", f"{data.rows:,} rows{time}; {data.digest}"))
        waived = ", ".join(waiver.gate for waiver in manifest.waivers)
        rows.append((f"gates waived for {role}", waived or "none"))
    rows.append(("policy", found.policy_digest))
    return ("What", "Value"), tuple(rows)


def policy(found: Comparison) -> Table:
    """Tell what was asked of the shadow, defaults filled."""
    given = found.policy.to_json()
    rows = ((key.replace("_", " "), _plain(value)) for key, value in given.items())
    return ("Asked", "Value"), tuple(rows)


def _plain(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _effect(finding: Finding) -> str:
    if not finding.effect_name:
        return NONE
    name = EFFECTS.get(finding.effect_name, finding.effect_name)
    return f"{name}{SPACE}{_writer(finding)(finding.effect)}"


def _writer(finding: Finding) -> Written:
    """Say shares in per cent and everything else as a number."""
    return percent if "share" in finding.effect_name else _in_unit("")


def _in_unit(unit: str) -> Written:
    return lambda value: number(value, unit)
