"""Columns made again of their tallies, where the rows themselves are gone."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .family import Family
from .reference import Column
from .tallies import Floats, Tally


def columns_of(family: Family, tallies: Mapping[str, Tally]) -> pd.DataFrame:
    """
    Gives columns that count up to these tallies, in no order: no two values belong to one row.

    A number between two edges of its column's ruler, or beyond the last one, stands at one place
    there. Two columns made on the same ruler are apart as far as their counts are, so that a test
    of them errs on the side of no change; against the values themselves they must not be held.
    """
    return pd.DataFrame(
        {name: _values(column, tallies[name]) for name, column in family.columns.items()}
    )


def _values(column: Column, tally: Tally) -> "pd.Series[Any]":
    if column.kind == "numeric":
        return pd.Series(_numbers(column, tally))
    if column.kind == "categorical":
        levels = tally.levels or {}
        present = np.repeat(np.array(list(levels), dtype=object), list(levels.values()))
    else:
        present = np.full(tally.present, "there", dtype=object)
    return pd.Series([*present, *[None] * (tally.rows - len(present))], dtype=object)


def _numbers(column: Column, tally: Tally) -> Floats:
    places = _places(column.shape.ruler)
    cells = np.zeros(len(places), np.int64) if tally.cells is None else tally.cells
    present = np.repeat(places, cells)
    return np.concatenate([present, np.full(tally.rows - len(present), np.nan)])


def _places(edges: Floats) -> Floats:
    """Gives a place before, at and after each edge, as `count_cells` counts."""
    places = np.empty(2 * len(edges) + 1)
    places[1::2] = edges
    places[2:-1:2] = edges[:-1] + (edges[1:] - edges[:-1]) / 2
    places[0] = edges[0] - abs(edges[0]) - 1.0
    places[-1] = edges[-1] + abs(edges[-1]) + 1.0
    return places
