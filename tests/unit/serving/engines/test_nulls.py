"""A JSON null means what a missing value meant in training, whatever dtype it had there."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.inference import infer_schema
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import compile_plan
from understudy.serving.engines.fitted import FittedModel

LEVELS = ["a", "b", None, "a", None, "b", "a", "a"]
NUMBERS = [1.0, 2.0, np.nan, 4.0, np.nan, 6.0, 1.0, 8.0]
TARGET = np.array([1.0, 5.0, 9.0, 2.0, 9.5, 4.0, 1.5, 3.0])


def level_columns() -> dict[str, Any]:
    """Return the same levels in every dtype in which training may have had them."""
    return {
        "str": pd.Series(LEVELS, dtype="str"),
        "object with None": pd.Series(LEVELS, dtype=object),
        "object with NaN": pd.Series([np.nan if v is None else v for v in LEVELS], dtype=object),
        "category": pd.Series(LEVELS, dtype="category"),
        "string": pd.Series(LEVELS, dtype="string"),
    }


def number_columns() -> dict[str, Any]:
    """Return the same numbers in every dtype that has room for a missing value."""
    whole = [None if np.isnan(v) else int(v) for v in NUMBERS]
    return {
        "float64": pd.Series(NUMBERS),
        "Int64": pd.array(whole, dtype="Int64"),
        "Int8": pd.array(whole, dtype="Int8"),
        "Float64": pd.array(NUMBERS, dtype="Float64"),
        "float32": pd.Series(NUMBERS, dtype="float32"),
        "object": pd.Series(NUMBERS, dtype=object),
    }


def engines_for(frame: pd.DataFrame, transformer: Any) -> tuple[Any, FittedModel, CompiledModel]:
    """Fit a linear model after a transformer of the only column, and make both engines of it."""
    columns = ColumnTransformer([("column", transformer, ["x"])])
    estimator = make_pipeline(columns, LinearRegression()).fit(frame, TARGET)
    schema = infer_schema(frame, features=["x"])
    output = OutputDescription("y")
    fitted = FittedModel(estimator, schema.features, "frame", output)
    return estimator, fitted, CompiledModel(compile_plan(estimator, schema, form="frame"), output)


@pytest.mark.parametrize("kind", level_columns())
def test_a_null_level_is_answered_as_in_training(kind: str) -> None:
    """The encoder made a level of its own of the missing value, and a null finds it."""
    frame = pd.DataFrame({"x": level_columns()[kind]})
    if kind == "string":
        # scikit-learn cannot order NA among texts, so such a model cannot be trained at all.
        with pytest.raises(TypeError):
            engines_for(frame, OneHotEncoder(handle_unknown="ignore"))
        return
    estimator, fitted, compiled = engines_for(frame, OneHotEncoder(handle_unknown="ignore"))
    trained = estimator.predict(frame)[LEVELS.index(None)]
    for engine in (fitted, compiled):
        null, absent = engine.predict([{"x": None}, {}]).values
        assert null == pytest.approx(trained)
        assert absent == null
        assert null != pytest.approx(engine.predict([{"x": "a"}]).values[0])


@pytest.mark.parametrize("kind", ["str", "object with NaN", "category"])
def test_a_null_level_is_imputed_as_in_training(kind: str) -> None:
    """An imputer that looks for NaN finds it behind a JSON null."""
    frame = pd.DataFrame({"x": level_columns()[kind]})
    imputed = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="none"),
        OneHotEncoder(handle_unknown="ignore"),
    )
    estimator, fitted, compiled = engines_for(frame, imputed)
    trained = estimator.predict(frame)[LEVELS.index(None)]
    for engine in (fitted, compiled):
        assert engine.predict([{"x": None}]).values[0] == pytest.approx(trained)


def test_a_none_that_the_imputer_overlooked_stays_overlooked() -> None:
    """Training let None pass the imputer and made a level of it; serving does the same."""
    frame = pd.DataFrame({"x": level_columns()["object with None"]})
    imputed = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    estimator, fitted, compiled = engines_for(frame, imputed)
    trained = estimator.predict(frame)[LEVELS.index(None)]
    assert trained != pytest.approx(estimator.predict(frame)[LEVELS.index("a")])
    for engine in (fitted, compiled):
        assert engine.predict([{"x": None}]).values[0] == pytest.approx(trained)


@pytest.mark.parametrize("kind", number_columns())
def test_a_null_number_is_imputed_as_in_training(kind: str) -> None:
    """The median stands in for a null, whether it was NaN or NA in training."""
    frame = pd.DataFrame({"x": number_columns()[kind]})
    if kind == "float32":
        estimator = make_pipeline(SimpleImputer(strategy="median"), LinearRegression())
        estimator.fit(frame, TARGET)
        schema = infer_schema(frame, features=["x"])
        engines: Any = [
            FittedModel(estimator, schema.features, "frame", OutputDescription("y")),
        ]
    else:
        estimator, *engines = engines_for(frame, SimpleImputer(strategy="median"))
    trained = estimator.predict(frame)
    for engine in engines:
        null, absent, one = engine.predict([{"x": None}, {}, {"x": 1}]).values
        assert null == pytest.approx(trained[2])
        assert absent == null
        assert one == pytest.approx(trained[0])


def test_an_unseen_category_is_missing_where_pandas_makes_it_so() -> None:
    """A categorical column has no room for a level it does not list."""
    frame = pd.DataFrame({"x": level_columns()["category"]})
    _, fitted, compiled = engines_for(frame, OneHotEncoder(handle_unknown="ignore"))
    for engine in (fitted, compiled):
        unseen, null = engine.predict([{"x": "zzz"}, {"x": None}]).values
        assert unseen == null


def test_booleans_with_nulls_are_known_to_both_engines() -> None:
    """A boolean that may be null is true, false or missing."""
    flags = pd.Series([True, False, None, True, None, False, True, True], dtype=object)
    frame = pd.DataFrame({"x": flags})
    estimator, fitted, compiled = engines_for(frame, OneHotEncoder(handle_unknown="ignore"))
    trained = estimator.predict(frame)
    for engine in (fitted, compiled):
        values = engine.predict([{"x": True}, {"x": False}, {"x": None}]).values
        np.testing.assert_allclose(values, trained[:3])
