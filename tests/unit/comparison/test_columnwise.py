"""One column at a time gives what all columns at once give."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Traffic, drift, drift_by_column
from understudy.comparison.units import Values


def _columns(seed: int, rows: int, shift: float) -> dict[str, Values]:
    rng = np.random.default_rng(seed)
    numbers = rng.normal(shift, 1, rows)
    numbers[rng.random(rows) < 0.05] = np.nan
    return {
        "number": numbers,
        "sparse": np.where(rng.random(rows) < 0.3, 0.0, rng.gamma(2, 1, rows)),
        "few": rng.integers(0, 5, rows).astype(float),
        "level": pd.Series(rng.choice(list("abc"), rows)).astype("category"),
        "object": rng.choice(np.array(["x", "y", None], dtype=object), rows),
        "id": np.arange(rows) + 1.0,
        "constant": np.ones(rows),
    }


@pytest.mark.parametrize("shift", [0.0, 0.3])
@pytest.mark.parametrize("has_units", [False, True])
def test_the_report_is_the_same(shift: float, has_units: bool) -> None:
    """Findings, verdict and counts, with and without units, with columns on one side only."""
    before, after = _columns(1, 3000, 0.0), _columns(2, 2000, shift)
    del before["constant"], after["few"]
    after["level"] = pd.Series(after["level"]).where(np.arange(2000) > 50)
    units = np.arange(2000) // 2 if has_units else None
    wanted = drift(before, Traffic(after, units))
    found = drift_by_column(before, Traffic(after, units), (3000, 2000))
    assert found.findings == wanted.findings
    assert (found.verdict, found.reasons) == (wanted.verdict, wanted.reasons)
    for name in ("kinds", "family", "look", "n_reference", "n_current", "units", "rows"):
        assert getattr(found, name) == getattr(wanted, name)


def test_rows_like_an_earlier_one_are_counted() -> None:
    """Whatever their columns hold."""
    columns = {
        name: pd.concat([pd.Series(values)] * 2) for name, values in _columns(1, 500, 0).items()
    }
    assert drift_by_column(columns, Traffic(columns), (1000, 1000)).repeated == 500


class Lazy(Mapping[str, Values]):
    """Columns that count how often they are asked for."""

    def __init__(self, columns: Mapping[str, Values]) -> None:
        self.columns, self.asked = columns, dict.fromkeys(columns, 0)

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Values:
        self.asked[name] += 1
        return self.columns[name]


def test_columns_are_asked_for_one_at_a_time() -> None:
    """Those of the reference twice, those of the traffic once."""
    before, after = Lazy(_columns(1, 500, 0)), Lazy(_columns(2, 500, 0))
    drift_by_column(before, Traffic(after), (500, 500))
    assert set(before.asked.values()) == {2}
    assert set(after.asked.values()) == {1}
