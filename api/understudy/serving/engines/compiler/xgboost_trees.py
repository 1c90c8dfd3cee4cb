"""Fitted models of XGBoost, read from the JSON that the library writes of itself."""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.serving.engines.compiler.symbols import (
    NotCompilable,
    Symbol,
    category_of,
    code_levels,
    has_numbers,
    is_nan,
)
from understudy.serving.engines.compiler.tree import Tree
from understudy.serving.engines.compiler.trees import Ensemble, plan_of
from understudy.serving.engines.plan import Head, Link, Plan

Singles = NDArray[np.float32]
Content = Mapping[str, Any]

LINKS: Mapping[str, Link] = {
    "reg:squarederror": "identity",
    "reg:absoluteerror": "identity",
    "reg:pseudohubererror": "identity",
    "reg:quantileerror": "identity",
    "reg:squaredlogerror": "identity",
    "count:poisson": "exp",
    "reg:gamma": "exp",
    "reg:tweedie": "exp",
    "binary:logistic": "sigmoid",
    "multi:softprob": "softmax",
}


def compile_xgboost(estimator: Any, symbols: Sequence[Symbol]) -> Plan:
    """
    Return the plan of an XGBoost model.

    The library rounds what it is given to 32 bits, asks whether it is less than a threshold, and
    adds the leaves to the base score in 32 bits, in the order of the trees.
    """
    if not is_nan(estimator.missing):
        raise NotCompilable(f"XGBoost that takes {estimator.missing!r} for missing")
    learner = json.loads(estimator.get_booster().save_raw("json"))["learner"]
    if learner["gradient_booster"]["name"] != "gbtree":
        raise NotCompilable(f"XGBoost's booster {learner['gradient_booster']['name']!r}")
    link = _link(learner)
    base = _base(learner, link)
    trees = [_tree(content) for content in _trees_in_order(learner, len(base))]
    ensemble = Ensemble(trees, len(base), base, single=True, accepts_missing=True, sums="ordered")
    return plan_of(ensemble, _coded(learner, symbols), Head(link, label_by="probabilities"))


def _coded(learner: Content, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return columns with codes for the texts of the pandas type category."""
    kept = learner["gradient_booster"]["model"].get("cats", {}).get("enc")
    coded = list(symbols)
    for place, symbol in enumerate(symbols):
        if not has_numbers(symbol):
            category = category_of(symbol)
            levels = [str(level) for level in category.values]
            coded[place] = code_levels(category, _learnt(kept[place], levels) if kept else levels)
    return coded


def _learnt(column: Content, levels: Sequence[str]) -> list[str | None]:
    """Return levels in the order of a column that is kept as bytes and where each level begins."""
    kept = _cut(bytes(byte % 256 for byte in column["values"]), column["offsets"])
    spelt = [level.encode() for level in levels]
    # XGBoost 3.2 counts characters where it means bytes, and so cuts in the wrong places.
    for lengths in ([len(level) for level in spelt], [len(level) for level in levels]):
        found = _cut(b"".join(spelt), [0, *accumulate(lengths)])
        if set(found) <= set(kept):
            names = dict(zip(found, levels, strict=True))
            return [names.get(level) for level in kept]
    raise NotCompilable("categories that XGBoost did not learn from")


def _cut(content: bytes, offsets: Sequence[int]) -> list[bytes]:
    return [content[start:end] for start, end in pairwise(offsets)]


def _link(learner: Content) -> Link:
    objective = learner["objective"]["name"]
    if objective not in LINKS:
        raise NotCompilable(f"XGBoost's objective {objective!r}")
    trees = learner["gradient_booster"]["model"]["trees"]
    if any(int(tree["tree_param"]["size_leaf_vector"]) > 1 for tree in trees):
        raise NotCompilable("XGBoost with vectors in the leaves")
    if int(learner["learner_model_param"].get("num_target", "1")) > 1:
        raise NotCompilable("XGBoost with several targets")
    return LINKS[objective]


def _base(learner: Content, link: Link) -> Singles:
    """Return where the sums begin: the base score before the link."""
    parameters = learner["learner_model_param"]
    outputs = max(1, int(parameters["num_class"]))
    # Versions before 3.1 keep one number, later ones a list.
    score = np.ravel(json.loads(parameters["base_score"])).astype(np.float32)
    score = np.broadcast_to(score, (outputs,)).copy()
    if link == "sigmoid":
        odds = np.float32(1) / score - np.float32(1)
        return np.array([-math.log(number) for number in odds], dtype=np.float32)
    if link == "exp":
        return np.array([math.log(number) for number in score], dtype=np.float32)
    return score


def _trees_in_order(learner: Content, outputs: int) -> list[Content]:
    """Return the trees that predict, of each output in turn; early stopping leaves some out."""
    model = learner["gradient_booster"]["model"]
    best = learner["attributes"].get("best_iteration")
    count = model["iteration_indptr"][-1 if best is None else int(best) + 1]
    of_output = [
        [tree for tree, group in zip(model["trees"][:count], model["tree_info"], strict=False)
         if group == output]
        for output in range(outputs)
    ]  # fmt: skip
    return [tree for together in zip(*of_output, strict=True) for tree in together]


def _tree(content: Content) -> Tree:
    left = np.array(content["left_children"], dtype=np.int64)
    condition = np.array(content["split_conditions"], dtype=np.float32)
    default_left = np.array(content["default_left"]).astype(np.bool_)
    level_row = np.full(len(left), -1, dtype=np.int64)
    asking = np.array(content["categories_nodes"], dtype=np.int64)
    # The rows of a table stand in the order of the nodes.
    level_row[asking] = np.argsort(np.argsort(asking))
    rows = [_level_row(content, number, default_left) for number in np.argsort(asking)]
    return Tree(
        feature=np.where(left < 0, 0, content["split_indices"]).astype(np.int64),
        threshold=np.nextafter(condition, np.float32(-np.inf)).astype(np.float64),
        left=left,
        right=np.array(content["right_children"], dtype=np.int64),
        # Leaves of 32 bits make the sums ones of 32 bits.
        value=condition,
        missing_left=default_left & (level_row < 0),
        level_row=level_row,
        level_left=rows,
    )


def _level_row(content: Content, number: int, default_left: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which codes go left: all but those listed, and also unknown ones."""
    start = content["categories_segments"][number]
    listed = content["categories"][start : start + content["categories_sizes"][number]]
    row = np.ones(max(listed) + 3, dtype=np.bool_)
    row[listed] = False
    row[-1] = default_left[content["categories_nodes"][number]]
    return row
