"""An ONNX file is packaged as a fitted estimator is, once it is known what its outputs mean."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_wine
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests import onnx_files, tiny
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactRefused, ExtraMissing
from understudy.packaging.given import Given, Refusals, examine
from understudy.packaging.onnx_estimator import OnnxEstimator, opened
from understudy.serving.engines.fitted import label_texts
from understudy.serving.engines.onnx import OnnxModel

HOUSES = tiny.make_houses()
NUMBERS = HOUSES[["area", "rooms", "built"]]
PRICE = HOUSES["price"].to_numpy()
WINE, KIND = load_wine(return_X_y=True)
SCALE = StandardScaler().fit(WINE)
PRICED = make_pipeline(StandardScaler(), Ridge()).fit(NUMBERS.to_numpy(), PRICE)
LINEAR = onnx_files.matrix_file(PRICED, 3)


def wine_file(target: Any = KIND, **options: Any) -> bytes:
    """Return a file that sorts wines into the classes of a target."""
    classifier = make_pipeline(StandardScaler(), LogisticRegression()).fit(WINE, target)
    return onnx_files.matrix_file(classifier, 13, **options)


def given(model: Any, X: Any, y: Any, task: Any = None, **changes: Any) -> Given:
    """Check a file with the same rows for training and test."""
    data = {"X_train": X, "y_train": y, "X_test": X, "y_test": y}
    carried, overrides = changes.get("carried"), changes.get("overrides")
    output = OutputDescription("target")
    return examine(model, Refusals("test", "1.0.0"), data, carried, overrides, output, task)


def refusal(*arguments: Any, **changes: Any) -> str:
    """Return why a file is refused."""
    with pytest.raises(ArtefactRefused) as caught:
        given(*arguments, **changes)
    return "\n".join(caught.value.reasons)


def engine_of(found: Given) -> OnnxModel:
    """Return the engine that would serve what was given."""
    return OnnxModel(found.model.estimator.session, found.model.fields, found.model.output)


def test_a_file_comes_as_its_path_its_bytes_or_a_model(tmp_path: Path) -> None:
    """And anything else is none."""
    (tmp_path / "model.onnx").write_bytes(LINEAR)
    proto = onnx.ModelProto.FromString(LINEAR)
    refusals = Refusals("test", "1.0.0")
    path = tmp_path / "model.onnx"
    for form in (path, str(path), LINEAR, bytearray(LINEAR), proto):
        estimator = opened(form, refusals)
        assert isinstance(estimator, OnnxEstimator)
        assert estimator.n_features_in_ == 3
        assert not hasattr(estimator, "fit")
    ridge = Ridge()
    assert opened(ridge, refusals) is ridge


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A path to nothing, and bytes of something else."""
    assert "cannot be read (No such file" in refusal(tmp_path / "none.onnx", NUMBERS, PRICE)
    assert "cannot load the ONNX file" in refusal(b"no model", NUMBERS, PRICE)


def test_the_extra_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of the model."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExtraMissing, match="onnxruntime"):
        given(LINEAR, NUMBERS, PRICE)


@pytest.mark.parametrize("rows", [NUMBERS, NUMBERS.to_numpy(), NUMBERS.to_numpy().tolist()])
def test_a_regression_takes_the_columns_in_their_order(rows: Any) -> None:
    """Frames name them; the answers of the engine are those of the file itself."""
    found = given(LINEAR, rows, PRICE)
    assert (found.task, found.model.form) == ("regression", "array")
    estimator = found.model.estimator
    truth = estimator.session.session.run(None, {"X": np.asarray(rows, dtype=np.float32)})[0]
    np.testing.assert_array_equal(found.model.score_frame(found.train).values, truth[:, 0])
    instances = instances_of(found.train, found.schema.features)
    np.testing.assert_array_equal(engine_of(found).score(instances).values, truth[:, 0])


def test_columns_go_to_the_inputs_of_their_names() -> None:
    """Others may be carried."""
    columns = ["zone", "area"]
    encoder = OneHotEncoder(handle_unknown="ignore")
    model = make_pipeline(
        make_column_transformer((encoder, ["zone"]), (StandardScaler(), ["area"])), Ridge()
    ).fit(HOUSES[columns], PRICE)
    content = onnx_files.columns_file(model, {"zone": "string", "area": "float"})
    found = given(content, HOUSES[["agent", "area", "zone"]], PRICE, carried=["agent"])
    assert [field.name for field in found.schema.features] == columns
    assert found.model.form == "frame"
    np.testing.assert_allclose(
        found.model.score_frame(found.train).values, model.predict(HOUSES), rtol=1e-4
    )
    assert "X_train lacks the feature zone" in refusal(content, HOUSES[["area"]], PRICE)


def test_texts_go_to_the_only_input() -> None:
    """As a Series or as the column of a frame."""
    texts = pd.Series([f"{zone} house" for zone in HOUSES["zone"]], name="advert")
    words = CountVectorizer(token_pattern="[a-zA-Z]+", lowercase=False).fit(texts)
    model = make_pipeline(words, LogisticRegression()).fit(texts, np.median(PRICE) < PRICE)
    content = onnx_files.columns_file(model, {"X": "string"}, zipmap=False)
    target = (np.median(PRICE) < PRICE).astype(int)
    for rows in (texts, texts.to_frame()):
        found = given(content, rows, target)
        assert found.schema.features[0].name == "advert"
        scores = found.model.score_frame(found.train)
        instances = instances_of(found.train, found.schema.features)
        again = engine_of(found).score(instances)
        np.testing.assert_array_equal(scores.probabilities, again.probabilities)


def test_named_probabilities_name_the_classes() -> None:
    """Numbers or texts, and none of them has to be in the targets."""
    found = given(wine_file(), WINE, KIND)
    assert (found.task, found.model.output.classes) == ("multiclass", ("0", "1", "2"))
    assert found.model.output.has_probabilities
    names = np.array(["barbera", "grignolino", "barolo"])[KIND]
    few = names != "barolo"
    found = given(wine_file(names), WINE[few], names[few])
    assert found.model.output.classes == ("barbera", "barolo", "grignolino")
    scores = found.model.score_frame(found.train)
    np.testing.assert_array_equal(
        scores.labels, engine_of(found).score(instances_of(found.train, found.model.fields)).labels
    )


def test_nameless_probabilities_are_those_of_the_sorted_labels() -> None:
    """As scikit-learn orders its classes."""
    names = np.array(["c", "a", "b"])[KIND]
    found = given(wine_file(names, zipmap=False), WINE, names)
    assert found.model.output.classes == ("a", "b", "c")
    scores = found.model.score_frame(found.train)
    assert scores.labels is not None
    told = np.array(["a", "b", "c"])[scores.labels]
    assert (told == names).mean() > 0.95


def test_outputs_may_lack_labels_or_probabilities() -> None:
    """The largest probability is the label; labels alone are a classification, too."""
    whole = wine_file(zipmap=False)
    shares = given(onnx_files.with_outputs(whole, "probabilities"), WINE, KIND)
    labels = given(onnx_files.with_outputs(whole, "label"), WINE, KIND)
    assert shares.model.output.has_probabilities
    assert not labels.model.output.has_probabilities
    np.testing.assert_array_equal(
        shares.model.score_frame(shares.train).labels, labels.model.score_frame(labels.train).labels
    )


def test_a_sigmoid_makes_a_binary_model() -> None:
    """Of two labels the last is the one whose probability is given."""
    weights = np.zeros(13)
    weights[0] = 1
    content = onnx_files.weighted_sum(weights.tolist(), ending="Sigmoid")
    is_strong = WINE[:, 0] > 13
    found = given(content, SCALE.transform(WINE), is_strong)
    assert (found.task, found.model.output.classes) == ("binary", ("false", "true"))
    scores = found.model.score_frame(found.train)
    np.testing.assert_array_equal(scores.labels, SCALE.transform(WINE)[:, 0] > 0)


LETTERS = np.array(["x", "y", "z"])[KIND]
NAMELESS = wine_file(zipmap=False)
LABELS = onnx_files.with_outputs(NAMELESS, "label")
SUM = onnx_files.weighted_sum([1.0] * 13)
SIGMOID = onnx_files.weighted_sum([1.0] * 13, ending="Sigmoid")
SOFTMAX = onnx_files.weighted_sum([0.0] * 26, outputs=2, ending="Softmax")


@pytest.mark.parametrize(
    ("content", "target", "task", "reason"),
    [
        (NAMELESS, LETTERS, None, "the labels 0, 1, 2, but those of y_train are x, y, z"),
        (LABELS, KIND % 2, None, "the labels 2, but those of y_train are 0, 1"),
        (wine_file(), LETTERS, None, "y_train holds x, y, z, but the model knows 0, 1, 2"),
        (wine_file(), KIND, "binary", "knows 3 classes, which makes the task 'multiclass'"),
        (wine_file(), KIND, "regression", "a regression is one output of numbers"),
        (SUM, KIND > 0, None, "end it with a softmax or a sigmoid"),
        (SIGMOID, KIND * 0, "binary", "knows a single class, 0"),
        (SOFTMAX, KIND, None, "2 probabilities for 3 classes"),
        (LINEAR, KIND * 1.5, None, "takes 3 columns, but X_train has 13"),
    ],
)
def test_outputs_that_mean_something_else_are_refused(
    content: bytes, target: Any, task: Any, reason: str
) -> None:
    """The reason says what was found."""
    assert reason in refusal(content, WINE, target, task)


def test_probabilities_in_another_order_are_refused() -> None:
    """A label must come with a probability that is high."""
    model = onnx.ModelProto.FromString(wine_file(zipmap=False))
    (classifier,) = [node for node in model.graph.node if node.op_type == "LinearClassifier"]
    for attribute in classifier.attribute:
        if attribute.name == "classlabels_ints":
            attribute.ints[:] = [2, 0, 1]
    reasons = refusal(model, WINE, (KIND + 2) % 3)
    assert "not in the order 0, 1, 2; export them with their names" in reasons


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("float", "zone", "zone is of the type string, but the ONNX file takes tensor(float)"),
        ("int64", "area", "area is of the type number, but the ONNX file takes tensor(int64)"),
        ("string", "alley", "alley may be null, but the ONNX file takes tensor(string) as X"),
        ("bool", "rooms", "rooms is of the type integer, but the ONNX file takes tensor(bool)"),
    ],
)
def test_columns_that_do_not_fit_their_input_are_refused(kind: str, name: str, reason: str) -> None:
    """By their type, and by nulls where there is no room for any."""
    numbers = {"float": 1, "int64": 7, "string": 8, "bool": 9}
    content = onnx_files.converted_column(numbers[kind])
    assert reason in refusal(content, HOUSES[[name]], PRICE)


def test_a_null_is_no_number() -> None:
    """Inputs of numbers take it as NaN."""
    content = onnx_files.converted_column(onnx.TensorProto.DOUBLE)
    found = given(content, HOUSES[["frontage"]], PRICE)
    assert found.schema.features[0].nullable
    valid = found.model.score_frame(found.train).is_valid()
    np.testing.assert_array_equal(valid, HOUSES["frontage"].notna())


def test_a_file_that_fails_on_the_rows_is_refused() -> None:
    """With what onnxruntime says."""
    content = onnx_files.converted_column(onnx.TensorProto.STRING)
    reasons = refusal(content, HOUSES[["zone"]], np.median(PRICE) < PRICE)
    assert "has no answer for the training rows" in reasons


def test_labels_are_spelt_as_everywhere() -> None:
    """The number of a class that the file does not know is no label."""
    found = given(wine_file(), WINE, KIND.astype(float))
    assert set(label_texts(found.model.estimator.predict(WINE))) == {"0", "1", "2"}
