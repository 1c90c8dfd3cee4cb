"""Targets come in many forms, and each is one value per row of a kind the model predicts."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.packaging.refusals import Refusals
from understudy.packaging.targets import check_labels, targets_of

ROWS = pd.DataFrame({"x": range(12)})
NUMBERS = list(range(12))


def target(given: Any) -> Any:
    """Return what becomes of a target, which is not refused."""
    refusals = Refusals("test", "1.0.0")
    found, _ = targets_of(given, NUMBERS, (ROWS, ROWS), refusals)
    assert refusals.reasons == []
    return found


def reasons(y_train: Any, y_test: Any = NUMBERS, rows: pd.DataFrame = ROWS) -> str:
    """Return why targets are refused."""
    refusals = Refusals("test", "1.0.0")
    targets_of(y_train, y_test, (rows, rows), refusals)
    return "\n".join(refusals.reasons)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pd.Series(NUMBERS), "i"),
        (NUMBERS, "i"),
        (np.array(NUMBERS, dtype=np.float32)[:, None], "f"),
        (pd.DataFrame({"y": NUMBERS}), "i"),
        ([n > 5 for n in NUMBERS], "b"),
        (pd.Series([n > 5 for n in NUMBERS], dtype="boolean"), "b"),
        (pd.Series(NUMBERS, dtype="Int64"), "i"),
        (pd.Series([str(n) for n in NUMBERS], dtype="category"), "U"),
        (np.array([np.str_(n) for n in NUMBERS], dtype=object), "U"),
        ([1, 2.5] * 6, "f"),
    ],
)
def test_a_target_may_have_any_form(given: Any, kind: str) -> None:
    """Lists, Series and single columns, numbers, texts and flags become one plain array."""
    found = target(given)
    assert found.shape == (12,)
    assert found.dtype.kind == kind
    assert [str(v) for v in found.tolist()] == [str(v) for v in np.ravel(given).tolist()]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (np.zeros((12, 2)), "shape (12, 2), not one column: a model version predicts one"),
        ([[1], [1, 2]] * 6, "types list"),
        ([1, None] * 6, "y_train has missing values"),
        (["a", None] * 6, "y_train has missing values"),
        ([1.0, np.inf] * 6, "y_train holds infinite numbers"),
        (pd.Series(pd.date_range("2020-01-01", periods=12)), "dtype datetime64"),
        (pd.Series([1, "a"] * 6, dtype=object), "types int, str; give numbers, or labels of one"),
        (NUMBERS[:11], "X_train has 12 rows, but y_train has 11"),
    ],
)
def test_what_is_no_target_is_refused(given: Any, reason: str) -> None:
    """The reason says what was found."""
    assert reason in reasons(given)


def test_missing_labels_are_told_once() -> None:
    """No word about their type then."""
    assert reasons(["a", None] * 6) == "y_train has missing values"


def test_of_few_rows_nothing_can_be_said() -> None:
    """Intervals and edges need some."""
    assert "X_test has no rows" in reasons([], [], ROWS[:0])
    few = reasons([1, 2, 3], [1, 2, 3], ROWS[:3])
    assert "X_train has only 3 rows; give at least 10" in few


def labels(task: Any, classes: tuple[str, ...], *targets: Any) -> list[str]:
    """Return why targets do not fit a model."""
    refusals = Refusals("test", "1.0.0")
    check_labels(task, classes, [np.array(target) for target in targets], refusals)
    return refusals.reasons


def test_labels_must_be_those_of_the_model() -> None:
    """A training label that it does not know is a mistake; a test label may be a new one."""
    assert labels("binary", ("0", "1"), [0, 1.0], [1, 2]) == []
    assert labels("binary", ("false", "true"), [0, 1], [1, 1]) == [
        "y_train holds 0, 1, but the model knows false, true",
        "y_test holds only 1, but the model knows false, true",
    ]
    many = tuple("abcdefg")
    assert "knows a, b, c, d, e and 2 more" in labels("multiclass", many, ["z"], ["a"])[0]


def test_a_regression_predicts_numbers() -> None:
    """Text is none."""
    assert labels("regression", (), [1, 2], [True, False]) == []
    assert labels("regression", (), ["a"], [1]) == [
        "y_train holds text, but a regression predicts numbers"
    ]
