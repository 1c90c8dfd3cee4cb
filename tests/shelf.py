"""Every example model with the rows it is trained on, and the engines that are to serve it."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import (
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    StackingRegressor,
    VotingClassifier,
)
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC

from house_prices.features import DerivedColumns
from tests import boosters, onnx_files, tiny, zoo

Make = Callable[[], Any]

BOTH = ("compiled", "exact")
EXACT = ("exact",)
ONNX = ("onnx",)
WORDS = ("fine", "great", "poor", "bad", "house", "garden", "the", "and", "naïve", "3rd", "X-ray")
DERIVED = [
    {"name": "age", "op": "subtract", "inputs": ["rooms", "built"]},
    {"name": "share", "op": "divide", "inputs": ["area", "rooms"]},
    {"name": "fenced", "op": "is_missing", "inputs": ["frontage"]},
]


@dataclass(frozen=True)
class Example:
    """
    A model to fit, by the name of its rows, on one of their targets.

    `convert` makes an ONNX file of it; it is that file which is served then. `least` is the
    smallest number that it has an answer for, None without one.
    """

    rows: str
    target: str
    make: Make
    engines: tuple[str, ...] = BOTH
    convert: Callable[[Any], bytes] | None = None
    least: float | None = None


@cache
def rows_of(name: str) -> tuple[Any, dict[str, Any]]:
    """Return rows, and the targets that belong to them."""
    if name.startswith("houses"):
        houses = tiny.make_houses()
        targets = boosters.targets(houses) if name == "houses of boosters" else zoo.targets(houses)
        return houses[tiny.FEATURES], targets
    if name.startswith("text"):
        return _texts(name)
    kind, _, dtype = name.partition(" ")
    load = {
        "diabetes": load_diabetes, "cancer": load_breast_cancer, "wine": load_wine,
        "digits": load_digits,
    }[kind]  # fmt: skip
    X, y = load(return_X_y=True)
    places = np.random.default_rng(0).permutation(len(X))[:500]
    return X[places].astype(dtype or X.dtype), {"y": y[places]}


def _texts(name: str) -> tuple[Any, dict[str, Any]]:
    random = np.random.default_rng(0)
    texts = [" ".join(random.choice(WORDS, random.integers(1, 12))) for _ in range(300)]
    scores = [text.count("fine") + text.count("great") - text.count("bad") for text in texts]
    kinds = {"y": np.where(np.array(scores) > 0, "praise", "complaint")}
    if name == "texts":
        return texts, kinds
    return pd.DataFrame({"advert": texts, "area": random.normal(100, 20, 300)}), kinds


def fitted(example: Example) -> Any:
    """Return the fitted model of an example."""
    rows, targets = rows_of(example.rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return example.make().fit(rows, targets[example.target])


def _logistic() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))


def _ridge() -> Any:
    return make_pipeline(StandardScaler(), Ridge())


def _network() -> Any:
    return make_pipeline(
        StandardScaler(), MLPClassifier(hidden_layer_sizes=(20,), max_iter=20, random_state=0)
    )


def _forest() -> Any:
    return RandomForestClassifier(n_estimators=8, max_depth=5, random_state=0)


def _levels_and_numbers() -> Any:
    return make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["zone"]),
            (StandardScaler(), ["area", "rooms", "built"]),
        ),
        Ridge(),
    )


def _matrix(width: int, kind: str = "float", **options: Any) -> Callable[[Any], bytes]:
    return lambda estimator: onnx_files.matrix_file(estimator, width, kind, **options)


def _columns(estimator: Any) -> bytes:
    kinds = {"zone": "string", "area": "float", "rooms": "int64", "built": "int64"}
    return onnx_files.columns_file(estimator, kinds)


def _zoo() -> dict[str, Example]:
    examples = {}
    for name, make in zoo.REGRESSIONS.items():
        # Below -1 the logarithm has no answer, and what comes next refuses the whole batch.
        least = -0.99 if name == "logarithm" else None
        examples[f"regression {name}"] = Example("houses", "regression", make, least=least)
    for task in ("binary", "multiclass"):
        for name, make in zoo.CLASSIFICATIONS.items():
            examples[f"{task} {name}"] = Example("houses", task, make)
    for name, make in zoo.OTHERS.items():
        examples[f"regression {name}"] = Example("houses", "regression", make, EXACT)
    for (task, name), make in boosters.BOOSTERS.items():
        examples[f"{task} {name} booster"] = Example("houses of boosters", task, make)
    return examples


EXAMPLES: Mapping[str, Example] = {
    **_zoo(),
    "custom transformer": Example(
        "houses",
        "regression",
        lambda: make_pipeline(
            DerivedColumns(DERIVED),
            make_column_transformer(
                (OneHotEncoder(handle_unknown="ignore"), tiny.CATEGORIES),
                remainder=SimpleImputer(),
            ),
            Ridge(),
        ),
    ),
    "diabetes": Example("diabetes", "y", _ridge),
    "diabetes in singles": Example("diabetes float32", "y", _ridge),
    "diabetes by a search": Example(
        "diabetes", "y", lambda: GridSearchCV(_ridge(), {"ridge__alpha": [0.1, 1.0]}, cv=2)
    ),
    "diabetes by histograms": Example(
        "diabetes", "y", lambda: HistGradientBoostingRegressor(max_iter=10)
    ),
    "diabetes by vectors in singles": Example(
        "diabetes float32", "y", lambda: make_pipeline(StandardScaler(), SVR(C=100)), EXACT
    ),
    "diabetes by a stack": Example(
        "diabetes",
        "y",
        lambda: StackingRegressor([("ridge", Ridge()), ("vectors", SVR())], cv=2),
        EXACT,
    ),
    "breast cancer": Example("cancer", "y", _logistic),
    "breast cancer without probabilities": Example(
        "cancer", "y", lambda: make_pipeline(StandardScaler(), RidgeClassifier())
    ),
    "breast cancer by vectors": Example(
        "cancer", "y", lambda: make_pipeline(StandardScaler(), SVC()), EXACT
    ),
    "breast cancer, calibrated": Example(
        "cancer", "y", lambda: CalibratedClassifierCV(_logistic(), cv=2), EXACT
    ),
    "wine": Example("wine", "y", _forest),
    "wine by a vote": Example(
        "wine",
        "y",
        lambda: VotingClassifier([("a", _logistic()), ("b", GaussianNB())], voting="soft"),
        EXACT,
    ),
    "digits": Example("digits", "y", _logistic),
    "digits in whole numbers": Example("digits int64", "y", _logistic),
    "digits by a network": Example("digits", "y", _network, EXACT),
    "texts": Example(
        "texts", "y", lambda: make_pipeline(TfidfVectorizer(), LogisticRegression()), EXACT
    ),
    "hashed letters": Example(
        "texts",
        "y",
        lambda: make_pipeline(HashingVectorizer(analyzer="char", n_features=64), LinearSVC()),
        EXACT,
    ),
    "texts among numbers": Example(
        "texts and numbers",
        "y",
        lambda: make_pipeline(
            make_column_transformer((TfidfVectorizer(), "advert"), (StandardScaler(), ["area"])),
            LogisticRegression(),
        ),
        EXACT,
    ),
    "onnx diabetes": Example("diabetes", "y", _ridge, ONNX, _matrix(10)),
    "onnx diabetes in doubles": Example("diabetes", "y", _ridge, ONNX, _matrix(10, "double")),
    "onnx breast cancer": Example("cancer", "y", _logistic, ONNX, _matrix(30)),
    "onnx wine": Example("wine", "y", _forest, ONNX, _matrix(13, zipmap=False)),
    "onnx digits": Example("digits float32", "y", _network, ONNX, _matrix(64, zipmap=False)),
    "onnx labels": Example(
        "wine",
        "y",
        _logistic,
        ONNX,
        lambda found: onnx_files.with_outputs(_matrix(13, zipmap=False)(found), "label"),
    ),
    "onnx columns": Example("houses", "regression", _levels_and_numbers, ONNX, _columns),
    "onnx texts": Example(
        "texts",
        "y",
        lambda: make_pipeline(
            TfidfVectorizer(token_pattern="[a-z]+", lowercase=False), LogisticRegression()
        ),
        ONNX,
        partial(onnx_files.columns_file, kinds={"X": "string"}),
    ),
}
