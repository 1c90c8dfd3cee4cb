"""Slices and the explanation of disagreement in words and columns, for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from understudy.cli.figures_text import interval, number

if TYPE_CHECKING:
    from understudy.comparison.explanation import Explanation
    from understudy.comparison.finding import Interval
    from understudy.comparison.policy import Policy
    from understudy.comparison.slices import Slice, SliceReport

_MOST_SHOWN = 5


def slice_lines(report: "SliceReport | None", policy: "Policy") -> Iterator[str]:
    """Yield where the shadow is worse, and where the two models are apart."""
    if report is None:
        yield "not searched"
        return
    if report.note:
        yield report.note
    if report.worst:
        yield from _worst(report, policy)
    if report.apart:
        yield "The two are furthest apart on:"
        yield from _columns(map(_apart, report.apart))


def explanation_lines(found: "Explanation | None") -> Iterator[str]:
    """Yield what drives the difference, as rules; or that nothing here explains it."""
    if found is None:
        yield "nothing to explain yet"
    elif not found.rules:
        yield f"the columns explain next to nothing of it ({_percent(found.explained)})"
    else:
        names = ", ".join(f"{name} ({_percent(gain)})" for name, gain in found.features)
        yield f"{_percent(found.explained)} of its variance is explained by {names}:"
        for rule in found.rules:
            share = f"{_percent(rule.share)} of instances"
            yield f"{rule.text}: {_signed(rule.mean_difference)} on average, {share}"


def _worst(report: "SliceReport", policy: "Policy") -> Iterator[str]:
    margin = policy.slice_margin or 0.0
    yield (
        f"{report.candidates:,} slices searched at {report.units:,} units;"
        f" the worst, by the half that did not suggest them (margin {margin:+.1%}):"
    )
    shown = report.worst[: max(_MOST_SHOWN, len(report.bad))]
    yield from _columns(map(_loss, shown))
    if len(report.worst) > len(shown):
        yield f"… and {len(report.worst) - len(shown)} more (--json has all)"


def _loss(part: "Slice") -> Sequence[str]:
    effect = "–" if part.effect is None else f"{part.effect:+.1%}"
    return (
        part.name,
        f"{part.units:,} units",
        f"loss {number(part.live_loss)} to {number(part.shadow_loss)}",
        f"{effect} ({_change(part.interval)})",
        "p –" if part.p_adjusted is None else f"p {part.p_adjusted:.3g}",
        "BAD" if part.is_bad else "",
    )


def _apart(part: "Slice") -> Sequence[str]:
    return (
        part.name,
        f"{part.units:,} units",
        f"{number(part.disagreement)} ({interval(part.interval)})",
        f"such as {', '.join(part.examples)}" if part.examples else "",
    )


def _change(ends: "Interval | None") -> str:
    return "no interval yet" if ends is None else f"{ends[0]:+.1%} to {ends[1]:+.1%}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.0f} %"


def _signed(value: float) -> str:
    return number(value) if value < 0 else f"+{number(value)}"


def _columns(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width)
        yield f"  {'  '.join(cells).rstrip()}"
