"""Models of XGBoost and LightGBM, recognised without importing either library."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sklearn.base import is_classifier

from understudy.serving.engines.compiler.lightgbm_trees import compile_lightgbm
from understudy.serving.engines.compiler.steps import step_column
from understudy.serving.engines.compiler.symbols import NotCompilable, Symbol
from understudy.serving.engines.compiler.xgboost_trees import compile_xgboost
from understudy.serving.engines.plan import Plan

Compile = Callable[[Any, Sequence[Symbol]], Plan]

XGBOOST = ("XGBRegressor", "XGBClassifier", "XGBRFRegressor", "XGBRFClassifier")
LIGHTGBM = ("LGBMRegressor", "LGBMClassifier")

_COMPILERS: Mapping[tuple[str, str], Compile] = {
    **{("xgboost.sklearn", name): compile_xgboost for name in XGBOOST},
    **{("lightgbm.sklearn", name): compile_lightgbm for name in LIGHTGBM},
}


def is_booster(estimator: Any) -> bool:
    """Tell whether an estimator is a model of one of the libraries; a subclass is not."""
    kind = type(estimator)
    # Whoever has such an estimator has imported its library.
    module = sys.modules.get(kind.__module__)
    known = (kind.__module__, kind.__name__) in _COMPILERS
    return known and getattr(module, kind.__name__, None) is kind


def compile_booster(estimator: Any, symbols: Sequence[Symbol], *, sparse: bool) -> Plan:
    """
    Return the plan of a model of XGBoost or LightGBM on columns.

    XGBoost takes for missing what a sparse matrix does not hold: its zeros.
    """
    compiler = _COMPILERS[type(estimator).__module__, type(estimator).__name__]
    if sparse and compiler is compile_xgboost:
        symbols = [step_column(symbol, "blank", 0.0) for symbol in symbols]
    plan = compiler(estimator, symbols)
    if is_classifier(estimator) != (plan.document.head.link in ("sigmoid", "softmax")):
        raise NotCompilable(f"{type(estimator).__name__} with an objective of another task")
    return plan
