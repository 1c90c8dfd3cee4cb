"""What the cells of a column are: numbers, labels or times, and which of them do not fit."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.cli.files.spelling import (
    are_booleans,
    are_codes,
    are_dates,
    says_nothing,
    spell_numbers,
    spell_times,
)
from understudy.cli.files.table import Table
from understudy.comparison.columns import level_name
from understudy.comparison.naming import Coded

Type = Literal["number", "boolean", "text", "time", "nested"]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_PARTS = 0.95
_MOST_EXAMPLES = 3
# A number of seconds since 1970 this large lies in the year 5138: it counts smaller parts.
_SECONDS_BELOW = 1e11


@dataclass(frozen=True)
class Misfits:
    """Cells that are there and cannot be read as what their column holds."""

    count: int = 0
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Count them and quote the most frequent."""
        quoted = ", ".join(repr(example) for example in self.examples)
        more = ", …" if self.count > len(self.examples) else ""
        return f"{self.count:,} cell{'s' if self.count != 1 else ''} ({quoted}{more})"


def as_categories(codes: NDArray[Any], names: Iterable[str]) -> "pd.Series[Any]":
    """Give codes into a list of names as a column of categories; −1 is no value."""
    categories = pd.Index(list(names), dtype=object)
    return pd.Series(pd.Categorical.from_codes(codes, categories=categories))


@dataclass(frozen=True)
class Cells:
    """
    One column of a file; texts among `missing` mean “no value”.

    A CSV file declares no types, so they are read off the cells: numbers if at least 95 % of those
    that say anything are numbers and none has the leading nought of a code. Texts that are dates
    are times in any file.
    """

    table: Table
    name: str
    missing: Collection[str] = ("",)

    @cached_property
    def array(self) -> Any:
        """The column as one Arrow array."""
        import pyarrow as pa

        column = self.table.column(self.name)
        if pa.types.is_dictionary(column.type):
            column = column.unify_dictionaries()
        return column.combine_chunks()

    @cached_property
    def type(self) -> Type:
        """What the column holds."""
        import pyarrow.types as pat

        held = self.array.type
        if pat.is_dictionary(held):
            held = held.value_type
        if pat.is_boolean(held):
            return "boolean"
        if pat.is_integer(held) or pat.is_floating(held) or pat.is_decimal(held):
            return "number"
        if pat.is_temporal(held):
            return "time"
        if pat.is_nested(held):
            return "nested"
        return self._spelled()

    def absent(self) -> Flags:
        """Tell which cells hold nothing, whatever the type."""
        if self._is_text:
            codes, dictionary = self._encoded
            texts = dictionary.to_pandas().astype("str").str.strip()
            says_none = texts.isna() | texts.isin(list(self.missing))
            return np.append(says_none.to_numpy(dtype=bool), True)[codes]
        return np.asarray(self.array.is_null().to_numpy(zero_copy_only=False), dtype=bool)

    def distinct(self) -> int:
        """Count how many different values there are."""
        return len(self._distinct[1]) if self._is_text else len(self._encoded[1])

    def numbers(self) -> tuple[Floats, Misfits]:
        """Give the column as floats, NaN where there is no number, and the cells that are none."""
        import pyarrow as pa

        if self._is_text:
            codes, texts = self._distinct
            found = spell_numbers(texts, decimal_comma=self.table.has_decimal_comma)
            return np.append(found, np.nan)[codes], self._misfits(np.isnan(found))
        plain = self.array
        if pa.types.is_dictionary(plain.type):
            plain = plain.dictionary_decode()
        if pa.types.is_boolean(plain.type):
            plain = plain.cast(pa.int8())
        if not (pa.types.is_null(plain.type) or self.type in ("number", "boolean")):
            return np.full(len(plain), np.nan), self._unlike(plain)
        values = plain.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return np.asarray(values, dtype=np.float64), Misfits()

    def levels(self) -> "pd.Series[Any]":
        """Give the column as categories, named by what they say: 1.0 is 1, and TRUE is true."""
        if self._is_text:
            codes, texts = self._distinct
            values = self._spoken(texts)
        else:
            codes, values = self._declared
        place, categories = pd.factorize(pd.Series(map(level_name, values), dtype=object))
        named = np.append(place, -1).astype(np.int32)[codes]
        return as_categories(named, categories)

    def names(self) -> Coded:
        """Give the column as names of things, millions of them: texts as they are, else levels."""
        if not self._is_text or self.type != "text":
            levels = self.levels()
            return Coded(levels.cat.codes.to_numpy(), levels.cat.categories)
        codes, texts = self._distinct
        return Coded(codes, pd.Index(texts))

    def times(self) -> tuple[Floats, Misfits]:
        """Give the column as seconds since 1970, NaN where there is no time."""
        import pyarrow as pa

        if self._is_text and self.type != "number":
            codes, texts = self._distinct
            found = spell_times(texts)
            return np.append(found, np.nan)[codes], self._misfits(np.isnan(found))
        if self.type == "number":
            values, misfits = self.numbers()
            size = float(np.nanmedian(np.abs(values))) if np.isfinite(values).any() else 0.0
            while size >= _SECONDS_BELOW:
                values, size = values / 1000, size / 1000
            return values, misfits
        if not (pa.types.is_timestamp(self.array.type) or pa.types.is_date(self.array.type)):
            return np.full(len(self.array), np.nan), self._unlike(self.array)
        moments = self.array.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        seconds = moments.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return np.asarray(seconds, dtype=np.float64) / 1e6, Misfits()

    @property
    def _is_text(self) -> bool:
        import pyarrow.types as pat

        held = self.array.type
        held = held.value_type if pat.is_dictionary(held) else held
        return bool(pat.is_string(held) or pat.is_large_string(held))

    @cached_property
    def _distinct(self) -> "tuple[Codes, pd.Series[str]]":
        """Each cell's place among the distinct texts, −1 for none; blanks around them are lost."""
        codes, dictionary = self._encoded
        texts = dictionary.to_pandas().astype("str").str.strip()
        place, distinct = pd.factorize(texts.mask(texts.isin(list(self.missing))))
        return np.append(place, -1).astype(np.int32)[codes], pd.Series(distinct, dtype="str")

    @cached_property
    def _declared(self) -> tuple[Codes, list[Any]]:
        codes, dictionary = self._encoded
        return codes, dictionary.to_pylist()

    @property
    def _encoded(self) -> tuple[Codes, Any]:
        import pyarrow.types as pat

        coded = self.array
        if not pat.is_dictionary(coded.type):
            coded = coded.dictionary_encode()
        indices = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return indices.astype(np.int32, copy=False), coded.dictionary

    def _spelled(self) -> Type:
        codes, texts = self._distinct
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        says = ~says_nothing(texts)
        total = int(counts[says].sum())
        if not total:
            return "text"
        if counts[are_dates(texts)].sum() >= MOST_PARTS * total:
            return "time"
        if self.table.is_typed:
            return "text"
        if bool(are_booleans(texts[says]).all()):
            return "boolean"
        numbers = ~np.isnan(spell_numbers(texts, decimal_comma=self.table.has_decimal_comma))
        if counts[numbers].sum() >= MOST_PARTS * total and not are_codes(texts).any():
            return "number"
        return "text"

    def _spoken(self, texts: "pd.Series[str]") -> list[Any]:
        """Say distinct texts as values of the column's type, so that 1.0 and 1 are one label."""
        if self.type == "boolean":
            return [text.lower() for text in texts]
        if self.type != "number":
            return list(texts)
        numbers = spell_numbers(texts, decimal_comma=self.table.has_decimal_comma)
        return [
            text if np.isnan(number) else float(number)
            for text, number in zip(texts, numbers, strict=True)
        ]

    def _misfits(self, unread: Flags) -> Misfits:
        codes, texts = self._distinct
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        lost = np.flatnonzero(unread & ~says_nothing(texts) & (counts > 0))
        most = lost[np.argsort(-counts[lost], kind="stable")][:_MOST_EXAMPLES]
        return Misfits(int(counts[lost].sum()), tuple(texts.iloc[most]))

    def _unlike(self, plain: Any) -> Misfits:
        first = plain.drop_null()[:1].to_pylist()
        return Misfits(len(plain) - plain.null_count, tuple(str(value) for value in first))
