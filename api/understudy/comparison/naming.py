"""Names of units and instances, millions of them: numbered at once, spelt out only when asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Draws = NDArray[np.uint64]

KEY = "understudy-draws"
_CHUNK = 1 << 18
# The finishing steps of splitmix64 (Steele, Lea and Flood 2014): every bit depends on all.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)


@dataclass(frozen=True, eq=False)
class Names:
    """
    What numbered things are called: the text of each of `values`.

    Without values they are called by their numbers, or by those in `values` if these are integers.
    """

    count: int
    values: "NDArray[Any] | pd.Index[Any] | None" = None

    def __len__(self) -> int:
        return self.count

    def take(self, places: Ints) -> "Names":
        """Gives the names at these places."""
        return Names(len(places), places if self.values is None else self.values.take(places))

    def texts(self) -> NDArray[np.str_]:
        """Spells all of them out."""
        return np.concatenate([np.array([], dtype=str), *self._chunks()])

    def draws(self) -> Draws:
        """
        Hashes each name, the same for ever and everywhere.

        SipHash-2-4 of the text in UTF-8; known answers in the tests hold it against a change of the
        library.
        """
        parts = [
            pd.util.hash_array(chunk.astype(object), hash_key=KEY, categorize=False)
            for chunk in self._chunks()
        ]
        return np.concatenate([np.zeros(0, np.uint64), *parts])

    def order_after(self, first: Floats) -> Ints:
        """Gives the places in order of `first`, and where that is equal in order of the texts."""
        order = np.argsort(first, kind="stable")
        ranked = first[order]
        same = ranked[1:] == ranked[:-1]
        tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        if len(tied):
            places = order[tied]
            order[tied] = places[np.lexsort((self.take(places).texts(), first[places]))]
        return order

    def _chunks(self) -> Iterator[NDArray[np.str_]]:
        for start in range(0, self.count, _CHUNK):
            end = min(self.count, start + _CHUNK)
            if self.values is None:
                yield np.arange(start, end).astype(str)
            elif isinstance(self.values, pd.Index):
                yield self.values[start:end].to_numpy(dtype=object).astype(str)
            else:
                yield self.values[start:end].astype(str)


@dataclass(frozen=True, eq=False)
class Coded:
    """
    A column of names by codes into the list of different `names`; −1 is no name.

    A column of categories is the same to the eye, but holds millions of names as objects, too.
    """

    codes: NDArray[np.integer[Any]]
    names: "pd.Index[Any]"

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Tells which rows have no name."""
        return np.asarray(self.codes < 0)

    def take(self, places: Ints) -> "Coded":
        """Gives the rows at these places."""
        return Coded(self.codes[places], self.names)

    def filled(self, name: str) -> "Coded":
        """Gives every row without a name this one, which must be new."""
        codes = np.where(self.is_missing, len(self.names), self.codes)
        return Coded(codes, self.names.append(pd.Index([name], dtype=self.names.dtype)))

    def texts(self) -> NDArray[np.str_]:
        """Spells out the name of each row."""
        texts: NDArray[np.str_] = Names(len(self.names), self.names).texts()[self.codes]
        return texts


def named(values: Any) -> tuple[Ints, Names]:
    """
    Numbers values as they first appear, and says what each number is called.

    Values of the same text are the same: 1 and "1". None may be missing.
    """
    if _are_categories(values):
        values = Coded(values.cat.codes.to_numpy(), values.cat.categories)
    if isinstance(values, Coded):
        return _numbered(values)
    given = (
        values if isinstance(values, (np.ndarray, pd.Series)) else np.array(values, dtype=object)
    )
    codes, found = pd.factorize(given, use_na_sentinel=False)
    names = Names(len(found), found if isinstance(found, pd.Index) else np.asarray(found))
    if pd.api.types.infer_dtype(found, skipna=False) in {"string", "integer"}:
        return codes.astype(np.int64), names
    same, texts = pd.factorize(names.texts().astype(object))
    return same[codes].astype(np.int64), Names(len(texts), texts)


def _numbered(values: Coded) -> tuple[Ints, Names]:
    codes = values.codes.astype(np.int64)
    steps = np.diff(np.maximum.accumulate(codes), prepend=-1)
    if steps.max(initial=0) <= 1 and steps.sum() == len(values.names):
        return codes, Names(len(values.names), values.names)  # they stand as they first appear
    codes, seen = pd.factorize(codes)
    return codes, Names(len(seen), values.names.take(seen))


def _are_categories(values: Any) -> bool:
    """Tells columns of categories, of which none is missing: −1 is the place of no name."""
    if not isinstance(values, pd.Series) or not isinstance(values.dtype, pd.CategoricalDtype):
        return False
    return bool((values.cat.codes >= 0).all())


def draw_pairs(units: Names, unit_codes: Ints, parts: Names, part_codes: Ints) -> Draws:
    """Hashes pairs of a unit and an instance: from two hashes of names, mixed to one number."""
    mixed: Draws = units.draws()[unit_codes]
    mixed ^= (parts.draws() * _GOLDEN)[part_codes]
    for shift, factor in _MIX:
        mixed ^= mixed >> shift
        mixed *= factor
    mixed ^= mixed >> _LAST
    return mixed
