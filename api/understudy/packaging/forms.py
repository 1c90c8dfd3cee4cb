"""The rows a person gives, in any form: frames, arrays, nested lists, or texts without a table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.utils import get_tags

from understudy.artefacts.manifest import InputForm
from understudy.packaging.refusals import Refusals

# The feature of a model that takes texts without a name.
TEXT = "text"


class FormUnfit(ValueError):
    """Rows have a form that instances cannot be made of; the message says which."""


def as_frame(given: Any) -> pd.DataFrame:
    """
    Return a frame with text for column names and Python's own values in object columns.

    The columns of an array are x0, x1, …; texts without a table are one column, called as their
    Series is, or `text`. Raises FormUnfit for anything else.
    """
    if isinstance(given, pd.DataFrame):
        if given.columns.nlevels > 1:
            raise FormUnfit("has columns of several levels; give each one name")
        return _plain(given.rename(columns=str))
    if issparse(given):
        raise FormUnfit(
            "is a sparse matrix, whose columns no client could send; put what made it into the"
            " pipeline, and give the rows from before"
        )
    if np.ndim(_array(given)) == 1:
        return _texts(given)
    array = _array(given)
    if array.ndim != 2:
        raise FormUnfit(f"has the shape {array.shape}, not rows and columns")
    names = [f"x{i}" for i in range(array.shape[1])]
    dtype = object if array.dtype.kind in "OU" else None
    return _plain(pd.DataFrame(array, columns=names, dtype=dtype))


def frames_of(X_train: Any, X_test: Any, refusals: Refusals) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and test rows as frames, or refuse them."""
    frames = []
    for title, given in (("X_train", X_train), ("X_test", X_test)):
        try:
            frames.append(as_frame(given))
        except FormUnfit as unfit:
            refusals.add_if(True, f"{title} {unfit}")
    refusals.stop_if_any()
    train, test = frames
    if is_bare(X_test) and is_bare(X_train):
        test = test.set_axis(train.columns, axis=1)
    return train, test


def is_bare(given: Any) -> bool:
    """Tell whether rows come as texts without a table."""
    return not isinstance(given, pd.DataFrame) and np.ndim(_array(given)) == 1


def input_form(estimator: Any, given: Any, frame: pd.DataFrame, names: Sequence[str]) -> InputForm:
    """
    Tell in which form an estimator takes its rows.

    `frame` is what was given as a frame, `names` are the features in it. An estimator that
    counted its columns but kept no names was trained on an array, unless the names were no text.
    """
    if is_bare(given):
        return "series"
    if not isinstance(given, pd.DataFrame):
        return "array"
    if len(names) == 1 and takes_texts(estimator) and _is_text(frame[names[0]]):
        return "series"
    nameless = hasattr(estimator, "n_features_in_") and not hasattr(estimator, "feature_names_in_")
    is_named = all(isinstance(name, str) for name in given.columns)
    return "array" if nameless and is_named else "frame"


def takes_texts(estimator: Any) -> bool:
    """Tell whether an estimator begins with a vectoriser, which takes texts and no table."""
    if isinstance(estimator, Pipeline):
        return takes_texts(estimator.steps[0][1])
    if isinstance(estimator, FeatureUnion):
        return any(takes_texts(part) for _, part in estimator.transformer_list)
    for name in ("best_estimator_", "estimator"):
        if hasattr(estimator, name):
            return takes_texts(getattr(estimator, name))
    try:
        tags = get_tags(estimator).input_tags
    except (AttributeError, TypeError):
        return False
    return bool(tags.string and not tags.two_d_array)


def _array(given: Any) -> NDArray[Any]:
    """Return an array, in which numbers beside texts stay numbers."""
    try:
        array = np.asarray(given)
        if array.dtype.kind == "U" and not hasattr(given, "dtype"):
            return np.asarray(given, dtype=object)
    except ValueError as error:
        raise FormUnfit(f"is no table: its rows differ in length ({error})") from error
    return array


def _texts(given: Any) -> pd.DataFrame:
    if isinstance(given, pd.Series):
        column, name = given.reset_index(drop=True), given.name
    else:
        column, name = pd.Series(list(given), dtype=object), None
    if not _is_text(column):
        raise FormUnfit(
            f"has the shape {column.shape}, not rows and columns; only texts can come without"
        )
    if missing := int(column.isna().sum()):
        raise FormUnfit(f"has {missing} missing texts; fill them, say with '', before training")
    return _plain(column.to_frame(TEXT if name is None else str(name)))


def _is_text(column: "pd.Series[Any]") -> bool:
    return all(isinstance(value, str) for value in column.dropna().tolist())


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn NumPy's scalars in object columns into Python's, which alone have a JSON type."""
    for place, dtype in enumerate(frame.dtypes):
        column = frame.iloc[:, place]
        if dtype.kind == "O" and any(isinstance(value, np.generic) for value in column):
            values = [v.item() if isinstance(v, np.generic) else v for v in column]
            frame = frame.copy(deep=False)
            frame.isetitem(place, np.fromiter(values, dtype=object, count=len(values)))
    return frame
