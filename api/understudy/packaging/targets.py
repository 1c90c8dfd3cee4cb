"""What a model is to predict, as a person gives it: one value per row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.artefacts.manifest import Task
from understudy.packaging.refusals import Refusals
from understudy.serving.engines.fitted import label_texts

# Of fewer rows nothing can be said.
LEAST_ROWS = 10
# The types that the values of one target may have together.
PLAIN: tuple[frozenset[type], ...] = tuple(
    frozenset(types) for types in ((bool,), (int,), (float,), (int, float), (str,))
)
# Labels that a sentence names.
MOST_LISTED = 5


def targets_of(
    y_train: Any, y_test: Any, frames: Sequence[pd.DataFrame], refusals: Refusals
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return training and test targets as arrays of shape (n,), or refuse what is none."""
    found = []
    for title, given, frame in zip(("train", "test"), (y_train, y_test), frames, strict=True):
        target = _array(given)
        found.append(target)
        rows = len(frame)
        refusals.add_if(rows == 0, f"X_{title} has no rows")
        refusals.add_if(
            0 < rows < LEAST_ROWS,
            f"X_{title} has only {rows} rows; give at least {LEAST_ROWS}, or nothing can be told",
        )
        refusals.add_if(
            target.ndim != 1,
            f"y_{title} has the shape {target.shape}, not one column: a model version predicts one"
            " target",
        )
        if target.ndim == 1:
            refusals.add_if(
                rows != len(target), f"X_{title} has {rows} rows, but y_{title} has {len(target)}"
            )
            refusals.add_if(bool(pd.isna(target).any()), f"y_{title} has missing values")
            if objection := _objection(target):
                refusals.add_if(True, f"y_{title} {objection}")
    return found[0], found[1]


def check_labels(
    task: Task, classes: Sequence[str], targets: Sequence[NDArray[Any]], refusals: Refusals
) -> None:
    """Refuse targets that are not of the kind the model predicts, or of no class it knows."""
    for title, target in zip(("train", "test"), targets, strict=True):
        if task == "regression":
            refusals.add_if(
                target.dtype.kind not in "biuf",
                f"y_{title} holds text, but a regression predicts numbers",
            )
            continue
        unknown = sorted(set(label_texts(target)) - set(classes))
        known = f"the model knows {_listed(classes)}"
        refusals.add_if(
            title == "train" and bool(unknown), f"y_train holds {_listed(unknown)}, but {known}"
        )
        refusals.add_if(
            title == "test" and not set(label_texts(target)) & set(classes),
            f"y_test holds only {_listed(unknown)}, but {known}",
        )


def _array(given: Any) -> NDArray[Any]:
    """Return what was given without the second dimension of a single column."""
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.asarray(given, dtype=object)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.dtype == object and array.ndim == 1:
        values = [v.item() if isinstance(v, np.generic) else v for v in array]
        # Nullable dtypes of pandas come as objects, too.
        return np.array(values) if _types(values) in PLAIN else array
    return array


def _types(values: Sequence[object]) -> frozenset[type]:
    return frozenset(type(value) for value in values)


def _objection(target: NDArray[Any]) -> str | None:
    """Say what is wrong with the values of a target, missing ones aside."""
    if target.dtype.kind == "f" and bool(np.isinf(target).any()):
        return "holds infinite numbers"
    if target.dtype.kind in "biufU":
        return None
    if target.dtype != object:
        return f"has the dtype {target.dtype}; give numbers or labels"
    found = _types(target[~pd.isna(target)].tolist())
    if not found or found in PLAIN:
        return None
    names = ", ".join(sorted(kind.__name__ for kind in found))
    return f"holds values of the types {names}; give numbers, or labels of one type"


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:MOST_LISTED])
    return shown if len(labels) <= MOST_LISTED else f"{shown} and {len(labels) - MOST_LISTED} more"
