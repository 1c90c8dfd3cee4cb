"""The picture of docs/reliability.md: memory of each part over time."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from tests.chaos.soak.flatness import Series
from understudy.presentation.canvas import FAINT, canvas, drawn, to_svg

_COLOURS = ("#0072b2", "#d55e00", "#00815e", "#882255", "#7d7d7d", "#e69f00", "#56b4e9", "#222222",
            "#cc79a7")  # fmt: skip


def draw(series: Mapping[str, Series], warm_up_minutes: float) -> str:
    """Return the picture as SVG."""
    return to_svg(_drawn(series, warm_up_minutes))


@drawn
def _drawn(series: Mapping[str, Series], warm_up_minutes: float) -> Figure:
    figure, axes = canvas(3.2, 7.2)
    for (name, one), colour in zip(series.items(), _COLOURS, strict=True):
        at, sizes = zip(*one, strict=True)
        axes.plot([seconds / 60 for seconds in at], sizes, color=colour, linewidth=1.2, label=name)
    axes.axvspan(0, warm_up_minutes, color=FAINT, alpha=0.4, linewidth=0)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.set_xlabel("minutes; the warm-up is shaded")
    axes.set_ylabel("MB, without mapped files")
    axes.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.25))
    return figure
