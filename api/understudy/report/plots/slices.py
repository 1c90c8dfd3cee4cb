"""Parts of the traffic: where the shadow errs more, where the two are apart, and by which rule."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from understudy.comparison.explanation import Rule
from understudy.comparison.slices import Slice
from understudy.presentation.canvas import (
    ALARM,
    INK,
    LIVE,
    SHADOW,
    canvas,
    drawn,
    in_percent,
    numbered,
    shortened,
)
from understudy.presentation.numbers import Interval, count, percent

LONGEST = 84
ROW = 0.44


@drawn
def slice_errors(parts: Sequence[Slice], margin: float, label: str) -> Figure:
    """Draw the change of the error in each slice with its interval, and the slice margin."""
    figure, axes = canvas(0.85 + ROW * max(1, len(parts)))
    for place, part in zip(_places(parts), parts, strict=True):
        _dot(axes, place, part.effect, part.interval, ALARM if part.is_bad else LIVE)
        bad = "   BAD" if part.is_bad else ""
        _name(axes, place, f"{part.name}  ({count(part.units)} units){bad}")
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.axvline(margin, color=INK, linewidth=1, linestyle="--", label="slice margin")
    in_percent(axes.xaxis, signed=True)
    _frame(axes, len(parts), label)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    return figure


@drawn
def slices_apart(parts: Sequence[Slice], average: float | None, label: str) -> Figure:
    """Draw how far the two models are apart in each slice, with the average over all."""
    figure, axes = canvas(0.85 + ROW * max(1, len(parts)))
    for place, part in zip(_places(parts), parts, strict=True):
        _dot(axes, place, part.disagreement, part.interval, SHADOW)
        _name(axes, place, f"{part.name}  ({count(part.units)} units)")
    if average is not None:
        axes.axvline(average, color=INK, linewidth=1, linestyle="--", label="all instances")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    axes.set_xlim(left=0)
    numbered(axes.xaxis)
    _frame(axes, len(parts), label)
    return figure


@drawn
def rule_bars(rules: Sequence[Rule], label: str) -> Figure:
    """Draw the mean difference under each rule as a bar under its words."""
    figure, axes = canvas(0.7 + ROW * max(1, len(rules)))
    for place, rule in zip(_places(rules), rules, strict=True):
        axes.barh(place, rule.mean_difference, 0.26, color=SHADOW, alpha=0.85)
        _name(axes, place, f"{percent(rule.share)} of instances: {rule.text}")
    axes.axvline(0, color=INK, linewidth=0.8)
    numbered(axes.xaxis)
    _frame(axes, len(rules), label)
    return figure


def _places(parts: Sequence[object]) -> list[float]:
    return [float(place) for place in np.arange(len(parts))[::-1]]


def _dot(axes: Axes, place: float, value: float | None, ends: Interval | None, colour: str) -> None:
    if ends is not None:
        axes.plot(ends, [place, place], color=colour, linewidth=2.2, alpha=0.55)
    if value is not None:
        axes.plot(value, place, "o", markersize=6, color=colour)


def _name(axes: Axes, place: float, text: str) -> None:
    """Write a name above its row: names of slices are too long to stand beside it."""
    axes.text(
        0.005,
        place + 0.24,
        shortened(text, LONGEST),
        transform=axes.get_yaxis_transform(),
        fontsize=8,
        va="bottom",
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )


def _frame(axes: Axes, rows: int, label: str) -> None:
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.45, rows - 0.25)
    axes.set_xlabel(label)
