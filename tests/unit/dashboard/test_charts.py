"""Each chart draws its figures to scale, tells them in words, and lists them."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from understudy.comparison.coverage import Coverage
from understudy.comparison.explanation import Rule
from understudy.comparison.guards import Guard, Limits
from understudy.comparison.paths import Path
from understudy.comparison.shapes import Shape
from understudy.dashboard.development import HEIGHT, development, reach
from understudy.dashboard.explained import bar
from understudy.dashboard.histogram import Marks, disagreements
from understudy.dashboard.sparklines import overlay, trend
from understudy.dashboard.strips import coverage_bar, guard_strip, told
from understudy.review.board import Board, histogram

PATH = Path(
    name="loss", measure="change", units=(10, 100, 200, 400),
    estimates=(0.3, 0.1, 0.05, 0.04), intervals=(None, (-0.2, 0.4), (-0.1, 0.2), (-0.05, 0.13)),
    low=None, high=0.02, level=0.05,
)  # fmt: skip


def parse(drawing: str) -> ElementTree.Element:
    """Return the drawing as a tree: it must be well-formed."""
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own text


def of_class(drawing: str, name: str) -> list[ElementTree.Element]:
    """Return the elements of a class."""
    return [one for one in parse(drawing).iter() if name in one.get("class", "").split()]


def test_a_development_tells_its_last_estimate_and_interval() -> None:
    """The title is what a person should remember, and the drawing says the same."""
    chart = development(PATH)
    assert chart.title == "Change of the error: +4.0\xa0%, −5.0\xa0% to +13.0\xa0%"
    label = parse(chart.drawing).get("aria-label", "")
    assert "after 400 units" in label
    assert "first interval, after 100 units, was −20.0\xa0% to +40.0\xa0%" in label
    assert "beyond the limit of +2.0\xa0%" in label


def test_a_band_begins_with_the_first_interval_and_the_line_with_the_first_estimate() -> None:
    """Nothing is drawn where nothing is known."""
    (band,) = of_class(development(PATH).drawing, "band")
    (line,) = [one for one in of_class(development(PATH).drawing, "line") if "points" in one.attrib]
    places = [tuple(map(float, p.split(","))) for p in band.attrib["points"].split()]
    assert len(places) == 6
    assert min(x for x, _ in places) == 250.0
    assert len(line.attrib["points"].split()) == 4
    assert all(0 <= y <= HEIGHT for _, y in places)


def test_the_limit_is_always_in_view() -> None:
    """A chart whose limit lies outside would hide what it is about."""
    far = replace(PATH, high=9.0)
    low, high = reach(far)
    assert low < 0
    assert high > 9.0
    assert of_class(development(far).drawing, "beyond")


def test_a_path_without_any_interval_is_drawn_as_a_line() -> None:
    """Ten units have an estimate and no interval."""
    early = replace(PATH, units=(10,), estimates=(0.3,), intervals=(None,))
    chart = development(early)
    assert chart.title.endswith("no interval yet")
    assert chart.figures.rows == (("10", "+30.0\xa0%", "no interval yet"),)


def test_the_table_of_a_development_ends_with_the_present() -> None:
    """However many steps there are, the last one is listed."""
    many = replace(
        PATH, units=tuple(range(1, 81)), estimates=(0.1,) * 80, intervals=((0.0, 0.2),) * 80
    )
    rows = development(many).figures.rows
    assert rows[-1][0] == "80"
    assert len(rows) <= 17


def test_bars_are_as_high_as_their_counts_and_hatched_beyond_the_tolerance() -> None:
    """Three differences: two within, one beyond."""
    found = histogram(np.array([-1.0, 0.0, 0.0, 40.0]), tolerance=10.0)
    chart = disagreements(found, Marks(10.0), "how far", "USD")
    bars = of_class(chart.drawing, "bar")
    far = of_class(chart.drawing, "far")
    heights = sorted(float(bar.attrib["height"]) for bar in bars)
    assert len(far) == 1
    assert heights[-1] == pytest.approx(max(found.counts) * heights[0], rel=0.01)
    assert "Hatched: further apart than the tolerance of 10\xa0USD." in chart.note
    assert sum(int(row[1]) for row in chart.figures.rows) == 4


def test_a_histogram_counts_what_lies_beyond_its_edges() -> None:
    """No difference is lost, and the note says where the farthest are."""
    values = np.concatenate([np.zeros(1000), [1e6, -1e6]])
    everything = np.concatenate([values, np.linspace(-5, 5, 2000)])
    found = histogram(everything)
    assert sum(found.counts) == 3002
    beyond = int((np.abs(everything) > found.edges[-1]).sum())
    assert found.below + found.above == beyond > 2
    assert f"{beyond} differences beyond them" in disagreements(found, Marks(), "", "").note


def test_the_noise_floor_is_marked_on_both_sides_where_it_is_in_view() -> None:
    """Two lines around zero and a sentence; a floor of nothing has neither."""
    found = histogram(np.linspace(-10, 10, 200))
    chart = disagreements(found, Marks(noise=5.0), "", "USD")
    places = [float(one.attrib["x1"].rstrip("%")) for one in of_class(chart.drawing, "noise")]
    assert places == pytest.approx(
        [50 - 50 * 5 / found.edges[-1], 50 + 50 * 5 / found.edges[-1]], abs=0.01
    )
    assert "Between the dotted lines: the noise floor of 5\xa0USD." in chart.note
    far = disagreements(found, Marks(noise=50.0), "", "USD")
    assert not of_class(far.drawing, "noise")
    none = disagreements(found, Marks(noise=0.0), "", "USD")
    assert not of_class(none.drawing, "noise")
    assert "noise floor" not in none.note


def test_a_bar_of_a_rule_grows_from_nought_to_its_side() -> None:
    """The widest rule fills its side; a distance that cannot be negative has the whole width."""
    up, down = (Rule("zone = Hill", 10, 0.1, mean) for mean in (8.0, -4.0))
    (right,) = of_class(bar(up, 8.0, is_signed=True), "bar")
    (left,) = of_class(bar(down, 8.0, is_signed=True), "bar")
    (whole,) = of_class(bar(up, 8.0, is_signed=False), "bar")
    assert [float(one.attrib["x"]) for one in (right, left, whole)] == [75.0, 38.0, 1.0]
    assert [float(one.attrib["width"]) for one in (right, left, whole)] == [74.0, 37.0, 148.0]


def test_identical_answers_have_a_histogram_too() -> None:
    """All differences zero: one bar in the middle."""
    found = histogram(np.zeros(50))
    assert max(found.counts) == 50
    assert of_class(disagreements(found, Marks(), "same", "").drawing, "bar")


def test_a_trend_says_every_look_and_marks_the_last() -> None:
    """Below its material size the last look is drawn as within, above as beyond."""
    label = parse(trend(((100, 0.5), (200, 2.0)))).get("aria-label", "")
    assert label.endswith("0.5 at 100 units, 2 at 200 units")
    assert of_class(trend(((100, 0.5), (200, 2.0))), "beyond")
    assert of_class(trend(((100, 2.0), (200, 0.5))), "within")
    assert trend(()) == ""


def test_an_overlay_says_where_two_distributions_differ_most() -> None:
    """For bins and for levels alike."""
    edges = np.array([0.0, 1.0, 2.0])
    bins = Shape(edges, None, np.array([0.5, 0.5]), np.array([0.2, 0.7]))
    assert "differ most at 0 to 1: 50.0\xa0% in training, 20.0\xa0% live" in overlay(bins)
    levels = Shape(None, ("<i>", "b"), np.array([0.9, 0.1]), np.array([0.1, 0.9]))
    assert "differ most at <i>:" in parse(overlay(levels)).get("aria-label", "")
    assert overlay(None) == ""


def test_the_parts_of_the_coverage_fill_the_bar() -> None:
    """Widths add up to all of it, and the words to all that was recorded."""
    found = Coverage(recorded=10, compared=5, sampled_out=2, skipped=1, failed=1, waiting=1)
    widths = [float(r.attrib["width"].rstrip("%")) for r in parse(coverage_bar(found)).iter()
              if r.tag == "rect"]  # fmt: skip
    assert sum(widths) == pytest.approx(100)
    assert told(found) == (
        "Of 10 recorded instances: 5 compared (50.0\xa0%), 1 waiting (10.0\xa0%),"
        " 2 sampled out (20.0\xa0%), 1 skipped (10.0\xa0%), 1 failed (10.0\xa0%)"
    )
    assert told(Coverage(0, 0)) == "Nothing has been recorded yet"


def test_a_strip_shows_the_interval_against_what_is_allowed(usual: Board) -> None:
    """A guard that is kept lies within the allowed range, to the pixel."""
    guards = usual.comparison.guards
    for guard in guards:
        assert guard.state == "INSIDE"
        drawing = guard_strip(guard)
        (allowed,), (reach_,) = of_class(drawing, "allowed"), of_class(drawing, "reach")
        left = float(allowed.attrib["x"])
        right = left + float(allowed.attrib["width"])
        assert left - 0.02 <= float(reach_.attrib["x1"])
        assert float(reach_.attrib["x2"]) <= right + 0.02


def test_a_strip_of_an_interval_without_end_stays_in_its_frame() -> None:
    """An early interval is a thousand times the limit."""
    guard = Guard("x", "x", "mean", "OPEN", 0.5, (-1e6, 1e6), Limits(-1.0, 1.0), 0.05, 100, 1.0,
                  0.0, False, 0.05, (None,) * 4)  # fmt: skip
    numbers = re.findall(r'(?:x|x1|x2|cx)="([-\d.]+)"', guard_strip(guard))
    assert all(0 <= float(number) <= 150 for number in numbers)
    assert guard_strip(replace(guard, estimate=None)) == ""


def test_every_trend_has_one_point_per_look(usual: Board) -> None:
    """1200 units have seen the looks at 100, 200, 400 and 800."""
    board: Board = usual
    largest = board.moved[0]
    assert largest.standing.finding.column == "moved <b>"
    assert [units for units, _ in largest.trend] == [100, 200, 400, 800]
    assert largest.trend[-1][1] > 1
