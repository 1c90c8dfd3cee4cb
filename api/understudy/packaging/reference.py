"""The tables of an artefact: the reference sample and the quiz, written the same way every time."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.artefact import QUIZ_FILE, QUIZ_TABLE_FILE, REFERENCE_FILE, QuizItem
from understudy.artefacts.canonical import canonical_json
from understudy.artefacts.frames import frame_of
from understudy.artefacts.manifest import OutputDescription
from understudy.artefacts.schema import Field
from understudy.serving.engines.scores import Scores

# Enough for a distribution test to see a shift of a twentieth of a standard deviation.
SAMPLE_ROWS = 2000


def write_reference(
    folder: Path,
    training: tuple[pd.DataFrame, NDArray[Any]],
    held_out: tuple[pd.DataFrame, NDArray[Any], Scores],
    output: OutputDescription,
    seed: int,
) -> None:
    """Write a seeded sample of training rows, and of held-out rows with the model's predictions."""
    train_frame, train_target = training
    test_frame, test_target, scores = held_out
    train_rows = _sample(len(train_frame), seed)
    test_rows = _sample(len(test_frame), seed + 1)
    train = train_frame.iloc[train_rows].assign(__split__="train")
    train["__target__"] = train_target[train_rows]
    test = test_frame.iloc[test_rows].assign(__split__="test")
    test["__target__"] = test_target[test_rows]
    predictions = prediction_columns(scores, output)
    for name, column in predictions.items():
        test[name] = column[test_rows]
        train[name] = None if column.dtype == object else np.nan
    table = pd.concat([train, test], ignore_index=True)
    write_table(table, folder / REFERENCE_FILE)


def prediction_columns(scores: Scores, output: OutputDescription) -> dict[str, NDArray[Any]]:
    """Return the primary values as `__prediction__` and a classifier's labels as `__label__`."""
    if scores.values is not None:
        return {"__prediction__": scores.values}
    classes = output.classes or ()
    columns: dict[str, NDArray[Any]] = {}
    if scores.probabilities is not None and output.positive is not None:
        columns["__prediction__"] = scores.probabilities[:, classes.index(output.positive)]
    if scores.labels is not None:
        columns["__label__"] = np.array([classes[i] for i in scores.labels], dtype=object)
    return columns


def write_quiz(folder: Path, items: Sequence[QuizItem], fields: Sequence[Field]) -> None:
    """Write the quiz twice: a table for people, and JSON for a server without a table reader."""
    table = frame_of([item.instance for item in items], fields)
    table["__expected__"] = pd.Series([item.expected for item in items])
    table["__tolerance__"] = pd.array([item.tolerance for item in items], dtype="Float64")
    table["__origin__"] = [item.origin for item in items]
    write_table(table, folder / QUIZ_TABLE_FILE)
    content = [asdict(item) for item in items]
    (folder / QUIZ_FILE).write_bytes(canonical_json(content))


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a Parquet file whose bytes depend on the content and the library version alone."""
    table.to_parquet(path, engine="pyarrow", compression="zstd", index=False)


def _sample(rows: int, seed: int) -> NDArray[np.int64]:
    if rows <= SAMPLE_ROWS:
        return np.arange(rows)
    chosen = np.random.default_rng(seed).choice(rows, SAMPLE_ROWS, replace=False)
    return np.sort(chosen)
