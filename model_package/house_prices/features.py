"""
Derived columns, described as data and computed by one transformer.

A description (`Spec`) is a plain dictionary: the name of the new column, an operation, the columns
it reads, and for `map` the number of each level. Because it is data, whoever serves the model can
compute the same columns without this package; `plan_columns` hands the descriptions over.

A null is NaN in numbers and NaN in text, whether it came as None or as NaN. Whatever has no finite
result (a null input, a zero denominator, an overflow, log1p of −1 or less) is null.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from house_prices.errors import FeatureInvalid

Spec = dict[str, Any]
Floats = npt.NDArray[np.float64]
Values = Floats | pd.Series

ARITHMETIC: Mapping[str, Callable[..., Floats]] = {
    "subtract": lambda a, b: a - b,
    "add": lambda *terms: np.sum(terms, axis=0),
    "multiply": lambda *factors: np.prod(factors, axis=0),
    "divide": lambda a, b: a / b,
    "log1p": np.log1p,
}
INPUTS = {"subtract": 2, "divide": 2, "log1p": 1, "map": 1, "is_missing": 1}
OPERATIONS = (*ARITHMETIC, "map", "is_missing")


class DerivedColumns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Adds the described columns to a frame and makes every null the same.

    The index and the rows stay as they are. Columns that held numbers when fitted leave as float64
    even if a batch brings them as objects (a JSON null alone makes a column of objects).
    """

    def __init__(self, specs: Sequence[Spec] = ()) -> None:
        self.specs = specs

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learns which columns there are and which of them are numbers."""
        check_specs(self.specs, X.columns)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.n_features_in_ = X.shape[1]
        self.numeric_ = [str(name) for name in X.columns if pd.api.types.is_numeric_dtype(X[name])]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Returns the columns seen in fitting and the derived ones; raises FeatureInvalid."""
        check_is_fitted(self)
        for name in self.feature_names_in_:
            if name not in X.columns:
                raise FeatureInvalid(str(name), "the frame lacks this column")
        # In two arrays, not a column at a time: pandas takes as long for a value as for a thousand.
        texts = [name for name in self.feature_names_in_ if name not in self.numeric_]
        columns = _settled(X[self.numeric_]).astype(np.float64)
        numbers = dict(zip(self.numeric_, columns.T, strict=True))
        for spec in self.specs:
            numbers[spec["name"]] = evaluate(
                spec, [numbers[name] if name in numbers else X[name] for name in spec["inputs"]]
            )
        blocks = (
            pd.DataFrame(
                np.column_stack([np.empty((len(X), 0)), *numbers.values()]), X.index, [*numbers]
            ),
            pd.DataFrame(_settled(X[texts]), X.index, texts, dtype=object),
        )
        return pd.concat(blocks, axis=1)[self.get_feature_names_out()]

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Names the input columns and then the derived ones, in the order of the output."""
        check_is_fitted(self)
        derived = np.asarray([spec["name"] for spec in self.specs], dtype=object)
        return np.concatenate([self.feature_names_in_, derived])

    def plan_columns(self) -> list[Spec]:
        """The derived columns as data, for an engine that computes them without this class."""
        return [
            {key: list(value) if key == "inputs" else value for key, value in spec.items()}
            for spec in self.specs
        ]


def evaluate(spec: Spec, inputs: Sequence[Values]) -> Floats:
    """Computes one derived column from the columns it reads, in the order of `spec["inputs"]`."""
    if spec["op"] == "is_missing":
        return pd.isna(np.asarray(inputs[0])).astype(np.float64)
    if spec["op"] == "map":
        levels = spec["levels"]
        return np.array([levels.get(value, np.nan) for value in inputs[0]], dtype=np.float64)
    numbers = [np.asarray(column, dtype=np.float64) for column in inputs]
    with np.errstate(all="ignore"):
        result = ARITHMETIC[spec["op"]](*numbers)
    return np.where(np.isfinite(result), result, np.nan)


def check_specs(specs: Sequence[Spec], columns: Iterable[str]) -> None:
    """Raises FeatureInvalid for the first description that could not be computed."""
    known = set(columns)
    for spec in specs:
        name = spec.get("name")
        if not isinstance(name, str) or not name or name in known:
            raise FeatureInvalid(str(name), "a name that is new is wanted")
        _check_operation(name, spec)
        for column in spec["inputs"]:
            if column not in known:
                raise FeatureInvalid(name, f"it reads {column!r}, which does not exist before it")
        known.add(name)


def _check_operation(name: str, spec: Spec) -> None:
    operation, inputs = spec.get("op"), spec.get("inputs")
    if operation not in OPERATIONS:
        raise FeatureInvalid(name, f"{operation!r} is not one of {', '.join(OPERATIONS)}")
    if not isinstance(inputs, list | tuple) or len(inputs) < 1:
        raise FeatureInvalid(name, "a list of inputs is wanted")
    if len(inputs) != INPUTS.get(operation, len(inputs)):
        raise FeatureInvalid(
            name, f"{operation} reads {INPUTS[operation]} columns, not {len(inputs)}"
        )
    wanted = {"name", "op", "inputs"} | ({"levels"} if operation == "map" else set())
    if set(spec) != wanted:
        raise FeatureInvalid(name, f"the keys are {sorted(spec)}, but {sorted(wanted)} are wanted")
    if operation == "map" and not _are_levels(spec["levels"]):
        raise FeatureInvalid(name, "levels must give a number for each level")


def _are_levels(levels: object) -> bool:
    return (
        isinstance(levels, Mapping)
        and len(levels) > 0
        and all(isinstance(level, str) for level in levels)
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in levels.values())
    )


def _settled(columns: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Columns with NaN for every null: scikit-learn's imputers look past None."""
    values = columns.to_numpy(object)
    return np.where(pd.isna(values), np.nan, values)
