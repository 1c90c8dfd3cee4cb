"""Live against shadow on the same instances."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from understudy.comparison.paths import Path
from understudy.presentation.canvas import (
    INK,
    SHADOW,
    canvas,
    drawn,
    in_percent,
    numbered,
    shortened,
    thinned,
)
from understudy.presentation.numbers import count

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@drawn
def scatter(live: Floats, shadow: Floats, label: str) -> Figure:
    """Draw the shadow's answers over live's; equal answers lie on the line."""
    figure, axes = canvas(3.5, 4.2)
    x, y = thinned(live, shadow)
    ends = [float(min(live.min(), shadow.min())), float(max(live.max(), shadow.max()))]
    axes.plot(ends, ends, color=INK, linewidth=1, linestyle="--")
    axes.scatter(x, y, s=9, color=SHADOW, alpha=_alpha(len(x)), linewidths=0, rasterized=True)
    axes.set_xlabel(f"live: {label}")
    axes.set_ylabel(f"shadow: {label}")
    numbered(axes.xaxis)
    numbered(axes.yaxis)
    return figure


@drawn
def bland_altman(
    middle: Floats,
    difference: Floats,
    mean: float,
    limits: tuple[float, float],
    label: str,
    slope: float | None = None,
) -> Figure:
    """Draw shadow − live over the mean of both, with the mean, the limits and their slope."""
    figure, axes = canvas(3.4)
    x, y = thinned(middle, difference)
    axes.scatter(x, y, s=9, color=SHADOW, alpha=_alpha(len(x)), linewidths=0, rasterized=True)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axhline(mean, color=SHADOW, linewidth=1.6, label="mean difference")
    for place, limit in enumerate(limits):
        name = "limits of agreement" if not place else None
        axes.axhline(limit, color=SHADOW, linewidth=1.2, linestyle="--", label=name)
    if slope is not None:
        ends = np.array([middle.min(), middle.max()])
        line = mean + slope * (ends - middle.mean())
        axes.plot(ends, line, color=INK, linewidth=1.2, linestyle=":", label="slope")
    axes.set_xlabel(f"mean of both answers: {label}")
    axes.set_ylabel("shadow − live")
    numbered(axes.xaxis)
    numbered(axes.yaxis)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, borderaxespad=0)
    return figure


@drawn
def quantiles(live: Floats, shadow: Floats, label: str) -> Figure:
    """Draw the shadow's quantiles over live's."""
    figure, axes = canvas(2.3, 3.1)
    ends = [float(min(live.min(), shadow.min())), float(max(live.max(), shadow.max()))]
    axes.plot(ends, ends, color=INK, linewidth=1, linestyle="--")
    axes.plot(live, shadow, "o", markersize=3, color=SHADOW)
    axes.set_xlabel(f"live: {label}")
    axes.set_ylabel("shadow")
    numbered(axes.xaxis, 3)
    numbered(axes.yaxis, 4)
    return figure


@drawn
def development(path: Path, label: str) -> Figure:
    """Draw an estimate and the interval that held after each number of units."""
    figure, axes = canvas(2.9)
    known = [(n, *ends) for n, ends in zip(path.units, path.intervals, strict=True) if ends]
    values = [np.nan if value is None else value for value in path.estimates]
    if known:
        at, low, high = zip(*known, strict=True)
        axes.fill_between(at, low, high, color=SHADOW, alpha=0.18, linewidth=0, label="interval")
    axes.plot(path.units, values, color=SHADOW, linewidth=1.8, label="estimate")
    if path.low is not None or path.measure != "share":
        axes.axhline(0, color=INK, linewidth=0.8)
    for limit in (path.low, path.high):
        if limit is not None:
            name = "limit" if limit == path.high else None
            axes.axhline(limit, color=INK, linewidth=1, linestyle="--", label=name)
    _frame(axes, path, values)
    axes.set_xlabel("units compared, in order of arrival")
    axes.set_ylabel(label)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: count(int(value))))
    if path.measure == "number":
        numbered(axes.yaxis)
    else:
        in_percent(axes.yaxis, signed=path.measure == "change")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, borderaxespad=0)
    return figure


@drawn
def label_matrix(names: tuple[str, ...], table: Ints) -> Figure:
    """Draw how often each pair of labels came, live's in rows and the shadow's in columns."""
    side = max(2.6, 0.55 * len(names) + 1.2)
    figure, axes = canvas(min(side, 6.0), min(side + 0.6, 6.4))
    shares = table / np.maximum(1, table.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.grid(visible=False)
    shown = [shortened(name, 12) for name in names]
    axes.set_xticks(range(len(names)), shown, rotation=45 if len(names) > 4 else 0)
    axes.set_yticks(range(len(names)), shown)
    if len(names) <= 12:
        for (row, column), cell in np.ndenumerate(table):
            colour = "white" if shares[row, column] > 0.55 else INK
            axes.text(column, row, f"{cell:,}", ha="center", va="center", color=colour, fontsize=8)
    axes.set_xlabel("label of the shadow")
    axes.set_ylabel("label of live")
    return figure


def _alpha(points: int) -> float:
    return 0.7 if points < 500 else 0.45 if points < 2000 else 0.25


def _frame(axes: Axes, path: Path, values: list[float]) -> None:
    """Show what is known now and the limits; the wild first figures may leave the picture."""
    later = len(values) // 4
    ends = [end for interval in path.intervals[later:] if interval for end in interval]
    shown = [*values[later:], *ends, *(end for end in (path.low, path.high) if end is not None), 0]
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    room = 0.06 * (high - low) or 1.0
    axes.set_ylim(low if path.measure == "share" else low - room, high + room)
