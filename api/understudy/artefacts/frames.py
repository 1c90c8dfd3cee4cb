"""Instances to a data frame with the dtypes of training, and back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from understudy.artefacts.schema import Field

if TYPE_CHECKING:
    import pandas as pd

Instance = Mapping[str, object]


def frame_of(instances: Sequence[Instance], fields: Sequence[Field]) -> "pd.DataFrame":
    """
    Build the frame that training would have had for these instances.

    An absent key and None become what stood for a missing value in training: NaN, None or NA.
    """
    import pandas as pd

    columns = {
        field.name: _column([instance.get(field.name) for instance in instances], field)
        for field in fields
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(instances)))


def instances_of(frame: "pd.DataFrame", fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Turn the rows of a frame into instances as a client would send them, null for missing."""
    names = [field.name for field in fields]
    columns = [values_of(frame[field.name], field) for field in fields]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _column(values: list[Any], field: Field) -> Any:
    """Return the values as an array that pandas keeps in the dtype of training."""
    import pandas as pd

    if field.dtype == "category":
        known = set(field.categories or ())
        return pd.Categorical(
            [value if value in known else None for value in values],
            categories=list(field.categories or ()),
        )
    if field.dtype == "object":
        missing = None if field.missing == "none" else np.nan
        return pd.Series([missing if v is None else v for v in values], dtype=object)
    if field.dtype in ("str", "string", "boolean"):
        return pd.Series(values, dtype=field.dtype)
    if field.dtype[0] in "IU":
        return pd.array(values, dtype="Int64")
    if field.type == "boolean":
        return _booleans(values)
    return _numbers(values, field)


def _booleans(values: list[Any]) -> Any:
    """Plain booleans have no room for a missing value: pandas would have made it an object."""
    if None in values:
        return np.array([np.nan if v is None else v for v in values], dtype=object)
    return np.array(values, dtype=bool)


def _numbers(values: list[Any], field: Field) -> Any:
    # Small integer types are widened: a client may send what training never saw.
    if field.type == "integer" and None not in values:
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=np.float32 if field.dtype == "float32" else np.float64)


def values_of(column: "pd.Series[Any]", field: Field) -> list[Any]:
    """Return the values of a column as JSON has them, None for missing."""
    kinds = {"number": float, "integer": int, "string": str, "boolean": bool}
    convert = kinds[field.type]
    missing = column.isna().to_numpy()
    pairs = zip(column.tolist(), missing.tolist(), strict=True)
    return [None if is_missing else convert(value) for value, is_missing in pairs]
