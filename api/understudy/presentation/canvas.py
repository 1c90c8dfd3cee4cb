"""What all plots have in common: the colours, the paper, the way to SVG."""

import io
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from understudy.presentation.numbers import minus, number

Given = ParamSpec("Given")

# After Okabe and Ito: told apart by those who do not see red and green as different.
LIVE, SHADOW, TRAINING = "#0072b2", "#d55e00", "#7d7d7d"
# A model on its own, which has no role yet.
MODEL = "#00815e"
INK, FAINT, ALARM = "#222222", "#d9d9d9", "#882255"

WIDTH = 5.8
MOST_POINTS = 4000

# Plots are part of an artefact's digest, so no setting of a session may show in them.
_STYLE: dict[Any, Any] = {
    **{name: value for name, value in mpl.rcParamsDefault.items() if "backend" not in name},
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9a9a9a",
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#ececec",
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    # A name with two dollar signs is no formula.
    "text.parse_math": False,
    "savefig.facecolor": "white",
    "svg.hashsalt": "understudy",
    "agg.path.chunksize": 10_000,
}


def drawn(draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """Let a function draw in the house style, whatever the settings of the session are."""

    @wraps(draw)
    def in_style(*args: Given.args, **kwargs: Given.kwargs) -> Figure:
        with mpl.rc_context(_STYLE):
            return draw(*args, **kwargs)

    return in_style


def canvas(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """Return a figure of our width with one set of axes; sizes are in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def to_svg(figure: Figure) -> str:
    """Return the figure as one SVG document, the same for the same figure."""
    out = io.StringIO()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # Other fonts differ from machine to machine; a name that this one lacks shows as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(out, format="svg", metadata={"Date": None}, dpi=160)
    return out.getvalue()


def thinned(
    *sides: NDArray[np.float64], most: int = MOST_POINTS
) -> tuple[NDArray[np.float64], ...]:
    """Return every n-th row, so that at most so many points are drawn."""
    step = max(1, -(-len(sides[0]) // most))
    return tuple(side[::step] for side in sides)


def numbered(axis: Axis, ticks: int = 5, *, may_be_years: bool = True) -> None:
    """Label an axis with numbers as people write them: 12,000, but 1960 where it may be a year."""
    large = 10_000 if may_be_years else 1000

    def tick(value: float, _: float) -> str:
        is_large = max(map(abs, axis.get_view_interval())) >= large
        return number(value) if is_large else minus(f"{value:g}")

    axis.set_major_locator(MaxNLocator(ticks))
    axis.set_major_formatter(FuncFormatter(tick))


def in_percent(axis: Axis, ticks: int = 5, *, signed: bool = False) -> None:
    """Label an axis of shares in per cent."""
    axis.set_major_locator(MaxNLocator(ticks))
    sign = "+" if signed else ""

    def tick(value: float, _: float) -> str:
        rounded = round(100 * value, 6) + 0.0
        return minus(f"{rounded:{sign if rounded else ''}g}") + " %"

    axis.set_major_formatter(FuncFormatter(tick))


def shortened(name: str, most: int = 22) -> str:
    """Return a name that leaves room for the plot."""
    return name if len(name) <= most else f"{name[: most - 1]}…"
