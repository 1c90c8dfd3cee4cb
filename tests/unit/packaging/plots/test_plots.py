"""The plots of the card show what they say, and are the same bytes every time."""

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from understudy.packaging import plots
from understudy.presentation.canvas import to_svg

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.gamma(8, 20_000, 40_000)
ANSWERS = TRUTH + RANDOM.normal(0, 9_000, 40_000)
SHARES = RANDOM.random(5_000)
HAPPENED = RANDOM.random(5_000) < SHARES
CLASSES = tuple(f"class {i}" for i in range(20))
LABELS = RANDOM.integers(20, size=3_000)
NAMES = plots.Names("mean absolute error", "m:2.0.0", "m:1.0.0")
SLICES = [plots.SliceLoss(f"zone = $Z_{i}$ <&>", 30 + i, 9.0 - i, 5.0 + i) for i in range(8)]

DRAWN: dict[str, Callable[[], Figure]] = {
    "predicted": lambda: plots.predicted_against_true(TRUTH, ANSWERS, "price (EUR)"),
    "errors": lambda: plots.error_by_answer(TRUTH, ANSWERS, "price (EUR)"),
    "calibration": lambda: plots.calibration(SHARES, HAPPENED, "dear"),
    "confusion": lambda: plots.confusion(LABELS, LABELS[::-1], CLASSES),
    "slices": lambda: plots.slice_losses(SLICES, 6.5, NAMES),
}


def axes_of(figure: Figure) -> Axes:
    """Draw a figure and return its first axes."""
    assert to_svg(figure).rstrip().endswith("</svg>")
    return figure.axes[0]


def cells_of(figure: Figure) -> dict[tuple[int, int], str]:
    """Return the numbers of a confusion matrix by row and column."""
    texts = axes_of(figure).texts
    places = [(int(text.get_position()[1]), int(text.get_position()[0])) for text in texts]
    return dict(zip(places, [text.get_text() for text in texts], strict=True))


def labels_of(axes: Axes) -> list[str]:
    """Return the names of the rows of a plot."""
    return [label.get_text() for label in axes.get_yticklabels()]


@pytest.mark.parametrize("name", list(DRAWN))
def test_a_plot_is_the_same_small_file_every_time(name: str) -> None:
    """No date, no random ids, nothing of the style of the session, at most 150 KB."""
    first = to_svg(DRAWN[name]())
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "lines.linewidth": 9}):
        second = to_svg(DRAWN[name]())
    assert first == second
    assert len(first) < 150_000
    assert "<dc:date>" not in first


def test_every_dot_is_a_row_and_at_most_a_thousand_are_drawn() -> None:
    """The line of right answers reaches from the smallest to the largest of both."""
    few = axes_of(plots.predicted_against_true(np.array([1.0, 5.0]), np.array([2.0, 9.0]), "y"))
    assert few.collections[0].get_offsets().tolist() == [[1, 2], [5, 9]]
    assert few.lines[0].get_xydata().tolist() == [[1, 1], [9, 9]]
    many = axes_of(DRAWN["predicted"]())
    assert 900 <= len(many.collections[0].get_offsets()) <= 1000


def test_the_largest_error_is_drawn_wherever_it_stands() -> None:
    """A plot of a part of the rows must not hide it."""
    answers = TRUTH.copy()
    answers[12_345] = -1e6
    dots = np.asarray(
        axes_of(plots.predicted_against_true(TRUTH, answers, "y")).collections[0].get_offsets()
    )
    assert dots[:, 1].min() == -1e6


@pytest.mark.parametrize("rows", [1, 9, 25, 1000])
def test_answers_that_are_all_too_high_lie_above_zero(rows: int) -> None:
    """The dot is the median error of its group; ten groups at most, with ten rows at least."""
    answers = np.arange(rows) + 100.0
    axes = axes_of(plots.error_by_answer(answers - 7, answers, "y"))
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == max(1, min(10, rows // 10))
    assert [float(np.asarray(dot.get_ydata())[0]) for dot in dots] == pytest.approx([7] * len(dots))


def test_probabilities_that_mean_what_they_say_lie_on_the_line() -> None:
    """And those that say too much lie beside it."""

    def gap(figure: Figure) -> float:
        dots = np.asarray(axes_of(figure).lines[-1].get_xydata())
        return float(np.abs(dots[:, 0] - dots[:, 1]).max())

    assert gap(DRAWN["calibration"]()) < 0.06
    assert gap(plots.calibration(SHARES**3, HAPPENED, "dear")) > 0.2


def test_calibration_of_few_rows_of_one_class() -> None:
    """Three rows make one group with an interval that says how little is known."""
    axes = axes_of(plots.calibration(np.array([0.1, 0.2, 0.3]), np.zeros(3, dtype=bool), "$x$"))
    (interval,) = axes.collections
    ends = interval.get_segments()[0][:, 1]  # type: ignore[attr-defined]
    assert ends[0] == pytest.approx(0, abs=1e-9)
    assert ends[1] > 0.5


def test_confusion_counts_every_pair_of_classes() -> None:
    """True classes are rows, predicted ones columns; nothing stands where nothing was."""
    found = cells_of(
        plots.confusion(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), ("a", "b", "c"))
    )
    assert found == {(0, 0): "1", (0, 1): "1", (1, 1): "1", (2, 0): "1"}


def test_a_class_that_the_model_does_not_know_has_a_row_of_its_own() -> None:
    """It can never be answered, so it has no column."""
    figure = plots.confusion(np.array([0, -1, -1]), np.array([0, 1, 1]), ("a", "b"))
    assert cells_of(figure) == {(0, 0): "1", (2, 1): "2"}
    assert labels_of(figure.axes[0]) == ["a", "b", "(unknown)"]
    assert len(figure.axes[0].get_xticklabels()) == 2


def test_of_many_classes_the_most_frequent_are_shown() -> None:
    """The others are one row and one column, so that every row is counted."""
    truth = np.concatenate([np.arange(30), np.full(50, 29)])
    figure = plots.confusion(truth, truth, tuple(f"c{i}" for i in range(30)))
    names = labels_of(axes_of(figure))
    assert len(names) == 20
    assert "c29" in names
    assert names[-1] == "all others"
    assert sum(int(text) for text in cells_of(figure).values()) == len(truth)


def test_slices_stand_in_the_order_given_beside_live() -> None:
    """A name with dollar signs is no formula; without live there is one row of dots."""
    axes = axes_of(DRAWN["slices"]())
    assert labels_of(axes)[0] == "zone = $Z_0$ <&> (30)"
    theirs, ours, overall = axes.lines
    assert np.asarray(ours.get_xdata()).tolist() == [one.loss for one in SLICES]
    assert np.asarray(theirs.get_xdata()).tolist() == [one.live_loss for one in SLICES]
    assert np.asarray(overall.get_xdata()).tolist() == [6.5, 6.5]
    alone = axes_of(plots.slice_losses([plots.SliceLoss("z", 30, 1.0)], None, NAMES))
    assert len(alone.lines) == 1


def test_names_in_any_script_are_drawn_without_a_complaint() -> None:
    """The one font that is the same everywhere lacks some signs, and shows boxes for them."""
    to_svg(plots.slice_losses([plots.SliceLoss("地域 = 東京", 30, 1.0)], None, NAMES))


def test_a_loss_of_thousands_is_no_year() -> None:
    """The ticks of losses and errors part thousands; those of values may be years."""
    slices = [plots.SliceLoss("zone = North", 30, 1_500.0), plots.SliceLoss("none", 40, 6_000.0)]
    axes = axes_of(plots.slice_losses(slices, None, NAMES))
    assert "3,000" in [label.get_text() for label in axes.get_xticklabels()]
    years = np.linspace(1900, 2000, 200)
    axes = axes_of(plots.error_by_answer(years, years + 4_000 * RANDOM.random(200), "year"))
    assert "2,000" in [label.get_text() for label in axes.get_yticklabels()]
    axes = axes_of(plots.predicted_against_true(years, years, "year"))
    assert not any("," in label.get_text() for label in axes.get_xticklabels())
