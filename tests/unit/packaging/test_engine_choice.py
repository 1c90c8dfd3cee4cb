"""The fastest engine that is proven equal serves, and of the others it is told why not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMRegressor
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor, VotingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVR
from xgboost import XGBRegressor

from tests import onnx_files, tiny
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactRefused
from understudy.packaging.engine_choice import Choice, choose_engine, gather_evidence
from understudy.packaging.given import Refusals, examine
from understudy.serving.engines.exact import load_estimator

HOUSES = tiny.make_houses(150)
ROWS = HOUSES[["area", "rooms"]]
PRICE = HOUSES["price"].to_numpy()
IS_DEAR = np.median(PRICE) < PRICE
XGBOOST = {"n_estimators": 3, "max_depth": 2}


def choose(estimator: Any, folder: Path, X: Any = ROWS, y: Any = PRICE) -> Choice:
    """Choose an engine for an estimator, fitted on rows unless it can't be."""
    if hasattr(estimator, "fit"):
        estimator.fit(X, y)
    refusals = Refusals("test", "1.0.0")
    data = {"X_train": X, "y_train": y, "X_test": X, "y_test": y}
    given = examine(estimator, refusals, data, None, None, OutputDescription("y"), None)
    scores = given.model.score_frame(given.train)
    return choose_engine(given, gather_evidence(given, scores, scores), folder, refusals)


def refusal(estimator: Any, folder: Path, X: Any = ROWS, y: Any = PRICE) -> str:
    """Return why no engine can serve an estimator."""
    with pytest.raises(ArtefactRefused) as caught:
        choose(estimator, folder, X, y)
    assert not list(folder.iterdir())
    return "\n".join(caught.value.reasons)


def test_a_plan_serves_where_one_can_be_made(tmp_path: Path) -> None:
    """Nothing is needed to load it, whatever it was trained with."""
    choice = choose(make_pipeline(FunctionTransformer(np.log1p), Ridge()), tmp_path)
    assert (choice.name, choice.reasons, choice.distributions) == ("compiled", {}, {})
    assert choice.trained_with == {}
    assert choice.sentence == "the engine compiled answers as the fitted model"


def test_an_engine_is_held_against_the_test_rows_too() -> None:
    """The metrics in the manifest are the pipeline's there, and must be true of what serves."""
    estimator = Ridge().fit(ROWS, PRICE)
    data = {"X_train": ROWS, "y_train": PRICE, "X_test": ROWS, "y_test": PRICE}
    refusals = Refusals("test", "1.0.0")
    given = examine(estimator, refusals, data, None, None, OutputDescription("y"), None)
    scores = given.model.score_frame(given.train)
    assert gather_evidence(given, scores, scores).refute(given.model) is None
    others = replace(scores, values=scores.values + 1.0)
    refuted = gather_evidence(given, scores, others).refute(given.model)
    assert refuted is not None
    assert "test rows are answered otherwise" in refuted


def test_a_search_is_served_by_its_best_estimator(tmp_path: Path) -> None:
    """Neither engine needs what the search tried, nor by what it judged."""
    plain = GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [1, 2]}, cv=2)
    assert choose(plain, tmp_path).name == "compiled"
    scores = ["r2", "neg_mean_absolute_error"]
    search = GridSearchCV(SVR(), {"C": [1, 2]}, cv=2, scoring=scores, refit="r2")
    choice = choose(search, tmp_path)
    assert choice.name == "exact"
    rebuilt = load_estimator((tmp_path / "model.skops").read_bytes(), [])
    assert type(rebuilt) is SVR


def test_the_exact_engine_serves_what_has_no_plan(tmp_path: Path) -> None:
    """With the reason in a sentence."""
    choice = choose(SVR(), tmp_path)
    assert choice.name == "exact"
    assert choice.files == ["model.skops"]
    assert choice.sentence.endswith("; not compiled: the estimator SVR is not known")


def test_texts_have_no_plan(tmp_path: Path) -> None:
    """They are served as they came."""
    texts = [f"{zone} house" for zone in HOUSES["zone"]]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression())
    choice = choose(model, tmp_path, texts, IS_DEAR)
    assert choice.name == "exact"
    assert "takes whole texts" in choice.reasons["compiled"]


def test_an_onnx_file_is_served_as_it_is(tmp_path: Path) -> None:
    """By the distribution of onnxruntime that is installed."""
    linear = LinearRegression().fit(ROWS.to_numpy(), PRICE)
    content = onnx_files.matrix_file(linear, 2)
    choice = choose(content, tmp_path)
    assert choice.name == "onnx"
    assert choice.reasons == {"compiled": "an ONNX file has no steps to translate"}
    assert (tmp_path / "model.onnx").read_bytes() == content
    assert len(choice.distributions) == 1
    assert next(iter(choice.distributions)).startswith("onnxruntime")


def test_a_file_that_mixes_rows_is_refused(tmp_path: Path) -> None:
    """A sum over the batch is no answer to an instance."""
    content = onnx_files.summed_batch(2)
    reasons = refusal(content, tmp_path)
    assert "engine onnx: the answer to an instance depends on the others" in reasons


@pytest.mark.parametrize(
    "kind", [XGBRegressor(**XGBOOST), LGBMRegressor(n_estimators=3, verbose=-1)], ids=type
)
def test_boosters_are_named_where_they_are_needed(kind: Any, tmp_path: Path) -> None:
    """A plan needs none of them, but the manifest says what trained it."""
    module = type(kind).__module__.partition(".")[0]
    (tmp_path / "one").mkdir()
    compiled = choose(kind, tmp_path / "one")
    assert (compiled.name, compiled.distributions) == ("compiled", {})
    (trained,) = compiled.trained_with
    assert trained.startswith(module)
    (tmp_path / "two").mkdir()
    vote = VotingRegressor([("booster", kind), ("ridge", Ridge())])
    exact = choose(vote, tmp_path / "two")
    assert exact.name == "exact"
    assert exact.distributions == exact.trained_with == compiled.trained_with


class Mine(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """An estimator of this test, which nobody could install."""

    def fit(self, X: Any, y: Any) -> "Mine":
        """Learn nothing."""
        self.fitted_ = True
        return self

    def predict(self, X: Any) -> Any:
        """Give nought."""
        return np.zeros(len(X))


@pytest.mark.parametrize(
    ("estimator", "compiled", "exact"),
    [
        (
            make_pipeline(FunctionTransformer(lambda X: X * 2), Ridge()),
            "<lambda>",
            "has no name to find it by when the model is loaded; use a NumPy function",
        ),
        (Mine(), "Mine is not known", "Mine, which no installed distribution defines; move it"),
        (
            make_pipeline(FunctionTransformer(np.fft.fft), FunctionTransformer(np.abs), Ridge()),
            "fft",
            "numpy.fft.fft, which may not be loaded",
        ),
    ],
)
def test_nobodys_code_is_refused_with_what_would_help(
    estimator: Any, compiled: str, exact: str, tmp_path: Path
) -> None:
    """Each engine says why it can't serve the model."""
    reasons = refusal(estimator, tmp_path)
    assert compiled in reasons.splitlines()[0]
    assert exact in reasons.splitlines()[1]


def test_what_refers_back_to_itself_cannot_be_written(tmp_path: Path) -> None:
    """skops would write it for ever."""
    early = HistGradientBoostingRegressor(
        max_iter=3, early_stopping=True, scoring="neg_mean_absolute_error", random_state=0
    )
    reasons = refusal(VotingRegressor([("early", early)]), tmp_path)
    assert "something in it refers back to what holds it" in reasons


def test_singles_are_proven_with_the_precision_they_have(tmp_path: Path) -> None:
    """In 32 bits a sum of large numbers that cancel out has few digits left."""
    rows = ROWS.to_numpy(dtype=np.float32)
    assert choose(LinearRegression(), tmp_path, rows).name == "compiled"
    (tmp_path / "exact").mkdir()
    model = make_pipeline(StandardScaler(), SVR(C=1e5))
    assert choose(model, tmp_path / "exact", rows).name == "exact"
