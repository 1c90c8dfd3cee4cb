"""The exact engine rebuilds known types and nothing else."""

import io
import json
import operator
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from lightgbm import LGBMRegressor
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import FeatureAgglomeration
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    StackingRegressor,
    VotingClassifier,
)
from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - makes the next visible
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.impute import IterativeImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, TweedieRegressor
from sklearn.model_selection import GridSearchCV, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC, SVR
from skops.io import dumps
from xgboost import XGBClassifier

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.errors import ArtefactInvalid
from understudy.serving.engines import load_engine
from understudy.serving.engines.exact import load_estimator, save_exact

pytestmark = pytest.mark.no_cover

HOUSES = tiny.make_houses(120)
FRAME = HOUSES[["area", "rooms"]]
PRICE = HOUSES["price"].to_numpy() / 1e5
BAND = np.digitize(PRICE, [1.5, 2.5]).astype(str)
IS_DEAR = np.median(PRICE) < PRICE
TEXTS = [f"{zone} with {rooms} rooms" for zone, rooms in HOUSES[["zone", "rooms"]].to_numpy()]
MIXED = HOUSES[["area", "built", "zone"]].assign(zone=HOUSES["zone"].astype("category"))
LOGISTIC = LogisticRegression(max_iter=3000)
SCALED = make_pipeline(StandardScaler(), LOGISTIC)
SMALL = {"n_estimators": 3, "random_state": 0}
# What a fitted model may be made of, with the rows and the target it is trained on.
MODELS: Mapping[str, tuple[Any, Any, Any]] = {
    "categories of histograms": (HistGradientBoostingRegressor(max_iter=3), MIXED, PRICE),
    "numbered categories": (
        HistGradientBoostingRegressor(max_iter=3, categorical_features=[1]),
        FRAME,
        PRICE,
    ),
    "boosting": (GradientBoostingClassifier(**SMALL), FRAME, BAND),
    "words": (make_pipeline(TfidfVectorizer(), LOGISTIC), TEXTS, BAND),
    "counted words": (
        make_pipeline(CountVectorizer(ngram_range=(1, 2), stop_words="english"), MultinomialNB()),
        TEXTS,
        BAND,
    ),
    "hashed words": (make_pipeline(HashingVectorizer(n_features=16), LOGISTIC), TEXTS, BAND),
    "calibrated by a sigmoid": (CalibratedClassifierCV(SCALED, cv=2), FRAME, BAND),
    "calibrated by steps": (
        CalibratedClassifierCV(RandomForestClassifier(**SMALL), method="isotonic", cv=2),
        FRAME,
        BAND,
    ),
    "calibrated by temperature": (
        CalibratedClassifierCV(SCALED, method="temperature", cv=2),
        FRAME,
        BAND,
    ),
    "stacked": (StackingRegressor([("a", Ridge()), ("b", SVR())], cv=2), FRAME, PRICE),
    "voting": (
        VotingClassifier([("a", SCALED), ("b", GaussianNB())], voting="soft"),
        FRAME,
        BAND,
    ),
    "a search in a vote": (
        VotingClassifier([("a", GridSearchCV(SCALED, {"logisticregression__C": [1, 2]}, cv=2))]),
        FRAME,
        BAND,
    ),
    "a tuned threshold": (TunedThresholdClassifierCV(SCALED, cv=2), FRAME, IS_DEAR),
    "pipelines in pipelines": (make_pipeline(StandardScaler(), SCALED), FRAME, BAND),
    "neighbours": (KNeighborsRegressor(), FRAME, PRICE),
    "neighbours in balls": (KNeighborsClassifier(algorithm="ball_tree"), FRAME, BAND),
    "vectors": (SVC(), FRAME, BAND),
    "kernels": (GaussianProcessRegressor(RBF() + WhiteKernel(), alpha=1.0), FRAME, PRICE),
    "a network": (
        make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(4,), tol=1)),
        FRAME,
        PRICE,
    ),
    "a tweedie loss": (
        make_pipeline(StandardScaler(), TweedieRegressor(power=1.5)),
        FRAME,
        PRICE,
    ),
    "splines": (make_pipeline(SplineTransformer(), Ridge()), FRAME, PRICE),
    "pooled columns": (make_pipeline(FeatureAgglomeration(1), Ridge()), FRAME, PRICE),
    "imputed in turn": (
        make_pipeline(IterativeImputer(max_iter=2, tol=1e9), Ridge()),
        HOUSES[["area", "frontage"]],
        PRICE,
    ),
    "selected columns": (
        make_pipeline(
            make_column_transformer(
                (OneHotEncoder(), make_column_selector(dtype_include="category")),
                remainder="passthrough",
            ),
            Ridge(),
        ),
        MIXED,
        PRICE,
    ),
    "functions": (make_pipeline(FunctionTransformer(np.nan_to_num), Ridge()), FRAME, PRICE),
    "xgboost": (XGBClassifier(n_estimators=3), FRAME, BAND.astype(int) > 0),
    "lightgbm": (LGBMRegressor(n_estimators=3, verbose=-1), FRAME, PRICE),
}


class Homemade(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer that no installed distribution defines."""

    def fit(self, X: Any, y: Any = None) -> "Homemade":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> Any:
        """Change nothing."""
        return X


def test_a_loaded_model_answers_as_the_packaged_one(exact_artefact: Artefact) -> None:
    """The manifest says why a faster engine was not chosen."""
    assert exact_artefact.manifest.engine == "exact"
    assert "SVR" in exact_artefact.manifest.engine_reasons["compiled"]
    engine = load_engine(exact_artefact)
    assert engine.name == "exact"
    assert len(engine.predict(tiny.make_instances(4)).values) == 4


def test_a_class_of_nobody_is_refused() -> None:
    """A class that only the training script knows cannot be served."""
    content = dumps(make_pipeline(Homemade(), LinearRegression()).fit(FRAME, FRAME["area"]))
    with pytest.raises(ArtefactInvalid, match="Homemade"):
        load_estimator(content, [])


def test_a_function_of_a_good_library_is_refused() -> None:
    """A function may do harm with arguments that an artefact chooses."""
    content = dumps(FunctionTransformer(np.save))
    with pytest.raises(ArtefactInvalid, match="save"):
        load_estimator(content, [])


def test_garbage_is_refused() -> None:
    """What is no skops file cannot be read."""
    with pytest.raises(ArtefactInvalid, match="cannot be read"):
        load_estimator(b"garbage", [])


def test_equal_estimators_give_equal_bytes(tmp_path: Path) -> None:
    """Neither memory addresses nor the clock are part of a model."""
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        estimator = make_pipeline(FunctionTransformer(), LinearRegression())
        save_exact(estimator.fit(FRAME, FRAME["area"]), tmp_path / name)
        written.append((tmp_path / name / "model.skops").read_bytes())
    assert written[0] == written[1]
    assert load_estimator(written[0], []).predict(FRAME) == pytest.approx(FRAME["area"].to_numpy())


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_harmless_parts_is_rebuilt(kind: str) -> None:
    """Every common kind of model comes back and answers as before."""
    estimator, rows, target = MODELS[kind]
    estimator = clone(estimator).fit(rows, target)
    rebuilt = load_estimator(dumps(estimator), [])
    np.testing.assert_array_equal(rebuilt.predict(rows), estimator.predict(rows))


def crafted(node: dict[str, Any], argument: Any) -> bytes:
    """Return a model's file in which somebody put a node that holds an argument."""
    estimator = LinearRegression().fit(FRAME, PRICE)
    estimator.extra_ = argument
    with ZipFile(io.BytesIO(dumps(estimator))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(files.pop("schema.json"))
    attributes = schema["content"]["content"]
    attributes["extra_"] = {**node, "__id__": 4242, "content": attributes["extra_"]}
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in {**files, "schema.json": json.dumps(schema)}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_class_that_overwrites_files_is_refused(tmp_path: Path) -> None:
    """A file may call a class that it names with arguments of its choice, and NumPy has some."""
    victim = tmp_path / "precious"
    victim.write_bytes(b"precious")
    node = {"__class__": "memmap", "__module__": "numpy", "__loader__": "ConstructorFromReduceNode"}
    content = crafted(node, (str(victim), "uint8", "w+", 0, 8))
    with pytest.raises(ArtefactInvalid, match=r"holds numpy\.memmap, which may not be loaded"):
        load_estimator(content, [])
    assert victim.read_bytes() == b"precious"


def test_a_method_that_is_called_with_rows_is_refused(tmp_path: Path) -> None:
    """A function of the standard library, or a method of a harmless object, can write files."""
    booster = LGBMRegressor(n_estimators=2, verbose=-1).fit(FRAME, PRICE).booster_
    for function in (
        operator.methodcaller("tofile", str(tmp_path / "written")),
        partial(booster.save_model, str(tmp_path / "written")),
    ):
        with pytest.raises(ArtefactInvalid, match=r"operator\.methodcaller|save_model"):
            load_estimator(dumps(FunctionTransformer(function)), [])


@pytest.mark.parametrize("kind", ["filename", "file"])
def test_a_model_that_reads_files_is_refused(kind: str, tmp_path: Path) -> None:
    """A client would name a file of this machine and learn what is in it."""
    (tmp_path / "text").write_text("some words")
    words = TfidfVectorizer().fit(["some words", "other words"])
    words.input = kind
    with pytest.raises(ArtefactInvalid, match=f"input='{kind}'"):
        load_estimator(dumps(make_pipeline(words, LogisticRegression())), [])


def test_a_name_for_a_file_is_a_text_for_others() -> None:
    """The check above looks at vectorisers alone."""
    assert load_estimator(dumps(FunctionTransformer(kw_args={"input": "file"})), [])


def test_equal_models_of_texts_are_kept_in_equal_bytes_by_every_process(tmp_path: Path) -> None:
    """A vectoriser remembers where its stop words lay in memory; that is no part of the model."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from sklearn.feature_extraction.text import TfidfVectorizer\n"
        "from understudy.serving.engines.exact import save_exact\n"
        "words = TfidfVectorizer(stop_words=['the']).fit(['the house', 'a garden'])\n"
        "words.transform(['house'])\n"
        "moved = [object() for _ in range(int(sys.argv[2]))]\n"
        "save_exact(words, Path(sys.argv[1]))\n"
    )
    kept = []
    for number in ("0", "100000"):
        folder = tmp_path / number
        folder.mkdir()
        subprocess.run([sys.executable, "-c", code, folder, number], check=True)
        kept.append((folder / "model.skops").read_bytes())
    assert kept[0] == kept[1]
