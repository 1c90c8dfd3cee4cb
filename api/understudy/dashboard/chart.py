"""A chart as a page shows it: the drawing, the sentence, and the figures in a table."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from understudy.dashboard.scale import Scale, round_values
from understudy.dashboard.svg import element
from understudy.dashboard.table import Table
from understudy.presentation.numbers import SPACE

Written = Callable[[float | None], str]

TOP, BOTTOM = 18.0, 24.0
"""Room in pixels for the label of the highest grid line and for those of the axis below."""


@dataclass(frozen=True)
class Chart:
    """A drawing under its `title`, how to read it, and all its figures as a table."""

    title: str
    drawing: Markup
    note: str
    figures: Table


def grid(vertical: Scale, write: Written, most: int = 5) -> Markup:
    """Draw a line right across for each round value, with the value written on it."""
    drawn = []
    for value in round_values(vertical.low, vertical.high, most):
        y = vertical(value)
        kind = "zero" if value == 0 else "grid"
        drawn.append(element("line", {"class": kind, "x1": 0, "x2": "100%", "y1": y, "y2": y}))
        drawn.append(element("text", {"class": "tick", "x": 0, "y": y - 4}, _tick(value, write)))
    return Markup("").join(drawn)


def below(across: Scale, write: Written, y: float, name: str, most: int = 5) -> Markup:
    """Write round values under a drawing, and at its right end what they are."""
    drawn = []
    for value in round_values(across.low, across.high, most):
        place = across(value)
        if place > 80:
            continue  # there stands the name
        anchor = "start" if place < 4 else "middle"
        drawn.append(
            element(
                "text",
                {"class": "tick", "x": across.percent(value), "y": y, "text-anchor": anchor},
                write(value),
            )
        )
    drawn.append(
        element("text", {"class": "tick", "x": "100%", "y": y, "text-anchor": "end"}, name)
    )
    return Markup("").join(drawn)


def _tick(value: float, write: Written) -> str:
    """Write a round value without the digit that says nothing."""
    return write(value).replace(f".0{SPACE}%", f"{SPACE}%")
