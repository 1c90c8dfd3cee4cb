"""Two small real models with 30 features, packaged from rows of the benchmark's own kind."""

from pathlib import Path

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from understudy.artefacts.artefact import Artefact
from understudy.packaging.package import package_model

NAME, TARGET = "scale", "target"
LIVE, SHADOW = "1.0.0", "2.0.0"
TRAINING, HELD_OUT = 6000, 2000


def package_pair(rows: pd.DataFrame, out: Path) -> tuple[Artefact, Artefact]:
    """Fit and package live and shadow, which differ in how strongly they are smoothed."""
    live, shadow = (_package(rows, out, *one) for one in ((LIVE, 1.0), (SHADOW, 3.0)))
    return live, shadow


def _package(rows: pd.DataFrame, out: Path, version: str, alpha: float) -> Artefact:
    features = rows.drop(columns=TARGET)
    train, test = rows[:TRAINING], rows[TRAINING:]
    model = _pipeline(features, alpha).fit(train[features.columns], train[TARGET])
    return package_model(
        model,
        name=NAME,
        version=version,
        X_train=train[features.columns],
        y_train=train[TARGET],
        X_test=test[features.columns],
        y_test=test[TARGET],
        out=out,
        unit="EUR",
        seed=0,
    )


def _pipeline(features: pd.DataFrame, alpha: float) -> Pipeline:
    numeric = list(features.select_dtypes("number").columns)
    names = [name for name in features.columns if name not in numeric]
    levels = Pipeline(
        [
            ("fill", SimpleImputer(strategy="constant", fill_value="none")),
            ("encode", OneHotEncoder(handle_unknown="ignore", sparse_output=False)),
        ]
    )
    columns = ColumnTransformer(
        [("numbers", SimpleImputer(strategy="median"), numeric), ("levels", levels, names)]
    )
    return Pipeline([("columns", columns), ("model", Ridge(alpha=alpha))])
