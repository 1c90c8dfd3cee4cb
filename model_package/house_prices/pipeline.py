"""
The two pipelines, made of standard scikit-learn parts.

Both learn the logarithm of the price. The linear one puts every number on the range that training
saw and holds it there: on a log scale a straight line otherwise turns a slip of the keyboard into
an infinite price.
"""

import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder

from house_prices.config import Config
from house_prices.features import DerivedColumns

ABSENT = "absent"


def build_linear(config: Config) -> Pipeline:
    """Ridge regression of the log price; a missing level is a level of its own."""
    model = config.models.linear
    levels = Pipeline(
        [
            ("fill", SimpleImputer(strategy="constant", fill_value=ABSENT)),
            (
                "encode",
                OneHotEncoder(
                    handle_unknown="infrequent_if_exist",
                    min_frequency=model.rare_below,
                    sparse_output=False,
                ),
            ),
        ]
    )
    prepare = ColumnTransformer(
        [
            ("median", _numbers(SimpleImputer(strategy="median")), list(model.unknown_is_median)),
            (
                "zero",
                _numbers(SimpleImputer(strategy="constant", fill_value=0)),
                list(model.unknown_is_zero),
            ),
            ("indicators", "passthrough", list(model.indicators)),
            ("levels", levels, list(model.levels)),
        ]
    )
    return _pipeline(config, prepare, Ridge(alpha=model.alpha))


def build_boosting(config: Config) -> Pipeline:
    """Histogram-based gradient boosting of the log price; nulls are left to the trees."""
    model = config.models.boosting
    levels = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan
    )
    prepare = ColumnTransformer(
        [
            ("numbers", "passthrough", list(model.numbers)),
            ("levels", levels, list(model.levels)),
        ]
    )
    first_level = len(model.numbers)
    trees = HistGradientBoostingRegressor(
        learning_rate=model.learning_rate,
        max_iter=model.trees,
        max_leaf_nodes=model.leaves,
        min_samples_leaf=model.rows_per_leaf,
        l2_regularization=model.l2,
        categorical_features=list(range(first_level, first_level + len(model.levels))),
        early_stopping=False,
        random_state=config.seed,
    )
    return _pipeline(config, prepare, trees)


BUILDERS = {"linear": build_linear, "boosting": build_boosting}


def _numbers(fill: SimpleImputer) -> Pipeline:
    return Pipeline([("fill", fill), ("scale", MinMaxScaler(clip=True))])


def _pipeline(
    config: Config, prepare: ColumnTransformer, regressor: Ridge | HistGradientBoostingRegressor
) -> Pipeline:
    return Pipeline(
        [
            ("derive", DerivedColumns([dict(spec) for spec in config.derived])),
            ("prepare", prepare),
            (
                "model",
                TransformedTargetRegressor(regressor, func=np.log1p, inverse_func=np.expm1),
            ),
        ]
    )
