"""Fitted estimators: which kind of arrays each becomes, and what is done to its raw outputs."""

from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import is_classifier, is_regressor
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model._base import LinearClassifierMixin, LinearModel
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from understudy.serving.engines.compiler.boosters import compile_booster, is_booster
from understudy.serving.engines.compiler.linear import compile_linear
from understudy.serving.engines.compiler.symbols import Named, NotCompilable
from understudy.serving.engines.compiler.transformers import (
    function_name,
    gives_sparse,
    transform,
    transform_steps,
)
from understudy.serving.engines.compiler.trees import (
    compile_boosting,
    compile_forest,
    compile_histogram_boosting,
)
from understudy.serving.engines.plan import Head, Link, Plan, Step

FORESTS = (
    DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreesClassifier, ExtraTreesRegressor,
    RandomForestClassifier, RandomForestRegressor,
)  # fmt: skip
BOOSTINGS = (GradientBoostingClassifier, GradientBoostingRegressor)
HISTOGRAM_BOOSTINGS = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)


def compile_estimator(estimator: Any, columns: list[Named], *, sparse: bool = False) -> Plan:
    """
    Return the plan of a fitted estimator or pipeline on columns.

    `sparse` says whether training had the columns as a sparse matrix.
    """
    if isinstance(estimator, Pipeline):
        *steps, (_, last) = estimator.steps
        sparse = gives_sparse([step for _, step in steps], sparse=sparse)
        return compile_estimator(last, transform_steps(steps, columns), sparse=sparse)
    if isinstance(estimator, TransformedTargetRegressor):
        plan = compile_estimator(estimator.regressor_, columns, sparse=sparse)
        steps = plan.document.head.steps + _inverse(
            estimator.transformer_, plan.arrays["base"].dtype
        )
        head = replace(plan.document.head, steps=steps)
        return replace(plan, document=replace(plan.document, head=head))
    if isinstance(estimator, HISTOGRAM_BOOSTINGS) and estimator._preprocessor is not None:
        # Its own preprocessing: an ordinal encoder for the levels, the identity for the rest.
        columns = _prepare_levels(estimator, columns)
    if is_booster(estimator):
        return compile_booster(estimator, [column.symbol for column in columns], sparse=sparse)
    return _compile_last(estimator, columns)


def _compile_last(estimator: Any, columns: list[Named]) -> Plan:
    """Return the plan of an estimator that takes the columns as they are."""
    symbols = [column.symbol for column in columns]
    if isinstance(estimator, HISTOGRAM_BOOSTINGS):
        return compile_histogram_boosting(estimator, symbols, Head(_loss_link(estimator)))
    if isinstance(estimator, BOOSTINGS):
        return compile_boosting(estimator, symbols, Head(_loss_link(estimator)))
    if isinstance(estimator, FORESTS):
        link: Link = "shares" if is_classifier(estimator) else "identity"
        return compile_forest(estimator, symbols, Head(link))
    if isinstance(estimator, LinearModel | LinearClassifierMixin) and not _is_own(estimator):
        return compile_linear(estimator, symbols, Head(_linear_link(estimator)))
    raise NotCompilable(f"the estimator {type(estimator).__name__} is not known")


def _is_own(estimator: Any) -> bool:
    """A subclass from elsewhere may predict in its own way."""
    return not type(estimator).__module__.startswith("sklearn.")


def _linear_link(estimator: Any) -> Link:
    if is_regressor(estimator):
        return "identity"
    if isinstance(estimator, LogisticRegression):
        return "sigmoid" if len(estimator.classes_) == 2 else "softmax"
    if hasattr(estimator, "predict_proba"):
        raise NotCompilable(f"the probabilities of {type(estimator).__name__}")
    return "decision"


def _loss_link(estimator: Any) -> Link:
    links: dict[str, Link] = {
        "IdentityLink": "identity",
        "LogLink": "exp",
        "LogitLink": "sigmoid",
        "HalfLogitLink": "sigmoid",
        "MultinomialLogit": "softmax",
    }
    name = type(estimator._loss.link).__name__
    if name not in links or estimator.loss == "exponential":
        raise NotCompilable(f"the loss {estimator.loss!r} of {type(estimator).__name__}")
    return links[name]


def _inverse(transformer: Any, dtype: Any) -> tuple[Step, ...]:
    """Return the steps from the transformed target, of a dtype, back to the target."""
    if isinstance(transformer, FunctionTransformer):
        if transformer.inverse_func is None:
            return ()
        return (Step(function_name(transformer.inverse_func)),)
    if isinstance(transformer, StandardScaler):
        # It rounds what it learnt to the precision of what it is given.
        scale = transformer.scale_
        steps = () if scale is None else (_one("multiply", scale.astype(dtype)),)
        mean = transformer.mean_ if transformer.with_mean else None
        return steps if mean is None else (*steps, _one("add", mean.astype(dtype)))
    if isinstance(transformer, MinMaxScaler):
        return (_one("subtract", transformer.min_), _one("divide", transformer.scale_))
    raise NotCompilable(f"a target transformed by {type(transformer).__name__}")


def _one(kind: str, numbers: Any) -> Step:
    return Step(kind, (float(np.ravel(numbers)[0]),))


def _prepare_levels(estimator: Any, columns: list[Named]) -> list[Named]:
    transformer = estimator._preprocessor
    made: list[Named] = []
    by_name = {column.name: column for column in columns}
    for title, part, chosen in transformer.transformers_:
        places = np.arange(len(columns))[np.asarray(chosen)]
        names = getattr(transformer, "feature_names_in_", None)
        picked = [
            columns[place] if names is None else by_name[str(names[place])] for place in places
        ]
        made += transform(part, picked) if title == "encoder" else picked
    return made
