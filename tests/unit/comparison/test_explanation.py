"""The explanation of disagreement: rules in words, told by data they were not made from."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Evidence
from understudy.comparison.explanation import Explanation, explain
from understudy.comparison.rows import read_rows

N = 4000


def _houses(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    built = rng.integers(1900, 2011, N).astype(float)
    built[rng.random(N) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "YearBuilt": built,
            "Neighborhood": rng.choice(["NridgHt", "OldTown", "NAmes"], N, p=[0.3, 0.3, 0.4]),
            "LotArea": rng.normal(9000, 2000, N),
            "Id": np.arange(N),
        }
    )


def _explained(houses: pd.DataFrame, d: np.ndarray, order: np.ndarray) -> Explanation | None:
    live = np.random.default_rng(9).normal(180_000, 40_000, len(houses))
    names = np.array([f"house-{i:05d}" for i in range(len(houses))])
    evidence = Evidence(live=live[order], shadow=(live + d)[order], units=names[order])
    rows = read_rows(evidence)
    columns = houses.iloc[order].iloc[rows.units.order].reset_index(drop=True)
    return explain(rows, columns)


def _noise(scale: float = 1000.0) -> np.ndarray:
    return np.random.default_rng(5).normal(0, scale, N)


def test_what_drives_the_difference_is_said_in_words() -> None:
    """New houses on one hill are dearer, houses without a year cheaper; the rest is noise."""
    houses = _houses()
    high = (houses["YearBuilt"] > 1998) & (houses["Neighborhood"] == "NridgHt")
    d = np.where(high, 9000.0, np.where(houses["YearBuilt"].isna(), -4000.0, 0.0)) + _noise()
    found = _explained(houses, d, np.arange(N))
    assert found is not None
    told = {rule.text: rule for rule in found.rules}
    top = found.rules[0]
    assert set(top.text.split(" and ")) == {"YearBuilt above 1998", "Neighborhood is NridgHt"}
    assert top.mean_difference == pytest.approx(9000, abs=400)
    assert top.share == pytest.approx(float(high.mean()), abs=0.01)
    assert told["YearBuilt is missing"].mean_difference == pytest.approx(-4000, abs=400)
    assert 0.6 < found.explained < 0.95
    assert [name for name, _ in found.features] == ["YearBuilt", "Neighborhood"]
    assert sum(rule.share for rule in found.rules) == pytest.approx(1.0)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["explained"] == found.explained


def test_missing_goes_with_the_low_side_in_words_too() -> None:
    """Where missing and low are alike, the rule says so."""
    houses = _houses()
    d = np.where(houses["YearBuilt"] > 1950, 5000.0, 0.0) + _noise()
    found = _explained(houses, d, np.arange(N))
    assert found is not None
    assert {rule.text for rule in found.rules} == {
        "YearBuilt above 1950",
        "YearBuilt at most 1950 or missing",
    }


def test_levels_are_named_or_listed_as_what_is_not() -> None:
    """The last level that is left is named; of several, those that it is not are listed."""
    houses = _houses()
    heights = houses["Neighborhood"].map({"NridgHt": 8000.0, "OldTown": 4000.0, "NAmes": 0.0})
    found = _explained(houses, heights.to_numpy() + _noise(), np.arange(N))
    assert found is not None
    told = [rule.text for rule in found.rules]
    assert told == [f"Neighborhood is {name}" for name in ("NridgHt", "OldTown", "NAmes")]
    high = np.where(houses["Neighborhood"] == "NridgHt", 8000.0, 0.0)
    found = _explained(houses, high + _noise(), np.arange(N))
    assert found is not None
    assert found.rules[1].text == "Neighborhood is not NridgHt"


def test_noise_is_not_explained() -> None:
    """A tree always finds something in the half it grew on; the other half shows that it is not."""
    found = _explained(_houses(), _noise(), np.arange(N))
    assert found is not None
    assert (found.rules, found.features) == ((), ())
    assert found.explained <= 0.01


def test_the_order_of_rows_does_not_matter() -> None:
    """Not even in the last bit."""
    houses = _houses()
    d = np.where(houses["YearBuilt"] > 1998, 4000.0, 0.0) + _noise()
    shuffled = np.random.default_rng(1).permutation(N)
    assert _explained(houses, d, np.arange(N)) == _explained(houses, d, shuffled)


def test_labels_that_differ_are_explained_as_a_share() -> None:
    """Without numbers the difference is whether the labels differ."""
    houses = _houses()
    rng = np.random.default_rng(2)
    live = rng.choice(["a", "b"], N)
    flips = rng.random(N) < np.where(houses["Neighborhood"] == "OldTown", 0.6, 0.02)
    shadow = np.where(flips, np.where(live == "a", "b", "a"), live)
    evidence = Evidence(
        live=None, shadow=None, task="multiclass", live_labels=live, shadow_labels=shadow
    )
    found = explain(read_rows(evidence), houses)
    assert found is not None
    assert found.rules[0].text == "Neighborhood is OldTown"
    assert found.rules[0].mean_difference == pytest.approx(0.6, abs=0.06)


def test_there_is_no_explanation_of_nothing() -> None:
    """Identical answers, no usable column, or a handful of units."""
    houses = _houses()
    assert _explained(houses, np.zeros(N), np.arange(N)) is None
    assert _explained(houses[["Id"]], _noise(), np.arange(N)) is None
    assert _explained(houses.iloc[:150], _noise()[:150], np.arange(150)) is None


def test_reading_an_explanation_does_not_load_scikit_learn() -> None:
    """Only growing the tree does; a command that prints one must not wait for it."""
    code = "import sys, understudy.comparison.explanation; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
