"""
Tiny real models, packaged for tests, and instances for them.

The houses are made up, but have every kind of column there is: numbers and categories with
missing values, an integer, a boolean, a nullable category in object dtype, carried fields.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from understudy.artefacts.artefact import Artefact
from understudy.packaging.package import package_model

NAME = "tiny-houses"
NUMBERS = ["area", "frontage"]
COUNTS = ["rooms", "built"]
CATEGORIES = ["zone", "alley"]
FLAGS = ["garage"]
FEATURES = NUMBERS + COUNTS + CATEGORIES + FLAGS
CARRIED = ["agent", "sold"]
ZONES = ("North", "South", "East", "West")


def make_houses(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    """Return made houses with a `price`; `frontage` and `alley` are sometimes missing."""
    random = np.random.default_rng(seed)
    area = random.gamma(8, 20, rows).round(1) + 20
    frontage = np.where(random.random(rows) < 0.2, np.nan, random.normal(20, 5, rows).round(1))
    rooms = random.integers(1, 9, rows)
    built = random.integers(1900, 2010, rows)
    zone = random.choice(ZONES, rows)
    alleys = np.array(["Paved", "Gravel", None], dtype=object)
    alley = random.choice(alleys, rows, p=[0.4, 0.3, 0.3])
    garage = random.random(rows) < 0.6
    noise = random.normal(0, 8000, rows)
    price = 900 * area + 4000 * rooms + 300 * (built - 1900) + 9000 * garage + noise
    price += 15_000 * (zone == "West") + 500 * np.nan_to_num(frontage, nan=18)
    return pd.DataFrame(
        {
            "area": area,
            "frontage": frontage,
            "rooms": rooms,
            "built": built,
            "zone": zone,
            "alley": pd.Series(alley, dtype="str"),
            "garage": garage,
            "agent": random.choice(["Ada", "Ben"], rows),
            "sold": np.sort(random.integers(2006, 2011, rows)),
            "price": price.round(),
        }
    )


def make_instances(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return valid instances for every tiny model; some have nulls, some lack nullable keys."""
    random = np.random.default_rng(seed)
    houses = make_houses(count, seed)
    instances = []
    for row in houses.drop(columns="price").to_dict("records"):
        instance: dict[str, Any] = {
            str(name): None if pd.isna(value) else value for name, value in row.items()
        }
        if instance["frontage"] is None and random.random() < 0.5:
            del instance["frontage"]
        if random.random() < 0.3:
            del instance["agent"]
        instances.append(instance)
    return instances


def linear_pipeline() -> Pipeline:
    """Return an unfitted linear model on imputed, scaled and one-hot encoded features."""
    numbers = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    levels = Pipeline(
        [
            ("fill", SimpleImputer(strategy="constant", fill_value="none")),
            ("encode", OneHotEncoder(handle_unknown="ignore", sparse_output=False)),
        ]
    )
    columns = ColumnTransformer(
        [
            ("numbers", numbers, NUMBERS + COUNTS),
            ("levels", levels, CATEGORIES),
            ("flags", "passthrough", FLAGS),
        ]
    )
    return Pipeline([("columns", columns), ("model", Ridge(alpha=1.0))])


def boosting_pipeline(model: Any = None) -> Pipeline:
    """Return an unfitted gradient boosting model on imputed and ordinally encoded features."""
    levels = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2
    )
    columns = ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median", add_indicator=True), NUMBERS),
            ("levels", levels, CATEGORIES),
        ],
        remainder="passthrough",
    )
    model = model or GradientBoostingRegressor(n_estimators=40, max_depth=3, random_state=0)
    return Pipeline([("columns", columns), ("model", model)])


def package_houses(estimator: Any, out: Path, version: str, **options: Any) -> Artefact:
    """Fit and package a regression on the made houses."""
    houses = make_houses()
    train, test = houses.iloc[:220], houses.iloc[220:]
    estimator.fit(train[FEATURES], train["price"])
    given: dict[str, Any] = {
        "name": NAME,
        "version": version,
        "X_train": train,
        "y_train": train["price"],
        "X_test": test,
        "y_test": test["price"],
        "out": out,
        "carried": CARRIED,
        "time_column": "sold",
        "unit": "EUR",
        "seed": 0,
    }
    return package_model(estimator, **(given | options))


def package_linear(out: Path) -> Artefact:
    """Package `tiny-houses:1.0.0`, a linear model."""
    return package_houses(linear_pipeline(), out, "1.0.0")


def package_boosting(out: Path) -> Artefact:
    """Package `tiny-houses:2.0.0`, a gradient boosting model."""
    return package_houses(boosting_pipeline(), out, "2.0.0")


def package_binary(out: Path) -> Artefact:
    """Package `tiny-dear:1.0.0`, which says whether a house is dear."""
    houses = make_houses()
    dear = np.where(houses["price"] > houses["price"].median(), "dear", "cheap")
    pipeline = linear_pipeline().set_params(model=LogisticRegression())
    return _package_classifier(pipeline, houses, dear, "tiny-dear", out, positive="dear")


def package_multiclass(out: Path) -> Artefact:
    """Package `tiny-classes:1.0.0`, which sorts houses into three classes."""
    houses = make_houses()
    band = pd.cut(houses["price"].rank(pct=True), [0, 0.3, 0.7, 1], labels=["low", "mid", "top"])
    pipeline = boosting_pipeline(HistGradientBoostingClassifier(max_iter=15, random_state=0))
    return _package_classifier(pipeline, houses, band.astype("str"), "tiny-classes", out)


def _package_classifier(
    pipeline: Pipeline, houses: pd.DataFrame, target: Any, name: str, out: Path, **options: Any
) -> Artefact:
    target = np.asarray(target)
    pipeline.fit(houses[FEATURES][:220], target[:220])
    return package_model(
        pipeline,
        name=name,
        version="1.0.0",
        X_train=houses[:220],
        y_train=target[:220],
        X_test=houses[220:],
        y_test=target[220:],
        out=out,
        carried=CARRIED,
        seed=0,
        **options,
    )
