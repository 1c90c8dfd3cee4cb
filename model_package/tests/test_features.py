import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from house_prices.errors import FeatureInvalid
from house_prices.features import DerivedColumns, check_specs, evaluate

GRADES = {"Po": 1, "Fa": 2, "TA": 3}
numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([0.0, -1.0, 1e308]))
texts = st.sampled_from(["Po", "Fa", "TA", "Odd", None, np.nan])
houses = st.lists(st.tuples(numbers, numbers, texts), min_size=1, max_size=20)

SPECS = [
    {"name": "Less", "op": "subtract", "inputs": ["a", "b"]},
    {"name": "More", "op": "add", "inputs": ["a", "b", "Less"]},
    {"name": "Times", "op": "multiply", "inputs": ["a", "b"]},
    {"name": "Share", "op": "divide", "inputs": ["a", "b"]},
    {"name": "Log", "op": "log1p", "inputs": ["a"]},
    {"name": "None", "op": "is_missing", "inputs": ["c"]},
    {"name": "Grade", "op": "map", "inputs": ["c"], "levels": GRADES},
]


def frame_of(rows):
    """A frame with numbers as float64, text as objects, and an index that is no range."""
    index = [f"house {n}" for n in range(len(rows))]
    a, b, c = ([row[n] for row in rows] for n in range(3))
    return pd.DataFrame(
        {
            "a": pd.Series(a, index, dtype="float64"),
            "b": pd.Series(b, index, dtype="float64"),
            "c": pd.Series(c, index, dtype=object),
        }
    )


ARITHMETIC = {
    "subtract": lambda a, b: a - b,
    "add": lambda *terms: sum(terms),
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else math.nan,
    "log1p": lambda a: math.log1p(a) if a > -1 else math.nan,
}


def by_hand(spec, values):
    """What one row's derived value has to be, in plain Python; NaN where it is null."""
    if spec["op"] == "is_missing":
        return float(values[0] is None)
    if None in values:
        return math.nan
    if spec["op"] == "map":
        return spec["levels"].get(values[0], math.nan)
    result = ARITHMETIC[spec["op"]](*values)
    return result if math.isfinite(result) else math.nan


@given(houses)
@settings(deadline=None, max_examples=60)
def test_the_transformer_computes_what_its_plan_says(rows):
    """Every derived column equals its description evaluated row by row in plain Python."""
    frame = frame_of(rows)
    fitted = DerivedColumns(SPECS).fit(frame)
    derived = fitted.transform(frame)
    for _, row in derived.iterrows():
        known = {name: None if pd.isna(row[name]) else row[name] for name in frame}
        for spec in fitted.plan_columns():
            wanted = by_hand(spec, [known[name] for name in spec["inputs"]])
            found = float(row[spec["name"]])
            assert found == pytest.approx(wanted, rel=1e-12, nan_ok=True), spec
            known[spec["name"]] = None if math.isnan(found) else found


@given(houses)
@settings(deadline=None, max_examples=60)
def test_rows_and_index_are_kept(rows):
    """One row in, one row out, in the same order and under the same label."""
    frame = frame_of(rows)
    fitted = DerivedColumns(SPECS).fit(frame)
    derived = fitted.transform(frame)
    assert derived.index.equals(frame.index)
    assert list(derived.columns) == list(fitted.get_feature_names_out())
    pd.testing.assert_frame_equal(derived[["a", "b"]], frame[["a", "b"]])


@given(houses)
@settings(deadline=None, max_examples=60)
def test_none_and_nan_are_the_same_null(rows):
    """However a null arrives, the output is the same frame."""
    frame = frame_of(rows)
    as_none = frame.astype(object).where(frame.notna(), None)
    fitted = DerivedColumns(SPECS).fit(frame)
    pd.testing.assert_frame_equal(fitted.transform(as_none), fitted.transform(frame))


def test_a_null_of_pandas_own_is_a_null_too():
    """Frames of nullable types come from databases and Parquet."""
    frame = frame_of([(1.0, 2.0, "x"), (None, 3.0, None)])
    fitted = DerivedColumns(SPECS).fit(frame)
    own = frame.astype(object).where(frame.notna(), pd.NA)
    pd.testing.assert_frame_equal(fitted.transform(own), fitted.transform(frame))


def test_a_frame_of_texts_alone_is_settled():
    """No numbers are no reason to fail."""
    frame = pd.DataFrame({"level": ["x", None]}, dtype=object)
    settled = DerivedColumns().fit_transform(frame)
    assert settled["level"].tolist()[0] == "x"
    assert np.isnan(settled["level"].tolist()[1])


def test_the_input_is_not_changed():
    """The caller's frame stays the caller's."""
    frame = frame_of([(1.0, 2.0, None)])
    before = frame.copy()
    DerivedColumns(SPECS).fit_transform(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_other_columns_and_another_order_do_not_matter():
    """Columns not seen in fitting are left out, and the order is that of fitting."""
    frame = frame_of([(1.0, 2.0, "TA")])
    fitted = DerivedColumns(SPECS).fit(frame)
    stranger = frame[["c", "b", "a"]].assign(z=1)
    pd.testing.assert_frame_equal(fitted.transform(stranger), fitted.transform(frame))


def test_a_frame_that_lacks_a_column_is_refused():
    """The message names the column."""
    frame = frame_of([(1.0, 2.0, "TA")])
    with pytest.raises(FeatureInvalid, match="'b': the frame lacks"):
        DerivedColumns(SPECS).fit(frame).transform(frame.drop(columns="b"))


def test_a_clone_is_unfitted_and_computes_the_same():
    """Scikit-learn may copy the transformer at will."""
    frame = frame_of([(1.0, 2.0, "TA")])
    original = DerivedColumns(SPECS).fit(frame)
    copy = clone(original)
    assert copy.get_params()["specs"] == SPECS
    assert not hasattr(copy, "feature_names_in_")
    pd.testing.assert_frame_equal(copy.fit_transform(frame), original.transform(frame))


def test_the_plan_is_a_copy():
    """Whoever changes the plan does not change the transformer."""
    fitted = DerivedColumns(SPECS)
    fitted.plan_columns()[0]["inputs"].append("c")
    assert fitted.plan_columns()[0]["inputs"] == ["a", "b"]


@pytest.mark.parametrize("value", [-1.0, -2.0, np.nan])
def test_a_logarithm_that_does_not_exist_is_null(value):
    """Without a warning: warnings are errors here."""
    assert np.isnan(evaluate(SPECS[4], [pd.Series([value])])[0])


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"op": "add", "inputs": ["a"]}, "a name that is new"),
        ({"name": "a", "op": "add", "inputs": ["b"]}, "a name that is new"),
        ({"name": "N", "op": "power", "inputs": ["a"]}, "'power' is not one of"),
        ({"name": "N", "op": "add", "inputs": "ab"}, "a list of inputs"),
        ({"name": "N", "op": "add", "inputs": []}, "a list of inputs"),
        ({"name": "N", "op": "subtract", "inputs": ["a"]}, "subtract reads 2 columns, not 1"),
        ({"name": "N", "op": "add", "inputs": ["a", "z"]}, "'z', which does not exist"),
        ({"name": "N", "op": "add", "inputs": ["a"], "levels": {}}, "the keys are"),
        ({"name": "N", "op": "map", "inputs": ["c"]}, "the keys are"),
        ({"name": "N", "op": "map", "inputs": ["c"], "levels": {"x": "1"}}, "a number for each"),
        ({"name": "N", "op": "map", "inputs": ["c"], "levels": {}}, "a number for each"),
    ],
)
def test_a_description_that_cannot_be_computed_is_refused(spec, message):
    """Before anything is fitted."""
    with pytest.raises(FeatureInvalid, match=message):
        check_specs([spec], ["a", "b", "c"])


def test_the_packaged_plan_gives_age_area_and_grades(sales, config):
    """The columns that matter most mean what their names say."""
    derived = DerivedColumns(config.derived).fit_transform(sales[config.features])
    assert (derived["AgeAtSale"] == sales["YrSold"] - sales["YearBuilt"]).all()
    area = sales["GrLivArea"] + sales["TotalBsmtSF"]
    pd.testing.assert_series_equal(derived["TotalArea"], area, check_names=False)
    assert (derived["NoGarage"] == sales["GarageType"].isna()).all()
    assert derived["FireplaceGrade"].isna().equals(sales["FireplaceQu"].isna())
    assert set(derived["KitchenGrade"].dropna()) <= {1.0, 2.0, 3.0, 4.0, 5.0}
