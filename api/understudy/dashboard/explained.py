"""What drives the disagreement: the rules of a shallow tree, and the features they rest on."""

from markupsafe import Markup

from understudy.comparison.explanation import Explanation, Rule
from understudy.dashboard.scale import Scale
from understudy.dashboard.svg import decoration, element
from understudy.dashboard.table import Table, table
from understudy.presentation.numbers import count, number, percent

WIDTH, HEIGHT = 150.0, 18.0

NOTE = (
    "A shallow tree, grown on one half of the units and told by the other. It describes where the"
    " answers part, not why, and decides nothing."
)


def sentence(found: Explanation | None) -> str:
    """Say how much of the difference the columns explain, also where that is next to nothing."""
    if found is None:
        return "There is too little to explain, or nothing to explain it with, yet."
    if not found.rules:
        return (
            f"The columns explain next to nothing of where the answers part"
            f" ({percent(found.explained)}): the difference is about the same everywhere."
        )
    one = len(found.rules) == 1
    return (
        f"{count(len(found.rules))} {'rule explains' if one else 'rules explain'}"
        f" {percent(found.explained)} of how the difference varies from one instance to the next."
    )


def rules(found: Explanation | None, unit: str, *, is_signed: bool) -> Table | None:
    """Show the rules, the widest difference first, each with a bar from nought."""
    if found is None or not found.rules:
        return None
    reach = max(abs(rule.mean_difference) for rule in found.rules) or 1.0
    rows = [
        (
            rule.text,
            number(rule.mean_difference, signed=is_signed),
            bar(rule, reach, is_signed=is_signed),
            percent(rule.share),
            count(rule.rows),
        )
        for rule in found.rules
    ]
    measured = f" ({unit})" if unit else ""
    what = f"Shadow − live{measured}" if is_signed else "Mean disagreement"
    head = ("Where", what, "Drawn", "Share of the instances", "Instances")
    return table("Where the answers part, as rules", head, rows, NOTE)


def features(found: Explanation | None) -> Table | None:
    """Show what each feature contributes to the rules."""
    if found is None or not found.features:
        return None
    rows = [(name, percent(gain), _share(gain)) for name, gain in found.features]
    return table("What the rules rest on", ("Feature", "Part of what is explained", "Drawn"), rows)


def bar(rule: Rule, reach: float, *, is_signed: bool) -> Markup:
    """Draw a mean difference as a bar to the right of nought, or to its left."""
    across = Scale(-reach if is_signed else 0.0, reach, 1.0, WIDTH - 1.0)
    start, end = sorted((across(0.0), across(rule.mean_difference)))
    zero = across(0.0)
    return _drawing(
        element("rect", {"class": "bar", "x": start, "y": 3, "width": end - start,
                         "height": HEIGHT - 6}),
        element("line", {"class": "zero", "x1": zero, "x2": zero, "y1": 0, "y2": HEIGHT}),
    )  # fmt: skip


def _share(gain: float) -> Markup:
    across = Scale(0.0, 1.0, 0.0, WIDTH)
    return _drawing(
        element("rect", {"class": "bar", "x": 0, "y": 3, "width": across(gain),
                         "height": HEIGHT - 6}),
    )  # fmt: skip


def _drawing(*parts: Markup) -> Markup:
    """Draw what the figure beside it says already."""
    return decoration(
        {"class": "rule", "width": WIDTH, "height": HEIGHT,
         "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}"},
        *parts,
    )  # fmt: skip
