"""The search for slices in one half of the traffic: every part of a column, and pairs of parts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .slicing import Codes, Cut, Flags, Floats

TOP_COLUMNS = 8
NEARLY_ALL = 0.95
"""A part of more than this share of the whole, or of a part it narrows, is no part of its own."""

Place = tuple[int, int]
"""A part: which cut, and which of its codes."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums over the units of each part: of values S and sizes N, and of S², S·N and N²."""

    units: Floats
    rows: Floats
    s: Floats
    ss: Floats
    sn: Floats
    nn: Floats

    @property
    def means(self) -> Floats:
        """The mean per row of each part."""
        return self.s / np.maximum(self.rows, 1)

    @property
    def errors(self) -> Floats:
        """The standard error of each mean; units are independent, rows need not be."""
        mean = self.means
        spread = np.maximum(0.0, self.ss - 2 * mean * self.sn + mean * mean * self.nn)
        scale = self.units / np.maximum(1, self.units - 1)
        return np.asarray(np.sqrt(spread * scale) / np.maximum(self.rows, 1))


Score = Callable[[Tally], Floats]


@dataclass(frozen=True)
class Candidate:
    """A slice found in the half that is searched."""

    places: tuple[Place, ...]
    score: float
    units: int
    rows: int
    total: float

    @property
    def content(self) -> tuple[int, int, float]:
        """What two slices of the same rows have in common, however they are called."""
        return self.units, self.rows, self.total

    def narrows(self, other: "Candidate") -> bool:
        """True if it is a part of the other by its conditions."""
        return set(other.places) <= set(self.places)


@dataclass(frozen=True, eq=False)
class Searched:
    """The rows of the searched half: their values, the ascending number of their unit, the cuts."""

    values: Floats
    units: Codes
    cuts: Sequence[Cut]
    least: int


def by_t(tally: Tally) -> Floats:
    """Scores by the t statistic of the mean; a mean that no unit doubts comes first or last."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = tally.means / tally.errors
    return np.nan_to_num(t, nan=0.0, posinf=np.inf, neginf=-np.inf)


def by_lower_end(tally: Tally) -> Floats:
    """Scores by the mean less four standard errors: chance alone makes no slice of thousands."""
    return tally.means - 4 * tally.errors


def search(half: Searched, score: Score) -> list[Candidate]:
    """
    Gives all slices with enough units, the highest score first.

    Pairs are those of the columns that hold the best single parts. A part that is nearly all of the
    rows, or a pair that is nearly all of one of its two parts, is not counted.
    """
    singles: list[list[Candidate]] = [
        _found(half, score, index, part.codes, len(part.parts))
        for index, part in enumerate(half.cuts)
    ]
    best = sorted(
        (index for index, found in enumerate(singles) if found),
        key=lambda index: -max(candidate.score for candidate in singles[index]),
    )
    together = [
        candidate
        for left, right in combinations(sorted(best[:TOP_COLUMNS]), 2)
        for candidate in _pairs(half, score, singles[left], singles[right])
    ]
    every = [*(candidate for found in singles for candidate in found), *together]
    return sorted(every, key=lambda found: (-found.score, len(found.places), found.places))


def pick(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yields candidates, without those that only repeat or narrow one that came before."""
    taken: list[Candidate] = []
    for candidate in candidates:
        if any(candidate.content == t.content or candidate.narrows(t) for t in taken):
            continue
        taken.append(candidate)
        yield candidate


def _found(half: Searched, score: Score, index: int, codes: Codes, size: int) -> list[Candidate]:
    tally = tally_up(half.values, half.units, codes, size)
    enough = (tally.units >= half.least) & (tally.rows <= NEARLY_ALL * len(half.values))
    scores = score(tally)
    return [
        _candidate(tally, scores, int(code), ((index, int(code)),))
        for code in np.flatnonzero(enough)
    ]


def _candidate(tally: Tally, scores: Floats, code: int, places: tuple[Place, ...]) -> Candidate:
    units, rows = int(tally.units[code]), int(tally.rows[code])
    return Candidate(places, float(scores[code]), units, rows, float(tally.s[code]))


def _pairs(
    half: Searched, score: Score, lefts: list[Candidate], rights: list[Candidate]
) -> list[Candidate]:
    """Only parts that are large enough by themselves can be so together."""
    first, second = (_renumbered(half, side) for side in (lefts, rights))
    codes = np.where((first < 0) | (second < 0), -1, first * len(rights) + second)
    tally = tally_up(half.values, half.units, codes, len(lefts) * len(rights))
    scores = score(tally)
    found = []
    for code in np.flatnonzero(tally.units >= half.least):
        left, right = lefts[code // len(rights)], rights[code % len(rights)]
        if tally.rows[code] <= NEARLY_ALL * min(left.rows, right.rows):
            found.append(_candidate(tally, scores, int(code), (*left.places, *right.places)))
    return found


def _renumbered(half: Searched, parts: list[Candidate]) -> Codes:
    cut = half.cuts[parts[0].places[0][0]]
    numbers = np.full(len(cut.parts) + 1, -1, dtype=np.int64)
    for number, part in enumerate(parts):
        numbers[part.places[0][1]] = number
    return numbers[cut.codes]


def tally_up(values: Floats, units: Codes, codes: Codes, size: int) -> Tally:
    """
    Sums up the values of each part by unit; `units` must ascend, a code of −1 counts nowhere.

    Where each row is its own unit nothing has to be sorted.
    """
    inside = codes >= 0
    codes, values, units = codes[inside], values[inside], units[inside]
    sums, sizes = values, np.ones(len(values))
    if len(units) > 1 and np.any(units[1:] == units[:-1]):
        codes, sums, sizes = _by_unit(values, units, codes)
    columns = (sizes, sums, sums * sums, sums * sizes, sizes * sizes)
    rows, s, ss, sn, nn = (
        np.bincount(codes, weights=part, minlength=size).astype(np.float64) for part in columns
    )
    return Tally(np.bincount(codes, minlength=size).astype(np.float64), rows, s, ss, sn, nn)


def _by_unit(values: Floats, units: Codes, codes: Codes) -> tuple[Codes, Floats, Floats]:
    """Gives one entry per part and unit; codes of 16 bits are sorted in linear time."""
    small = codes.astype(np.uint16) if codes.max(initial=0) < 2**16 else codes
    order = np.argsort(small, kind="stable")
    codes, units = codes[order], units[order]
    starts = np.flatnonzero(np.r_[True, (codes[1:] != codes[:-1]) | (units[1:] != units[:-1])])
    sums = np.add.reduceat(values[order], starts)
    sizes = np.diff(np.r_[starts, len(codes)]).astype(np.float64)
    return codes[starts], sums, sizes


def rows_of(cuts: Sequence[Cut], places: Sequence[Place]) -> Flags:
    """Tells which rows lie in a slice."""
    flags: Flags = np.logical_and.reduce([cuts[cut].codes == code for cut, code in places])
    return flags
