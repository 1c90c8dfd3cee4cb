"""The worst slices: where the shadow errs more, and where the two models are furthest apart."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from understudy.comparison.compare import Comparison
from understudy.comparison.slice_shapes import Slice, SliceReport
from understudy.dashboard.table import Table, link, table
from understudy.presentation.numbers import NONE, between, count, number, p_value, percent

REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

WORST_NOTE = (
    "Found in one half of the units and tested in the other, whose figures stand here. BAD:"
    " confirmed to be worse than the slice margin of {margin}; open: not confirmed. The adjusted p"
    " accounts for every slice tested and every look. Examples are the requests whose two answers"
    " are furthest apart."
)
APART_NOTE = "The examples are the requests whose two answers are furthest apart there."


def worst(report: SliceReport, found: Comparison) -> Table | None:
    """Show the slices whose errors were tested, the worst first."""
    if not report.worst:
        return None
    rows = [
        (
            one.name,
            _state(one),
            _change(one.effect),
            between(one.interval, _change),
            p_value(one.p_adjusted),
            count(one.units),
            f"{number(one.live_loss)} → {number(one.shadow_loss)}",
            examples(one.examples, found.policy.unit),
        )
        for one in report.worst
    ]
    head = ("Slice", "State", "Change", "Interval", "Adjusted p", "Units",
            "Error, live → shadow", "Examples")  # fmt: skip
    note = WORST_NOTE.format(margin=_change(found.policy.slice_margin))
    return table("Where the shadow may err more", head, rows, note)


def apart(report: SliceReport, found: Comparison) -> Table | None:
    """Show the slices on which the two answers are furthest apart."""
    if not report.apart:
        return None
    is_share = not has_numbers(found)

    def written(value: float | None) -> str:
        return percent(value) if is_share else number(value)

    rows = [
        (
            one.name,
            written(one.disagreement),
            between(one.interval, written),
            count(one.units),
            examples(one.examples, found.policy.unit),
        )
        for one in report.apart
    ]
    what = "Labels that differ" if is_share else "Mean distance"
    unit = f" ({found.measured_in})" if found.measured_in and not is_share else ""
    head = ("Slice", f"{what}{unit}", "Interval", "Units", "Examples")
    return table("Where the two answers are furthest apart", head, rows, APART_NOTE)


def has_numbers(found: Comparison) -> bool:
    """Say whether the answers can be subtracted; otherwise labels are the same or differ."""
    return any(guard.name == "difference" for guard in found.pairs.guards)


def searched(report: SliceReport) -> str:
    """Say how widely was searched."""
    if not report.candidates:
        return ""
    at = f"look {report.look}" if report.look else "no look yet"
    return f"{count(report.candidates)} slices searched among {count(report.units)} units ({at})."


def examples(names: Sequence[str], unit: str) -> str:
    """
    Return the examples, written REQUEST_ID/INSTANCE_NO, as links to their requests.

    What is no request id, as where the unit is a client or a property, stays a text.
    """
    return Markup(" ").join(_example(name, unit) for name in names) if names else NONE


def _example(name: str, unit: str) -> str:
    known, _, instance = name.rpartition("/")
    if unit != "request" or not REQUEST_ID.fullmatch(known):
        return name
    text = f"…{known[-4:]}" + (f"/{instance}" if instance != "0" else "")
    return link(text, "requests", known)


def _state(one: Slice) -> str:
    return "✕ BAD" if one.is_bad else "○ open"


def _change(value: float | None) -> str:
    return percent(value, signed=True)
