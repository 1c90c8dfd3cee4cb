"""Rows that break the schema are refused; columns that teach nothing are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.artefacts.schema import Field, InputSchema
from understudy.packaging.gates import schema
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.rows import outside_rows, refuse_rows
from understudy.packaging.gates.ruling import Ruling
from understudy.packaging.given import Given, Refusals

MakeCase = Callable[..., Case]


def with_fields(given: Given, **changes: dict[str, Any]) -> Given:
    """Return what was given under a schema of which some fields are different."""

    def changed(field: Field) -> Field:
        return replace(field, **changes.get(field.name, {}))

    return replace(
        given,
        schema=InputSchema(
            tuple(map(changed, given.schema.features)), tuple(map(changed, given.schema.carried))
        ),
    )


def with_test(given: Given, **columns: Any) -> Given:
    """Return what was given with other columns in the test rows."""
    return replace(given, test=given.test.assign(**columns))


def with_train(given: Given, **columns: Any) -> Given:
    """Return what was given with other columns in the training rows."""
    return replace(given, train=given.train.assign(**columns))


def ruling(case: Case, given: Given) -> Ruling:
    """Judge a case with something else given."""
    return schema.judge(replace(case, given=given))


def refusals_of(given: Given) -> list[str]:
    """Return why the rows of what was given are not scored at all."""
    refusals = Refusals("test", "1.0.0")
    refuse_rows(given, refusals)
    return refusals.reasons


def test_good_rows_pass(make_case: MakeCase) -> None:
    """With their number."""
    found = schema.judge(make_case())
    assert found.status == "passed"
    assert "220 training and 80 test rows" in found.summary
    assert found.figures == {"training rows": 220, "test rows": 80}
    assert refusals_of(make_case().given) == []


def test_a_null_where_none_is_allowed_is_refused(make_case: MakeCase) -> None:
    """In training for a declared field, in the test for one that training never missed."""
    case = make_case()
    (declared, _) = refusals_of(with_fields(case.given, frontage={"nullable": False}))
    missing = int(case.given.train["frontage"].isna().sum())
    first = int(case.given.train["frontage"].isna().argmax())
    assert (
        f"frontage is missing in {missing} of 220 training rows, first in row {first}" in declared
    )
    area = case.given.test["area"].where(np.arange(80) != 7)
    (absent,) = refusals_of(with_test(case.given, area=area))
    assert "area is missing in 1 of 80 test rows, first in row 7" in absent
    assert "nullable" in absent


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("area", {"minimum": 100.0}, "training rows are not between 100 and"),
        ("area", {"maximum": 90.0}, "training rows are not between"),
        ("rooms", {"maximum": 7.0, "minimum": None}, "training rows are not at most 7 in rooms"),
        ("zone", {"categories": ("North",)}, "not one of the declared categories in zone, first"),
    ],
)
def test_training_outside_of_what_is_declared_is_refused(
    name: str, change: dict[str, Any], reason: str, make_case: MakeCase
) -> None:
    """With the number of rows and the first of them."""
    case = make_case()
    found = ruling(case, with_fields(case.given, **{name: change}))
    assert found.status == "refused"
    assert reason in found.summary
    assert "in row " in found.summary


def test_test_rows_keep_to_what_clients_must_keep_to(make_case: MakeCase) -> None:
    """A range that is only expected binds nobody; one that is demanded binds the test too."""
    case = make_case()
    given = with_test(case.given, area=case.given.test["area"] * 100)
    assert ruling(case, given).status == "passed"
    found = ruling(case, with_fields(given, area={"outside": "refuse"}))
    assert "80 of 80 test rows are not between" in found.summary


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("area", "big", "80 of 80 test rows hold no finite number in area, first 'big' in row 0"),
        ("area", np.inf, "hold no finite number in area, first inf"),
        ("area", True, "hold no finite number in area, first True"),
        ("area", 1j, "hold no finite number in area, first 1j"),
        ("area", pd.arrays.SparseArray(np.zeros(80)), "area is sparse in the test rows"),
        ("rooms", 2.5, "hold no whole number within 2^53 in rooms, first 2.5"),
        ("rooms", 2**60, "hold no whole number within 2^53 in rooms"),
        ("rooms", "three", "first 'three'"),
        ("zone", 3, "hold no text in zone, first 3"),
        ("garage", 1, "hold neither true nor false in garage, first 1"),
        ("garage", "yes", "hold neither true nor false in garage, first 'yes'"),
        ("sold", "last year", "in sold, first 'last year'"),
    ],
)
def test_values_of_another_type_are_refused(
    name: str, value: Any, reason: str, make_case: MakeCase
) -> None:
    """One reason each and no traceback, for features and for carried fields."""
    case = make_case()
    (found,) = refusals_of(with_test(case.given, **{name: value}))
    assert reason in found


def test_numbers_among_objects_are_numbers(make_case: MakeCase) -> None:
    """Only the strangers among them are named, even one that no float can hold."""
    case = make_case()
    mixed = pd.Series([1.5, 2, None, 10**400, "x", *[3] * 75], dtype=object)
    given = with_fields(with_test(case.given, area=mixed), area={"nullable": True})
    assert "2 of 80 test rows hold no finite number in area" in refusals_of(given)[0]


def test_a_whole_number_may_be_a_float_and_a_null(make_case: MakeCase) -> None:
    """That is how pandas keeps integers where one is missing."""
    case = make_case()
    rooms = case.given.test["rooms"].astype(float).where(np.arange(80) != 3)
    given = with_fields(with_test(case.given, rooms=rooms), rooms={"nullable": True})
    assert refusals_of(given) == []
    assert ruling(case, given).status == "passed"


def test_a_time_is_carried_as_text(make_case: MakeCase) -> None:
    """Where training held times as well."""
    case = make_case()
    when = pd.Timestamp("2010-05-01")
    given = with_train(with_test(case.given, agent=when), agent=when)
    timed = with_fields(given, agent={"dtype": "str", "categories": None})
    assert refusals_of(timed) == []
    assert ruling(case, timed).status == "passed"
    number = with_fields(given, area={"dtype": "float64"})
    assert "hold no finite number" in refusals_of(with_test(number, area=when))[0]


def test_three_problems_are_named_and_the_others_counted(make_case: MakeCase) -> None:
    """All of them are in the figures."""
    case = make_case()
    test = case.given.test
    far = {name: test[name] * 1000 for name in ("area", "rooms", "built", "frontage")}
    demanded = {name: {"outside": "refuse"} for name in far}
    found = ruling(case, with_fields(with_test(case.given, **far), **demanded))
    assert found.summary.count("test rows are not between") == 3
    assert found.summary.endswith("; and 1 more")
    assert len(found.figures["problems"]) == 4  # type: ignore[arg-type]


def test_columns_that_teach_nothing_are_a_warning(make_case: MakeCase) -> None:
    """Missing throughout, constant, or the same as another, whatever the type."""
    case = make_case()
    train = case.given.train
    given = with_train(
        with_fields(case.given, frontage={"nullable": True}),
        frontage=np.nan, built=1990, rooms=train["area"].round(), area=train["area"].round(),
    )  # fmt: skip
    found = ruling(case, with_fields(given, area={"minimum": None, "maximum": None},
                                     rooms={"minimum": None, "maximum": None},
                                     built={"minimum": 1990.0}))  # fmt: skip
    assert found.status == "warned"
    assert "1 column is missing throughout training: frontage" in found.summary
    assert "1 column is constant in training: built" in found.summary
    assert "area = rooms" in found.summary
    assert found.figures["alike"] == [["area", "rooms"]]


def test_many_constant_columns_are_counted(make_case: MakeCase) -> None:
    """The first three are named."""
    case = make_case()
    given = with_train(case.given, rooms=1, built=1990, garage=True, zone="North")
    found = ruling(case, with_fields(given, rooms={"minimum": 1.0}))
    assert "4 columns are constant in training: rooms, built, zone and 1 more" in found.summary


def test_levels_that_training_never_saw_are_a_warning(make_case: MakeCase) -> None:
    """With the number of test rows, even if somebody declared the level."""
    case = make_case()
    zone = case.given.test["zone"].where(np.arange(80) > 4, "Centre")
    given = with_fields(
        with_test(case.given, zone=zone),
        zone={"categories": ("Centre", "East", "North", "South", "West")},
    )
    found = ruling(case, given)
    assert found.status == "warned"
    assert "zone has a level unseen in training in 5 of 80 test rows" in found.summary
    assert found.figures["unseen"] == {"zone": 5}
    free = ruling(case, with_fields(given, zone={"categories": None}))
    assert free.status == "passed"


def test_broken_rows_are_refused_before_anything_is_scored(make_case: MakeCase) -> None:
    """Every problem is a reason of its own, and what the gate would say is told with them."""
    area = make_case().given.test["area"].where(np.arange(80) != 7) * 1000
    given = with_test(make_case().given, area=area, built="old", zone=3)
    reasons = refusals_of(
        with_fields(given, area={"outside": "refuse"}, zone={"outside": "refuse"})
    )
    assert [reason.split(" ")[0] for reason in reasons] == ["schema:"] * 4
    said = ["area is missing in 1", "79 of 80 test rows are not between", "in built", "in zone"]
    assert all(part in reason for part, reason in zip(said, reasons, strict=True))


def test_rows_that_can_be_scored_are_left_to_the_gate(make_case: MakeCase) -> None:
    """So that a person hears everything else as well."""
    case = make_case()
    given = with_test(case.given, area=case.given.test["area"] * 1000)
    given = with_fields(given, area={"outside": "refuse"})
    assert refusals_of(given) == []
    (problem,) = outside_rows(given)
    assert "80 of 80 test rows are not between" in problem
    assert ruling(case, given).summary == problem
