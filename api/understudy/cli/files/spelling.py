"""What the distinct texts of a CSV column spell: numbers, booleans, times, or just themselves."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = "pd.Series[str]"

# Words for “no value” among numbers. Among labels they may be labels: in Ames, NA is “no alley”.
_NOTHING = (
    "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "-", "?", ".", "missing", "unknown",
)  # fmt: skip
_GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"
_CODE = r"[+-]?0\d+"
_FIRST = r"^(\d{1,2})[/.]\d"
_DOTTED = r"\d{1,2}\.\d{1,2}\.\d"
_DATE = (
    r"\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?"
)


def spell_numbers(texts: "pd.Series[str]", *, decimal_comma: bool) -> Floats:
    """Read texts as numbers, NaN where they are none; 1,234.5 and, if told so, 1.234,5 are some."""
    if decimal_comma:
        has_comma = texts.str.contains(",", regex=False)
        plain = texts.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        texts = texts.mask(has_comma, plain)
    coerced = pd.to_numeric(texts, errors="coerce")
    found = np.array(coerced.to_numpy(dtype=np.float64, na_value=np.nan))
    lost = np.isnan(found)
    if lost.any() and not decimal_comma:
        grouped = texts.str.fullmatch(_GROUPED).to_numpy(dtype=bool) & lost
        bare = texts[grouped].str.replace(",", "", regex=False)
        found[grouped] = pd.to_numeric(bare).to_numpy(dtype=np.float64)
    return found


def says_nothing(texts: "pd.Series[str]") -> Flags:
    """Tell which texts are words for “no value” in a column of numbers or times."""
    return np.asarray(texts.str.lower().isin(_NOTHING).to_numpy(dtype=bool))


def are_codes(texts: "pd.Series[str]") -> Flags:
    """Tell which texts have a leading nought, as postal codes have and numbers have not."""
    return np.asarray(texts.str.fullmatch(_CODE).to_numpy(dtype=bool))


def are_dates(texts: "pd.Series[str]") -> Flags:
    """Tell which texts look like a date, with or without a time."""
    return np.asarray(texts.str.fullmatch(_DATE).to_numpy(dtype=bool))


def are_booleans(texts: "pd.Series[str]") -> Flags:
    """Tell which texts are true or false, in any case."""
    return np.asarray(texts.str.lower().isin(("true", "false")).to_numpy(dtype=bool))


def spell_times(texts: "pd.Series[str]") -> Floats:
    """
    Read texts as seconds since 1970, NaN where they are none; without a zone they are UTC.

    1/2 is the second of January unless some first number is above twelve; 1.2. is the first of
    February.
    """
    firsts = pd.to_numeric(texts.str.extract(_FIRST)[0])
    day_first = bool((firsts > 12).any() or texts.str.match(_DOTTED).any())
    iso = pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601")
    mixed = pd.to_datetime(
        texts[iso.isna()], errors="coerce", utc=True, format="mixed", dayfirst=day_first
    )
    moments = iso.fillna(mixed).dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(moments), np.nan, moments.astype(np.float64) / 1e6)
