"""Numbers of 32 bits go through the steps in the precision that training had them in."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

from tests import tiny
from tests.boosters import lightgbm, xgboost
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import InputForm, OutputDescription
from understudy.packaging.inference import infer_schema
from understudy.packaging.proof import unequal_rows
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan
from understudy.serving.engines.fitted import FittedModel

HOUSES = tiny.make_houses()
PRICE = HOUSES["price"].to_numpy()
NUMBERS = tiny.NUMBERS + tiny.COUNTS
SINGLE = HOUSES[NUMBERS].astype("float32")
MIXED = SINGLE.assign(built=HOUSES["built"], area=HOUSES["area"])


def boosting() -> Any:
    """Return a model whose thresholds the smallest difference crosses."""
    return xgboost(n_estimators=60, max_depth=6)


MODELS: dict[str, Any] = {
    "as they are": boosting(),
    "lightgbm": lightgbm(n_estimators=60),
    "histograms": HistGradientBoostingRegressor(max_iter=30),
    "imputed": make_pipeline(SimpleImputer(), RandomForestRegressor(8, random_state=0)),
    "scaled": make_pipeline(SimpleImputer(), StandardScaler(), boosting()),
    "centred": make_pipeline(StandardScaler(with_std=False), boosting()),
    "ranged": make_pipeline(MinMaxScaler(), boosting()),
    "robust": make_pipeline(RobustScaler(), boosting()),
    "logarithms": make_pipeline(FunctionTransformer(np.log1p), boosting()),
    "indicated": make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), boosting()),
    "in parts": make_pipeline(
        ColumnTransformer(
            [("scaled", StandardScaler(), ["frontage", "rooms"]), ("log", RobustScaler(), ["area"])]
        ),
        MinMaxScaler(),
        boosting(),
    ),
    "joined": make_pipeline(
        FeatureUnion([("scaled", StandardScaler()), ("plain", "passthrough")]),
        StandardScaler(),
        boosting(),
    ),
    "linear": make_pipeline(SimpleImputer(), StandardScaler(), Ridge()),
}


def pair_of(
    estimator: Any, frame: pd.DataFrame, form: InputForm = "frame"
) -> tuple[FittedModel, CompiledModel]:
    """Return a fitted estimator as it is and compiled."""
    schema = infer_schema(frame, features=list(frame.columns))
    output = OutputDescription("y")
    plan = compile_plan(estimator, schema, form=form)
    return FittedModel(estimator, schema.features, form, output), CompiledModel(plan, output)


@pytest.mark.parametrize("frame", [SINGLE, MIXED], ids=["single", "mixed"])
@pytest.mark.parametrize("name", MODELS)
def test_numbers_of_32_bits_are_compiled_to_equal_answers(name: str, frame: pd.DataFrame) -> None:
    """Alone, and beside numbers of 64 bits, which make the others as long as they are."""
    fitted, compiled = pair_of(MODELS[name].fit(frame, PRICE), frame)
    rows = instances_of(frame, fitted.fields)
    assert not unequal_rows(fitted.score(rows), compiled.score(rows)).any()


@pytest.mark.parametrize("name", ["as they are", "scaled"])
def test_an_array_of_32_bits_is_compiled_to_equal_answers(name: str) -> None:
    """An array has one precision for all columns."""
    fitted, compiled = pair_of(MODELS[name].fit(SINGLE.to_numpy(), PRICE), SINGLE, "array")
    rows = instances_of(SINGLE, fitted.fields)
    assert not unequal_rows(fitted.score(rows), compiled.score(rows)).any()


@given(st.floats(-1e30, 1e30) | st.sampled_from([0.1, 5e-324, 1e-45, 16777217.0]))
@settings(max_examples=40, deadline=None)
def test_what_is_sent_is_rounded_first(number: float) -> None:
    """A client knows nothing of 32 bits."""
    fitted, compiled = pair_of(_fitted(), SINGLE)
    instance = {"area": number, "frontage": None, "rooms": number, "built": 1980.3}
    assert not unequal_rows(fitted.score([instance]), compiled.score([instance])).any()


def _fitted() -> Any:
    model = MODELS["as they are"]
    return model if hasattr(model, "n_features_in_") else model.fit(SINGLE, PRICE)


def test_an_encoder_of_32_bits_is_not_compiled() -> None:
    """Its levels are looked up as they are sent."""
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    estimator = make_pipeline(encoder, Ridge()).fit(SINGLE[["rooms"]], PRICE)
    with pytest.raises(NotCompilable, match="encoder on computed numbers"):
        pair_of(estimator, SINGLE[["rooms"]])


def test_a_series_is_not_compiled() -> None:
    """A model of texts takes a column as a vector."""
    with pytest.raises(NotCompilable, match="passed as a vector"):
        pair_of(Ridge(), HOUSES[["zone"]], "series")
