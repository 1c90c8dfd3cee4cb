"""A model is judged by rows that it was not trained on."""

from collections.abc import Callable

import pandas as pd

from tests import tiny
from understudy.packaging.gates import leakage
from understudy.packaging.gates.case import Case

MakeCase = Callable[..., Case]
HOUSES = tiny.make_houses()
TRAIN, TEST = HOUSES[:220], HOUSES[220:]


def with_rows(test: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return test rows with further ones behind them."""
    return pd.concat([test, rows], ignore_index=True)


def test_rows_of_their_own_pass(make_case: MakeCase) -> None:
    """None in common, none twice."""
    found = leakage.judge(make_case())
    assert found.status == "passed"
    assert (found.figures["leaked"], found.figures["repeated"]) == (0, 0)


def test_a_share_above_the_limit_is_refused(make_case: MakeCase) -> None:
    """With the number, the share and the first rows."""
    found = leakage.judge(make_case(test=with_rows(TEST, TRAIN[10:17])))
    assert found.status == "refused"
    assert "7 of 87 test rows (8 %) stand in the training data" in found.summary
    assert "rows 80, 81, 82, 83, 84 …" in found.summary
    assert found.figures["examples"] == [80, 81, 82, 83, 84]


def test_a_share_up_to_the_limit_is_a_warning(make_case: MakeCase) -> None:
    """One in a hundred and one is let pass, and named."""
    test = with_rows(tiny.make_houses(100, seed=7), TRAIN[3:4])
    found = leakage.judge(make_case(test=test))
    assert found.status == "warned"
    assert "1 of 101 test rows (0.99 %)" in found.summary
    assert "(rows 100)" in found.summary
    generous = make_case(test=with_rows(TEST, TRAIN[10:17]), limits={"leakage": {"share": 0.1}})
    assert leakage.judge(generous).status == "warned"


def test_alike_features_with_another_target_are_no_leak(make_case: MakeCase) -> None:
    """Two flats of one house may differ in price alone, and a test of that is fair."""
    other = TRAIN[10:17].assign(price=lambda rows: rows["price"] + 1)
    assert leakage.judge(make_case(test=with_rows(TEST, other))).status == "passed"


def test_carried_fields_do_not_make_a_row_another(make_case: MakeCase) -> None:
    """The model does not see them."""
    other = TRAIN[10:17].assign(agent="Eve")
    assert leakage.judge(make_case(test=with_rows(TEST, other))).status == "refused"


def test_rows_that_the_test_repeats_are_counted(make_case: MakeCase) -> None:
    """They make it look larger than it is."""
    found = leakage.judge(make_case(test=with_rows(TEST, TEST[:3])))
    assert found.figures["repeated"] == 3
