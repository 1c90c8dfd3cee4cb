"""Small pictures: drawn as plain SVG, told in words, safe whatever a name holds."""

import re

import numpy as np
import pandas as pd

from understudy.comparison.shapes import shape_of
from understudy.report.small import overlay, sparkline


def test_a_sparkline_ends_at_the_newest_look() -> None:
    """The largest effect touches the top, nought the ground; the text has the figures."""
    html = sparkline([0.0, 0.2, None, 0.1], "age: missing").html
    points = re.findall(r"([\d.]+),([\d.]+)", html)
    assert [float(y) for _, y in points[:3]] == [19.0, 3.0, 11.0]
    assert float(points[2][0]) == 77.0
    assert 'aria-label="age: missing at each look: 0, 0.2, 0.1"' in html
    assert sparkline([None], "x").html == "–"
    assert "circle" in sparkline([0.3], "x").html


def test_two_samples_lie_over_each_other() -> None:
    """Numbers as an area and a line, levels as two bars each, with their shares in the text."""
    rng = np.random.default_rng(0)
    numbers = shape_of(pd.Series(rng.normal(size=300)), pd.Series(rng.normal(size=300)), "numeric")
    assert numbers is not None
    drawn = overlay(numbers, "size").html
    assert drawn.count("<polygon") == drawn.count("<polyline") == 1
    before, after = pd.Series(["a"] * 3 + ["<b>"]), pd.Series(["a", "<b>"] * 2)
    levels = shape_of(before, after, "categorical")
    assert levels is not None
    bars = overlay(levels, "zone <i>").html
    assert bars.count("<rect") == 4
    assert "a 75% then 50%" in bars
    assert "<b>" not in bars
    assert "<i>" not in bars
