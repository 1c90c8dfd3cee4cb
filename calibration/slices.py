"""Part 3: hundreds of slices, none of them worse than the slice margin allows."""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.comparison import Evidence, Policy
from understudy.comparison.rows import read_rows
from understudy.comparison.slices import conclude_slices, slice_look

from .case import LEVEL, Case, Run
from .limits import two_errors
from .scenes import Floats, unit_codes

BAD = "any slice called bad"
UNITS = 6400
FIRST = 400
"""Earlier looks hold no slice with a hundred units in each half that a pair of columns makes."""
POLICY = Policy().with_defaults(1.0, 0.8)
LETTERS, FIGURES = 12, 4


def traffic(rng: np.random.Generator, units: int) -> pd.DataFrame:
    """Draws sixteen columns that have nothing to do with any loss."""
    letters = {f"letter {number}": rng.choice(list("abcde"), units) for number in range(LETTERS)}
    figures = {f"figure {number}": rng.normal(size=units) for number in range(FIGURES)}
    return pd.DataFrame({**letters, **figures})


def searched(
    rng: np.random.Generator, factor: float, is_lognormal: bool, units: int = UNITS
) -> Run:
    """Takes every look, and tells whether a slice was ever called bad."""
    columns = traffic(rng, units)
    live, shadow = _losses(rng, unit_codes(units, 1), is_lognormal)
    names = np.char.add(f"{rng.integers(10**9)}-", np.arange(units).astype(str))
    looks, size, candidates = [], FIRST, 0
    while size <= units:
        evidence = Evidence(
            live=live[:size],
            shadow=factor * shadow[:size],
            outcomes=np.zeros(size),
            units=names[:size],
            served_at=np.arange(size),
        )
        rows, number = read_rows(evidence), int(np.log2(size / 100)) + 1
        looks.append(slice_look(rows, columns.iloc[:size], None, POLICY, number, size))
        candidates, size = looks[-1].candidates, 2 * size
    report = conclude_slices(looks, POLICY)
    is_bad = any(part.is_bad for part in report.worst)
    return Run({BAD: is_bad}, {"slices searched": float(candidates)})


def _losses(
    rng: np.random.Generator, codes: NDArray[np.int64], is_lognormal: bool
) -> tuple[Floats, Floats]:
    live, shadow = two_errors(rng, codes)
    return (np.exp(live), np.exp(shadow)) if is_lognormal else (live, shadow)


def _case(name: str, factor: float, is_lognormal: bool = False) -> Case:
    simulate = partial(searched, factor=factor, is_lognormal=is_lognormal)
    return Case(3, name, simulate, {BAD: LEVEL}, effort=0.1)


_AT_MARGIN = 1 + (POLICY.slice_margin or 0.1)
CASES = (
    _case("slices, no change", 1.0),
    _case("slices, all at the slice margin", _AT_MARGIN),
    _case("slices, all at the slice margin, lognormal losses", _AT_MARGIN, is_lognormal=True),
)
