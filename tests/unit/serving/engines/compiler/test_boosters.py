"""XGBoost and LightGBM, compiled, answer as the libraries themselves do."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor, early_stopping
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from xgboost import XGBClassifier, XGBRegressor

from tests import boosters, tiny
from tests.boosters import lightgbm, xgboost
from tests.pairs import FRAME, HOUSES, TARGETS, Pair, assert_equal, booster, pair_of
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import OutputDescription
from understudy.packaging.edge_cases import extreme_edges, plain_edges
from understudy.packaging.inference import infer_schema
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.compiler import NotCompilable, compile_plan
from understudy.serving.engines.compiler.boosters import is_booster
from understudy.serving.engines.plan import load_plan, save_plan
from understudy.serving.engines.scores import Scores

pytestmark = pytest.mark.no_cover

PRICE = TARGETS["regression"]
CATEGORIES = FRAME.astype(dict.fromkeys(tiny.CATEGORIES, "category"))
NUMBERS = FRAME[tiny.NUMBERS + tiny.COUNTS]
SCHEMA = infer_schema(FRAME, features=tiny.FEATURES)


def assert_equal_everywhere(pair: Pair, frame: pd.DataFrame) -> None:
    """Assert that both say the same of the rows they were fitted on and of all edges of these."""
    fields = pair[0].fields
    rows = instances_of(frame, fields)
    edges = [instance for _, instance in plain_edges(rows[:40], fields)]
    assert_equal(pair, rows)
    assert_equal(pair, edges + extreme_edges(rows[:40], fields, seed=0))


EACH = [(task, library) for task in ("regression", "binary", "multiclass")
        for library in ("xgboost", "lightgbm")]  # fmt: skip


@pytest.mark.parametrize(("task", "library"), EACH)
def test_each_library_is_compiled_to_equal_answers(task: str, library: str) -> None:
    """For every kind of task; `tests/long` holds every form of model to this, and to more."""
    pair = booster(task, library)
    instances = tiny.make_instances(300, seed=3)
    assert_equal(pair, instances)
    assert_equal(pair, instances[:1])
    assert_equal_everywhere(pair, FRAME)


CATEGORY_MODELS: dict[str, Any] = {
    "xgboost": xgboost(enable_categorical=True),
    "xgboost in parts": xgboost(enable_categorical=True, max_cat_to_onehot=1, max_depth=8),
    "lightgbm": lightgbm(),
    "lightgbm of small groups": lightgbm(min_data_per_group=5, cat_smooth=1, num_leaves=80),
}


@pytest.mark.parametrize("name", CATEGORY_MODELS)
def test_pandas_categories_are_numbered_as_training_numbered_them(name: str) -> None:
    """Also if the frame that packaging is given lists them in another order."""
    estimator = CATEGORY_MODELS[name].fit(CATEGORIES, PRICE)
    turned = CATEGORIES["zone"].cat.reorder_categories(["West", "North", "South", "East"])
    for frame in (CATEGORIES, CATEGORIES.assign(zone=turned)):
        assert_equal_everywhere(pair_of(estimator, frame), frame)


@pytest.mark.parametrize("name", CATEGORY_MODELS)
def test_categories_may_have_letters_of_any_alphabet(name: str) -> None:
    """XGBoost keeps their bytes, and not always all of them."""
    renamed = CATEGORIES["zone"].cat.rename_categories({"West": "Wést €", "East": "Öst"})
    frame = CATEGORIES.assign(zone=renamed)
    estimator = CATEGORY_MODELS[name].fit(frame, PRICE)
    assert_equal_everywhere(pair_of(estimator, frame), frame)


def test_an_ordered_category_is_compared_by_its_place() -> None:
    """LightGBM treats it as a number."""
    order = pd.CategoricalDtype(["West", "North", "South", "East"], ordered=True)
    frame = CATEGORIES.assign(zone=FRAME["zone"].astype(order))
    estimator = lightgbm().fit(frame, PRICE)
    assert_equal_everywhere(pair_of(estimator, frame), frame)


def test_categories_that_training_never_numbered_are_missing() -> None:
    """LightGBM takes a level that it does not know for none."""
    estimator = lightgbm(min_data_per_group=5, cat_smooth=1).fit(CATEGORIES, PRICE)
    wider = CATEGORIES.assign(zone=CATEGORIES["zone"].cat.add_categories(["Centre"]))
    instances = [dict(row, zone="Centre") for row in tiny.make_instances(20)]
    assert_equal(pair_of(estimator, wider), instances)


def test_a_level_that_xgboost_never_learnt_from_is_not_compiled() -> None:
    """The library refuses a frame that lists one."""
    estimator = xgboost(enable_categorical=True).fit(CATEGORIES, PRICE)
    wider = CATEGORIES.assign(zone=CATEGORIES["zone"].cat.add_categories(["Centre"]))
    with pytest.raises(NotCompilable, match="did not learn from"):
        pair_of(estimator, wider)


def test_a_frame_may_list_fewer_levels_than_training_did() -> None:
    """The numbers of the others stay as they are."""
    south = CATEGORIES[FRAME["zone"] != "North"]
    fewer = south.assign(zone=south["zone"].cat.remove_unused_categories())
    for estimator in (xgboost(enable_categorical=True), lightgbm(min_data_per_group=5)):
        assert_equal_everywhere(pair_of(estimator.fit(CATEGORIES, PRICE), fewer), fewer)


def test_another_number_of_categories_than_in_training_is_not_compiled() -> None:
    """Nobody could say which column was which."""
    estimator = lightgbm().fit(CATEGORIES, PRICE)
    with pytest.raises(NotCompilable, match="LGBMRegressor"):
        pair_of(estimator, CATEGORIES.assign(alley=HOUSES["area"]))


@pytest.mark.parametrize("make", [xgboost, lightgbm])
def test_text_that_is_no_category_is_not_compiled(make: Any) -> None:
    """Neither library would take it."""
    estimator = make(enable_categorical=True) if make is xgboost else make()
    estimator.fit(CATEGORIES, PRICE)
    with pytest.raises(NotCompilable, match="pandas type category"):
        pair_of(estimator, FRAME)


def test_a_model_that_keeps_no_categories_numbers_them_by_their_order() -> None:
    """Versions of XGBoost before 3.1 do not keep them."""
    frame = CATEGORIES.astype(dict.fromkeys(tiny.CATEGORIES, "category"))
    codes = frame.assign(**{name: frame[name].cat.codes for name in tiny.CATEGORIES})
    codes = codes.replace({name: {-1: np.nan} for name in tiny.CATEGORIES})
    kinds = ["c" if name in tiny.CATEGORIES else "q" for name in frame.columns]
    estimator = xgboost(enable_categorical=True, feature_types=kinds).fit(codes.to_numpy(), PRICE)
    schema = infer_schema(frame, features=list(frame.columns))
    compiled = CompiledModel(compile_plan(estimator, schema, form="frame"), OutputDescription("y"))
    values = compiled.score(instances_of(frame, schema.features)).values
    np.testing.assert_array_equal(values, estimator.predict(codes.to_numpy()))


def test_early_stopping_leaves_out_the_same_trees() -> None:
    """Both libraries predict with the trees up to the best iteration."""
    held_out = [(NUMBERS[200:], PRICE[200:])]
    quick = xgboost(n_estimators=100, learning_rate=0.9, early_stopping_rounds=4)
    quick.fit(NUMBERS[:200], PRICE[:200], eval_set=held_out, verbose=False)
    assert quick.best_iteration + 1 < quick.get_booster().num_boosted_rounds()
    fast = lightgbm(n_estimators=100, learning_rate=0.9).fit(
        NUMBERS[:200],
        PRICE[:200],
        eval_X=held_out[0][0],
        eval_y=held_out[0][1],
        callbacks=[early_stopping(4, verbose=False)],
    )
    assert fast.best_iteration_ < 100
    for estimator in (quick, fast):
        assert_equal_everywhere(pair_of(estimator, NUMBERS), NUMBERS)


@pytest.mark.parametrize("options", [{}, {"zero_as_missing": True}, {"use_missing": False}])
def test_lightgbm_takes_tiny_numbers_for_zero(options: dict[str, Any]) -> None:
    """Those up to 1e-35, whose sign does not count, and which may even mean missing."""
    random = np.random.default_rng(0)
    values = np.array([-2.0, -1.0, -1e-35, -5e-324, 0.0, 1e-40, 1e-35, 2e-35, 1.0, np.nan])
    frame = pd.DataFrame({"x": random.choice(values, 400), "z": random.normal(size=400)})
    target = np.where(frame["x"].abs() < 1.5e-35, 5.0, frame["x"].fillna(-9)) + frame["z"]
    estimator = lightgbm(n_estimators=40, **options).fit(frame, target)
    pair = pair_of(estimator, frame)
    edges = [*values[:-1], np.nextafter(1e-35, 1), np.nextafter(-1e-35, -1)]
    assert_equal(pair, [{"x": float(x), "z": 0.0} for x in edges] + [{"x": None, "z": 0.0}])
    assert_equal_everywhere(pair, frame)


def test_lightgbm_that_changed_its_mind_about_zero_is_not_compiled() -> None:
    """Its first trees take zero for missing, the later ones do not."""
    frame = NUMBERS.fillna(0.0)
    first = lightgbm(zero_as_missing=True).fit(frame, PRICE)
    second = lightgbm().fit(frame, PRICE, init_model=first)
    with pytest.raises(NotCompilable, match="in some of its trees"):
        pair_of(second, frame)


def test_numbers_beyond_32_bits_are_infinite_to_xgboost() -> None:
    """It rounds what it is given, and infinity is no missing value."""
    pair = pair_of(xgboost().fit(NUMBERS, PRICE), NUMBERS)
    row = {"area": 1.0, "frontage": 1.0, "rooms": 3, "built": 1980}
    assert_equal(pair, [dict(row, area=far) for far in (1e300, -1e300, 3.5e38)])


def test_a_label_is_decided_by_the_probabilities() -> None:
    """Where rounding makes two of them equal, the first class wins, as in the libraries."""
    frame = pd.DataFrame({"x": [0.0, 1.0] * 40})
    target = np.array([0, 1, 1, 0] * 20)
    for estimator in (xgboost(XGBClassifier), lightgbm(LGBMClassifier)):
        fitted, compiled = pair_of(estimator.fit(frame, target), frame)
        instances = instances_of(frame, fitted.fields)
        found = compiled.score(instances)
        np.testing.assert_array_equal(found.labels, fitted.score(instances).labels)
        np.testing.assert_array_equal(found.labels, 0)


def test_labels_of_text_are_kept() -> None:
    """LightGBM numbers classes by itself."""
    target = np.where(np.median(PRICE) < PRICE, "dear", "cheap")
    fitted, compiled = pair_of(lightgbm(LGBMClassifier).fit(NUMBERS, target), NUMBERS)
    assert_equal_everywhere((fitted, compiled), NUMBERS)
    assert compiled.output.classes == ("cheap", "dear")


def test_a_constant_model_is_compiled() -> None:
    """No tree has anything to ask."""
    for make in (lambda: xgboost(gamma=1e30), lambda: lightgbm(min_child_samples=1000)):
        assert_equal_everywhere(pair_of(make().fit(NUMBERS, PRICE), NUMBERS), NUMBERS)


LARGE: dict[str, Any] = {
    "xgboost": xgboost(n_estimators=4, max_depth=14, min_child_weight=0, reg_lambda=0),
    "lightgbm": lightgbm(n_estimators=4, num_leaves=400, min_child_samples=1),
    "logarithms": make_pipeline(
        ColumnTransformer(
            [("log", FunctionTransformer(np.log), tiny.NUMBERS)], remainder="passthrough"
        ).set_output(transform="pandas"),
        lightgbm(n_estimators=4, num_leaves=400, min_child_samples=1, categorical_feature=[4, 5]),
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_trees_that_are_too_large_for_tables_are_walked(name: str) -> None:
    """Missing values and levels go the same ways there."""
    frame = tiny.make_houses(1500)[[*NUMBERS.columns, *tiny.CATEGORIES, "garage"]]
    for level in tiny.CATEGORIES:
        frame[level] = frame[level].astype("category").cat.codes.replace(-1, np.nan)
    price = tiny.make_houses(1500)["price"]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "categorical_feature keyword")
        estimator = LARGE[name].fit(frame, price)
    schema = infer_schema(frame, features=list(frame.columns))
    forest = compile_plan(estimator, schema, form="frame").document.forest
    assert forest is not None
    assert forest.layout == "steps"
    fitted, compiled = pair_of(estimator, frame)
    rows = instances_of(frame, fitted.fields)
    far = extreme_edges(rows[:40], fitted.fields, seed=0)
    assert_equal((fitted, compiled), [*rows, *far])


def squares(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return gradient and hessian of half the squared error."""
    return y_pred - y_true, np.ones_like(y_true)


SHARE = PRICE / PRICE.max()
DEAR = TARGETS["binary"]
REFUSED: dict[str, tuple[Any, Any]] = {
    "0 for missing": (xgboost(missing=0), PRICE),
    "'dart'": (xgboost(booster="dart"), PRICE),
    "'gblinear'": (xgboost(booster="gblinear", max_depth=None), PRICE),
    "'reg:logistic'": (xgboost(objective="reg:logistic"), SHARE),
    "'multi:softmax'": (
        xgboost(XGBClassifier, objective="multi:softmax"), TARGETS["multiclass"],
    ),
    "several targets": (xgboost(), np.column_stack([PRICE, SHARE])),
    "XGBRegressor with an objective of another": (xgboost(objective="binary:logistic"), DEAR),
    "linear models in the leaves": (lightgbm(linear_tree=True), PRICE),
    "'regression sqrt'": (lightgbm(reg_sqrt=True), PRICE),
    "'cross_entropy'": (lightgbm(objective="cross_entropy"), SHARE),
    "'custom'": (lightgbm(objective=squares), PRICE),
    "'multiclassova": (
        lightgbm(LGBMClassifier, objective="multiclassova"), TARGETS["multiclass"],
    ),
    "stops early in predicting": (lightgbm(LGBMClassifier, pred_early_stop=True), DEAR),
    "LGBMRegressor with an objective of another": (lightgbm(objective="binary"), DEAR),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_what_a_booster_does_differently_is_not_compiled(reason: str) -> None:
    """The reason says what it is."""
    estimator, target = REFUSED[reason]
    frame = NUMBERS.fillna(1.0)
    with pytest.raises(NotCompilable, match=reason):
        pair_of(estimator.fit(frame, target), frame)


def test_vectors_in_the_leaves_are_not_compiled() -> None:
    """One tree for all classes is another kind of tree."""
    estimator = xgboost(XGBClassifier, multi_strategy="multi_output_tree")
    with pytest.raises(NotCompilable, match="vectors in the leaves"):
        pair_of(estimator.fit(NUMBERS, TARGETS["multiclass"]), NUMBERS)


def test_a_subclass_is_not_taken_for_its_library() -> None:
    """It may predict in a way of its own."""

    class XGBOwn(XGBRegressor):  # type: ignore[misc]
        """A model that adds one."""

    class LGBMOwn(LGBMRegressor):  # type: ignore[misc]
        """Another one."""

    LGBMOwn.__module__, LGBMOwn.__name__ = "lightgbm.sklearn", "LGBMRegressor"
    for estimator in (XGBOwn(n_estimators=2), LGBMOwn(n_estimators=2, verbose=-1)):
        assert not is_booster(estimator)
        with pytest.raises(NotCompilable, match="is not known"):
            pair_of(estimator.fit(NUMBERS, PRICE), NUMBERS)
    assert is_booster(XGBRegressor())
    assert is_booster(LGBMRegressor())


@pytest.mark.parametrize("make", [xgboost, lightgbm])
def test_what_was_never_fitted_is_not_compiled(make: Any) -> None:
    """There is nothing to translate."""
    with pytest.raises(NotCompilable, match="NotFitted"):
        compile_plan(make(), SCHEMA, form="frame")


SCRIPT = """
import json, sys
from pathlib import Path
from understudy.artefacts.manifest import OutputDescription
from understudy.serving.engines.compiled import CompiledModel
from understudy.serving.engines.plan import load_plan

model = CompiledModel(load_plan(Path(sys.argv[1])), OutputDescription("y"))
model.predict(json.loads(sys.argv[2]))
print(*sorted({"xgboost", "lightgbm", "sklearn", "pandas", "scipy"} & set(sys.modules)))
"""


@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_serving_a_booster_imports_no_library(name: str, tmp_path: Path) -> None:
    """A plan is all that is needed, and what was written is what was compiled."""
    estimator = boosters.REGRESSIONS[name]().fit(FRAME, PRICE)
    plan = compile_plan(estimator, SCHEMA, form="frame")
    save_plan(plan, tmp_path)
    row = [{"area": 1.0, "rooms": 3, "built": 1980, "zone": "West", "garage": True}]
    loaded = CompiledModel(load_plan(tmp_path), OutputDescription("y"))
    compiled = CompiledModel(plan, OutputDescription("y"))
    assert loaded.predict(row).outputs == compiled.predict(row).outputs
    text = '[{"area": 1.0, "rooms": 3, "built": 1980, "zone": "West", "garage": true}]'
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), text],
        capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )  # fmt: skip
    assert done.stdout.split() == []


@pytest.mark.parametrize("make", [xgboost, lightgbm])
def test_the_same_training_gives_the_same_plan(make: Any, tmp_path: Path) -> None:
    """To the byte, so that a digest can tell."""
    contents = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        estimator = make_pipeline(make()).fit(NUMBERS, PRICE)
        schema = infer_schema(NUMBERS, features=list(NUMBERS.columns))
        files = save_plan(compile_plan(estimator, schema, form="frame"), folder)
        contents.append([(folder / file).read_bytes() for file in files])
    assert contents[0] == contents[1]


def test_no_answer_is_none_in_the_fitted_model_either() -> None:
    """Guards the assertion above: scores that are not valid are seen."""
    assert not Scores(values=np.array([np.nan])).is_valid().any()
