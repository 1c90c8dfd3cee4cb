"""The picture of docs/performance.md: CPU per request of every server, over all rounds."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from benchmarks.serving.roster import SERVERS
from benchmarks.serving.row import Row
from benchmarks.serving.server import Server
from benchmarks.serving.summary import Spread, over_rounds
from understudy.presentation.canvas import FAINT, INK, LIVE, TRAINING, canvas, drawn, to_svg

_WIDTH, _BAR = 7.2, 0.3


def draw(rows: Sequence[Row], model: str, load: str) -> str | None:
    """Return the picture as SVG, None where nothing was measured."""
    bars = [
        (server, found)
        for server in SERVERS
        if (found := over_rounds(rows, _cpu, model=model, server=server.name, load=load))
    ]
    return to_svg(_drawn(bars)) if bars else None


def _cpu(row: Row) -> float:
    return row.cpu_ms


@drawn
def _drawn(bars: Sequence[tuple[Server, Spread]]) -> Figure:
    figure, axes = canvas(0.6 + _BAR * len(bars), _WIDTH)
    for place, (server, found) in enumerate(bars):
        _bar(axes, place, server, found)
    axes.set_yticks(range(len(bars)), [server.title for server, _ in bars])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("ms of CPU per request, all processes; median, and from least to most")
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.15)
    return figure


def _bar(axes: Axes, place: int, server: Server, found: Spread) -> None:
    ours = server.name.startswith("understudy")
    colour = LIVE if ours else TRAINING if server.is_peer else FAINT
    axes.plot([found.low, found.high], [place, place], color=colour, linewidth=2)
    axes.plot([found.middle], [place], "o", color=colour, markeredgecolor=INK, markersize=6)
    axes.annotate(
        f"{found.middle:.2f}",
        (found.high, place),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
    )
