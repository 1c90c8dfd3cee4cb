"""Columns prepared in the plainest way, for a model that is meant to be simple."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from understudy.artefacts.schema import Field

MOST_WORDS = 1000
MISSING = "(missing)"


def plain_frame(frame: pd.DataFrame, fields: Sequence[Field]) -> pd.DataFrame:
    """
    Return numbers as floats, booleans as 0 and 1, and text as text; NaN or a word if missing.

    All texts of nothing but white space are one, so that free text always holds words.
    """
    return pd.DataFrame({field.name: _plain(frame[field.name], field) for field in fields})


def plain_columns(frame: pd.DataFrame, fields: Sequence[Field]) -> ColumnTransformer:
    """
    Return unfitted preparations for what `plain_frame` gives of the training rows.

    Numbers are imputed by their median and standardised, levels become columns of their own, and
    of free text the thousand most frequent words count (TF-IDF).
    """
    numbers = [field.name for field in fields if field.type != "string"]
    texts = [field.name for field in fields if field.type == "string"]
    free = [name for name in texts if _is_free(frame[name])]
    levels = [name for name in texts if name not in free]
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(fill, StandardScaler()), numbers),
            ("levels", OneHotEncoder(handle_unknown="ignore"), levels),
            *((f"words {place}", _words(), name) for place, name in enumerate(free)),
        ]
    )


def _words() -> TfidfVectorizer:
    # Single letters count too, so that no text is without words.
    pattern = r"\w+|[^\w\s]+"
    return TfidfVectorizer(max_features=MOST_WORDS, token_pattern=pattern)


def _plain(column: "pd.Series[Any]", field: Field) -> Any:
    if field.type == "string":
        texts = column.astype(object).where(column.notna(), MISSING).astype(str)
        return texts.where(~texts.str.isspace(), "").to_numpy(object)
    if column.dtype == object:
        column = column.astype("Float64")
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _is_free(column: "pd.Series[Any]") -> bool:
    """Tell whether a column holds text rather than levels: most rows have one of their own."""
    return bool(column.nunique() > len(column) / 2)
