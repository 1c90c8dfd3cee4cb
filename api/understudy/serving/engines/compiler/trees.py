"""Fitted ensembles of trees as flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier, DummyRegressor

from understudy.serving.engines.compiler.layout import lay_out
from understudy.serving.engines.compiler.masks import fit_tables, mask_arrays
from understudy.serving.engines.compiler.symbols import NotCompilable, Symbol, may_be_missing
from understudy.serving.engines.compiler.tree import Tree, histogram_tree, plain_tree
from understudy.serving.engines.compiler.walk import walk_arrays
from understudy.serving.engines.plan import Document, Forest, Head, Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ensemble:
    """Trees, and how their answers become one (see `plan.Forest`)."""

    trees: list[Tree]
    outputs: int
    base: NDArray[Any]
    single: bool
    accepts_missing: bool
    mean: bool = False
    sums: Literal["pairwise", "ordered"] = "pairwise"


def compile_histogram_boosting(estimator: Any, symbols: Sequence[Symbol], head: Head) -> Plan:
    """Return the plan of a HistGradientBoosting model."""
    known, slots = estimator._bin_mapper.make_known_categories_bitsets()
    trees = [
        histogram_tree(predictor, known, slots)
        for iteration in estimator._predictors
        for predictor in iteration
    ]
    base = np.ravel(estimator._baseline_prediction).astype(np.float64)
    ensemble = Ensemble(trees, len(base), base, single=False, accepts_missing=True)
    return plan_of(ensemble, symbols, head)


def compile_boosting(estimator: Any, symbols: Sequence[Symbol], head: Head) -> Plan:
    """Return the plan of a GradientBoosting model whose first guess is a constant."""
    if not isinstance(estimator.init_, DummyRegressor | DummyClassifier | str):
        raise NotCompilable(f"a first guess by {type(estimator.init_).__name__}")
    zeros = np.zeros((2, len(symbols)), dtype=np.float32)
    first = estimator._raw_predict_init(zeros)
    trees = [
        plain_tree(member.tree_, estimator.learning_rate)
        for member in estimator.estimators_.ravel()
    ]
    base = np.asarray(first[0], dtype=np.float64)
    ensemble = Ensemble(trees, len(base), base, single=True, accepts_missing=False)
    return plan_of(ensemble, symbols, head)


def compile_forest(estimator: Any, symbols: Sequence[Symbol], head: Head) -> Plan:
    """Return the plan of a decision tree or of the mean of many."""
    members = getattr(estimator, "estimators_", [estimator])
    trees = [plain_tree(member.tree_, 1.0) for member in members]
    outputs = trees[0].value.shape[1] if trees[0].value.ndim == 2 else 1
    missing = any(bool(tree.missing_left.any()) for tree in trees)
    ensemble = Ensemble(
        trees, outputs, np.zeros(outputs), mean=True, single=True, accepts_missing=missing
    )
    return plan_of(ensemble, symbols, head)


def plan_of(ensemble: Ensemble, symbols: Sequence[Symbol], head: Head) -> Plan:
    """Arrange matrix and trees, and send missing values the way each tree sends them."""
    layout = lay_out(symbols)
    places = np.array(layout.places, dtype=np.int64)
    trees = [replace(tree, feature=places[tree.feature]) for tree in ensemble.trees]
    asked = sorted({int(f) for tree in trees for f in tree.feature[tree.level_row >= 0]})
    slots = {place: slot for slot, place in enumerate(asked)}
    tables = fit_tables(trees)
    sent_left: list[int] = []
    if not tables:
        missing = {layout.places[i] for i, symbol in enumerate(symbols) if may_be_missing(symbol)}
        sent_left = sorted(
            place for place in missing if any(_sends_left(tree, place) for tree in trees)
        )
        second = {place: len(symbols) + number for number, place in enumerate(sent_left)}
        trees = [_doubled(tree, second) for tree in trees]
    arrays = mask_arrays(trees, slots) if tables else walk_arrays(trees, slots)
    dtype = np.float32 if ensemble.single else np.float64
    arrays["threshold"] = arrays["threshold"].astype(dtype)
    arrays["base"] = ensemble.base
    forest = Forest(
        layout="tables" if tables else "steps",
        trees=len(trees),
        outputs=ensemble.outputs,
        single=ensemble.single,
        accepts_missing=ensemble.accepts_missing,
        mean=ensemble.mean,
        depth=max(tree.depth for tree in trees),
        sums=ensemble.sums,
        missing_left=tuple(sent_left),
        level_columns=tuple(asked),
    )
    return Plan(Document(layout.columns, head, forest), arrays)


def _sends_left(tree: Tree, feature: int) -> bool:
    compares = (tree.left >= 0) & (tree.level_row < 0) & (tree.feature == feature)
    return bool((compares & tree.missing_left).any())


def _doubled(tree: Tree, second: dict[int, int]) -> Tree:
    """Return a tree that asks the second of two columns where missing values go left."""
    feature = tree.feature.copy()
    for node in np.flatnonzero(tree.missing_left & (tree.left >= 0)):
        feature[node] = second.get(int(feature[node]), int(feature[node]))
    return replace(tree, feature=feature)
