"""Whether a binary model's probabilities mean what they say."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from understudy.packaging.resampling import wilson_interval
from understudy.presentation.canvas import INK, MODEL, TRAINING, WIDTH, drawn, in_percent, shortened

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Groups of equally many rows by their probability, as long as each has at least so many rows.
MOST_GROUPS, LEAST_ROWS = 10, 10


@drawn
def calibration(probabilities: Floats, happened: Booleans, positive: str) -> Figure:
    """
    Draw how often the positive class came in groups of rows with alike probabilities.

    `probabilities` are those of the positive class and `happened` whether it was the true one.
    The intervals are Wilson's; below, how often each probability was given, by the true class.
    """
    figure = Figure(figsize=(WIDTH, 4.6), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=[3, 1.2], sharex=True)
    _curve(upper, probabilities, happened)
    name = shortened(positive)
    upper.set_ylabel(f"share that was {name}")
    bins = np.linspace(0, 1, 21)
    sides = [probabilities[happened], probabilities[~happened]]
    names = [f"truly {name}", "truly not"]
    lower.hist(sides, bins=bins.tolist(), stacked=True, color=[MODEL, TRAINING], label=names)
    lower.set_xlabel(f"predicted probability of {name}")
    lower.set_ylabel("rows")
    lower.legend(loc="upper center", ncols=2)
    lower.set_xlim(-0.02, 1.02)
    in_percent(lower.xaxis)
    return figure


def _curve(axes: Axes, probabilities: Floats, happened: Booleans) -> None:
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle="--")
    order = np.argsort(probabilities, kind="stable")
    groups = max(1, min(MOST_GROUPS, len(order) // LEAST_ROWS))
    said, was = [], []
    for rows in np.array_split(order, groups):
        count = int(happened[rows].sum())
        said.append(float(probabilities[rows].mean()))
        was.append(count / len(rows))
        axes.vlines(said[-1], *wilson_interval(count, len(rows)), color=MODEL, linewidth=1.4)
    axes.plot(said, was, "o", color=MODEL, markersize=5)
    axes.set_ylim(-0.02, 1.02)
    in_percent(axes.yaxis)
