"""Training against live: which columns moved, and how they look."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from understudy.comparison.finding import Finding
from understudy.comparison.shapes import Shape
from understudy.comparison.standing import Standing
from understudy.presentation.canvas import (
    ALARM,
    FAINT,
    INK,
    LIVE,
    TRAINING,
    canvas,
    drawn,
    in_percent,
    numbered,
    shortened,
)

FARTHEST = 50.0


@drawn
def drift_effects(found: Sequence[Standing]) -> Figure:
    """Draw each effect with its interval in multiples of the size that matters, worst on top."""
    figure, axes = canvas(0.6 + 0.24 * max(1, len(found)))
    places = np.arange(len(found))[::-1]
    for place, standing in zip(places, found, strict=True):
        alarm = standing.finding.alarm
        colour = ALARM if alarm else LIVE
        ends = np.clip([standing.low, standing.high], 0, FARTHEST)
        axes.plot(ends, [place, place], color=colour, linewidth=2, alpha=0.55)
        axes.plot(
            min(standing.effect, FARTHEST),
            place,
            marker="D" if alarm else "o",
            markersize=6,
            color=colour,
            markerfacecolor=colour if alarm else "white",
            linestyle="none",
            clip_on=False,
        )
    axes.axvline(1, color=INK, linestyle="--", linewidth=1)
    axes.set_yticks(places, [_name(standing.finding) for standing in found])
    axes.set_ylim(-0.7, len(found) - 0.3)
    axes.set_xscale("symlog", linthresh=1, linscale=1.6)
    axes.set_xlim(-0.03, FARTHEST * 1.1)
    axes.xaxis.set_major_locator(FixedLocator([0, 0.5, 1, 2, 5, 10, 50]))
    axes.xaxis.set_major_formatter(FuncFormatter(_multiple))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("size of the change; from 1 on it matters")
    return figure


def _multiple(value: float, _: float) -> str:
    return f"≥ {value:g}" if value == FARTHEST else f"{value:g}"


def _name(finding: Finding) -> str:
    return f"{shortened(finding.column)} · {finding.finding}"


@drawn
def missing_shares(findings: Sequence[Finding]) -> Figure:
    """Draw the missing shares of training and live, one line per column."""
    figure, axes = canvas(0.75 + 0.24 * max(1, len(findings)))
    places = np.arange(len(findings))[::-1]
    before = [float(finding.details.get("reference_share") or 0.0) for finding in findings]
    after = [float(finding.details.get("current_share") or 0.0) for finding in findings]
    axes.hlines(places, before, after, color=FAINT, linewidth=3)
    axes.plot(before, places, "s", color=TRAINING, label="training", markersize=5)
    axes.plot(after, places, "o", color=LIVE, label="live", markersize=6)
    axes.set_yticks(places, [shortened(finding.column) for finding in findings])
    axes.set_ylim(-0.7, len(findings) - 0.3)
    axes.set_xlim(-0.02, max([0.05, *before, *after]) * 1.05)
    in_percent(axes.xaxis)
    axes.set_xlabel("missing values")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0)
    return figure


@drawn
def distribution(
    shape: Shape,
    names: tuple[str, str] = ("training", "live"),
    colours: tuple[str, str] = (TRAINING, LIVE),
    label: str = "",
    size: tuple[float, float] = (3.1, 2.3),
) -> Figure:
    """Draw two samples over each other: the first as an area, the second as a line."""
    figure, axes = canvas(size[1], size[0])
    if shape.edges is not None:
        axes.stairs(
            shape.reference, shape.edges, fill=True, color=colours[0], alpha=0.4, label=names[0]
        )
        axes.stairs(shape.current, shape.edges, color=colours[1], linewidth=1.8, label=names[1])
        numbered(axes.xaxis, 3 if size[0] < 4 else 6)
        in_percent(axes.yaxis, 4)
        axes.set_ylabel("share")
    else:
        _bars(axes, shape, names, colours)
    axes.set_xlabel(label)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0)
    return figure


def _bars(axes: Axes, shape: Shape, names: tuple[str, str], colours: tuple[str, str]) -> None:
    levels = shape.levels or ()
    places = np.arange(len(levels))[::-1]
    axes.barh(places + 0.2, shape.reference, 0.38, color=colours[0], alpha=0.6, label=names[0])
    axes.barh(places - 0.2, shape.current, 0.38, color=colours[1], label=names[1])
    axes.set_yticks(places, [shortened(level, 14) for level in levels])
    axes.tick_params(axis="y", labelsize=8 if len(places) < 10 else 6.5)
    in_percent(axes.xaxis, 4)
