"""Columns of instances out of their JSON: typed and all at once, or else one by one."""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow

Values = NDArray[Any]
"""Floats with NaN for what is missing, or objects: JSON values, None for what is missing."""


def instance_columns(
    instances: "pyarrow.ChunkedArray", types: Mapping[str, str]
) -> dict[str, Values]:
    """
    Return fields of instances, given as JSON text, as one array per field.

    `types` are those of a schema: number, integer, string or boolean. Where a single value is of
    another type, all are read as they stand.
    """
    import pyarrow

    texts = instances.to_pylist()
    try:
        return _typed("\n".join(texts), types) if texts else _as_they_stand([], types)
    except pyarrow.ArrowInvalid:
        return _as_they_stand(texts, types)


def _typed(lines: str, types: Mapping[str, str]) -> dict[str, Values]:
    import pyarrow
    from pyarrow import json

    known = {"string": pyarrow.string(), "boolean": pyarrow.bool_()}
    schema = [(name, known.get(kind, pyarrow.float64())) for name, kind in types.items()]
    options = json.ParseOptions(pyarrow.schema(schema), unexpected_field_behavior="ignore")
    table = json.read_json(io.BytesIO(lines.encode()), parse_options=options)
    return {name: _values(table[name]) for name in types}


def _values(column: "pyarrow.ChunkedArray") -> Values:
    import pyarrow

    if pyarrow.types.is_floating(column.type):
        numbers: Values = column.to_numpy()
        return numbers
    encoded = column.combine_chunks().dictionary_encode()
    levels = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    codes = encoded.indices.fill_null(len(levels) - 1).to_numpy(zero_copy_only=False)
    found: Values = levels[codes]
    return found


def _as_they_stand(texts: list[str], types: Mapping[str, str]) -> dict[str, Values]:
    instances: list[dict[str, object]] = orjson.loads(f"[{','.join(texts)}]")
    found = {}
    for name in types:
        values = np.empty(len(instances), dtype=object)
        values[:] = [instance.get(name) for instance in instances]
        found[name] = values
    return found
