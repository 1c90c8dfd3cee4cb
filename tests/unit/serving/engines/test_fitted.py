"""A fitted estimator is called as training called it, and no answer of it is taken on trust."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from tests import tiny
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import OutputInvalid, ScoringFailed
from understudy.packaging.inference import infer_schema
from understudy.serving.engines.fitted import FittedModel, label_text

FRAME = tiny.make_houses()[["area", "rooms"]]
SCHEMA = infer_schema(FRAME, features=["area", "rooms"])
CLASSES = OutputDescription("y", classes=("false", "true"), has_probabilities=True)
IS_LARGE = (FRAME["area"] > 150).to_numpy()


class Wrong(BaseEstimator):  # type: ignore[misc]
    """An estimator that answers whatever it is told to."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def predict(self, X: Any) -> Any:
        """Return the answer, or raise it."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def fitted(estimator: Any) -> FittedModel:
    """Return an estimator as an engine for two features."""
    return FittedModel(estimator, SCHEMA.features, "frame", OutputDescription("y"))


def test_a_model_that_raises_has_failed_to_score() -> None:
    """Its own error is kept as the cause."""
    with pytest.raises(ScoringFailed, match="KeyError") as caught:
        fitted(Wrong(KeyError("area"))).predict([{"area": 1.0, "rooms": 2}])
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("answer", [np.ones(3), np.ones((1, 2))])
def test_an_output_of_another_shape_is_refused(answer: Any) -> None:
    """One number per instance is wanted."""
    with pytest.raises(OutputInvalid, match="shape"):
        fitted(Wrong(answer)).predict([{"area": 1.0, "rooms": 2}])


def test_a_single_column_of_outputs_is_accepted() -> None:
    """Some estimators keep the second dimension of a target."""
    assert fitted(Wrong(np.ones((1, 1)))).predict([{"area": 1.0, "rooms": 2}]).values == [1.0]


def test_an_array_is_given_to_a_model_trained_on_one() -> None:
    """Columns go by their order then."""
    estimator = LinearRegression().fit(FRAME.to_numpy(), FRAME["area"])
    model = FittedModel(estimator, SCHEMA.features, "array", OutputDescription("y"))
    assert model.predict([{"rooms": 3, "area": 70.0}]).values == pytest.approx([70.0])


@pytest.mark.parametrize(
    ("label", "text"),
    [(1, "1"), (1.0, "1"), (1.5, "1.5"), (True, "true"), (np.bool_(False), "false"), ("a", "a")],
)
def test_labels_are_spelt_one_way(label: object, text: str) -> None:
    """An outcome posted as JSON finds its class."""
    assert label_text(label) == text


class Counting(FunctionTransformer):  # type: ignore[misc]
    """A transformer that counts how often it is asked."""

    def transform(self, X: Any) -> Any:
        """Count, and change nothing."""
        self.times_ = getattr(self, "times_", 0) + 1
        return X


@pytest.mark.parametrize("nested", [False, True])
def test_rows_are_prepared_once_for_label_and_probabilities(nested: bool) -> None:
    """The steps before the last cost most, and what they make serves both questions."""
    counting = Counting()
    last: Any = make_pipeline(StandardScaler(), LogisticRegression())
    steps = [("count", counting), ("nothing", "passthrough"), ("none", None), ("last", last)]
    pipeline = Pipeline(steps) if nested else make_pipeline(counting, *last)
    pipeline.fit(FRAME, IS_LARGE)
    counting.times_ = 0
    model = FittedModel(pipeline, SCHEMA.features, "frame", CLASSES)
    scores = model.score_frame(FRAME)
    assert counting.times_ == 1
    assert scores.labels is not None
    np.testing.assert_array_equal(scores.labels == 1, pipeline.predict(FRAME))
    np.testing.assert_array_equal(scores.probabilities, pipeline.predict_proba(FRAME))


class Unsure(BaseEstimator):  # type: ignore[misc]
    """A classifier with a probability too many."""

    def predict(self, X: Any) -> Any:
        """Say yes."""
        return np.ones(len(X), dtype=bool)

    def predict_proba(self, X: Any) -> Any:
        """Give three."""
        return np.full((len(X), 3), 1 / 3)


def test_probabilities_of_another_number_are_refused() -> None:
    """One for each class is wanted."""
    model = FittedModel(Unsure(), SCHEMA.features, "frame", CLASSES)
    with pytest.raises(OutputInvalid, match=r"probabilities have the shape \(1, 3\) .* \(1, 2\)"):
        model.predict([{"area": 1.0, "rooms": 2}])


def test_texts_are_given_to_a_model_trained_on_them() -> None:
    """One by one they are the same as together, and as rows of a frame."""
    texts = pd.Series(["good", "bad", "good good", "so bad"] * 5, name="text")
    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, texts > "f")
    fields = infer_schema(texts.to_frame(), features=["text"]).features
    model = FittedModel(pipeline, fields, "series", CLASSES)
    instances = [{"text": text} for text in texts]
    together = model.score(instances)
    np.testing.assert_array_equal(together.probabilities, pipeline.predict_proba(texts))
    np.testing.assert_array_equal(
        together.probabilities, model.score_frame(texts.to_frame()).probabilities
    )
    alone = [model.predict([instance]).outputs[0] for instance in instances]
    assert alone == list(model.predict(instances).outputs)
    assert list(model.predict([]).outputs) == []
