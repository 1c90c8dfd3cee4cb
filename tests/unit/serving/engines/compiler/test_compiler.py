"""What the compiled engine does not know is left to the exact one, with a reason."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    StandardScaler,
    TargetEncoder,
)

from tests import tiny, zoo
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.inference import infer_schema
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan

HOUSES = tiny.make_houses()
NUMBERS = HOUSES[["area", "rooms"]]
PRICE = HOUSES["price"]
DEAR = zoo.targets(HOUSES)["binary"]
BANDS = zoo.targets(HOUSES)["multiclass"]


def compile_on(frame: pd.DataFrame, estimator: Any, target: Any = PRICE) -> CompiledModel:
    """Fit and compile an estimator on the columns of a frame."""
    estimator.fit(frame, target)
    schema = infer_schema(frame, features=list(frame.columns))
    return CompiledModel(compile_plan(estimator, schema, form="frame"), OutputDescription("y"))


def reshaped(values: Any) -> Any:
    """Change nothing, under a name that no plan knows."""
    return values


UNKNOWN = {
    "polynomial": make_pipeline(PolynomialFeatures(), Ridge()),
    "weights of columns": make_pipeline(
        ColumnTransformer([("a", "passthrough", ["area"])], transformer_weights={"a": 2}), Ridge()
    ),
    "weights of a union": make_pipeline(
        FeatureUnion([("a", "passthrough")], transformer_weights={"a": 2}), Ridge()
    ),
    "the number 0 for missing": make_pipeline(SimpleImputer(missing_values=0), Ridge()),
    "the number 1 for missing": make_pipeline(
        MissingIndicator(missing_values=1, features="all"), Ridge()
    ),
    "a clipped range": make_pipeline(MaxAbsScaler(clip=True), Ridge()),
    "a function of our own": make_pipeline(FunctionTransformer(reshaped), Ridge()),
    "a function with arguments": make_pipeline(
        FunctionTransformer(np.log1p, kw_args={"casting": "same_kind"}), Ridge()
    ),
    "a target of quantiles": TransformedTargetRegressor(
        Ridge(), transformer=QuantileTransformer(n_quantiles=10)
    ),
    "a target of our own": TransformedTargetRegressor(
        Ridge(), func=reshaped, inverse_func=reshaped, check_inverse=False
    ),
    "a first guess that is a model": GradientBoostingRegressor(
        n_estimators=3, init=LinearRegression()
    ),
    "an encoder of computed numbers": make_pipeline(
        StandardScaler(), OneHotEncoder(handle_unknown="ignore"), Ridge()
    ),
    "columns by a slice of names": make_pipeline(
        ColumnTransformer([("a", "passthrough", slice("area", "rooms"))]), Ridge()
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_part_is_not_compiled(name: str) -> None:
    """Better no plan than one that is almost right."""
    with pytest.raises(NotCompilable):
        compile_on(NUMBERS, UNKNOWN[name])


@pytest.mark.parametrize(
    ("estimator", "target"),
    [
        (SGDClassifier(loss="log_loss"), DEAR),
        (GradientBoostingClassifier(n_estimators=3, loss="exponential"), DEAR),
        (make_pipeline(TargetEncoder(cv=3), LogisticRegression(max_iter=2000)), BANDS),
    ],
)
def test_classifiers_with_probabilities_of_their_own_are_not_compiled(
    estimator: Any, target: Any
) -> None:
    """Their link is none of the known ones."""
    with pytest.raises(NotCompilable):
        compile_on(NUMBERS[["rooms"]], estimator, target)


def test_text_that_reaches_the_model_is_not_compiled() -> None:
    """A bag of words takes a column as a vector."""
    pipeline = make_pipeline(ColumnTransformer([("w", CountVectorizer(), "zone")]), Ridge())
    with pytest.raises(NotCompilable, match="vector"):
        compile_on(HOUSES[["zone"]], pipeline)


def test_text_in_an_array_is_not_compiled() -> None:
    """Without names nobody knows which column is which."""
    schema = infer_schema(HOUSES, features=["zone"])
    with pytest.raises(NotCompilable, match="array"):
        compile_plan(Ridge(), schema, form="array")


def test_an_estimator_that_lacks_its_attributes_is_not_compiled() -> None:
    """What was never fitted has nothing to translate."""
    with pytest.raises(NotCompilable, match="Ridge"):
        compile_plan(Ridge(), infer_schema(HOUSES, features=["area"]), form="frame")


def test_a_column_without_any_value_is_dropped_as_in_training() -> None:
    """The imputer had nothing to learn there."""
    frame = NUMBERS.assign(empty=np.full(len(NUMBERS), np.nan))
    pipeline = make_pipeline(SimpleImputer(), Ridge())
    with pytest.warns(UserWarning, match="without any observed values"):
        compiled = compile_on(frame, pipeline)
    with pytest.warns(UserWarning, match="without any observed values"):
        truth = pipeline.predict(frame.head(1))[0]
    instance = {"area": frame["area"][0], "rooms": int(frame["rooms"][0]), "empty": 7.0}
    assert compiled.predict([instance]).values[0] == pytest.approx(truth)


def test_an_encoder_that_refuses_one_level_still_answers_the_others() -> None:
    """An unseen level has no answer, and its neighbours keep theirs."""
    columns = ColumnTransformer(
        [("levels", OrdinalEncoder(), ["zone"]), ("area", "passthrough", ["area"])]
    )
    pipeline = make_pipeline(columns, Ridge())
    frame = HOUSES[["zone", "area"]]
    compiled = compile_on(frame, pipeline)
    rows = instances_of(frame, infer_schema(frame, features=["zone", "area"]).features)
    np.testing.assert_allclose(compiled.score(rows).values, pipeline.predict(frame))
    valid = compiled.score([{"zone": "unseen", "area": 1.0}, rows[0]]).is_valid()
    assert valid.tolist() == [False, True]


def test_levels_that_an_encoder_was_told_are_known() -> None:
    """Also those that training never saw."""
    encoder = OrdinalEncoder(
        categories=[["Far", *sorted(tiny.ZONES)]], handle_unknown="use_encoded_value",
        unknown_value=-5,
    )  # fmt: skip
    pipeline = make_pipeline(ColumnTransformer([("zone", encoder, ["zone"])]), Ridge())
    frame = HOUSES[["zone"]]
    compiled = compile_on(frame, pipeline)
    given = pd.DataFrame({"zone": pd.Series(["Far", "Farther", "West"], dtype="str")})
    values = compiled.predict(given.to_dict("records")).values  # type: ignore[arg-type]
    np.testing.assert_allclose(np.array(values, dtype=np.float64), pipeline.predict(given))


def test_a_subclass_from_elsewhere_is_not_taken_for_its_parent() -> None:
    """It may predict in a way of its own."""

    class Own(Ridge):  # type: ignore[misc]
        """A Ridge that is none."""

    with pytest.raises(NotCompilable, match="Own"):
        compile_on(NUMBERS, Own())


def test_what_is_no_transformer_is_named() -> None:
    """The reason says which part it was."""

    class Strange(BaseEstimator):  # type: ignore[misc]
        """Transforms, but nobody knows how."""

        def fit(self, X: Any, y: Any = None) -> "Strange":
            """Learn nothing."""
            return self

        def transform(self, X: Any) -> Any:
            """Change nothing."""
            return X

        def __sklearn_is_fitted__(self) -> bool:
            """Be ready at once."""
            return True

    with pytest.raises(NotCompilable, match="Strange"):
        compile_on(NUMBERS, make_pipeline(Strange(), Ridge()))
