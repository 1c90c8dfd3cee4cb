"""Pictures small enough to stand many beside each other: lines and shapes as plain SVG."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from understudy.comparison.shapes import Shape
from understudy.presentation.canvas import shortened
from understudy.presentation.numbers import short
from understudy.report.exhibits import Exhibit

WIDTH, HEIGHT = 220, 90
LINE = 13


def sparkline(values: Sequence[float | None], name: str) -> Exhibit:
    """Draw values in their order from nought up, the newest marked; one alone is a dot."""
    known = [(place, abs(value)) for place, value in enumerate(values) if value is not None]
    if not known:
        return Exhibit("–")
    top, last = max(value for _, value in known) or 1.0, max(1, len(values) - 1)
    at = [(3 + 74 * place / last, 19 - 16 * value / top) for place, value in known]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    text = f"{name} at each look: {', '.join(f'{value:.3g}' for _, value in known)}"
    return _svg(
        80,
        22,
        text,
        '<line class="axis" x1="3" x2="77" y1="19" y2="19"/>'
        f'<polyline class="live line" points="{path}"/>'
        f'<circle class="live" cx="{at[-1][0]:.1f}" cy="{at[-1][1]:.1f}" r="2.5"/>',
    )


def overlay(shape: Shape, name: str) -> Exhibit:
    """Draw training as an area and live as a line over it, or both as bars per level."""
    if shape.edges is None:
        return _levels(shape, name)
    top = float(max(shape.reference.max(), shape.current.max())) or 1.0
    area, line = (_steps(side / top, HEIGHT - 16) for side in (shape.reference, shape.current))
    low, high = short(float(shape.edges[0])), short(float(shape.edges[-1]))
    base = HEIGHT - 16
    return _svg(
        WIDTH,
        HEIGHT,
        f"{name}: distribution in training and live, from {low} to {high}",
        f'<polygon class="training" points="0,{base} {area} {WIDTH},{base}"/>'
        f'<polyline class="live line" points="{line}"/>'
        f'<line class="axis" x1="0" x2="{WIDTH}" y1="{base}" y2="{base}"/>'
        f'<text x="0" y="{HEIGHT - 3}">{low}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT - 3}" text-anchor="end">{high}</text>',
    )


def _steps(heights: NDArray[np.float64], base: int) -> str:
    width = WIDTH / len(heights)
    return " ".join(
        f"{x:.1f},{base * (1 - 0.95 * height):.1f}"
        for place, height in enumerate(heights)
        for x in (place * width, (place + 1) * width)
    )


def _levels(shape: Shape, name: str) -> Exhibit:
    levels = shape.levels or ()
    top = float(max(shape.reference.max(), shape.current.max())) or 1.0
    bars = "".join(
        f'<text x="78" y="{place * LINE + 10}" text-anchor="end">{escape(shortened(level, 13))}'
        "</text>"
        f'<rect class="training" x="82" y="{place * LINE + 1}" width="{134 * before / top:.1f}"'
        ' height="5"/>'
        f'<rect class="live" x="82" y="{place * LINE + 6}" width="{134 * after / top:.1f}"'
        ' height="5"/>'
        for place, (level, before, after) in enumerate(
            zip(levels, shape.reference, shape.current, strict=True)
        )
    )
    said = ", ".join(
        f"{level} {before:.0%} then {after:.0%}"
        for level, before, after in zip(levels, shape.reference, shape.current, strict=True)
    )
    height = LINE * len(levels) + 2
    return _svg(WIDTH, height, f"{name}: shares in training, then live: {said}", bars)


def _svg(width: int, height: int, label: str, inside: str) -> Exhibit:
    return Exhibit(
        f'<svg class="tiny" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(label)}">{inside}</svg>'
    )
