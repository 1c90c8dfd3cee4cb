"""What a manifest tells of the training data: digest, time range, distributions."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.frames import values_of
from understudy.artefacts.manifest import FeatureSummary, TrainingData
from understudy.artefacts.schema import Field
from understudy.packaging.inference import is_free_text

QUANTILES = np.linspace(0, 1, 21)


def describe_training(
    frame: pd.DataFrame,
    target: NDArray[Any],
    fields: Sequence[Field],
    time_column: str | None,
) -> TrainingData:
    """Identify the training rows by a digest of all fields and targets, and by their time range."""
    digest = hashlib.sha256()
    for field in fields:
        _add_values(digest, field.name, values_of(frame[field.name], field))
    _add_values(digest, "__target__", target.tolist())
    start = end = None
    if time_column is not None:
        times = frame[time_column].dropna()
        start, end = _time_text(times.min()), _time_text(times.max())
    return TrainingData(digest.hexdigest(), len(frame), time_column, start, end)


def summarise(frame: pd.DataFrame, fields: Sequence[Field]) -> dict[str, FeatureSummary]:
    """Describe how every field is distributed in the training frame."""
    return {field.name: _summary(frame[field.name], field) for field in fields}


def _summary(column: "pd.Series[Any]", field: Field) -> FeatureSummary:
    present = column.dropna()
    missing = float(column.isna().mean()) if len(column) else 0.0
    distinct = int(present.nunique())
    if field.type in ("number", "integer"):
        values = present.to_numpy(dtype=np.float64)
        if not len(values):
            return FeatureSummary(missing, distinct)
        return FeatureSummary(
            missing, distinct, float(values.min()), float(values.max()), float(values.mean())
        )
    if field.type == "string" and is_free_text(distinct, len(present)):
        # Whole texts belong to the people who wrote them, and no two are alike anyway.
        return FeatureSummary(missing, distinct)
    texts = [str(v).lower() if field.type == "boolean" else str(v) for v in present.tolist()]
    names, counts = np.unique(np.array(texts, dtype=str), return_counts=True)
    levels = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return FeatureSummary(missing, distinct, levels=levels)


def _add_values(digest: "hashlib._Hash", name: str, values: Sequence[object]) -> None:
    # repr is the shortest exact spelling and does not change with the version of any library.
    digest.update("\x1f".join([name, *map(repr, values)]).encode())
    digest.update(b"\x1e")


def _time_text(moment: object) -> str:
    if isinstance(moment, pd.Timestamp):
        return moment.date().isoformat()
    number = moment.item() if isinstance(moment, np.generic) else moment
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)
