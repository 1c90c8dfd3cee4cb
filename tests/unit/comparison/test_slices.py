"""Slices: found in one half of the traffic, confirmed in the other."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Evidence, Policy
from understudy.comparison.rows import Rows, read_rows
from understudy.comparison.slices import SliceLook, conclude_slices, slice_look
from understudy.errors import PolicyInvalid

POLICY = Policy().with_defaults(20.0, 16.0)


def _traffic(units: int, bad: float = 0.0, per: int = 1, seed: int = 0) -> pd.DataFrame:
    """Prices and what live and the shadow said; in Old town, a tenth, the shadow errs by more."""
    rng = np.random.default_rng(seed)
    rows = units * per
    town = np.repeat(rng.choice(["Old", "New", "Park"], units, p=[0.1, 0.6, 0.3]), per)
    shared = np.repeat(rng.normal(0, 10, units), per)
    truth = rng.normal(200, 50, rows)
    wider = np.where(town == "Old", 1 + bad, 1.0)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"request-{seed}-{i:06d}" for i in range(units)], per),
            "instance": np.tile(np.arange(per), units),
            "town": town,
            "area": rng.normal(1500, 400, rows),
            "rooms": rng.integers(1, 6, rows),
            "alley": rng.choice(["Paved", None], rows),
            "truth": truth,
            "live": truth + shared + rng.normal(0, 17, rows),
            "shadow": truth + wider * (shared + rng.normal(0, 17, rows)),
        }
    )


def _read(traffic: pd.DataFrame, **more: Any) -> tuple[Rows, pd.DataFrame]:
    evidence = Evidence(
        live=traffic["live"],
        shadow=traffic["shadow"],
        outcomes=traffic["truth"],
        units=traffic["unit"],
        instances=traffic["instance"],
    )
    rows = read_rows(replace(evidence, **more))
    columns = traffic[["town", "area", "rooms", "alley"]]
    return rows, columns.iloc[rows.units.order].reset_index(drop=True)


def _look(traffic: pd.DataFrame, policy: Policy = POLICY, number: int = 5) -> SliceLook:
    rows, columns = _read(traffic)
    return slice_look(rows, columns, None, policy, number, rows.units.count)


def test_a_slice_on_which_the_shadow_is_worse_is_confirmed() -> None:
    """Old town is found among all parts, with the figures and examples of half B alone."""
    traffic = _traffic(6000, bad=0.6)
    look = _look(traffic)
    found = look.tested[0]
    assert (found.name, found.conditions) == ("town = Old", (("town", "= Old"),))
    assert found.is_bad
    assert 0.4 < (found.effect or 0) < 0.8
    assert found.interval is not None
    assert found.interval[0] > 0.1
    assert 0.08 * 3000 < found.units < 0.12 * 3000
    assert [part.is_bad for part in look.tested[1:]] == [False] * 9
    names = traffic["unit"] + "/" + traffic["instance"].astype(str)
    shown = traffic.set_index(names).loc[list(found.examples)]
    assert (shown["town"] == "Old").all()
    widest = (shown["shadow"] - shown["live"]).abs()
    assert widest.is_monotonic_decreasing
    assert found.disagreement is not None
    assert widest.min() > 2 * found.disagreement


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    """Sums run in the order of the hashes of the units, so that not even the last bit differs."""
    traffic = _traffic(1500, bad=0.5, per=2)
    shuffled = traffic.sample(frac=1.0, random_state=1)
    rows, columns = _read(shuffled)
    backwards = columns[columns.columns[::-1]]
    assert slice_look(rows, backwards, None, POLICY, 5, rows.units.count) == _look(traffic)


def test_a_look_reads_back_to_the_last_bit() -> None:
    """What is stored as JSON is what was found."""
    look = _look(_traffic(3000, bad=0.5))
    assert SliceLook.from_json(json.loads(json.dumps(look.to_json(), allow_nan=False))) == look


def test_what_was_confirmed_once_stays_bad() -> None:
    """A later look without the slice keeps it, with the figures that confirmed it."""
    bad, good = _look(_traffic(6000, bad=0.6), number=5), _look(_traffic(7000), number=6)
    report = conclude_slices([good, bad], POLICY)
    assert [part.name for part in report.bad] == ["town = Old"]
    assert report.worst[0] == bad.tested[0]
    assert report.look == 6
    assert report.note == "town = Old was confirmed at the look of 6,000 units and stays"
    assert conclude_slices([good], POLICY).bad == ()


def test_few_units_are_not_searched() -> None:
    """A slice needs a hundred units in each half, and the report says how many there are."""
    look = _look(_traffic(150), number=1)
    assert (look.candidates, look.tested, look.apart) == (0, (), ())
    report = conclude_slices([look], POLICY)
    assert report.note.startswith("not searched yet: a slice needs 100 units in each half")
    assert "there are 150 units" in report.note
    assert conclude_slices([], POLICY).note.startswith("not searched yet")


def test_units_are_counted_and_not_rows() -> None:
    """Seventy-five requests of twenty instances are too few, although they are 1,500 rows."""
    look = _look(_traffic(150, bad=2.0, per=20))
    assert (look.candidates, look.tested) == (0, ())
    enough = _look(_traffic(2500, bad=1.0, per=20)).tested[0]
    assert (enough.name, enough.is_bad, enough.rows) == ("town = Old", True, 20 * enough.units)


def test_without_outcomes_only_disagreement_is_shown() -> None:
    """A part where the models are far apart is no bad slice: nobody knows who is right."""
    traffic = _traffic(6000, bad=2.0)
    rows, columns = _read(traffic, outcomes=None)
    look = slice_look(rows, columns, None, POLICY, 5, 6000)
    assert (look.outcome_units, look.tested) == (0, ())
    apart = look.apart[0]
    assert (apart.name, apart.is_bad, apart.effect) == ("town = Old", False, None)
    assert apart.interval is not None
    assert apart.disagreement is not None
    assert apart.interval[0] < apart.disagreement < apart.interval[1]
    assert "none of the 6,000 units has an outcome" in conclude_slices([look], POLICY).note


def test_an_equal_shadow_disagrees_nowhere_more_than_elsewhere() -> None:
    """Where no part stands out, none is named."""
    assert _look(_traffic(6000)).apart == ()
    same = _traffic(3000).assign(shadow=lambda table: table["live"])
    look = _look(same)
    assert look.apart == ()
    assert not any(part.is_bad for part in look.tested)


def test_the_policy_names_the_columns() -> None:
    """Only those asked for are cut, and one that is not there is refused by name."""
    traffic = _traffic(6000, bad=0.6)
    only = _look(traffic, replace(POLICY, slices=("rooms",)))
    assert {name for part in only.tested for name, _ in part.conditions} == {"rooms"}
    assert not any(part.is_bad for part in only.tested)
    with pytest.raises(PolicyInvalid, match="Twon"):
        _look(traffic, replace(POLICY, slices=("Twon",)))


def test_labels_are_judged_by_an_absolute_margin() -> None:
    """Five points more errors in a slice are twice the margin of 2.5 points."""
    rng = np.random.default_rng(3)
    n = 12_000
    town = rng.choice(["Old", "New"], n, p=[0.2, 0.8])
    truth = rng.choice(["yes", "no"], n)
    other = np.where(truth == "yes", "no", "yes")
    live = np.where(rng.random(n) < 0.05, other, truth)
    shadow = np.where(rng.random(n) < np.where(town == "Old", 0.13, 0.05), other, truth)
    evidence = Evidence(
        live=None,
        shadow=None,
        task="multiclass",
        live_labels=live,
        shadow_labels=shadow,
        outcomes=truth,
    )
    policy = Policy().with_defaults(task="multiclass")
    look = slice_look(read_rows(evidence), pd.DataFrame({"town": town}), None, policy, 6, n)
    found = look.tested[0]
    assert (policy.slice_margin, found.name, found.is_bad) == (0.025, "town = Old", True)
    assert 0.05 < (found.effect or 0) < 0.11
    assert look.apart[0].name == "town = Old"
    assert look.apart[0].disagreement == found.disagreement


def test_a_root_mean_squared_error_is_told_as_such() -> None:
    """A shadow whose errors are 60 % wider is 60 % worse, not 156 %."""
    policy = Policy(loss="rmse").with_defaults(20.0, 16.0)
    found = _look(_traffic(8000, bad=0.6), policy).tested[0]
    assert found.is_bad
    assert found.interval is not None
    assert 0.45 < (found.effect or 0) < 0.75
    assert found.interval[0] < (found.effect or 0) < found.interval[1]
