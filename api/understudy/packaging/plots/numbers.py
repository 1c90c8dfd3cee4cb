"""How far a regression's answers are from the truth."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from understudy.presentation.canvas import INK, MODEL, canvas, drawn, numbered

Floats = NDArray[np.float64]

# Of more rows a part is drawn, and the largest errors in any case: a plot must not hide them.
MOST_POINTS, LARGEST = 1000, 100
# Groups of equally many rows by their answer, as long as each has at least so many rows.
MOST_GROUPS, LEAST_ROWS = 10, 10


@drawn
def predicted_against_true(truth: Floats, answers: Floats, label: str) -> Figure:
    """Draw answers over true values, of many rows a part; right answers lie on the line."""
    figure, axes = canvas(3.9, 4.4)
    rows = _drawn_rows(np.abs(answers - truth))
    x, y = truth[rows], answers[rows]
    ends = [float(min(x.min(), y.min())), float(max(x.max(), y.max()))]
    axes.plot(ends, ends, color=INK, linewidth=1, linestyle="--")
    alpha = 0.7 if len(x) < 300 else 0.4
    axes.scatter(x, y, s=11, color=MODEL, alpha=alpha, linewidths=0, rasterized=True)
    axes.set_xlabel(f"true {label}")
    axes.set_ylabel(f"predicted {label}")
    numbered(axes.xaxis)
    numbered(axes.yaxis)
    return figure


@drawn
def error_by_answer(truth: Floats, answers: Floats, label: str) -> Figure:
    """Draw how the errors lie in groups of rows with alike answers: median, middle half, 90 %."""
    figure, axes = canvas(3.0)
    order = np.argsort(answers, kind="stable")
    groups = max(1, min(MOST_GROUPS, len(order) // LEAST_ROWS))
    for rows in np.array_split(order, groups):
        ends = np.quantile((answers - truth)[rows], [0.05, 0.25, 0.5, 0.75, 0.95])
        place = float(np.median(answers[rows]))
        axes.vlines(place, ends[0], ends[4], color=MODEL, linewidth=1.2)
        axes.vlines(place, ends[1], ends[3], color=MODEL, linewidth=6, alpha=0.45)
        axes.plot(place, ends[2], "o", color=MODEL, markersize=4.5)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlabel(f"predicted {label}")
    axes.set_ylabel("predicted − true")
    numbered(axes.xaxis)
    numbered(axes.yaxis, may_be_years=False)
    return figure


def _drawn_rows(errors: Floats) -> NDArray[np.int64]:
    if len(errors) <= MOST_POINTS:
        return np.arange(len(errors))
    spread = np.linspace(0, len(errors) - 1, MOST_POINTS - LARGEST).astype(np.int64)
    largest = np.argsort(-errors, kind="stable")[:LARGEST]
    return np.union1d(spread, largest)
