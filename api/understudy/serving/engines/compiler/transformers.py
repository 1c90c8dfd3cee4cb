"""Fitted transformers of scikit-learn, as functions from columns to columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.feature_selection import SelectorMixin
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from understudy.serving.engines.compiler.derived import derive_columns
from understudy.serving.engines.compiler.encoders import encode
from understudy.serving.engines.compiler.steps import (
    levelled,
    map_table,
    rounded_for,
    step_column,
    step_columns,
)
from understudy.serving.engines.compiler.symbols import (
    Named,
    NotCompilable,
    Symbol,
    Table,
    is_nan,
)
from understudy.serving.engines.matrix import FUNCTIONS

Columns = list[Named]


def transform(transformer: Any, columns: Columns) -> Columns:
    """Return the columns that a fitted transformer makes of columns."""
    if transformer is None or isinstance(transformer, str):
        return [] if transformer == "drop" else columns
    if hasattr(transformer, "plan_columns"):
        return derive_columns(transformer.plan_columns(), columns)
    for kind, translate in _TRANSLATIONS.items():
        if isinstance(transformer, kind):
            made = translate(transformer, columns if kind in _PARTWISE else levelled(columns))
            return levelled(made) if kind in (ColumnTransformer, FeatureUnion) else made
    raise NotCompilable(f"the transformer {type(transformer).__name__} is not known")


def transform_steps(steps: Sequence[tuple[str, Any]], columns: Columns) -> Columns:
    """Return the columns that a row of fitted transformers makes of columns."""
    for _, step in steps:
        columns = transform(step, columns)
    return columns


def gives_sparse(steps: Sequence[Any], *, sparse: bool = False) -> bool:
    """Tell whether fitted transformers make a sparse matrix of one that is dense, or `sparse`."""
    for step in steps:
        if isinstance(step, Pipeline):
            sparse = gives_sparse([part for _, part in step.steps], sparse=sparse)
        elif isinstance(step, FeatureUnion):
            parts = [part for _, part in step.transformer_list]
            sparse = any(gives_sparse([part], sparse=sparse) for part in parts)
        elif isinstance(step, ColumnTransformer):
            sparse = bool(step.sparse_output_)
        elif isinstance(step, OneHotEncoder):
            sparse = bool(step.sparse_output)
    return sparse


def _pipeline(transformer: Pipeline, columns: Columns) -> Columns:
    return transform_steps(transformer.steps, columns)


def _union(transformer: FeatureUnion, columns: Columns) -> Columns:
    if transformer.transformer_weights:
        raise NotCompilable("a FeatureUnion with weights")
    return [made for _, part in transformer.transformer_list for made in transform(part, columns)]


def _column_transformer(transformer: ColumnTransformer, columns: Columns) -> Columns:
    if transformer.transformer_weights:
        raise NotCompilable("a ColumnTransformer with weights")
    names = getattr(transformer, "feature_names_in_", None)
    known: Mapping[str, Named] = {column.name: column for column in columns}
    fitted = columns if names is None else [known[str(name)] for name in names]
    made: Columns = []
    for _, part, chosen in transformer.transformers_:
        made += transform(part, _choose(fitted, chosen))
    return made


def _choose(columns: Columns, chosen: Any) -> Columns:
    """Return the columns that a specification of ColumnTransformer means."""
    if isinstance(chosen, str | int | np.integer):
        # One column as a vector, for transformers of text.
        raise NotCompilable(f"the column {chosen!r} is passed as a vector")
    if not isinstance(chosen, slice) and len(chosen) and isinstance(chosen[0], str):
        known = {column.name: column for column in columns}
        return [known[name] for name in chosen]
    if isinstance(chosen, slice) and isinstance(chosen.start or chosen.stop, str):
        raise NotCompilable("a slice of column names")
    places = np.arange(len(columns))[chosen if isinstance(chosen, slice) else np.asarray(chosen)]
    return [columns[place] for place in places] if np.size(chosen) else []


def _imputer(transformer: SimpleImputer, columns: Columns) -> Columns:
    _require_nan(transformer)
    made = [
        Named(column.name, _filled(column.symbol, statistic))
        for column, statistic in zip(columns, transformer.statistics_, strict=True)
        # A column without any value at training is dropped.
        if transformer.keep_empty_features or not is_nan(statistic)
    ]
    return made + (_indicated(transformer.indicator_, columns) if transformer.add_indicator else [])


def _filled(symbol: Symbol, statistic: Any) -> Symbol:
    value = statistic.item() if isinstance(statistic, np.generic) else statistic
    if isinstance(symbol, Table):
        return map_table(symbol, lambda entry: value if is_nan(entry) else entry)
    return symbol.then("fill", float(value))


def _indicator(transformer: MissingIndicator, columns: Columns) -> Columns:
    _require_nan(transformer)
    return _indicated(transformer, columns)


def _indicated(indicator: MissingIndicator, columns: Columns) -> Columns:
    chosen = [columns[place] for place in indicator.features_]
    return [Named(f"{c.name} missing", _missing_flag(c.symbol)) for c in chosen]


def _missing_flag(symbol: Symbol) -> Symbol:
    if isinstance(symbol, Table):
        return map_table(symbol, lambda entry: float(is_nan(entry)))
    return symbol.then("isnan")


def _require_nan(transformer: Any) -> None:
    if not is_nan(transformer.missing_values):
        raise NotCompilable(
            f"{type(transformer).__name__} takes {transformer.missing_values!r} for missing"
        )


def _standard_scaler(transformer: StandardScaler, columns: Columns) -> Columns:
    mean = transformer.mean_ if transformer.with_mean else None
    centred = step_columns(columns, "subtract", rounded_for(columns, mean))
    return step_columns(centred, "divide", rounded_for(columns, transformer.scale_))


def _robust_scaler(transformer: RobustScaler, columns: Columns) -> Columns:
    return step_columns(
        step_columns(columns, "subtract", transformer.center_), "divide", transformer.scale_
    )


def _min_max_scaler(transformer: MinMaxScaler, columns: Columns) -> Columns:
    scaled = step_columns(
        step_columns(columns, "multiply", transformer.scale_), "add", transformer.min_
    )
    if not transformer.clip:
        return scaled
    low, high = ([float(bound)] * len(columns) for bound in transformer.feature_range)
    return step_columns(step_columns(scaled, "at_least", low), "at_most", high)


def _max_abs_scaler(transformer: MaxAbsScaler, columns: Columns) -> Columns:
    if getattr(transformer, "clip", False):
        raise NotCompilable("a MaxAbsScaler that clips")
    return step_columns(columns, "divide", transformer.scale_)


def _function(transformer: FunctionTransformer, columns: Columns) -> Columns:
    if transformer.func is None:
        return columns
    kind = function_name(transformer.func)
    if transformer.kw_args:
        raise NotCompilable(f"the function {kind} with arguments")
    return [Named(column.name, step_column(column.symbol, kind)) for column in columns]


def function_name(function: Any) -> str:
    """Return the name of a function of NumPy that a plan may use."""
    name = getattr(function, "__name__", "")
    if FUNCTIONS.get(name) is not function:
        raise NotCompilable(f"the function {name or function!r} is not one of {sorted(FUNCTIONS)}")
    return str(name)


def _selector(transformer: SelectorMixin, columns: Columns) -> Columns:
    return [column for column, kept in zip(columns, transformer.get_support(), strict=True) if kept]


# Transformers that take a frame column by column, in the precision of each.
_PARTWISE = (Pipeline, FeatureUnion, ColumnTransformer, FunctionTransformer)

_TRANSLATIONS: dict[type, Callable[[Any, Columns], Columns]] = {
    Pipeline: _pipeline,
    FeatureUnion: _union,
    ColumnTransformer: _column_transformer,
    SimpleImputer: _imputer,
    MissingIndicator: _indicator,
    StandardScaler: _standard_scaler,
    RobustScaler: _robust_scaler,
    MinMaxScaler: _min_max_scaler,
    MaxAbsScaler: _max_abs_scaler,
    OneHotEncoder: encode,
    OrdinalEncoder: encode,
    TargetEncoder: encode,
    FunctionTransformer: _function,
    SelectorMixin: _selector,
}
