"""Thirty columns of many kinds, and the ways in which one of them may shift."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[Any]
Draw = Callable[[np.random.Generator, int], Values]

MISSING = 0.02
FEW = np.array(["a", "b", "c", "d"], dtype=object)
MANY = np.array([f"level {number}" for number in range(40)], dtype=object)
MOST_LEVELS = 5000
ZIPF = np.array([f"name {number}" for number in range(MOST_LEVELS + 1)], dtype=object)


def _normal(rng: np.random.Generator, rows: int) -> Values:
    return rng.normal(size=rows)


def _lognormal(rng: np.random.Generator, rows: int) -> Values:
    return rng.lognormal(size=rows)


def _sparse(rng: np.random.Generator, rows: int) -> Values:
    return np.where(rng.random(rows) < 0.4, 0.0, rng.lognormal(size=rows))


def _discrete(rng: np.random.Generator, rows: int) -> Values:
    return rng.poisson(2.0, rows).astype(np.float64)


def _few(rng: np.random.Generator, rows: int) -> Values:
    return FEW[rng.choice(len(FEW), rows, p=[0.6, 0.25, 0.1, 0.05])]


def _many(rng: np.random.Generator, rows: int) -> Values:
    return MANY[rng.integers(len(MANY), size=rows)]


def _zipf(rng: np.random.Generator, rows: int) -> Values:
    return ZIPF[np.minimum(rng.zipf(1.5, rows), MOST_LEVELS)]


KINDS: Mapping[str, tuple[Draw, int]] = {
    "normal": (_normal, 8),
    "lognormal": (_lognormal, 5),
    "sparse": (_sparse, 3),
    "discrete": (_discrete, 4),
    "few": (_few, 4),
    "many": (_many, 3),
    "zipf": (_zipf, 3),
}


def columns(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Draws thirty independent columns; every third lacks one value in fifty."""
    frame = {
        f"{kind} {number}": draw(rng, rows)
        for kind, (draw, count) in KINDS.items()
        for number in range(count)
    }
    for name in list(frame)[::3]:
        frame[name] = lacking(rng, frame[name], MISSING)
    return pd.DataFrame(frame)


def requests(rng: np.random.Generator, units: int, size: int, correlation: float) -> pd.DataFrame:
    """
    Draws rows that come in requests of this size.

    A request repeats the values of its first row with a probability whose square is the correlation
    of any two of its rows.
    """
    frame = columns(rng, units * size)
    first = np.repeat(np.arange(units) * size, size)
    own = np.arange(units * size)
    for name in frame.columns:
        repeated = rng.random(units * size) < correlation**0.5
        frame[name] = frame[name].to_numpy()[np.where(repeated, first, own)]
    return frame


def lacking(rng: np.random.Generator, values: Values, share: float) -> Values:
    """Takes away a share of the values."""
    kept = values.copy()
    kept[rng.random(len(values)) < share] = np.nan if values.dtype.kind == "f" else None
    return kept
