"""Fingerprints of rows, so that a later packaging can tell which rows a model has seen."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from understudy.artefacts.schema import Field
from understudy.serving.engines.fitted import label_text

Fingerprints = NDArray[np.uint64]
Floats = NDArray[np.float64]

# No field can have this name, so the target is never taken for a feature.
TARGET = "__target__"


def row_fingerprints(
    frame: pd.DataFrame, target: NDArray[Any], fields: Sequence[Field]
) -> Fingerprints:
    """
    Return one number per row, of shape (n,), alike for rows with alike fields and target.

    1 and 1.0 are alike, and so are null, None and NaN; a field that training knew in single
    precision is compared in it. The order of `fields` is irrelevant. Of two million different
    rows, two are taken for alike with a probability of 1e-7, unless somebody wants them to be:
    this is no protection against forgery. The numbers are kept in artefacts, so they must never
    change for the same rows, whatever the version of any library.
    """
    return _added(input_fingerprints(frame, fields), TARGET, _answers(target))


def input_fingerprints(frame: pd.DataFrame, fields: Sequence[Field]) -> Fingerprints:
    """Return one number per row as `row_fingerprints` does, of the fields alone."""
    rows = np.zeros(len(frame), dtype=np.uint64)
    for field in sorted(fields, key=lambda field: field.name):
        rows = _added(rows, field.name, _cells(frame[field.name], field))
    return rows


def _added(rows: Fingerprints, name: str, cells: Fingerprints) -> Fingerprints:
    """Add a column to what is known of each row; the order of additions matters."""
    return _mixed(rows ^ _mixed(cells ^ _text_number(name)))


def _cells(column: "pd.Series[Any]", field: Field) -> Fingerprints:
    if field.type == "string":
        return _texts(column)
    numbers = _floats(column)
    if field.dtype == "float32":
        numbers = numbers.astype(np.float32).astype(np.float64)
    return _bits(numbers)


def _answers(target: NDArray[Any]) -> Fingerprints:
    """Spell classes as text, of which one that reads as a number is that number."""
    if target.dtype.kind in "iuf":
        return _bits(target.astype(np.float64))
    texts = pd.Series([label_text(label) for label in target], dtype=object)
    return _texts(texts, numbers_too=True)


def _floats(column: "pd.Series[Any]") -> Floats:
    if types.is_object_dtype(column.dtype):
        column = column.astype("Float64")
    numbers: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def _bits(numbers: Floats) -> Fingerprints:
    """Return the bits of numbers, one pattern for both zeros and one for every NaN."""
    spelt = np.where(np.isnan(numbers), np.nan, numbers + 0.0)
    return spelt.view(np.uint64)


def _texts(column: "pd.Series[Any]", numbers_too: bool = False) -> Fingerprints:
    """Hash every different text once; a missing one is what a missing number is."""
    codes, levels = pd.factorize(column)
    texts = [str(level) for level in levels]
    hashes = [_number_in(text) if numbers_too else _text_number(text) for text in texts]
    table = np.array([*hashes, _bits(np.array([np.nan]))[0]], dtype=np.uint64)
    return np.asarray(table[codes])


def _number_in(text: str) -> np.uint64:
    try:
        number = float(text)
    except ValueError:
        return _text_number(text)
    return _bits(np.array([number]))[0] if label_text(number) == text else _text_number(text)


def _text_number(text: str) -> np.uint64:
    content = text.encode("utf-8", "surrogatepass")
    return np.uint64(int.from_bytes(blake2b(content, digest_size=8).digest(), "big"))


def _mixed(bits: Fingerprints) -> Fingerprints:
    """Let every bit of a number change half of its bits (the finaliser of splitmix64)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))
