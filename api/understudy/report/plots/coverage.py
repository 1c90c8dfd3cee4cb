"""Where the recorded instances went, as one bar."""

from matplotlib.figure import Figure

from understudy.comparison.coverage import Coverage
from understudy.presentation.canvas import ALARM, FAINT, LIVE, canvas, drawn

PARTS = (
    ("compared", LIVE, ""),
    ("waiting", "#8ec3e6", ""),
    ("sampled_out", FAINT, ""),
    ("excluded", "#a8a8a8", ""),
    ("skipped", "#cc79a7", "//"),
    ("failed", ALARM, "xx"),
)


@drawn
def coverage_bar(coverage: Coverage) -> Figure:
    """Draw the parts of what was recorded as one bar of full length."""
    figure, axes = canvas(0.95)
    start = 0.0
    for part, colour, hatch in PARTS:
        share = coverage.shares[part]
        if not share:
            continue
        label = f"{part.replace('_', ' ')} {getattr(coverage, part):,}"
        axes.barh(
            0,
            share,
            left=start,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=label,
            height=1,
        )
        start += share
    axes.set_xlim(0, 1)
    axes.set_axis_off()
    if start:
        axes.legend(
            loc="upper left", bbox_to_anchor=(0, -0.02), ncols=4, handlelength=1, borderaxespad=0
        )
    return figure
