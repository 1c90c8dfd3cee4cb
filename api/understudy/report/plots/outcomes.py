"""Errors of both models, side by side, by when and by what the truth was."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from understudy.comparison.measures import Reliability
from understudy.comparison.series import Group
from understudy.presentation.canvas import (
    INK,
    LIVE,
    SHADOW,
    canvas,
    drawn,
    in_percent,
    numbered,
    shortened,
)
from understudy.presentation.numbers import short


@drawn
def error_by_group(
    groups: Sequence[Group], label: str, axis: str = "", *, is_share: bool = False
) -> Figure:
    """Draw the mean loss of both models in each group, as bars side by side."""
    figure, axes = canvas(2.8)
    places = np.arange(len(groups))
    axes.bar(places - 0.2, [group.live for group in groups], 0.38, color=LIVE, label="live")
    axes.bar(places + 0.2, [group.shadow for group in groups], 0.38, color=SHADOW, label="shadow")
    names = [_name(group) for group in groups]
    axes.set_xticks(places, names, rotation=0 if len(groups) <= 5 else 25)
    if len(groups) > 5:
        for text in axes.get_xticklabels():
            text.set_horizontalalignment("right")
            text.set_rotation_mode("anchor")
    axes.grid(visible=False, axis="x")
    axes.set_ylabel(label)
    axes.set_xlabel(axis)
    if is_share:
        in_percent(axes.yaxis)
    else:
        numbered(axes.yaxis)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0)
    return figure


@drawn
def reliability(bins: Reliability) -> Figure:
    """Draw how often predictions came true over what was predicted, per model in ten bins."""
    figure, axes = canvas(3.0, 3.4)
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle="--")
    for side, colour in (("live", LIVE), ("shadow", SHADOW)):
        known = [
            (one.predicted, one.observed, *one.interval)
            for one in bins.get(side, ())
            if one.predicted is not None and one.observed is not None and one.interval
        ]
        predicted, observed, low, high = np.array(known, dtype=float).reshape(-1, 4).T
        axes.vlines(predicted, low, high, color=colour, alpha=0.45, linewidth=2)
        axes.plot(predicted, observed, "o-", color=colour, markersize=4, linewidth=1, label=side)
    axes.set_xlabel("predicted probability")
    axes.set_ylabel("came true")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.legend(loc="upper left")
    return figure


def _name(group: Group) -> str:
    if group.low is None or group.high is None:
        return f"{shortened(group.name, 16)}\n({group.rows:,})"
    if group.low == group.high:
        return short(group.low)
    return f"{short(group.low)}–{short(group.high)}"
