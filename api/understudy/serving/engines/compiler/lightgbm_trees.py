"""Fitted models of LightGBM, read from the text that the library writes of itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.steps import step_column
from understudy.serving.engines.compiler.symbols import (
    NotCompilable,
    Symbol,
    category_of,
    code_levels,
    has_numbers,
)
from understudy.serving.engines.compiler.tree import Tree, bits_of
from understudy.serving.engines.compiler.trees import Ensemble, plan_of
from understudy.serving.engines.plan import Head, Link, Plan

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Content = Mapping[str, str]

# What is not larger than this, a 32-bit number, is zero.
ZERO = float(np.float32(1e-35))
# How a node's decision type is put together.
ASKS_LEVELS, DEFAULT_LEFT, MISSING = 1, 2, 12
MISSING_IS_ZERO = 4

LINKS: Mapping[str, Link] = {
    "regression": "identity",
    "regression_l1": "identity",
    "huber": "identity",
    "fair": "identity",
    "quantile": "identity",
    "mape": "identity",
    "poisson": "exp",
    "gamma": "exp",
    "tweedie": "exp",
    "binary": "sigmoid",
    "multiclass": "softmax",
}


def compile_lightgbm(estimator: Any, symbols: Sequence[Symbol]) -> Plan:
    """
    Return the plan of a LightGBM model.

    The library asks whether a number is at most a threshold, takes tiny numbers for zero, and adds
    the leaves up in the order of the trees. Its text holds the trees up to the best iteration.
    """
    if estimator.get_params().get("pred_early_stop"):
        raise NotCompilable("LightGBM that stops early in predicting")
    header, contents = _read(estimator.booster_.model_to_string())
    link, factor = _link(header)
    outputs = int(header["num_tree_per_iteration"])
    if "average_output" in header:
        factor /= len(contents) // outputs
    trees = [_tree(content, factor) for content in contents]
    ensemble = Ensemble(
        trees, outputs, np.zeros(outputs), single=False, accepts_missing=True, sums="ordered"
    )
    prepared = _prepared(_coded(estimator, symbols), contents, trees)
    return plan_of(ensemble, prepared, Head(link, label_by="probabilities"))


def _coded(estimator: Any, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return columns with codes for the texts of the pandas type category."""
    texts = [place for place, symbol in enumerate(symbols) if not has_numbers(symbol)]
    coded = list(symbols)
    for place, levels in zip(texts, estimator.booster_.pandas_categorical or [], strict=True):
        coded[place] = code_levels(category_of(symbols[place]), levels)
    return coded


def _read(text: str) -> tuple[Content, list[Content]]:
    """Return the header of a model and its trees, as texts by name."""
    body = text.partition("\nend of trees")[0]
    header, *trees = [_lines(part) for part in body.split("\nTree=")]
    return header, trees


def _lines(part: str) -> Content:
    return {name: value for name, _, value in (line.partition("=") for line in part.split("\n"))}


def _link(header: Content) -> tuple[Link, float]:
    """Return the link, and the factor that the raw outputs take before it."""
    objective = header.get("objective", "custom")
    name, *options = objective.split()
    if name not in LINKS or "sqrt" in options:
        raise NotCompilable(f"LightGBM's objective {objective!r}")
    given = dict(option.split(":") for option in options if ":" in option)
    return LINKS[name], float(given["sigmoid"]) if name == "binary" else 1.0


def _tree(content: Content, factor: float) -> Tree:
    """Return a tree whose leaves stand behind its inner nodes."""
    if content.get("is_linear", "0") != "0":
        raise NotCompilable("LightGBM with linear models in the leaves")
    leaves = int(content["num_leaves"])
    inner = leaves - 1
    kind = _integers(content, "decision_type", inner)
    threshold = _floats(content, "threshold", inner)
    asks = (kind & ASKS_LEVELS) > 0
    bounded = np.where(asks, 0.0, threshold)
    feature = _integers(content, "split_feature", inner)
    return Tree(
        feature=np.append(feature, np.zeros(leaves, dtype=np.int64)),
        threshold=np.append(_around_zero(bounded), np.zeros(leaves)),
        left=_children(content, "left_child", leaves),
        right=_children(content, "right_child", leaves),
        value=np.append(np.zeros(inner), _floats(content, "leaf_value", leaves) * factor),
        missing_left=np.append(~asks & _missing_left(kind, bounded), np.zeros(leaves, np.bool_)),
        level_row=np.append(np.where(asks, np.cumsum(asks) - 1, -1), np.full(leaves, -1)),
        level_left=_level_rows(content, threshold[asks].astype(np.int64)),
    )


def _integers(content: Content, name: str, count: int) -> Integers:
    return np.array(content.get(name, "").split()[:count], dtype=np.int64)


def _floats(content: Content, name: str, count: int) -> Floats:
    return np.array(content.get(name, "").split()[:count], dtype=np.float64)


def _around_zero(threshold: Floats) -> Floats:
    """Return thresholds that send all that is taken for zero where they send zero."""
    above = (threshold >= 0) & (threshold < ZERO)
    below = (threshold < 0) & (threshold >= -ZERO)
    return np.where(above, ZERO, np.where(below, np.nextafter(-ZERO, -np.inf), threshold))


def _missing_left(kind: Integers, threshold: Floats) -> NDArray[np.bool_]:
    """Tell where a missing value goes left: by default, or like zero where none was expected."""
    expected = (kind & MISSING) > 0
    return np.where(expected, (kind & DEFAULT_LEFT) > 0, threshold >= 0)


def _children(content: Content, name: str, leaves: int) -> Integers:
    """Return children of which the library spells the leaves as negative numbers."""
    child = _integers(content, name, leaves - 1)
    return np.append(np.where(child < 0, leaves - 1 + ~child, child), np.full(leaves, -1))


def _level_rows(content: Content, numbers: Integers) -> list[NDArray[np.bool_]]:
    """Return which codes go left; neither unknown nor missing ones do."""
    starts = _integers(content, "cat_boundaries", int(content["num_cat"]) + 1)
    words = np.array(content.get("cat_threshold", "").split(), dtype=np.uint32)
    return [
        np.append(bits_of(words[starts[number] : starts[number + 1]]), [False, False])
        for number in numbers
    ]


def _prepared(
    symbols: Sequence[Symbol], contents: Sequence[Content], trees: Sequence[Tree]
) -> list[Symbol]:
    """Return columns with whole codes of levels, and with NaN where zero means missing."""
    asked = {int(f) for tree in trees for f in tree.feature[tree.level_row >= 0]}
    blank = _blank_features(contents)
    prepared = list(symbols)
    for feature in asked:
        prepared[feature] = step_column(prepared[feature], "trunc")
    for feature in blank:
        prepared[feature] = step_column(prepared[feature], "blank", ZERO)
    return prepared


def _blank_features(contents: Sequence[Content]) -> set[int]:
    """Return the features in which zero means missing."""
    kinds: dict[int, set[int]] = {}
    for content in contents:
        inner = int(content["num_leaves"]) - 1
        features = _integers(content, "split_feature", inner).tolist()
        for feature, kind in zip(
            features, _integers(content, "decision_type", inner).tolist(), strict=True
        ):
            if not kind & ASKS_LEVELS:
                kinds.setdefault(feature, set()).add(kind & MISSING)
    if any(MISSING_IS_ZERO in found and len(found) > 1 for found in kinds.values()):
        raise NotCompilable("LightGBM that takes zero for missing in some of its trees")
    return {feature for feature, found in kinds.items() if MISSING_IS_ZERO in found}
