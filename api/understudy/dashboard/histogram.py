"""The disagreement histogram: how far apart the two answers are, and in which direction."""

from dataclasses import dataclass

from markupsafe import Markup

from understudy.dashboard.chart import BOTTOM, TOP, Chart, below, grid
from understudy.dashboard.scale import Scale
from understudy.dashboard.svg import element, image
from understudy.dashboard.table import Table, table
from understudy.presentation.numbers import count, number, percent, short
from understudy.review.board import Histogram

HEIGHT = 220.0
_SIZE: dict[str, str | float] = {"class": "chart", "width": "100%", "height": HEIGHT}
_HATCHING = element(
    "pattern",
    {
        "id": "hatching", "width": 6, "height": 6, "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    },
    element("rect", {"class": "ground", "width": 6, "height": 6}),
    element("line", {"class": "stripe", "x1": 1, "x2": 1, "y1": 0, "y2": 6}),
)  # fmt: skip


@dataclass(frozen=True)
class Marks:
    """
    What is marked on either side of zero, None for what there is not.

    The tolerance of the policy, and the `noise` floor: 99 % of the pairs of live and its twin are
    nearer to each other.
    """

    tolerance: float | None = None
    noise: float | None = None


def disagreements(found: Histogram, marks: Marks, title: str, unit: str) -> Chart:
    """Draw how often each difference came; bars beyond the tolerance are told apart."""
    return Chart(
        title=title,
        drawing=image(_alternative(found, marks, unit), _SIZE, *_drawn(found, marks)),
        note=_note(found, marks, unit),
        figures=_figures(found, unit),
    )


def _alternative(found: Histogram, marks: Marks, unit: str) -> str:
    total = sum(found.counts)
    top = max(range(len(found.counts)), key=found.counts.__getitem__)
    low, high = found.edges[top], found.edges[top + 1]
    return (
        f"Histogram of {count(total)} differences, shadow − live, on average"
        f" {number(found.mean, unit, signed=True)}. Most of them, {count(found.counts[top])}, lie"
        f" between {number(low)} and {number(high, unit)}. {_note(found, marks, unit)}"
    )


def _note(found: Histogram, marks: Marks, unit: str) -> str:
    said = []
    if marks.tolerance is not None:
        far = number(marks.tolerance, unit)
        said.append(f"Hatched: further apart than the tolerance of {far}.")
    if marks.noise and marks.noise <= found.edges[-1]:
        said.append(f"Between the dotted lines: the noise floor of {number(marks.noise, unit)}.")
    if found.below or found.above:
        said.append(
            f"The outermost bars also hold the {count(found.below + found.above)} differences"
            " beyond them."
        )
    return " ".join(said)


def _drawn(found: Histogram, marks: Marks) -> list[Markup]:
    across = Scale(found.edges[0], found.edges[-1], 0.0, 100.0)
    vertical = Scale(0.0, float(max(*found.counts, 1)) * 1.08, HEIGHT - BOTTOM, TOP)
    drawn = [_HATCHING, grid(vertical, _whole, 4)]
    for at, times in enumerate(found.counts):
        if times:
            drawn.append(_bar(found, at, (across, vertical), marks.tolerance))
    drawn += _floor(across, marks.noise)
    drawn.append(_mark(across, found.mean, f"mean {number(found.mean, signed=True)}", "mean"))
    drawn.append(below(across, lambda value: short(value or 0.0), HEIGHT - 4, "shadow − live", 7))
    return drawn


def _whole(value: float | None) -> str:
    """Write a number of pairs; there are no halves of one."""
    return count(int(value)) if value is not None and value == int(value) else ""


def _bar(found: Histogram, at: int, scales: tuple[Scale, Scale], tolerance: float | None) -> Markup:
    across, vertical = scales
    left, right = found.edges[at], found.edges[at + 1]
    is_beyond = tolerance is not None and abs(left + right) / 2 > tolerance
    y = vertical(found.counts[at])
    return element(
        "rect",
        {
            "class": "bar far" if is_beyond else "bar",
            "fill": "url(#hatching)" if is_beyond else "currentColor",
            "x": across.percent(left),
            "width": f"{across(right) - across(left):.3f}%",
            "y": y,
            "height": HEIGHT - BOTTOM - y,
        },
    )


def _floor(across: Scale, noise: float | None) -> list[Markup]:
    """Draw the noise floor on both sides of zero, as far as it is in view."""
    if not noise or not across.shows(noise):
        return []
    top, bottom = TOP + 6, HEIGHT - BOTTOM
    return [
        element("line", {"class": "noise", "x1": place, "x2": place, "y1": top, "y2": bottom})
        for place in (across.percent(-noise), across.percent(noise))
    ]


def _mark(across: Scale, value: float, text: str, kind: str) -> Markup:
    place = across.percent(value)
    anchor, shift = ("end", -5) if across(value) > 60 else ("start", 5)
    line = element(
        "line", {"class": kind, "x1": place, "x2": place, "y1": 4, "y2": HEIGHT - BOTTOM}
    )
    return line + element(
        "text", {"class": kind, "x": place, "dx": shift, "y": 13, "text-anchor": anchor}, text
    )


def _figures(found: Histogram, unit: str) -> Table:
    total = max(1, sum(found.counts))
    rows = [
        (
            f"{number(found.edges[at])} to {number(found.edges[at + 1])}",
            count(times),
            percent(times / total),
        )
        for at, times in enumerate(found.counts)
        if times
    ]
    measured = f" ({unit})" if unit else ""
    return table("Differences by size", (f"Shadow − live{measured}", "Pairs", "Share"), rows)
