"""The confidence sequence over time: an estimate, its interval, and what is allowed."""

from markupsafe import Markup

from understudy.comparison.paths import Path
from understudy.dashboard.chart import BOTTOM, TOP, Chart, Written, below, grid
from understudy.dashboard.scale import Scale, widened
from understudy.dashboard.svg import element, image, points
from understudy.dashboard.table import Table, table
from understudy.presentation.numbers import between, count, number, percent

HEIGHT = 260.0
INNER = 1000.0  # the plane of lines and areas, stretched to whatever width there is
MOST_ROWS = 16

NAMES = {
    "loss": "Change of the error",
    "difference": "Mean difference",
    "tolerance": "Share beyond tolerance",
}
NOTE = (
    "The line is the estimate so far, the band the interval that held at each moment. All of them"
    " hold at once, so looking often costs nothing."
)


def development(path: Path, unit: str = "") -> Chart:
    """Draw how an estimate and its interval came about, request by request."""
    write = writer(path)
    title = f"{NAMES[path.name]}: {_now(path, write, unit)}"
    return Chart(
        title=title,
        drawing=image(_alternative(path, title, write), _SIZE, *_drawn(path, write)),
        note=f"{NOTE} {_allowed(path, write)}",
        figures=_figures(path, write, unit),
    )


_SIZE: dict[str, str | float] = {"class": "chart", "width": "100%", "height": HEIGHT}


def writer(path: Path) -> Written:
    """Return how the values of a path are written."""
    if path.measure == "share":
        return percent
    if path.measure == "change":
        return lambda value: percent(value, signed=True)
    return lambda value: number(value, signed=True)


def _now(path: Path, write: Written, unit: str) -> str:
    shown = f"{write(path.estimates[-1])} {unit if path.measure == 'number' else ''}".strip()
    ends = path.intervals[-1]
    return f"{shown}, {between(ends, write)}" if ends else f"{shown}, no interval yet"


def _allowed(path: Path, write: Written) -> str:
    if path.low is not None and path.high is not None:
        return f"Shaded: beyond the limits, {write(path.low)} and {write(path.high)}."
    if path.high is not None:
        return f"Shaded: beyond the limit of {write(path.high)}."
    return ""


def _alternative(path: Path, title: str, write: Written) -> str:
    known = [(n, e) for n, e in zip(path.units, path.intervals, strict=True) if e is not None]
    first = (
        f" The first interval, after {count(known[0][0])} units, was {between(known[0][1], write)}."
        if known
        else ""
    )
    return f"{title}, after {count(path.units[-1])} units.{first} {_allowed(path, write)}".strip()


def reach(path: Path) -> tuple[float, float]:
    """Return the ends of what is drawn: limits, estimates, and the intervals of the later half."""
    half = len(path.units) // 2
    ends = [end for interval in path.intervals[half:] if interval for end in interval]
    seen = [value for value in path.estimates[len(path.units) // 10 :] if value is not None]
    limits = [limit for limit in (path.low, path.high) if limit is not None]
    low, high = widened(min([0.0, *ends, *seen, *limits]), max([0.0, *ends, *seen, *limits]))
    return (max(low, 0.0) if path.measure == "share" else low), high


def _drawn(path: Path, write: Written) -> list[Markup]:
    low, high = reach(path)
    vertical = Scale(low, high, HEIGHT - BOTTOM, TOP)
    most = max(path.units[-1], 2)
    last = path.estimates[-1]
    drawn = [*_beyond(path, vertical), grid(vertical, write), _plane(path, vertical, most)]
    drawn += [
        _limit(limit, vertical, write) for limit in (path.low, path.high) if limit is not None
    ]
    if last is not None:
        drawn.append(
            element("circle", {"class": "now", "cx": "100%", "cy": vertical(last), "r": 4})
        )
    across = Scale(0.0, float(most), 0.0, 100.0)
    drawn.append(
        below(across, lambda value: count(round(value or 0)), HEIGHT - 4, "units compared")
    )
    return drawn


def _beyond(path: Path, vertical: Scale) -> list[Markup]:
    """Shade what is not allowed."""
    drawn = []
    for limit, edge in ((path.high, vertical.high), (path.low, vertical.low)):
        if limit is not None:
            top, bottom = sorted((vertical(limit), vertical(edge)))
            drawn.append(
                element(
                    "rect",
                    {"class": "beyond", "x": 0, "y": top, "width": "100%", "height": bottom - top},
                )
            )
    return drawn


def _limit(limit: float, vertical: Scale, write: Written) -> Markup:
    y = vertical(limit)
    line = element("line", {"class": "limit", "x1": 0, "x2": "100%", "y1": y, "y2": y})
    text = element(
        "text",
        {"class": "limit", "x": "99.5%", "y": y - 5, "text-anchor": "end"},
        f"limit {write(limit)}",
    )
    return line + text


def _plane(path: Path, vertical: Scale, most: int) -> Markup:
    """Draw band and line on a plane of its own, which stretches without thickening lines."""
    across = Scale(0.0, float(most), 0.0, INNER)
    known = [
        (across(units), interval)
        for units, interval in zip(path.units, path.intervals, strict=True)
        if interval is not None
    ]
    upper = [(x, vertical(interval[1])) for x, interval in known]
    lower = [(x, vertical(interval[0])) for x, interval in reversed(known)]
    line = [
        (across(units), vertical(value))
        for units, value in zip(path.units, path.estimates, strict=True)
        if value is not None
    ]
    return element(
        "svg",
        {
            "x": 0, "y": 0, "width": "100%", "height": HEIGHT,
            "viewBox": f"0 0 {INNER:g} {HEIGHT:g}", "preserveAspectRatio": "none",
        },
        element("polygon", {"class": "band", "points": points(upper + lower)}),
        element(
            "polyline",
            {"class": "line", "points": points(line), "vector-effect": "non-scaling-stroke"},
        ),
    )  # fmt: skip


def _figures(path: Path, write: Written, unit: str) -> Table:
    step = max(1, -(-len(path.units) // MOST_ROWS))
    places = sorted({*range(len(path.units) - 1, -1, -step)})
    rows = [
        (
            count(path.units[at]),
            write(path.estimates[at]),
            between(path.intervals[at], write),
        )
        for at in places
    ]
    measured = f" ({unit})" if unit and path.measure == "number" else ""
    return table(
        f"{NAMES[path.name]} over time",
        ("Units", f"Estimate{measured}", f"Interval at {100 * (1 - path.level):.3g} %"),
        rows,
    )
