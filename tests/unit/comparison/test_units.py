"""Units: an order that depends on names and times alone, one row of each, and names on demand."""

import uuid
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.comparison.naming import Coded, Names, named
from understudy.comparison.units import arrange
from understudy.errors import EvidenceInvalid

CALLED = ["b", "a", "b", "ä", "a", "b"]
TIMES = [5.0, 3.0, 4.0, 3.0, 9.0, 4.0]
INSTANCES = [1, 0, 10, 0, 1, 2]


def test_units_come_when_they_were_first_served_then_by_name() -> None:
    """Of two that came at the same time the one with the smaller name is first."""
    units = arrange(6, CALLED, INSTANCES, TIMES)
    assert units.names.tolist() == ["a", "ä", "b"]
    assert units.served_at.tolist() == [3.0, 3.0, 4.0]
    assert units.codes.tolist() == [0, 0, 1, 2, 2, 2]
    assert units.parts.tolist() == ["0", "1", "0", "1", "10", "2"]
    assert units.arrange(np.array(CALLED)).tolist() == ["a", "a", "ä", "b", "b", "b"]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=40, unique=True),
    st.randoms(use_true_random=False),
)
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_rows_does_not_matter(rows: list[tuple[int, int]], rng: Any) -> None:
    """Names, times and the row drawn for each unit stay the same."""

    def look(shuffled: list[tuple[int, int]]) -> Any:
        units = [f"unit {unit}" for unit, _ in shuffled]
        times = [float(unit % 3) for unit, _ in shuffled]
        found = arrange(len(shuffled), units, [part for _, part in shuffled], times)
        drawn = found.one_each(np.ones(len(shuffled), dtype=bool))
        names = found.names[found.codes]
        return names.tolist(), found.parts.tolist(), names[drawn].tolist(), found.parts[drawn]

    first = look(rows)
    rng.shuffle(rows)
    second = look(rows)
    assert first[:3] == second[:3]
    assert first[3].tolist() == second[3].tolist()


@pytest.mark.parametrize(
    "convert",
    [
        list, np.array, pd.Series, lambda units: pd.Series(units).astype("category"),
        lambda units: pd.Series(units, dtype=object), lambda units: [str(unit) for unit in units],
    ],
)  # fmt: skip
def test_however_units_are_held_they_are_the_same(convert: Any) -> None:
    """Lists, arrays, columns and categories, numbers and their texts give the same."""
    numbers = np.random.default_rng(1).integers(0, 50, 400)
    wanted = arrange(400, numbers.tolist())
    found = arrange(400, convert(numbers))
    assert found.names.tolist() == wanted.names.tolist()
    assert found.codes.tolist() == wanted.codes.tolist()
    assert found.draws.tolist() == wanted.draws.tolist()


def test_values_of_one_text_are_one_unit() -> None:
    """1 and "1" are called the same, so they are the same."""
    assert arrange(3, np.array([1, "1", "a"], dtype=object)).codes.tolist() == [0, 0, 1]
    ids = [uuid.UUID(int=1), str(uuid.UUID(int=1))]
    assert arrange(2, ids).count == 1


def test_the_draw_is_the_same_for_ever() -> None:
    """Known answers: another number would draw other rows from the same log."""
    units = arrange(4, ["request-a", "request-a", "request-b", "request-b"], [0, 1, 0, 1])
    assert [f"{draw:016x}" for draw in units.draws.tolist()] == [
        "644d2400c5100896",
        "423ec740186fe8e5",
        "cd35d10eb65a14b8",
        "d272036d3f07f57b",
    ]
    assert units.one_each(np.ones(4, dtype=bool)).tolist() == [1, 2]


def test_one_each_takes_the_smallest_hash_of_those_that_may_be_taken() -> None:
    """As a loop over the units would; every instance of a unit is as likely as the others."""
    codes = np.random.default_rng(2).integers(0, 3000, 20_000)
    units = arrange(len(codes), codes)
    eligible = np.random.default_rng(3).random(len(codes)) < 0.6
    picked = units.one_each(eligible)
    wanted = {}
    for row in np.flatnonzero(eligible):
        best = wanted.get(units.codes[row])
        if best is None or units.draws[row] < units.draws[best]:
            wanted[units.codes[row]] = row
    assert picked.tolist() == sorted(wanted.values())
    of_two = arrange(20_000, np.repeat(np.arange(10_000), 2))
    is_first = of_two.one_each(np.ones(20_000, dtype=bool)) % 2 == 0
    assert abs(is_first.mean() - 0.5) < 0.02


def test_some_units_can_be_kept() -> None:
    """They keep their order, their names and what was drawn for them."""
    units = arrange(6, CALLED, INSTANCES, TIMES)
    cut = units.keep(np.array([True, False, True]))
    assert cut.names.tolist() == ["a", "b"]
    assert cut.codes.tolist() == [0, 0, 1, 1, 1]
    assert cut.parts.tolist() == ["0", "1", "1", "10", "2"]
    assert cut.draws.tolist() == units.draws[[0, 1, 3, 4, 5]].tolist()
    assert cut.arrange(np.array(CALLED)).tolist() == ["a", "a", "b", "b", "b"]
    assert arrange(3).keep(np.array([False, True, True])).names.tolist() == ["1", "2"]


def test_rows_without_units_are_units() -> None:
    """Each row is called by its place in the caller's order, and is the one of its unit."""
    units = arrange(3, served_at=[3.0, 1.0, 2.0])
    assert units.names.tolist() == ["1", "2", "0"]
    assert units.parts.tolist() == ["0", "0", "0"]
    assert units.one_each(np.array([True, False, True])).tolist() == [0, 2]
    assert not units.is_as_given
    assert arrange(3).is_as_given
    assert arrange(0).count == 0
    assert arrange(0, []).one_each(np.zeros(0, dtype=bool)).tolist() == []


def test_what_stands_twice_is_refused() -> None:
    """The line names the first instance that is there more than once."""
    with pytest.raises(EvidenceInvalid, match=r"2 instances stand more than once.*is 7 of unit x"):
        arrange(5, list("xxxyy"), [7, 7, 7, 7, 8])


def test_missing_units_are_a_unit_of_their_own_name() -> None:
    """A caller who gives no name gets one, also in categories."""
    for values in (["a", None, None], pd.Series(["a", None, None]).astype("category")):
        assert arrange(3, values).codes.tolist() == [0, 1, 1]


def test_millions_of_names_are_numbered_and_not_spelt_out() -> None:
    """Names are made when somebody asks, so that a file without units costs none."""
    units = arrange(3_000_000)
    assert "names" not in vars(units)
    assert units.one_each(np.ones(3_000_000, dtype=bool))[-1] == 2_999_999
    assert "draws" not in vars(units)
    codes, names = named(np.arange(3_000_000) % 7)
    assert (len(names), codes.max()) == (7, 6)
    assert Names(3, np.array([4, 5, 6])).take(np.array([2, 0])).texts().tolist() == ["6", "4"]


def test_codes_and_names_are_units_as_their_texts_are() -> None:
    """Whether they stand as they first appear or not, with names that no row has."""
    names = pd.Index(["b", "a", "ä", "z"])
    for codes in ([0, 1, 0, 2, 3, 1], [2, 1, 0, 2, 1, 1], [1, 1, 3]):
        coded = Coded(np.array(codes, np.int32), names)
        texts = coded.texts().tolist()
        assert texts == [names[code] for code in codes]
        by_codes, by_texts = (arrange(len(codes), units) for units in (coded, texts))
        assert by_codes.names.tolist() == by_texts.names.tolist()
        assert by_codes.order.tolist() == by_texts.order.tolist()
        assert by_codes.part_codes.tolist() == by_texts.part_codes.tolist()
    assert len(arrange(0, Coded(np.zeros(0, np.int32), names)).codes) == 0


def test_rows_without_a_name_are_told_and_may_be_given_one() -> None:
    """A code of −1 is no name."""
    coded = Coded(np.array([0, -1, 1, -1]), pd.Index(["a", "b"]))
    assert coded.is_missing.tolist() == [False, True, False, True]
    assert coded.filled("none").texts().tolist() == ["a", "none", "b", "none"]
    assert coded.take(np.array([2, 0])).texts().tolist() == ["b", "a"]


def test_rows_of_a_unit_are_numbered_as_they_stand() -> None:
    """Of many rows in a random order, as a stable sort and a count of each group give it."""
    codes = pd.factorize(np.random.default_rng(2).integers(0, 300, 2000))[0]
    units = arrange(len(codes), codes)
    assert units.order.tolist() == np.argsort(codes, kind="stable").tolist()
    counted = pd.Series(codes).groupby(codes).cumcount().to_numpy()
    assert units.part_codes.tolist() == counted[units.order].tolist()
    assert len(units.instances) == counted.max() + 1
