"""The gate `simpler`: a model should earn its columns and its curves."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

from tests import tiny
from understudy.packaging.gates import simpler
from understudy.packaging.gates.case import Case
from understudy.serving.engines.scores import Scores

MakeCase = Callable[..., Case]


def test_a_model_that_is_better_passes(make_case: MakeCase) -> None:
    """Which five columns were tried is told."""
    ruling = simpler.judge(make_case())
    assert ruling.status == "passed"
    assert "5,805 is better than the 10,353 of a linear model on 5 columns by" in ruling.summary
    columns = ruling.figures["columns"]
    assert isinstance(columns, list)
    assert len(columns) == 5
    assert {"area", "zone_West"} <= set(columns)


def test_a_model_that_is_worse_is_refused(make_case: MakeCase) -> None:
    """Somebody forgot to let it learn."""
    ruling = simpler.judge(make_case(DummyRegressor()))
    assert ruling.status == "refused"
    assert "is worse than the 10,353 of a linear model on 5 columns by" in ruling.summary


def test_a_model_as_good_as_the_simpler_one_is_warned_of(make_case: MakeCase) -> None:
    """With nearly all columns the simpler one is much the same linear model."""
    ruling = simpler.judge(make_case(limits={"simpler": {"columns": 10}}))
    assert ruling.status == "warned"
    assert "is not shown to be better than" in ruling.summary
    assert "rows_needed" in ruling.figures


def test_within_the_margin_more_rows_would_not_help(make_case: MakeCase) -> None:
    """What is shown to be a little worse is neither better nor beyond the margin."""
    case = make_case(DummyRegressor(), limits={"simpler": {"margin": 10.0}})
    ruling = simpler.judge(case)
    assert ruling.status == "warned"
    assert ruling.figures["rows_needed"] is None
    assert "no number of test rows" in ruling.summary
    shown = simpler.judge(make_case(DummyRegressor(), limits={"simpler": {"margin": 0.1}}))
    assert shown.status == "refused"
    assert "beyond the margin of 1,040 (10 %)" in shown.summary


def test_the_default_margin_spares_what_is_worse_by_next_to_nothing(make_case: MakeCase) -> None:
    """A difference that is certain and below 2 % matters to nobody."""
    case = make_case(limits={"simpler": {"columns": 10}})
    plain = make_case(limits={"simpler": {"columns": 10, "margin": 0.0}})
    theirs = float(str(simpler.judge(case).figures["simpler_loss"]))
    rival = _rival_errors(case)
    assert np.abs(rival).mean() == pytest.approx(theirs)
    near = Scores(values=case.given.test_target + 1.01 * rival)
    assert simpler.judge(replace(plain, test_scores=near)).status == "refused"
    ruling = simpler.judge(replace(case, test_scores=near))
    assert (ruling.status, ruling.figures["rows_needed"]) == ("warned", None)


def _rival_errors(case: Case) -> np.typing.NDArray[np.float64]:
    """Return the errors of the simpler model itself."""
    target = case.given.train_target.astype(np.float64)
    model = simpler._fitted(case, target, np.arange(len(target)))
    return np.asarray(simpler._scores(model, case.given).values) - case.given.test_target


@pytest.mark.parametrize("kind", ["least squares", "ridge", "logistic"])
def test_a_small_linear_model_is_never_refused(kind: str, make_case: MakeCase) -> None:
    """On three columns there is nothing simpler, however the seeds fall."""
    models = {
        "least squares": LinearRegression(),
        "ridge": Ridge(alpha=3.0),
        "logistic": LogisticRegression(C=0.3),
    }
    for seed in range(12):
        frame = _three_columns(seed, is_binary=kind == "logistic")
        case = make_case(clone(models[kind]), train=frame[:200], test=frame[200:])
        ruling = simpler.judge(case)
        assert ruling.status in ("passed", "skipped")
        if ruling.status == "skipped":
            assert "is no simpler: the model itself has only 3 columns" in ruling.summary


def _three_columns(seed: int, *, is_binary: bool) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(0, [1, 3, 10], (500, 3)), columns=["a", "b", "c"])
    price = frame["a"] + frame["b"] - 0.1 * frame["c"] + random.normal(0, 1, 500)
    return frame.assign(price=np.where(price > 0, "dear", "cheap") if is_binary else price)


def test_a_bad_model_of_few_columns_is_warned_of(make_case: MakeCase) -> None:
    """It is worse than a linear one, which is no simpler."""
    frame = _three_columns(0, is_binary=False)
    ruling = simpler.judge(make_case(DummyRegressor(), train=frame[:200], test=frame[200:]))
    assert ruling.status == "warned"
    assert ruling.summary.endswith(", but it is no simpler: the model itself has only 3 columns")


@pytest.mark.parametrize("levels", [2, 3])
def test_classifiers_have_a_simpler_one_too(levels: int, make_case: MakeCase) -> None:
    """Logistic regression on the columns that tell the classes apart."""
    houses = tiny.make_houses()
    names = [f"class {i}" for i in range(levels)]
    houses["price"] = pd.cut(houses["price"].rank(pct=True), levels, labels=names).astype("str")
    pipeline = tiny.linear_pipeline().set_params(model=LogisticRegression())
    case = make_case(pipeline, train=houses[:220], test=houses[220:])
    good = simpler.judge(case)
    assert good.status in ("passed", "warned")
    wrong = 1 - np.asarray(case.test_scores.probabilities)
    bad = replace(case.test_scores, probabilities=wrong / wrong.sum(axis=1, keepdims=True))
    assert simpler.judge(replace(case, test_scores=bad)).status == "refused"
    labels = Scores(labels=case.test_scores.labels)
    assert simpler.judge(replace(case, test_scores=labels)).summary.startswith("error rate")


def test_words_of_free_text_are_columns(make_case: MakeCase) -> None:
    """A text model is held against its few strongest words."""
    random = np.random.default_rng(0)
    kinds = random.choice(["good", "bad"], 300)
    texts = [f"{kind} thing number {i}" for i, kind in enumerate(kinds)]
    frame = pd.DataFrame({"text": texts, "price": kinds})
    words = ColumnTransformer([("words", TfidfVectorizer(), "text")])
    model = make_pipeline(words, LogisticRegression())
    ruling = simpler.judge(make_case(model, train=frame[:200], test=frame[200:]))
    columns = ruling.figures["columns"]
    assert isinstance(columns, list)
    assert {"good", "bad"} <= set(columns)


def test_a_single_target_teaches_nothing(make_case: MakeCase) -> None:
    """There is no strongest column of nothing."""
    houses = tiny.make_houses().assign(price=7.0)
    case = make_case(train=houses[:220], test=houses[220:])
    assert simpler.judge(case).status == "skipped"


def test_targets_of_unknown_classes_are_not_learned(make_case: MakeCase) -> None:
    """A model may be packaged with rows that it was not fitted on."""
    houses = tiny.make_houses()
    houses["price"] = np.where(houses["price"] > houses["price"].median(), "dear", "cheap")
    pipeline = tiny.linear_pipeline().set_params(model=LogisticRegression())
    case = make_case(pipeline, train=houses[:220], test=houses[220:])
    strange = case.given.train_target.copy().astype(object)
    strange[:20] = "castle"
    ruling = simpler.judge(replace(case, given=replace(case.given, train_target=strange)))
    assert ruling.status in ("passed", "warned")


def test_of_very_many_rows_a_seeded_part_is_taken(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same part each time."""
    monkeypatch.setattr(simpler, "MOST_TRAINING_ROWS", 100)
    monkeypatch.setattr(simpler, "MOST_TEST_ROWS", 50)
    case = make_case()
    ruling = simpler.judge(case)
    assert ruling.figures["rows"] == 50
    assert simpler.judge(case) == ruling
    assert simpler.judge(replace(case, seed=1)).figures != ruling.figures
