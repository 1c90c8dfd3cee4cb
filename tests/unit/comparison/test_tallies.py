"""Tallies merge, and a test of merged counts says what a test of the values says."""

import json

import numpy as np
import pandas as pd
import pytest

from understudy.comparison.checks import checks_of
from understudy.comparison.finding import Finding
from understudy.comparison.reference import Column
from understudy.comparison.tallies import MOST_NEW_LEVELS, OTHERS, Tally, coarser, count_cells

RNG = np.random.default_rng(30)
REFERENCES = {
    "normal": RNG.normal(size=900),
    "many": RNG.normal(size=6000),
    "few": RNG.poisson(2, 2000).astype(float),
    "sparse": np.where(RNG.random(3000) < 0.8, 0.0, RNG.exponential(size=3000)),
    "tied": np.where(RNG.random(3000) < 0.2, 7.0, RNG.normal(5, 2, 3000)),
    "constant": np.full(300, 4.0),
    "nothing": np.full(300, np.nan),
    "noughts": np.zeros(300),
    "level": RNG.choice(["a", "b", "c"], 2000, p=[0.7, 0.2, 0.1]),
    "rare": RNG.zipf(1.6, 2000).astype(str),
}


def _column(name: str) -> Column:
    kind = "categorical" if name in ("level", "rare") else "numeric"
    return Column(name, kind, pd.Series(REFERENCES[name]))


def _current(name: str, rows: int = 1500) -> "pd.Series[object]":
    """Draw from the reference, with a few values missing, infinite, moved or never seen."""
    rng = np.random.default_rng(31)
    values = pd.Series(rng.choice(REFERENCES[name], rows)).astype(object)
    values[:20] = None
    values[20:50] = "new" if name in ("level", "rare") else np.inf
    if name not in ("level", "rare"):
        values[50:200] = values[50:200].astype(float) + 0.4
    return values


def _merged(column: Column, values: "pd.Series[object]") -> Tally:
    parts = [column.tally(values[start : start + 400]) for start in range(0, len(values), 400)]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.merge(part)
    return Tally.from_json(json.loads(json.dumps(whole.to_json())))


@pytest.mark.parametrize("name", REFERENCES)
def test_merged_counts_say_what_the_values_say(name: str) -> None:
    """Parts tallied apart, stored and merged: the same findings, D within a thousandth."""
    column, values = _column(name), _current(name)
    whole = column.tallier(values)(len(values))
    for check in checks_of(column):
        exact, merged = check.at(whole, 0.01), check.at(_merged(column, values), 0.01)
        _assert_same(exact, merged)


def _assert_same(exact: Finding, merged: Finding) -> None:
    assert merged.test == exact.test
    assert (merged.n_reference, merged.n_current) == (exact.n_reference, exact.n_current)
    near = {"abs": 0.0011} if exact.effect_name == "D" else {"rel": 1e-12}
    assert merged.effect == pytest.approx(exact.effect, **near)
    assert merged.interval == pytest.approx(exact.interval, **near)
    if exact.effect_name != "D" or exact.test == "2×K chi-square":
        assert merged.p_value == pytest.approx(exact.p_value)


def test_the_gap_is_exact_when_every_reference_value_is_an_edge() -> None:
    """Up to a thousand reference values nothing is lost by counting."""
    column, values = _column("normal"), _current("normal")
    (check,) = [check for check in checks_of(column) if check.finding == "distribution"]
    exact = check.at(column.tallier(values)(len(values)), 0.01)
    merged = check.at(_merged(column, values), 0.01)
    assert merged.effect == exact.effect
    assert merged.p_value == pytest.approx(exact.p_value, rel=1e-9)


@pytest.mark.parametrize("name", REFERENCES)
def test_an_empty_tally_changes_nothing_and_is_measured_without_a_warning(name: str) -> None:
    """Before the first row there is a tally already."""
    column, values = _column(name), _current(name)
    empty, some = column.tally(values[:0]), column.tally(values)
    assert some.merge(empty).to_json() == some.to_json() == empty.merge(some).to_json()
    for check in checks_of(column):
        assert check.at(empty, 0.01).p_value is None


def test_levels_without_end_are_counted_together() -> None:
    """A column of free texts keeps a thousand new levels and the number of all others."""
    column = Column("x", "categorical", pd.Series(["a", "b"] * 50))
    tally = column.tally(pd.Series([f"text {n}" for n in range(3000)] + ["a"]))
    assert tally.levels is not None
    assert len(tally.levels) == MOST_NEW_LEVELS + 2
    assert tally.levels[OTHERS] == 2000
    (never,) = [check for check in checks_of(column) if check.finding == "never seen"]
    assert never.at(tally, 0.05).details["current_share"] == pytest.approx(3000 / 3001)


def test_a_coarse_ruler_counts_like_one_that_was_laid_at_once() -> None:
    """Cells of a fine ruler add up to those of any ruler with some of its edges."""
    values = np.random.default_rng(32).integers(0, 40, 500) / 4
    fine, coarse = np.arange(0, 11, 0.5), np.array([1.0, 2.5, 7.0])
    counted = coarser(count_cells(values, fine), fine, coarse)
    assert counted.tolist() == count_cells(values, coarse).tolist()
