"""Columns made of tallies count up to the same, and are as far apart as the rows were."""

import numpy as np
import pandas as pd
import pytest

from understudy.comparison.columns import Kind
from understudy.comparison.counted import columns_of
from understudy.comparison.drift import drift
from understudy.comparison.family import Family
from understudy.comparison.tallies import Tally

KINDS: dict[str, Kind] = {
    "area": "numeric",
    "garage": "numeric",
    "rooms": "numeric",
    "zone": "categorical",
    "is_new": "categorical",
    "note": "text",
}


def houses(rows: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Return columns of each kind, with missing values, noughts and ties."""
    rng = np.random.default_rng(seed)
    absent = rng.random(rows) < 0.1
    garage = np.where(rng.random(rows) < 0.3, 0.0, rng.gamma(2, 20, rows))
    return pd.DataFrame(
        {
            "area": np.where(absent, np.nan, rng.normal(100 + shift, 20, rows)),
            "garage": garage,
            "rooms": rng.integers(1, 6, rows),
            "zone": rng.choice(["a", "b", "c", "\x00others"], rows),
            "is_new": rng.choice([True, False], rows),
            "note": pd.Series(np.where(absent, None, "sunny"), dtype=object),
        }
    )


@pytest.fixture
def family() -> Family:
    """Return the checks against a sample."""
    return Family.of(houses(3000, 1), kinds=KINDS)


def test_the_columns_count_up_to_the_tallies(family: Family) -> None:
    """Once more counted, every figure is the same, but for where what lies outside stands."""
    kept = family.tally(houses(2000, 2, shift=30))
    again = family.tally(columns_of(family, kept))
    for name, tally in kept.items():
        said, found = tally.to_json(), again[name].to_json()
        for part in ("rows", "missing", "cells", "levels"):
            assert found[part] == said[part], (name, part)


def test_nothing_counted_gives_no_rows(family: Family) -> None:
    """An empty frame has its columns all the same."""
    found = columns_of(family, {name: Tally() for name in KINDS})
    assert list(found) == list(KINDS)
    assert len(found) == 0


def test_two_of_them_are_as_far_apart_as_the_rows_were(family: Family) -> None:
    """Every effect of the rows is there within a thousandth, and p-values are no smaller."""
    before, after = houses(2000, 3), houses(2000, 4, shift=8)
    plain = drift(before, after, kinds=KINDS)
    counted = drift(
        columns_of(family, family.tally(before)),
        columns_of(family, family.tally(after)),
        kinds=KINDS,
    )
    shown = {(one.column, one.finding): one for one in counted.findings}
    assert {(one.column, one.finding) for one in plain.findings} == set(shown)
    for one in plain.findings:
        other = shown[one.column, one.finding]
        assert (other.effect or 0) <= (one.effect or 0) + 1e-12, (one.column, one.finding)
        if one.finding != "tail":
            assert other.effect == pytest.approx(one.effect, abs=0.003)
    assert shown["area", "distribution"].alarm


def test_what_lies_beyond_the_reference_on_one_side_only_is_seen(family: Family) -> None:
    """Wrong units land beyond the last edge, where a week before nothing was."""
    before, after = houses(2000, 3), houses(2000, 4)
    after.loc[:79, "area"] *= 100
    found = drift(
        columns_of(family, family.tally(before)),
        columns_of(family, family.tally(after)),
        kinds=KINDS,
    )
    assert ("area", "tail") in {(one.column, one.finding) for one in found.alarms}
