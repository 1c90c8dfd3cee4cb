"""Fitted encoders, asked once for every level they can meet."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.serving.engines.compiler.symbols import (
    UNSEEN_NUMBER,
    Named,
    NotCompilable,
    Raw,
    Symbol,
    Table,
    is_nan,
    missing_value,
)

NDFloats = NDArray[np.float64]


def encode(encoder: Any, columns: list[Named]) -> list[Named]:
    """
    Return the columns that an encoder makes of columns.

    Every column becomes a table of its levels, and the encoder itself fills the tables in.
    """
    known = [list(categories) for categories in encoder.categories_]
    tables = [
        _as_table(column.symbol, [_plain(level) for level in levels if not _is_missing(level)])
        for column, levels in zip(columns, known, strict=True)
    ]
    entries = [_entries(table) for table in tables]
    encoded = _ask(encoder, columns, entries)
    made: list[Named] = []
    start = 0
    for column, table, width in zip(columns, tables, _widths(encoder), strict=True):
        for place in range(start, start + width):
            made.append(Named(f"{column.name} {place - start}", _answered(table, encoded[place])))
        start += width
    return made


def _as_table(symbol: Symbol, levels: list[object]) -> Table:
    """Return a column as a table that knows the levels of an encoder."""
    if isinstance(symbol, Table):
        return symbol.knowing(levels)
    if not isinstance(symbol.register, Raw) or any(kind != "fill" for kind, _ in symbol.steps):
        raise NotCompilable("an encoder on computed numbers")
    fill = next((number for _, number in symbol.steps), missing_value(symbol.register.field))
    numbers: list[object] = [float(level) for level in levels]  # type: ignore[arg-type]
    if symbol.register.field.type == "boolean":
        numbers = [False, True]
    return Table(symbol.register.field, {n: n for n in numbers}, fill, UNSEEN_NUMBER)


def _entries(table: Table) -> list[object]:
    """Return what the encoder is asked: every level, the missing value, and an unknown one."""
    return [*table.values.values(), table.missing, table.unknown]


def _ask(encoder: Any, columns: list[Named], entries: list[list[object]]) -> list[NDFloats]:
    """
    Return the encoder's answers as one array per output column.

    The columns are asked together, so shorter ones are padded. An entry that makes the encoder
    raise has no answer: NaN.
    """
    longest = max(len(column) for column in entries)
    rows = [[column[min(i, len(column) - 1)] for column in entries] for i in range(longest)]
    answers = np.full((longest, sum(_widths(encoder))), np.nan)
    try:
        answers[:] = _encode_rows(encoder, columns, rows)
    except ValueError:
        _ask_singly(encoder, columns, entries, answers)
    return list(answers.T)


def _ask_singly(
    encoder: Any,
    columns: list[Named],
    entries: list[list[object]],
    answers: NDFloats,
) -> None:
    """Ask entry by entry, so that one without an answer does not silence the others."""
    filler = [column[0] for column in entries]
    start = 0
    for number, width in enumerate(_widths(encoder)):
        span = slice(start, start + width)
        for place, entry in enumerate(entries[number]):
            row = [*filler[:number], entry, *filler[number + 1 :]]
            try:
                answers[place, span] = _encode_rows(encoder, columns, [row])[0, span]
            except ValueError:
                continue
        start += width


def _encode_rows(encoder: Any, columns: list[Named], rows: Sequence[Sequence[object]]) -> NDFloats:
    table = {
        # A series, because pandas turns a plain array of texts and None into text and NaN.
        str(i): pd.Series([row[i] for row in rows], dtype=_dtype(encoder.categories_[i]))
        for i in range(len(columns))
    }
    given: Any = pd.DataFrame(table)
    if hasattr(encoder, "feature_names_in_"):
        given.columns = list(encoder.feature_names_in_)
    elif not all(dtype == np.float64 for dtype in given.dtypes):
        given = given.to_numpy(dtype=object)
    else:
        given = given.to_numpy()
    with warnings.catch_warnings():
        # Encoders warn of unknown levels, which are what they are asked about here.
        warnings.simplefilter("ignore")
        encoded = encoder.transform(given)
    dense = encoded.toarray() if hasattr(encoded, "toarray") else encoded
    return np.asarray(dense, dtype=np.float64)


def _dtype(categories: NDArray[Any]) -> Any:
    """Encoders compare numbers with numbers and everything else as objects."""
    return np.float64 if categories.dtype.kind in "biuf" else object


def _answered(table: Table, answers: NDFloats) -> Table:
    count = len(table.values)
    values = dict(zip(table.values, answers[:count].tolist(), strict=True))
    return Table(table.field, values, float(answers[count]), float(answers[count + 1]))


def _widths(encoder: Any) -> list[int]:
    """Return how many columns the encoder makes of each."""
    widths = getattr(encoder, "_n_features_outs", None)
    if widths is not None:
        return list(widths)
    if getattr(encoder, "target_type_", None) == "multiclass":
        raise NotCompilable("a TargetEncoder for several classes")
    return [1] * len(encoder.categories_)


def _is_missing(level: object) -> bool:
    return level is None or is_nan(level)


def _plain(level: Any) -> object:
    return level.item() if isinstance(level, np.generic) else level
