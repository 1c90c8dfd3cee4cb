"""Sparklines: drawings as small as a line of text, for the rows of a table."""

import math

from markupsafe import Markup

from understudy.comparison.shapes import Shape
from understudy.dashboard.scale import Scale
from understudy.dashboard.svg import element, image, points
from understudy.presentation.numbers import count, number, percent
from understudy.review.board import Trend

WIDTH, HEIGHT, ROOM = 120.0, 32.0, 4.0
FARTHEST = 3.0
"""Effects beyond so many times the material size are drawn at the upper edge."""

_SIZE: dict[str, str | float] = {
    "class": "spark", "width": WIDTH, "height": HEIGHT, "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}",
}  # fmt: skip


def trend(found: Trend) -> Markup:
    """Draw an effect at each look, in multiples of its material size (the dashed line)."""
    if not found:
        return Markup("")
    vertical = Scale(0.0, FARTHEST, HEIGHT - ROOM, ROOM)
    across = Scale(0.0, max(1.0, len(found) - 1.0), ROOM, WIDTH - ROOM)
    places = [(across(at), vertical(effect)) for at, (_, effect) in enumerate(found)]
    limit = vertical(1.0)
    last = "beyond" if found[-1][1] > 1 else "within"
    return image(
        "Effect in multiples of its material size: "
        + ", ".join(f"{number(effect)} at {count(units)} units" for units, effect in found),
        _SIZE,
        element("line", {"class": "limit", "x1": 0, "x2": WIDTH, "y1": limit, "y2": limit}),
        element("polyline", {"class": "line", "points": points(places)}),
        *(element("circle", {"class": "look", "cx": x, "cy": y, "r": 1.6}) for x, y in places),
        element("circle", {"class": last, "cx": places[-1][0], "cy": places[-1][1], "r": 3}),
    )


def overlay(shape: Shape | None) -> Markup:
    """Draw the training sample as an area or wide bars, and live traffic over it."""
    if shape is None:
        return Markup("")
    before, after = (list(map(float, side)) for side in (shape.reference, shape.current))
    vertical = Scale(0.0, max(*before, *after, 1e-9), HEIGHT - 1, 1.0)
    drawn = (
        _steps(before, after, vertical) if shape.levels is None else _bars(before, after, vertical)
    )
    return image(_told(shape, before, after), _SIZE, *drawn)


def _steps(before: list[float], after: list[float], vertical: Scale) -> list[Markup]:
    outline = [(0.0, HEIGHT - 1), *_outline(before, vertical), (WIDTH, HEIGHT - 1)]
    return [
        element("polygon", {"class": "training", "points": points(outline)}),
        element("polyline", {"class": "live", "points": points(_outline(after, vertical))}),
    ]


def _outline(shares: list[float], vertical: Scale) -> list[tuple[float, float]]:
    width = WIDTH / len(shares)
    return [
        place
        for at, share in enumerate(shares)
        for place in ((at * width, vertical(share)), ((at + 1) * width, vertical(share)))
    ]


def _bars(before: list[float], after: list[float], vertical: Scale) -> list[Markup]:
    width = WIDTH / len(before)
    drawn = []
    for at, (trained, live) in enumerate(zip(before, after, strict=True)):
        for kind, share, inset in (("training", trained, 0.1), ("bar", live, 0.35)):
            y = vertical(share)
            drawn.append(
                element(
                    "rect",
                    {
                        "class": kind, "x": (at + inset) * width, "y": y,
                        "width": (1 - 2 * inset) * width, "height": HEIGHT - 1 - y,
                    },
                )
            )  # fmt: skip
    return drawn


def _told(shape: Shape, before: list[float], after: list[float]) -> str:
    """Say where training and live traffic differ most."""
    at = max(range(len(before)), key=lambda place: math.fabs(after[place] - before[place]))
    if shape.levels is not None:
        where = shape.levels[at]
    else:
        edges = [] if shape.edges is None else shape.edges.tolist()
        where = f"{number(edges[at])} to {number(edges[at + 1])}"
    return (
        f"Distribution, training and live; they differ most at {where}:"
        f" {percent(before[at])} in training, {percent(after[at])} live"
    )
