"""Words and tables for parts of the traffic: slices, where the two are apart, and the rules."""

from collections.abc import Sequence

from understudy.comparison.compare import Comparison
from understudy.comparison.concentration import LOSS, Concentration
from understudy.comparison.explanation import Explanation
from understudy.comparison.slices import Slice
from understudy.presentation.numbers import NONE, Written, between, count, number, p_value, percent
from understudy.report.headline import parts_of
from understudy.report.narrative import LOSSES, loss_writer
from understudy.report.size import has_numbers
from understudy.report.tables import Table


def worst_title(found: Comparison) -> str:
    """Say how many slices are confirmed as worse than the slice margin."""
    parts = found.slices.worst if found.slices else ()
    bad = [part.name for part in parts if part.is_bad]
    if not bad:
        return f"In none of the {len(parts)} slices tested is the shadow shown to be too much worse"
    return f"The shadow is too much worse in {len(bad)} of {len(parts)} slices: {'; '.join(bad)}"


def worst(found: Comparison) -> Table:
    """Tell the slices tested for a worse shadow, the confirmed ones first."""
    write = loss_writer(found)
    head = (
        "Slice", "Units", "Instances", "Live", "Shadow", "Change", "Interval", "p", "Adjusted p",
        "Result",
    )  # fmt: skip
    return head, tuple(
        (
            part.name,
            count(part.units),
            count(part.rows),
            write(part.live_loss),
            write(part.shadow_loss),
            percent(part.effect, signed=True),
            between(part.interval, signed),
            p_value(part.p_value),
            p_value(part.p_adjusted),
            "BAD" if part.is_bad else "not shown",
        )
        for part in (found.slices.worst if found.slices else ())
    )


def examples(found: Comparison) -> list[str]:
    """Name the widest pairs of the bad slices, as request/instance."""
    bad = found.slices.bad if found.slices else ()
    return [f"{part.name}: {', '.join(part.examples)}" for part in bad if part.examples]


def apart(found: Comparison) -> Table:
    """Tell where the two models disagree most, with requests to look at."""
    write = _writer(found)
    head = (
        "Slice",
        "Units",
        "Instances",
        "Apart by",
        "Interval",
        "Widest pairs (request/instance)",
    )
    return head, tuple(
        (
            part.name,
            count(part.units),
            count(part.rows),
            write(part.disagreement),
            between(part.interval, write),
            ", ".join(part.examples) or NONE,
        )
        for part in (found.slices.apart if found.slices else ())
    )


def apart_title(parts: Sequence[Slice]) -> str:
    """Say where the two models disagree most."""
    return f"The two models are furthest apart where {parts[0].name}"


def rules_title(found: Explanation) -> str:
    """Say how much of the difference the columns explain, and which do."""
    if not found.rules:
        return f"The columns explain next to nothing of the difference ({percent(found.explained)})"
    named = " and ".join(name for name, _ in found.features[:2])
    return f"{percent(found.explained)} of the variance of the difference is explained by {named}"


def rules(found: Comparison) -> Table:
    """Tell the mean difference under each rule."""
    write = _writer(found, is_signed=found.task != "multiclass" and has_numbers(found))
    head = ("Rule", "Instances", "Share", "Mean difference")
    known = found.explanation.rules if found.explanation else ()
    return head, tuple(
        (rule.text, count(rule.rows), percent(rule.share), write(rule.mean_difference))
        for rule in known
    )


def held(found: Comparison) -> list[str]:
    """Say what a few parts hold of each difference, with the interval of that share."""
    return [_held(one, found) for one in found.concentrated]


def _held(one: Concentration, found: Comparison) -> str:
    what = "difference"
    if one.of == LOSS:
        what = f"difference in {LOSSES[found.policy.loss or 'absolute']}"
    return (
        f"Where {parts_of(one)} ({percent(one.row_share)} of the instances, {count(one.units)}"
        f" units) lies {percent(one.share)} of the whole {what},"
        f" between {between(one.interval, percent).replace(' to ', ' and ')}."
    )


def signed(value: float | None) -> str:
    """Write a change in per cent with its sign."""
    return percent(value, signed=True)


def _writer(found: Comparison, *, is_signed: bool = False) -> Written:
    if not has_numbers(found):
        return percent
    return lambda value: number(value, found.measured_in, signed=is_signed)
