"""The worst slices: where the shadow errs more, and where the two models are furthest apart."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from understudy.comparison.compare import Comparison
from understudy.dashboard.table import Table, link, table
from understudy.presentation.numbers import NONE, between, count, number, p_value, percent


def searched(found: Comparison) -> Any:
    """Return what the search for slices found, None if there was no search yet."""
    return getattr(found, "slices", None)


def worst(slices: Sequence[Any], is_absolute: bool) -> Table:
    """Show the slices that were tested, the worst first."""

    def change(value: float | None) -> str:
        return percent(value, signed=True)

    rows = [
        (
            one.name,
            count(one.units),
            number(one.live_loss),
            number(one.shadow_loss),
            change(one.effect),
            between(one.interval, change),
            p_value(one.p_adjusted),
            "✕ worse than its margin" if one.is_bad else "not shown to be worse",
            examples(one.examples),
        )
        for one in slices
    ]
    change_of = "Change" if is_absolute else "Change of the error"
    head = ("Slice", "Units", "Live error", "Shadow error", change_of, "Interval", "Adjusted p",
            "State", "Examples")  # fmt: skip
    return table("Where the shadow may be worse", head, rows)


def apart(slices: Sequence[Any]) -> Table:
    """Show the slices on which the two answers are furthest apart."""
    rows = [
        (one.name, count(one.units), number(one.disagreement), examples(one.examples))
        for one in slices
    ]
    return table("Where the two answers are furthest apart",
                 ("Slice", "Units", "Mean disagreement", "Examples"), rows)  # fmt: skip


def examples(names: Sequence[str]) -> str:
    """Return links to the requests of some examples, written REQUEST_ID/INSTANCE_NO."""
    links = [link(name[:8] + "…", "requests", name.partition("/")[0]) for name in names]
    return Markup(" ").join(links) if links else NONE
