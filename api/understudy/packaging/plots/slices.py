"""How well each slice is served."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from understudy.presentation.canvas import (
    INK,
    LIVE,
    MODEL,
    canvas,
    drawn,
    numbered,
    shortened,
)

MOST_SLICES = 20


@dataclass(frozen=True)
class SliceLoss:
    """The mean loss in a named slice, and that of the live version if it was measured."""

    name: str
    rows: int
    loss: float
    live_loss: float | None = None


@dataclass(frozen=True)
class Names:
    """What the loss is called, and the two models."""

    loss: str
    model: str
    live: str


@drawn
def slice_losses(slices: Sequence[SliceLoss], overall: float | None, names: Names) -> Figure:
    """Draw the loss of each slice as a dot, in the order given, and that of all rows as a line."""
    shown = slices[:MOST_SLICES]
    figure, axes = canvas(1.1 + 0.25 * len(shown))
    places = range(len(shown))
    theirs = [(one.live_loss, place) for place, one in enumerate(shown) if one.live_loss]
    if theirs:
        axes.plot(*zip(*theirs, strict=True), "o", color=LIVE, fillstyle="none", label=names.live)
    axes.plot([one.loss for one in shown], places, "o", color=MODEL, label=names.model)
    if overall is not None:
        axes.axvline(overall, color=INK, linewidth=1, linestyle="--", label="on all rows")
    axes.set_yticks(places, [f"{shortened(one.name, 32)} ({one.rows:,})" for one in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(names.loss)
    numbered(axes.xaxis, may_be_years=False)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, borderaxespad=0)
    return figure
