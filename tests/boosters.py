"""Models of XGBoost and LightGBM for the tests of engines, in every form that can be compiled."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from xgboost import XGBClassifier, XGBRegressor, XGBRFRegressor

from tests import tiny

NUMERIC = tiny.NUMBERS + tiny.COUNTS
# The places of the two levels after `_mixed`.
LEVELS = [4, 5]

Make = Callable[[], Any]


def _mixed(levels: Any, **options: Any) -> ColumnTransformer:
    return ColumnTransformer(
        [("numbers", "passthrough", NUMERIC), ("levels", levels, tiny.CATEGORIES)],
        remainder="passthrough",
        **options,
    )


def _ordinal(unknown: float = -1) -> OrdinalEncoder:
    return OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=unknown, encoded_missing_value=unknown
    )


def _one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore")


def xgboost(kind: Any = XGBRegressor, **options: Any) -> Any:
    """Return an unfitted small model of XGBoost."""
    return kind(**({"n_estimators": 12, "max_depth": 4, "n_jobs": 1, "random_state": 0} | options))


def lightgbm(kind: Any = LGBMRegressor, **options: Any) -> Any:
    """Return an unfitted small model of LightGBM that says nothing while it learns."""
    small = {"n_estimators": 12, "min_child_samples": 5, "n_jobs": 1, "verbose": -1}
    return kind(**(small | {"random_state": 0} | options))


REGRESSIONS: Mapping[str, Make] = {
    "xgboost": lambda: make_pipeline(_mixed(_ordinal(np.nan)), xgboost()),
    "xgboost on a sparse matrix": lambda: make_pipeline(
        _mixed(_one_hot(), sparse_threshold=1), xgboost()
    ),
    "xgboost on scaled numbers": lambda: make_pipeline(
        _mixed(_ordinal(), sparse_threshold=0), SimpleImputer(), StandardScaler(), xgboost()
    ),
    "xgboost with large trees": lambda: make_pipeline(_mixed(_ordinal()), xgboost(max_depth=9)),
    "xgboost forest": lambda: make_pipeline(_mixed(_ordinal()), xgboost(XGBRFRegressor)),
    "xgboost poisson": lambda: make_pipeline(
        _mixed(_ordinal()), xgboost(objective="count:poisson", max_delta_step=3)
    ),
    "xgboost gamma": lambda: make_pipeline(_mixed(_ordinal()), xgboost(objective="reg:gamma")),
    "xgboost absolute error": lambda: make_pipeline(
        _mixed(_ordinal()), xgboost(objective="reg:absoluteerror")
    ),
    "xgboost quantile": lambda: make_pipeline(
        _mixed(_ordinal()), xgboost(objective="reg:quantileerror", quantile_alpha=0.8)
    ),
    "xgboost of the logarithm": lambda: TransformedTargetRegressor(
        make_pipeline(_mixed(_ordinal()), xgboost()), func=np.log1p, inverse_func=np.expm1
    ),
    "xgboost of the scaled target": lambda: make_pipeline(
        _mixed(_one_hot(), sparse_threshold=1),
        TransformedTargetRegressor(xgboost(), transformer=StandardScaler()),
    ),
    "xgboost with levels": lambda: make_pipeline(
        _mixed(_ordinal(np.nan)),
        xgboost(feature_types=["q"] * 4 + ["c"] * 2 + ["q"], enable_categorical=True),
    ),
    "lightgbm": lambda: make_pipeline(_mixed(_ordinal(np.nan)), lightgbm()),
    "lightgbm on a sparse matrix": lambda: make_pipeline(
        _mixed(_one_hot(), sparse_threshold=1), lightgbm()
    ),
    "lightgbm with levels": lambda: make_pipeline(
        _mixed(_ordinal()), lightgbm(categorical_feature=LEVELS, min_data_per_group=5)
    ),
    "lightgbm with large trees": lambda: make_pipeline(
        _mixed(_ordinal()), lightgbm(num_leaves=100, min_child_samples=1)
    ),
    "lightgbm forest": lambda: make_pipeline(
        _mixed(_ordinal()),
        lightgbm(boosting_type="rf", subsample=0.7, subsample_freq=1),
    ),
    "lightgbm dart": lambda: make_pipeline(_mixed(_ordinal()), lightgbm(boosting_type="dart")),
    "lightgbm with zeros for missing": lambda: make_pipeline(
        _mixed(_one_hot(), sparse_threshold=1), lightgbm(zero_as_missing=True)
    ),
    "lightgbm without missing": lambda: make_pipeline(
        _mixed(_ordinal(np.nan)), lightgbm(use_missing=False)
    ),
    "lightgbm poisson": lambda: make_pipeline(
        _mixed(_ordinal()), lightgbm(objective="poisson")
    ),
    "lightgbm tweedie": lambda: make_pipeline(
        _mixed(_ordinal()), lightgbm(objective="tweedie")
    ),
    "lightgbm quantile": lambda: make_pipeline(
        _mixed(_ordinal()), lightgbm(objective="quantile", alpha=0.2)
    ),
    "lightgbm of the logarithm": lambda: TransformedTargetRegressor(
        make_pipeline(_mixed(_ordinal()), lightgbm()), func=np.log1p, inverse_func=np.expm1
    ),
}  # fmt: skip

CLASSIFICATIONS: Mapping[str, Make] = {
    "xgboost": lambda: make_pipeline(_mixed(_ordinal(np.nan)), xgboost(XGBClassifier)),
    "xgboost on a sparse matrix": lambda: make_pipeline(
        _mixed(_one_hot(), sparse_threshold=1), xgboost(XGBClassifier)
    ),
    "xgboost of parallel trees": lambda: make_pipeline(
        _mixed(_ordinal()), xgboost(XGBClassifier, num_parallel_tree=3, subsample=0.5)
    ),
    "lightgbm": lambda: make_pipeline(_mixed(_ordinal(np.nan)), lightgbm(LGBMClassifier)),
    "lightgbm with levels": lambda: make_pipeline(
        _mixed(_ordinal()),
        lightgbm(LGBMClassifier, categorical_feature=LEVELS, min_data_per_group=5),
    ),
    "lightgbm forest": lambda: make_pipeline(
        _mixed(_ordinal()),
        lightgbm(LGBMClassifier, boosting_type="rf", subsample=0.7, subsample_freq=1),
    ),
}

BOOSTERS: Mapping[tuple[str, str], Make] = {
    **{("regression", name): make for name, make in REGRESSIONS.items()},
    **{
        (task, name): make
        for name, make in CLASSIFICATIONS.items()
        for task in ("binary", "multiclass")
    },
}


def targets(houses: pd.DataFrame) -> dict[str, Any]:
    """Return a target of each kind for the made houses; XGBoost wants classes numbered from 0."""
    price = houses["price"].to_numpy()
    cuts = np.quantile(price, [0.3, 0.7])
    return {
        "regression": price,
        "binary": (price > np.median(price)).astype(np.int64),
        "multiclass": np.digitize(price, cuts),
    }
