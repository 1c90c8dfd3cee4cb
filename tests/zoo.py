"""Many kinds of models on the tiny houses, to hold every engine against the fitted original."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.linear_model import RidgeClassifier as RidgeLabels
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests import tiny

NUMERIC = tiny.NUMBERS + tiny.COUNTS
# The places of the two levels after `_columns`, for estimators that treat levels on their own.
LEVELS = [4, 5]

Make = Callable[[], Any]


def _columns(numbers: Any, levels: Any) -> ColumnTransformer:
    return ColumnTransformer(
        [("numbers", numbers, NUMERIC), ("levels", levels, tiny.CATEGORIES)],
        remainder="passthrough",
    )


def _one_hot(**options: Any) -> OneHotEncoder:
    return OneHotEncoder(**({"handle_unknown": "ignore", "sparse_output": False} | options))


def _ordinal(unknown: float = -1, missing: float = -2) -> OrdinalEncoder:
    return OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=unknown, encoded_missing_value=missing
    )


def _nan_ordinal() -> OrdinalEncoder:
    return _ordinal(np.nan, np.nan)


def _filled(encoder: Any) -> Any:
    return make_pipeline(SimpleImputer(strategy="most_frequent"), encoder)


def _scaled(scaler: Any) -> Any:
    return make_pipeline(SimpleImputer(strategy="median"), scaler)


def _histogram(**options: Any) -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(max_iter=12, random_state=0, **options)


REGRESSIONS: Mapping[str, Make] = {
    "linear": lambda: make_pipeline(_columns(_scaled(StandardScaler()), _one_hot()), Ridge()),
    "dropped first level": lambda: make_pipeline(
        _columns(SimpleImputer(add_indicator=True), _one_hot(drop="first")), Lasso()
    ),
    "rare levels": lambda: make_pipeline(
        _columns(
            _scaled(RobustScaler()),
            _filled(_one_hot(handle_unknown="infrequent_if_exist", min_frequency=60)),
        ),
        ElasticNet(),
    ),
    "logarithm": lambda: make_pipeline(
        _columns(
            make_pipeline(SimpleImputer(), FunctionTransformer(np.log1p), StandardScaler()),
            _filled(_one_hot(sparse_output=True)),
        ),
        LinearRegression(),
    ),
    "clipped range": lambda: make_pipeline(
        _columns(_scaled(MinMaxScaler(clip=True)), _one_hot()), Ridge()
    ),
    "largest absolute": lambda: make_pipeline(
        _columns(_scaled(MaxAbsScaler()), _one_hot()), Ridge()
    ),
    "logarithm of the target": lambda: TransformedTargetRegressor(
        make_pipeline(_columns(_scaled(MinMaxScaler()), _one_hot()), Ridge()),
        func=np.log1p,
        inverse_func=np.expm1,
    ),
    "scaled target": lambda: TransformedTargetRegressor(
        make_pipeline(_columns(SimpleImputer(), _one_hot()), Ridge()), transformer=StandardScaler()
    ),
    "ranged target": lambda: TransformedTargetRegressor(
        make_pipeline(_columns(SimpleImputer(), _one_hot()), Ridge()), transformer=MinMaxScaler()
    ),
    "mean of the target": lambda: make_pipeline(
        _columns(SimpleImputer(), TargetEncoder(target_type="continuous")), Ridge()
    ),
    "levels of numbers": lambda: make_pipeline(
        ColumnTransformer(
            [("levels", _one_hot(), ["rooms", "garage"]), ("rest", SimpleImputer(), tiny.NUMBERS)]
        ),
        Ridge(),
    ),
    "union": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()),
        FeatureUnion([("scaled", StandardScaler()), ("plain", "passthrough")]),
        Ridge(),
    ),
    "missing indicator": lambda: make_pipeline(
        ColumnTransformer(
            [
                ("missing", MissingIndicator(), [*tiny.NUMBERS, *tiny.CATEGORIES]),
                ("area", "passthrough", slice(0, 1)),
                ("dropped", "drop", ["rooms"]),
            ]
        ),
        Ridge(),
    ),
    "selection": lambda: make_pipeline(
        _columns(SimpleImputer(), _one_hot()), SelectKBest(f_regression, k=5), Ridge()
    ),
    "boosting": lambda: make_pipeline(
        _columns(SimpleImputer(), _one_hot()),
        GradientBoostingRegressor(n_estimators=12, random_state=0),
    ),
    "boosting on scaled levels": lambda: make_pipeline(
        _columns(SimpleImputer(), _one_hot()),
        StandardScaler(),
        GradientBoostingRegressor(n_estimators=12, loss="huber", random_state=0),
    ),
    "histograms": lambda: make_pipeline(_columns("passthrough", _nan_ordinal()), _histogram()),
    "histograms of levels": lambda: make_pipeline(
        _columns("passthrough", _nan_ordinal()), _histogram(categorical_features=LEVELS)
    ),
    "histograms of counts": lambda: make_pipeline(
        _columns("passthrough", _ordinal()), _histogram(loss="poisson")
    ),
    "large histograms": lambda: make_pipeline(
        _columns("passthrough", _nan_ordinal()),
        _histogram(categorical_features=LEVELS, max_leaf_nodes=100, min_samples_leaf=1),
    ),
    "forest": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()),
        RandomForestRegressor(n_estimators=8, random_state=0),
    ),
    "forest with gaps": lambda: make_pipeline(
        _columns("passthrough", _ordinal()),
        RandomForestRegressor(n_estimators=8, random_state=0),
    ),
    "shallow forest": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()),
        ExtraTreesRegressor(n_estimators=8, max_depth=4, random_state=0),
    ),
    "stump": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()), DecisionTreeRegressor(max_leaf_nodes=2)
    ),
    "constant": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()), DecisionTreeRegressor(min_samples_leaf=250)
    ),
}

CLASSIFICATIONS: Mapping[str, Make] = {
    "logistic": lambda: make_pipeline(
        _columns(_scaled(StandardScaler()), _one_hot()), LogisticRegression()
    ),
    "boosting": lambda: make_pipeline(
        _columns(SimpleImputer(), _one_hot()),
        GradientBoostingClassifier(n_estimators=8, random_state=0),
    ),
    "histograms": lambda: make_pipeline(
        _columns("passthrough", _nan_ordinal()),
        HistGradientBoostingClassifier(max_iter=8, categorical_features=LEVELS, random_state=0),
    ),
    "forest": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()),
        RandomForestClassifier(n_estimators=8, random_state=0),
    ),
    "shallow forest": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()),
        RandomForestClassifier(n_estimators=8, max_depth=3, random_state=0),
    ),
    "tree": lambda: make_pipeline(
        _columns(SimpleImputer(), _ordinal()), DecisionTreeClassifier(random_state=0)
    ),
    "no probabilities": lambda: make_pipeline(_columns(SimpleImputer(), _one_hot()), RidgeLabels()),
}

# What only the exact engine can serve.
OTHERS: Mapping[str, Make] = {
    "support vectors": lambda: make_pipeline(
        _columns(_scaled(StandardScaler()), _one_hot()), SVR(C=1e5, gamma=0.01)
    ),
    "neighbours": lambda: make_pipeline(
        _columns(_scaled(StandardScaler()), _one_hot()), KNeighborsRegressor()
    ),
}


def targets(houses: pd.DataFrame) -> dict[str, Any]:
    """Return a target of each kind for the made houses."""
    price = houses["price"]
    bands = pd.cut(price.rank(pct=True), [0, 0.3, 0.7, 1], labels=["low", "mid", "top"])
    return {
        "regression": price.to_numpy(),
        "binary": np.where(price > price.median(), "dear", "cheap"),
        "multiclass": bands.astype(str).to_numpy(dtype=str),
    }
