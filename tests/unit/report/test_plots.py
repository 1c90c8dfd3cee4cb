"""Plots can be drawn for everything a comparison may hold."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from understudy.comparison import Coverage, Evidence, compare
from understudy.comparison.explanation import Rule
from understudy.comparison.paths import Path, paths
from understudy.comparison.quality import ReliabilityBin
from understudy.comparison.series import Group, label_table, loss_by_quarter, read_series
from understudy.comparison.shapes import binned, shape_of
from understudy.comparison.slices import Slice
from understudy.comparison.standing import standings
from understudy.report import plots

Make = Callable[..., Evidence]


def _drawn(figure: Figure) -> str:
    svg = plots.to_svg(figure)
    assert svg.rstrip().endswith("</svg>")
    return svg


def _texts(figure: Figure) -> list[str]:
    _drawn(figure)
    (axes,) = figure.axes
    legend = axes.get_legend()
    labels = [*axes.get_yticklabels(), *axes.get_xticklabels(), axes.xaxis.label, axes.yaxis.label]
    return [t.get_text() for t in [*labels, *(legend.get_texts() if legend else [])]]


def test_the_same_figure_is_the_same_svg() -> None:
    """No date, no random ids."""
    bar = Coverage(recorded=3, compared=2, waiting=1)
    assert _drawn(plots.coverage_bar(bar)) == _drawn(plots.coverage_bar(bar))


def test_coverage_names_only_the_parts_there_are() -> None:
    """An empty log has a bar without parts."""
    texts = _texts(plots.coverage_bar(Coverage(recorded=1500, compared=1400, failed=100)))
    assert [text for text in texts if text[-1:].isdigit() and " " in text] == [
        "compared 1,400", "failed 100",
    ]  # fmt: skip
    _drawn(plots.coverage_bar(Coverage(recorded=0, compared=0)))


def test_drift_of_many_features_keeps_their_names(prices: Make) -> None:
    """A hundred features and names with signs of mathematics are drawn as they are."""
    report = compare(prices(features=110)).input_drift
    assert report is not None
    found = standings(report, 20)
    texts = _texts(plots.drift_effects(found))
    assert "moved $a$ <b> · distribution" in texts
    missing = [s.finding for s in standings(report) if s.finding.finding == "missing"]
    assert {"training", "live"} <= set(_texts(plots.missing_shares(missing[:5])))
    _drawn(plots.drift_effects(()))
    _drawn(plots.missing_shares(()))


@pytest.mark.parametrize(
    ("values", "kind"),
    [([1.5, 2.5] * 20, "numeric"), ([2006, 2007], "numeric"), (["a$", "b"], "categorical"),
     (["only"], "categorical"), (list(np.arange(50.0)), "numeric")],
)  # fmt: skip
def test_distributions_of_every_kind(values: list[object], kind: str) -> None:
    """Numbers, few numbers, categories, one category."""
    column = pd.Series(values)
    shape = shape_of(column, column, kind)  # type: ignore[arg-type]
    assert shape is not None
    assert {"training", "live"} <= set(_texts(plots.distribution(shape)))


def test_pairs_of_a_regression(prices: Make) -> None:
    """Axes say what is on them and in which unit; years have no comma, prices have."""
    evidence = prices()
    found, series = compare(evidence), read_series(evidence)
    assert series.live is not None
    assert series.shadow is not None
    texts = _texts(plots.scatter(series.live, series.shadow, "price (USD)"))
    assert "live: price (USD)" in texts
    assert any("," in text for text in texts)
    assert series.middle is not None
    assert series.difference is not None
    _drawn(plots.bland_altman(series.middle, series.difference, 5.0, (-10.0, 10.0), "USD"))
    _drawn(plots.quantiles(series.live, series.shadow, "USD"))
    _drawn(plots.distribution(binned(series.live, series.shadow), ("live", "shadow")))
    for path in paths(evidence, found.policy, found.level):
        texts = _texts(plots.development(path, "label"))
        assert {"estimate", "interval", "limit", "label"} <= set(texts)
    quarters = loss_by_quarter(evidence, found.policy)
    assert any("quarter 4" in t for t in _texts(plots.error_by_group(quarters, "error")))


def test_a_path_without_any_interval_can_be_drawn() -> None:
    """All alike so far: a line and its limits."""
    path = Path("loss", "change", (10, 20), (0.0, None), (None, None), None, 0.005, 0.05)
    texts = _texts(plots.development(path, "x"))
    assert "interval" not in texts
    assert "0 %" in texts


def test_small_numbers_of_points_and_constants_can_be_drawn() -> None:
    """One pair, all equal."""
    one = np.array([5.0])
    _drawn(plots.scatter(one, one, "x"))
    _drawn(plots.bland_altman(one, one * 0, 0.0, (0.0, 0.0), "x"))


def test_of_many_points_some_are_drawn() -> None:
    """A million pairs do not make a file of a hundred megabytes."""
    many = np.random.default_rng(0).normal(size=300_000)
    assert len(_drawn(plots.scatter(many, many, "x"))) < 400_000


@pytest.mark.parametrize("classes", [1, 3, 14])
def test_labels_are_crossed(classes: int) -> None:
    """From one class to more than can be written into the cells."""
    names = [f"class {n}" for n in range(classes)] * 3
    evidence = Evidence(
        live=None, shadow=None, task="multiclass", live_labels=names, shadow_labels=names
    )
    found = label_table(read_series(evidence))
    assert found is not None
    assert "label of live" in _texts(plots.label_matrix(*found))


def test_groups_are_named_by_their_range_or_their_class() -> None:
    """Shares have per cent at their axis."""
    groups = [Group("", 1e5, 2.5e5, 9, 1.0, 2.0), Group("", 3.0, 3.0, 1, 1.0, 2.0)]
    assert {"100k–250k", "3"} <= set(_texts(plots.error_by_group(groups, "error")))
    groups = [Group(f"class {n}", None, None, 9, 0.1, 0.2) for n in range(7)]
    texts = _texts(plots.error_by_group(groups, "rate", is_share=True))
    assert "class 3\n(9)" in texts
    assert any(text.endswith(" %") for text in texts)


def _written(figure: Figure) -> list[str]:
    """Return the names over the rows."""
    _drawn(figure)
    return [text.get_text() for text in figure.axes[0].texts]


def test_slices_are_named_over_their_rows() -> None:
    """The bad one says so; one without an interval is a dot; a long name is cut."""
    part = Slice(
        "zone = Hill", (("zone", "= Hill"),), 120, 130, 1.0, 1.4, 0.4, (0.2, 0.6), 0.0, 0.0,
        True, 3.0, (),
    )  # fmt: skip
    other = replace(part, name="x" * 200, is_bad=False, interval=None, effect=None)
    names = _written(plots.slice_errors([part, other], 0.1, "change"))
    assert names[0] == "zone = Hill  (120 units)   BAD"
    assert names[1].endswith("…")
    assert _written(plots.slices_apart([part], 2.0, "apart")) == ["zone = Hill  (120 units)"]
    assert "all instances" not in _texts(plots.slices_apart([other], None, "apart"))


def test_rules_are_drawn_as_bars_under_their_words() -> None:
    """With the share of the instances before the words, which may be long."""
    rules = [Rule("area above 9", 30, 0.125, 4.0), Rule("area at most 9", 210, 0.875, -1.0)]
    assert [name.replace("\u00a0", " ") for name in _written(plots.rule_bars(rules, "d"))] == [
        "12.5 % of instances: area above 9", "87.5 % of instances: area at most 9",
    ]  # fmt: skip


def test_reliability_shows_both_models_against_the_line() -> None:
    """A dot per bin that holds something, with its interval."""
    bins = {
        "live": (
            ReliabilityBin(0.0, 0.1, 40, 0.05, 0.1, (0.04, 0.23)),
            ReliabilityBin(0.1, 0.2, 0, None, None, None),
        ),
        "shadow": (ReliabilityBin(0.9, 1.0, 9, 0.95, 1.0, (0.7, 1.0)),),
    }
    texts = _texts(plots.reliability(bins))
    assert {"live", "shadow", "predicted probability", "came true"} <= set(texts)
