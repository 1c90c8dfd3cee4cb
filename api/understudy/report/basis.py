"""What a figure rests on, in one line: how many, which interval, which assumption."""

from understudy.comparison.compare import Comparison
from understudy.comparison.drift import DriftReport
from understudy.presentation.numbers import count, percent
from understudy.report.size import counted

TERMS = (
    (
        "unit",
        "Unit",
        "What is counted: the request, or the field that the policy names. Instances of one unit"
        " are not independent, so no interval and no p-value counts them singly.",
    ),
    (
        "confidence-sequence",
        "Confidence sequence",
        "An interval that holds at every number of units at once: one may look at any time, and"
        " stop when one likes, and it errs no more often than stated. It is wider than an interval"
        " for one look, and about the average so far, not about the future.",
    ),
    (
        "looks",
        "Looks",
        "Drift and slices are tested when 100, 200, 400, … units are there, each time on exactly"
        " these; what a look found is kept for ever. Adjusted p-values account for all checks and"
        " all looks: act on these.",
    ),
    (
        "one-look",
        "Valid for one look",
        "A textbook interval or p-value: right for whoever looks once, too hopeful for whoever"
        " looks again and again. Shown for information; it decides nothing.",
    ),
    (
        "margin",
        "Margin",
        "How much worse, or how far apart, the policy lets the shadow be. A limit is kept only when"
        " the whole interval is inside it, broken only when the whole interval is outside.",
    ),
)


def pairs(found: Comparison) -> str:
    """Say on how many pairs something rests."""
    units, rows = found.units, found.pairs.pairs
    return f"n = {counted(rows, 'pair')} of {count(units)} units ({found.policy.unit})"


def drawn(found: Comparison, shown: int) -> str:
    """Say on how many pairs a picture rests, and of how many it is a sample."""
    sample = f", of which a sample of {count(shown)}" if shown < found.pairs.pairs else ""
    return f"{pairs(found)}{sample}"


def sequence(found: Comparison, of: str = "units", units: int | None = None) -> str:
    """Say that an interval is always valid, on how many units, and what it assumes."""
    number_of = found.units if units is None else units
    return (
        f"n = {count(number_of)} {of} · confidence sequence at {percent(1 - found.level)}, valid at"
        " any time (Waudby-Smith et al., 2024) · assumes independent units"
    )


def outcomes(found: Comparison) -> str:
    """Say on how many outcomes something rests."""
    known = found.outcomes
    if known is None:
        return ""
    return f"n = {counted(known.outcomes, 'outcome')} of {count(known.units)} units"


def drift(report: DriftReport) -> str:
    """Say on what a comparison of distributions rests."""
    taken = f"look {report.look} at {count(report.n_current)}" if report.look else "no look yet at"
    there = count(report.units)
    return (
        f"n = {count(report.n_reference)} rows of training against {taken} of {there} units · p"
        f" adjusted for {count(report.family)} checks (Holm) and all looks, α = {report.alpha:g} ·"
        " assumes independent units"
    )


def slices(found: Comparison) -> str:
    """Say on what the search for slices rests."""
    known = found.slices
    if known is None:
        return ""
    return (
        f"look {known.look} at {count(known.units)} units · {count(known.candidates)} slices"
        " searched in one half, the ten worst tested in the other: figures are those of the second"
        " half alone · p adjusted for these tests (Holm) and all looks"
    )


def apart(found: Comparison) -> str:
    """Say on what the search for disagreement rests."""
    known = found.slices
    if known is None:
        return ""
    return (
        f"look {known.look} at {count(known.units)} units · searched in one half, figures and"
        " intervals of the other · describes, and decides nothing"
    )


def tree(found: Comparison) -> str:
    """Say on what the explanation rests."""
    rows = sum(rule.rows for rule in found.explanation.rules) if found.explanation else 0
    return (
        f"n = {counted(rows, 'instance')} of the half that the tree has not seen · describes, and"
        " decides nothing"
    )
