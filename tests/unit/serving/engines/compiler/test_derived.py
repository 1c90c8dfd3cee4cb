"""Columns that a transformer declares as data are computed as it computes them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from tests import tiny
from understudy.artefacts.frames import frame_of
from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.inference import infer_schema
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan
from understudy.serving.engines.fitted import FittedModel

HOUSES = tiny.make_houses()
SCHEMA = infer_schema(HOUSES, features=tiny.FEATURES)

PLAN: list[dict[str, Any]] = [
    {"name": "age", "op": "subtract", "inputs": ["rooms", "built"]},
    {"name": "total", "op": "add", "inputs": ["area", "frontage", "rooms"]},
    {"name": "product", "op": "multiply", "inputs": ["area", "rooms"]},
    {"name": "grade", "op": "map", "inputs": ["zone"], "levels": {"North": 1, "West": 2.5}},
    {"name": "share", "op": "divide", "inputs": ["area", "rooms"]},
    {"name": "graded", "op": "multiply", "inputs": ["grade", "share"]},
    {"name": "unfenced", "op": "is_missing", "inputs": ["frontage"]},
    {"name": "no alley", "op": "is_missing", "inputs": ["alley"]},
    {"name": "flagged", "op": "add", "inputs": ["unfenced", "no alley"]},
    {"name": "log share", "op": "log1p", "inputs": ["share"]},
    {"name": "log total", "op": "log1p", "inputs": ["total"]},
]
NAMES = [str(entry["name"]) for entry in PLAN]


class Derive(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Computes a plan with pandas, in the plainest way."""

    def __init__(self, plan: Sequence[Mapping[str, Any]]) -> None:
        self.plan = plan

    def fit(self, X: pd.DataFrame, y: object = None) -> "Derive":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Append the derived columns."""
        made = X.copy()
        for entry in self.plan:
            inputs = [made[name] for name in entry["inputs"]]
            made[entry["name"]] = _compute(entry, inputs)
        return made

    def plan_columns(self) -> Sequence[Mapping[str, Any]]:
        """Return the plan itself."""
        return self.plan


def _compute(entry: Mapping[str, Any], inputs: list[Any]) -> Any:
    if entry["op"] == "map":
        return inputs[0].map(entry["levels"]).astype("float64")
    if entry["op"] == "is_missing":
        return inputs[0].isna().astype("float64")
    numbers = [column.to_numpy(dtype=np.float64) for column in inputs]
    functions: dict[str, Any] = {
        "subtract": lambda: numbers[0] - numbers[1],
        "add": lambda: sum(numbers),
        "multiply": lambda: np.prod(numbers, axis=0),
        "divide": lambda: numbers[0] / numbers[1],
        "log1p": lambda: np.log1p(numbers[0]),
    }
    with np.errstate(all="ignore"):
        result = functions[entry["op"]]()
    return np.where(np.isfinite(result), result, np.nan)


def fit(plan: Sequence[Mapping[str, Any]], names: list[str], model: Any) -> Any:
    """Fit a model on derived columns and one level."""
    fill: Any = SimpleImputer() if isinstance(model, Ridge) else "passthrough"
    columns = ColumnTransformer(
        [("numbers", fill, names), ("zone", OneHotEncoder(handle_unknown="ignore"), ["zone"])],
        sparse_threshold=0,
    )
    return make_pipeline(Derive(plan), columns, model).fit(HOUSES[tiny.FEATURES], HOUSES["price"])


MODELS = {
    "linear": fit(PLAN, NAMES, Ridge()),
    "boosting": fit(PLAN, NAMES, HistGradientBoostingRegressor(max_iter=15)),
}


@pytest.mark.parametrize("name", MODELS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_derived_columns_are_the_transformers_own(name: str, data: st.DataObject) -> None:
    """With nulls, zeros below the line, unknown levels and logarithms of losses."""
    fitted = FittedModel(MODELS[name], SCHEMA.features, "frame", OutputDescription("price"))
    plan = compile_plan(MODELS[name], SCHEMA, form="frame")
    compiled = CompiledModel(plan, OutputDescription("price"))
    instance = st.fixed_dictionaries(
        {
            "area": st.floats(-1e4, 1e4),
            "rooms": st.integers(-2, 9),
            "built": st.integers(1800, 2100),
            "zone": st.sampled_from([*tiny.ZONES, "unseen"]),
            "garage": st.booleans(),
        },
        optional={
            "frontage": st.none() | st.floats(-100, 100),
            "alley": st.sampled_from([None, "Paved", "unseen"]),
        },
    )
    batch = data.draw(st.lists(instance, min_size=1, max_size=8))
    truth = fitted.score_frame(frame_of(batch, SCHEMA.features)).values
    np.testing.assert_allclose(compiled.score(batch).values, truth, rtol=1e-9)


def test_a_plan_is_computed_in_waves() -> None:
    """What is alike and ready is computed together, however long the plan."""
    plan = compile_plan(MODELS["boosting"], SCHEMA, form="frame")
    derived = plan.document.columns.derived
    assert len(derived) < len(PLAN)
    assert sum(len(item.operands[0]) for item in derived) >= 8


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"name": "x", "op": "power", "inputs": ["area", "rooms"]}, "'power' of 2"),
        ({"name": "x", "op": "subtract", "inputs": ["area"]}, "'subtract' of 1"),
        ({"name": "x", "op": "log1p", "inputs": ["nobody"]}, "unknown nobody"),
        ({"name": "x", "op": "log1p", "inputs": ["zone"]}, "text in zone"),
        ({"name": "x", "op": "map", "inputs": ["area"], "levels": {}}, "map of numbers"),
    ],
)
def test_a_column_that_nobody_can_derive_is_not_compiled(
    entry: dict[str, Any], reason: str
) -> None:
    """The reason names it."""

    class Declared(Derive):
        """Declares something else than it does."""

        def plan_columns(self) -> Sequence[Mapping[str, Any]]:
            """Return the entry under test."""
            return [entry]

    pipeline = fit([], ["area"], Ridge())
    pipeline.steps[0] = ("derive", Declared([]))
    with pytest.raises(NotCompilable, match=reason):
        compile_plan(pipeline, SCHEMA, form="frame")


def test_arithmetic_after_other_steps_is_not_compiled() -> None:
    """Derived columns come first, before anything is imputed."""
    frame = HOUSES[["area", "rooms"]]
    late = Derive([{"name": "x", "op": "subtract", "inputs": ["area", "rooms"]}])
    imputer = SimpleImputer().set_output(transform="pandas")
    pipeline = make_pipeline(imputer, late, Ridge()).fit(frame, HOUSES["price"])
    schema = infer_schema(frame, features=["area", "rooms"])
    with pytest.raises(NotCompilable, match="other steps"):
        compile_plan(pipeline, schema, form="frame")


def test_a_none_among_texts_is_nan_after_deriving() -> None:
    """The vocabulary says that every null is the same."""
    frame = HOUSES[["area", "alley"]].astype({"alley": object})
    frame["alley"] = frame["alley"].where(frame["alley"].notna(), None)
    schema = infer_schema(frame, features=["area", "alley"])
    fills = SimpleImputer(strategy="constant", fill_value="none")
    columns = ColumnTransformer(
        [("alley", make_pipeline(fills, OneHotEncoder(handle_unknown="ignore")), ["alley"])],
        sparse_threshold=0,
    )
    settled = frame.assign(alley=frame["alley"].astype("str"))
    pipeline = make_pipeline(Derive([]), columns, Ridge()).fit(settled, HOUSES["price"])
    compiled = CompiledModel(compile_plan(pipeline, schema, form="frame"), OutputDescription("y"))
    truth = pipeline.predict(settled[settled["alley"].isna()].head(1))[0]
    assert compiled.predict([{"area": 1.0, "alley": None}]).values[0] == pytest.approx(truth)
