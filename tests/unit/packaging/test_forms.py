"""Rows come in many forms, and the estimator is given back the one it was trained on."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests import tiny
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import OutputDescription
from understudy.errors import ArtefactRefused
from understudy.packaging.forms import FormUnfit, as_frame, frames_of, is_bare, takes_texts
from understudy.packaging.given import Given, Refusals, examine

HOUSES = tiny.make_houses(120)
PRICE = HOUSES["price"].to_numpy()
NUMBERS = HOUSES[["area", "rooms"]].to_numpy(dtype=np.float64)
TEXTS = [f"{zone} {'dear' if price > 200_000 else 'cheap'}" for zone, price in
         zip(HOUSES["zone"], HOUSES["price"], strict=True)]  # fmt: skip
DEAR = np.where(np.median(PRICE) < PRICE, "dear", "cheap")


def given(estimator: Any, X: Any, y: Any, **changes: Any) -> Given:
    """Check an estimator with the same rows for training and test."""
    data = {"X_train": X, "y_train": y, "X_test": X, "y_test": y} | changes
    carried = data.pop("carried", None)
    output = OutputDescription("target")
    return examine(estimator, Refusals("test", "1.0.0"), data, carried, None, output, None)


def refusal(estimator: Any, X: Any, y: Any, **changes: Any) -> str:
    """Return why rows are refused."""
    with pytest.raises(ArtefactRefused) as caught:
        given(estimator, X, y, **changes)
    return "\n".join(caught.value.reasons)


def text_model() -> Any:
    """Return a text classifier of the usual kind, not fitted."""
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


def mixed_model() -> Any:
    """Return a regression on one column of text among numbers, chosen by place."""
    levels = ("levels", OneHotEncoder(handle_unknown="ignore"), [1])
    return make_pipeline(ColumnTransformer([levels], remainder=StandardScaler()), Ridge())


class Told(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A regressor that remembers what it was given to predict."""

    def fit(self, X: Any, y: Any) -> "Told":
        """Count the columns of an array."""
        if isinstance(X, np.ndarray) and X.ndim == 2:
            self.n_features_in_ = X.shape[1]
        return self

    def predict(self, X: Any) -> Any:
        """Remember the rows."""
        self.given_ = X
        return np.zeros(len(X))


def mixed_array() -> Any:
    """Return numbers and text in one array."""
    mixed = np.empty((len(HOUSES), 3), dtype=object)
    mixed[:, 0], mixed[:, 1], mixed[:, 2] = HOUSES["area"], HOUSES["zone"], HOUSES["rooms"]
    return mixed


def with_gaps() -> Any:
    """Return numbers of which some are missing."""
    return np.where(np.arange(240).reshape(120, 2) % 7 == 0, np.nan, NUMBERS)


FORMS: Mapping[str, tuple[Any, Any]] = {
    "doubles": (LinearRegression(), NUMBERS),
    "singles": (LinearRegression(), NUMBERS.astype(np.float32)),
    "integers": (LinearRegression(), NUMBERS.astype(np.int16)),
    "booleans": (LinearRegression(), NUMBERS > 100),
    "gaps": (make_pipeline(SimpleImputer(), LinearRegression()), with_gaps()),
    "nested lists": (LinearRegression(), NUMBERS.tolist()),
    "mixed objects": (mixed_model(), mixed_array()),
    "mixed lists": (mixed_model(), mixed_array().tolist()),
    "text array": (
        make_pipeline(OneHotEncoder(handle_unknown="ignore"), Ridge()),
        HOUSES[["zone"]].to_numpy(dtype=str),
    ),
    "frame": (LinearRegression(), HOUSES[["area", "rooms"]]),
    "frame of singles": (LinearRegression(), HOUSES[["area", "built"]].astype(np.float32)),
    "frame of numbered columns": (mixed_model(), pd.DataFrame(mixed_array()).infer_objects()),
    "nullable dtypes": (
        mixed_model(),
        HOUSES[["area", "zone", "rooms"]].astype(
            {"area": "Float64", "zone": "string", "rooms": "Int64"}
        ),
    ),
    "categories": (mixed_model(), HOUSES[["area", "zone", "rooms"]].astype({"zone": "category"})),
}
ARRAYS = {"singles": "float32", "integers": "int64", "booleans": "bool", "nested lists": "float64"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_answered_as_by_the_estimator_itself(form: str) -> None:
    """Rows of the frame, and instances as clients send them, get the estimator's own answer."""
    estimator, rows = FORMS[form]
    truth = estimator.fit(rows, PRICE).predict(rows)
    found = given(estimator, rows, PRICE)
    # The sums over an array in another memory layout differ in the last place.
    within = 1e-6 if "singles" in form else 1e-14
    np.testing.assert_allclose(found.model.score_frame(found.train).values, truth, rtol=within)
    instances = instances_of(found.train, found.schema.features)
    np.testing.assert_allclose(found.model.score(instances).values, truth, rtol=within)


@pytest.mark.parametrize(("form", "dtype"), ARRAYS.items())
def test_an_array_is_given_back_in_its_dtype(form: str, dtype: str) -> None:
    """A model trained in 32 bits answers in 32 bits; small integers alone are widened."""
    rows = FORMS[form][1]
    estimator = Told().fit(np.asarray(rows), PRICE)
    found = given(estimator, rows, PRICE)
    instances = instances_of(found.train, found.schema.features)
    for score in (found.model.score, lambda _: found.model.score_frame(found.train)):
        score(instances)
        assert (type(estimator.given_), estimator.given_.dtype) == (np.ndarray, dtype)
        np.testing.assert_array_equal(estimator.given_, np.asarray(rows))


def test_a_null_in_an_array_of_integers_has_a_place() -> None:
    """Numbers become floats then, flags objects."""
    estimator = Told().fit(NUMBERS.astype(int), PRICE)
    found = given(estimator, NUMBERS.astype(int), PRICE)
    found.model.score([{"x0": None, "x1": 3}])
    np.testing.assert_array_equal(estimator.given_, [[np.nan, 3.0]])
    flags = given(estimator, NUMBERS > 100, PRICE)
    flags.model.score([{"x0": True, "x1": None}])
    assert estimator.given_.tolist() == [[True, pytest.approx(np.nan, nan_ok=True)]]


TEXT_FORMS: Mapping[str, Any] = {
    "series": pd.Series(TEXTS, name="advert"),
    "nameless series": pd.Series(TEXTS),
    "list": TEXTS,
    "objects": np.array(TEXTS, dtype=object),
    "array": np.array(TEXTS),
}


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_texts_need_no_table(form: str) -> None:
    """They make one feature, called after their Series or `text`, which may not be null."""
    rows = TEXT_FORMS[form]
    estimator = text_model().fit(rows, DEAR)
    found = given(estimator, rows, DEAR)
    (field,) = found.schema.features
    assert field.name == ("advert" if form == "series" else "text")
    assert (field.type, field.required, field.nullable) == ("string", True, False)
    assert found.model.form == "series"
    truth = estimator.predict_proba(rows)
    np.testing.assert_array_equal(found.model.score_frame(found.train).probabilities, truth)
    instances = [{field.name: text} for text in TEXTS]
    np.testing.assert_array_equal(found.model.score(instances).probabilities, truth)


def test_a_text_model_may_carry_further_columns() -> None:
    """As a frame with the text in it, or as a frame of its own beside the texts."""
    frame = pd.DataFrame({"advert": TEXTS, "agent": HOUSES["agent"]})
    estimator = text_model().fit(frame["advert"], DEAR)
    within = given(estimator, frame, DEAR, carried=["agent"])
    beside = given(estimator, frame["advert"], DEAR, carried=frame[["agent"]])
    for found in (within, beside):
        assert found.model.form == "series"
        assert [field.name for field in found.schema.carried] == ["agent"]
        assert found.model.score_frame(found.test).labels is not None
    assert within.test["agent"].notna().all()
    assert beside.test["agent"].isna().all()


def test_test_texts_may_have_another_name() -> None:
    """There is one column, whatever it is called."""
    estimator = text_model().fit(TEXTS, DEAR)
    found = given(estimator, TEXTS, DEAR, X_test=pd.Series(TEXTS, name="other"))
    assert list(found.test.columns) == ["text"]


def test_a_text_column_among_others_is_chosen_by_name() -> None:
    """A vectoriser within a ColumnTransformer is given its column of the frame."""
    frame = pd.DataFrame({"advert": TEXTS, "area": HOUSES["area"]})
    columns = make_column_transformer((TfidfVectorizer(), "advert"), (StandardScaler(), ["area"]))
    estimator = make_pipeline(columns, Ridge()).fit(frame, PRICE)
    found = given(estimator, frame, PRICE)
    assert found.model.form == "frame"
    np.testing.assert_array_equal(
        found.model.score_frame(found.train).values, estimator.predict(frame)
    )


@pytest.mark.parametrize(
    ("estimator", "is_so"),
    [
        (text_model(), True),
        (make_pipeline(make_union(CountVectorizer(), TfidfVectorizer()), Ridge()), True),
        (GridSearchCV(text_model(), {}), True),
        (CalibratedClassifierCV(text_model()), True),
        (make_pipeline(OneHotEncoder(), Ridge()), False),
        (make_pipeline("passthrough", Ridge()), False),
        (object(), False),
    ],
)
def test_vectorisers_are_known_wherever_they_stand_first(estimator: Any, is_so: bool) -> None:
    """Only what begins with one takes texts without a table."""
    assert takes_texts(estimator) is is_so


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (csr_matrix(NUMBERS), "sparse matrix"),
        ([[1, 2], [3]] * 60, "differ in length"),
        (NUMBERS.reshape(60, 2, 2), r"shape \(60, 2, 2\)"),
        (PRICE, "not rows and columns"),
        (pd.Series(PRICE), "not rows and columns"),
        (7.0, r"shape \(\)"),
        ([*TEXTS[:-1], None], "1 missing texts"),
        (pd.DataFrame({("a", "b"): [1]}), "several levels"),
    ],
)
def test_rows_that_are_no_table_are_refused(rows: Any, reason: str) -> None:
    """The message says what they are."""
    with pytest.raises(FormUnfit, match=reason):
        as_frame(rows)


def test_both_frames_are_named_in_a_refusal() -> None:
    """All reasons are told at once."""
    refusals = Refusals("test", "1.0.0")
    with pytest.raises(ArtefactRefused, match=r"(?s)X_train is a sparse.*X_test has the shape"):
        frames_of(csr_matrix(NUMBERS), PRICE, refusals)


def test_scalars_of_numpy_become_plain_values() -> None:
    """A column of objects holds what JSON has."""
    frame = pd.DataFrame({"n": np.array([np.float64(1.5), None], dtype=object), "m": [1, 2]})
    back = as_frame(frame)
    assert [type(value) for value in back["n"]] == [float, type(None)]
    assert frame["n"].map(type).tolist() == [np.float64, type(None)]
    assert back.dtypes.astype(str).tolist() == ["object", "int64"]


def test_the_columns_of_an_array_are_numbered() -> None:
    """x0, x1, …, whatever holds them."""
    assert as_frame([[1, "a"], [2, "b"]]).to_dict("list") == {"x0": [1, 2], "x1": ["a", "b"]}
    assert is_bare(TEXTS)
    assert not is_bare(NUMBERS)


def test_columns_that_the_model_does_not_take_are_counted() -> None:
    """An estimator without names cannot tell which of them are its own."""
    estimator = LinearRegression().fit(NUMBERS, PRICE)
    reasons = refusal(estimator, np.column_stack([NUMBERS] * 4), PRICE)
    assert "takes 2 columns, but X_train has 8: x0, x1, x2, x3, x4, …" in reasons
    assert "carried" in reasons


def test_one_carried_column_may_be_named_by_itself() -> None:
    """A name is not taken for a list of letters."""
    rows = HOUSES[["area", "rooms", "agent"]]
    estimator = LinearRegression().fit(rows[["area", "rooms"]], PRICE)
    found = given(estimator, rows, PRICE, carried="agent")
    assert [field.name for field in found.schema.carried] == ["agent"]
