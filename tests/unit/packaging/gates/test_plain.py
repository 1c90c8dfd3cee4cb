"""Columns in the plainest form, whatever they were."""

import numpy as np
import pandas as pd
import pytest

from tests import tiny
from understudy.packaging.gates.plain import plain_columns, plain_frame
from understudy.packaging.inference import infer_schema


def test_every_kind_of_column_has_a_plain_form() -> None:
    """Numbers, flags and levels, with what is missing."""
    houses = tiny.make_houses(50)
    houses["maybe"] = pd.Series([True, None, False] * 16 + [True, None], dtype=object)
    houses["kind"] = houses["zone"].astype("category")
    fields = infer_schema(houses, features=[*tiny.FEATURES, "maybe", "kind"]).features
    plain = plain_frame(houses, fields)
    assert plain["maybe"].tolist()[:1] == [1.0]
    assert np.isnan(plain["maybe"][1])
    assert "(missing)" in set(plain["alley"])
    prepared = plain_columns(plain, fields).fit_transform(plain)
    assert np.isfinite(prepared).all()
    assert prepared.shape == (50, 6 + 4 + 3 + 4)


def test_an_infinite_number_is_missing() -> None:
    """A linear model has no use for it."""
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0]})
    fields = infer_schema(frame, features=["a"]).features
    test = pd.DataFrame({"a": [np.inf, -np.inf, 2.0]})
    assert plain_frame(test, fields)["a"].tolist() == pytest.approx(
        [np.nan, np.nan, 2], nan_ok=True
    )


def test_a_column_without_any_value_is_prepared_quietly() -> None:
    """It tells nothing, and is no error."""
    frame = pd.DataFrame({"a": [np.nan] * 3, "b": [1.0, 2.0, 3.0]})
    fields = infer_schema(frame, features=["a", "b"]).features
    plain = plain_frame(frame, fields)
    assert plain_columns(plain, fields).fit_transform(plain).shape == (3, 2)


def test_text_of_single_letters_has_words() -> None:
    """The usual pattern would find none, and raise."""
    frame = pd.DataFrame({"a": list("abcdefgh?!")})
    fields = infer_schema(frame, features=["a"]).features
    plain = plain_frame(frame, fields)
    assert plain_columns(plain, fields).fit_transform(plain).shape == (10, 10)


def test_text_of_white_space_alone_is_one_level() -> None:
    """However it is made up: there is no word in it to learn from."""
    frame = pd.DataFrame({"a": [" " * i for i in range(10)]})
    fields = infer_schema(frame, features=["a"]).features
    plain = plain_frame(frame, fields)
    assert set(plain["a"]) == {""}
    assert plain_columns(plain, fields).fit_transform(plain).shape == (10, 1)
    blank = plain_frame(pd.DataFrame({"a": ["\t\u2003", None, " b "]}), fields)
    assert blank["a"].tolist() == ["", "(missing)", " b "]
