"""Instances to the frame, the array or the texts that training had, and back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.schema import Field

if TYPE_CHECKING:
    import pandas as pd

Instance = Mapping[str, object]
# Numbers that a model is given back as narrow as it knew them; all others have 64 bits.
NARROW = {"float16", "float32"}


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


def array_of(instances: Sequence[Instance], fields: Sequence[Field]) -> NDArray[Any]:
    """Build the array, of shape (instances, fields), that training would have had for these."""
    columns = [[instance.get(field.name) for instance in instances] for field in fields]
    return _stacked(columns, fields, len(instances))


def array_of_frame(frame: "pd.DataFrame", fields: Sequence[Field]) -> NDArray[Any]:
    """Return the columns of a frame as the array that training had."""
    columns = [values_of(frame[field.name], field) for field in fields]
    return _stacked(columns, fields, len(frame))


def texts_of(instances: Sequence[Instance], field: Field) -> "pd.Series[Any]":
    """Return the texts of instances of one field, which a model takes without a table."""
    import pandas as pd

    return pd.Series([instance.get(field.name) for instance in instances], dtype=object)


def array_dtype(fields: Sequence[Field]) -> np.dtype[Any]:
    """
    Return the dtype of an array whose columns became these fields.

    One dtype for all, or the least one that has room for every column. Small integers are
    widened, because a client may send what training never saw; text is kept as objects.
    """
    found = {field.dtype for field in fields}
    kinds = {field.type for field in fields}
    if "string" in kinds or "object" in found:
        return np.dtype(np.object_)
    if len(found) == 1 and found <= NARROW:
        return np.dtype(fields[0].dtype)
    if kinds == {"integer"}:
        return np.dtype(np.int64)
    return np.dtype(np.bool_) if kinds == {"boolean"} else np.dtype(np.float64)


def _stacked(columns: list[list[Any]], fields: Sequence[Field], rows: int) -> NDArray[Any]:
    """Put columns with None for missing into an array of the dtype of training."""
    dtype = array_dtype(fields)
    is_missing = any(None in column for column in columns)
    if is_missing and dtype.kind == "i":
        dtype = np.dtype(np.float64)
    if dtype.kind == "f" or (dtype.kind in "ib" and not is_missing):
        # NumPy reads None as NaN when it is told to expect floats.
        flat = np.array(columns, dtype=dtype).reshape(len(fields), rows)
        return np.ascontiguousarray(flat.T)
    array = np.empty((rows, len(fields)), dtype=np.object_)
    for number, (column, field) in enumerate(zip(columns, fields, strict=True)):
        missing = None if field.missing == "none" else np.nan
        array[:, number] = [missing if value is None else value for value in column]
    return array


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
    if field.type == "string" or field.dtype == "boolean":
        dtype = field.dtype if field.dtype in ("string", "boolean") else "str"
        return pd.Series(values, dtype=dtype)
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
    return np.array(values, dtype=field.dtype if field.dtype in NARROW else np.float64)


def values_of(column: "pd.Series[Any]", field: Field) -> list[Any]:
    """Return the values of a column as JSON has them, None for missing."""
    kinds = {"number": float, "integer": int, "string": str, "boolean": bool}
    convert = kinds[field.type]
    missing = column.isna().to_numpy()
    pairs = zip(column.tolist(), missing.tolist(), strict=True)
    return [None if is_missing else convert(value) for value, is_missing in pairs]
