"""A comparison in words and columns, for a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from understudy.cli.figures_text import Interval, duration, interval, number, section
from understudy.cli.slices_text import explanation_lines, slice_lines

if TYPE_CHECKING:
    from understudy.comparison.compare import Comparison
    from understudy.comparison.drift import DriftReport
    from understudy.comparison.finding import Finding
    from understudy.comparison.guards import Guard, Limits
    from understudy.comparison.noise import NoiseFloor
    from understudy.comparison.outcomes import OutcomesResult

_MOST_FINDINGS = 8


def describe(found: "Comparison") -> Iterator[str]:
    """Yield the lines of a comparison, the verdict last, where the eye ends up."""
    of = f"{found.task} of {found.target}" + (
        f" in {found.measured_in}" if found.measured_in else ""
    )
    yield f"{found.shadow} in the shadow of {found.live} ({found.endpoint}: {of})"
    yield from section("Coverage", _coverage(found))
    yield from section("Inputs against the training data", _drift(found.input_drift))
    yield from section("Live predictions against held-out ones", _drift(found.output_drift))
    yield from section("Pairs: shadow − live on the same instances", _pairs(found))
    yield from section("Errors against outcomes", _outcomes(found.outcomes))
    yield from _parts(found)
    yield from section(f"Verdict: {found.verdict}", _verdict(found))


def describe_pairs(found: "Comparison", lost: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a comparison without training data; `lost` are its uncompared rows."""
    yield from section("Coverage", [*_coverage(found), *lost])
    yield from section("Pairs: shadow − live on the same instances", _pairs(found))
    yield from section("Errors against outcomes", _outcomes(found.outcomes))
    yield from _parts(found)
    yield from section(f"Verdict: {found.verdict}", _verdict(found))


def _parts(found: "Comparison") -> Iterator[str]:
    if found.slices is not None:
        yield from section("Slices", slice_lines(found.slices, found.policy))
    if found.explanation is not None:
        yield from section("What drives the difference", explanation_lines(found.explanation))


def _coverage(found: "Comparison") -> Iterator[str]:
    counts = found.coverage
    yield f"{counts.recorded:,} instances recorded:"
    yield (
        f"{counts.compared:,} compared, {counts.sampled_out:,} sampled out,"
        f" {counts.skipped:,} skipped, {counts.failed:,} failed, {counts.excluded:,} excluded,"
        f" {counts.waiting:,} waiting"
    )
    if len(found.segments) > 1:
        parts = (f"{part.instances:,} at {part.share:.0%}" for part in found.segments)
        yield f"sampled by changing shares: {', '.join(parts)}"
    over = "" if found.days is None else f", served within {duration(found.days)}"
    yield f"{found.units:,} units ({found.policy.unit}){over}"


def _drift(report: "DriftReport | None") -> Iterator[str]:
    if report is None:
        yield "nothing to compare yet"
        return
    # Each alarm has its row below; what keeps a verdict open is told by its reason.
    alarms = len(report.alarms)
    why = f"{alarms} alarm{'s' if alarms > 1 else ''}" if alarms else "; ".join(report.reasons)
    yield f"{report.verdict}: {why}"
    counts = Counter(finding.status for finding in report.findings)
    yield f"{len(report.findings)} findings: " + ", ".join(
        f"{count} {status}" for status, count in counts.most_common()
    )
    notable = report.alarms or report.findings
    yield from _findings(notable[:_MOST_FINDINGS])
    if len(notable) > _MOST_FINDINGS:
        yield f"… and {len(notable) - _MOST_FINDINGS} more (--json has all)"


def _findings(findings: "Iterable[Finding]") -> Iterator[str]:
    rows = [
        (
            finding.column,
            finding.test,
            f"statistic {number(finding.statistic)}",
            _p_value(finding.p_value),
            f"{finding.effect_name} {number(finding.effect)}" if finding.effect_name else "",
            finding.status,
        )
        for finding in findings
    ]
    widths = [max(map(len, column), default=0) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width)
        yield "  ".join(cells).rstrip()


def _p_value(p: float | None) -> str:
    if p is None:
        return "p –"
    return "p < 1e-300" if p < 1e-300 else f"p {p:.3g}"


def _pairs(found: "Comparison") -> Iterator[str]:
    pairs = found.pairs
    identical = "; identical so far" if pairs.is_identical else ""
    yield f"{pairs.pairs:,} pairs of {pairs.units:,} units{identical}"
    yield from map(_guard, pairs.guards)
    if found.noise is not None:
        yield _noise(found.noise)
    if pairs.findings:
        yield "Valid for one look, and not what the verdict rests on:"
        yield from _findings(pairs.findings)


def _noise(noise: "NoiseFloor") -> str:
    """Say how far live differs from itself: no shadow can be asked to beat that."""
    text = (
        f"noise floor: live and its twin differ on {noise.differing:.2%} of {noise.units:,} units"
    )
    if noise.p99 is None:
        return text
    return f"{text}, by {number(noise.median)} in the middle and {number(noise.p99)} at 99 %"


def _guard(guard: "Guard") -> str:
    decides = "" if guard.decides else ", shown only"
    note = f" ({guard.note})" if guard.note else ""
    return (
        f"{guard.what}: {number(guard.estimate)}, {interval(guard.interval)};"
        f" limit {_limits(guard.limits)}: {guard.state}{decides}{note}"
    )


def _limits(limits: "Limits") -> str:
    if limits.low is None:
        return f"below {number(limits.high)}"
    if limits.high is None:
        return f"above {number(limits.low)}"
    return f"{number(limits.low)} to {number(limits.high)}"


def _outcomes(result: "OutcomesResult | None") -> Iterator[str]:
    if result is None:
        yield "no outcomes are known, and the policy asks for none"
        return
    yield f"{result.outcomes:,} outcomes known, {result.waiting:,} not yet"
    for figure in result.errors:
        yield (
            f"{figure.name}: live {number(figure.live)} ({interval(figure.live_interval)}),"
            f" shadow {number(figure.shadow)} ({interval(figure.shadow_interval)})"
        )
    if result.ratio is not None:
        yield (
            f"the shadow's {result.loss} loss is {result.ratio:+.1%} of live's"
            f" ({_percent(result.ratio_interval)}); allowed are {result.margin:+.1%}"
        )
    yield from _beside(result)
    yield from map(_guard, (result.not_worse, result.better))


def _beside(result: "OutcomesResult") -> Iterator[str]:
    """Yield what is known beside the loss: what was capped or unknown, and R², F1 or AUC."""
    if result.loss_cap is not None:
        yield f"{result.capped:,} pairs have a loss above the cap of {number(result.loss_cap)}"
    if result.unknown_classes:
        yield (
            f"{result.unknown_classes:,} outcomes are of a class that no model knows:"
            " wrong for both"
        )
    for finding in result.findings:
        told = finding.details
        if finding.effect is not None:
            yield (
                f"{finding.test}: live {number(told['live'])}, shadow {number(told['shadow'])},"
                f" difference {number(finding.effect)} ({interval(finding.interval)}; one look)"
            )


def _percent(ends: Interval | None) -> str:
    return "no interval yet" if ends is None else f"{ends[0]:+.1%} to {ends[1]:+.1%}"


def _verdict(found: "Comparison") -> Iterator[str]:
    yield from found.reasons
    if found.more_needed.sentence not in found.reasons:
        yield found.more_needed.sentence
    yield found.about
