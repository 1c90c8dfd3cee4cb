"""Concentration: how much of the whole difference a few parts of one column hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .blocks import difference, labels_differ
from .contrast import change_interval, contrast
from .cutting import keep_units
from .finding import Interval
from .halves import is_searched, unit_draws
from .losses import losses
from .panel import Panel, arrange_panel
from .policy import Policy
from .rows import Rows
from .slicing import Cut, cut

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

DIFFERENCE, LOSS = "difference", "loss"

MOST_PARTS = 3
MOST_ROWS = 0.5
"""Parts that hold more than this share of the rows are no small part of the traffic."""

LEAST_UNITS = 20
MOST_UNITS = 100_000
PRICE = 0.03
"""What another part has to add, so that one part is named rather than three."""


@dataclass(frozen=True)
class Concentration:
    """
    A few parts of one column and the share of the difference between the two models they hold.

    `of` is "difference" (shadow − live, the total variation, or differing labels) or "loss" (the
    shadow's less live's). The parts were chosen in half A; `share` = Σ over these parts / Σ over
    all, its `interval` (valid for one look), `row_share`, `units` and `rows` are those of half B.
    Above 1 the share says that the rest differs the other way.
    """

    of: str
    column: str
    parts: tuple[str, ...]
    share: float
    interval: Interval
    row_share: float
    units: int
    rows: int


def concentrate(
    rows: Rows, columns: pd.DataFrame, reference: pd.DataFrame | None, policy: Policy
) -> tuple[Concentration, ...]:
    """
    Gives the parts that hold most of the difference, and of the difference of the losses.

    `columns` are those of the same rows in the same order; of very many units a sample is taken,
    by the hash of their names. Nothing is given where the sum of the
    differences may be nought, or no part holds more than its size alone explains.
    """
    draws = unit_draws(rows.units.names)
    kept = (draws >> np.uint64(1)) / 2**63 <= MOST_UNITS / max(1, len(draws))
    if not kept.all():
        (rows, places), draws = keep_units(rows, kept), draws[kept]
        columns = columns.iloc[places].reset_index(drop=True)
    searched = is_searched(draws)[rows.codes]
    cuts = cut(columns, reference, searched & rows.compared, policy.slices)
    found = []
    for of, chosen in ((DIFFERENCE, rows.compared), (LOSS, rows.compared & rows.known)):
        panel = arrange_panel(rows, cuts, draws, chosen)
        values = _differences(panel, policy, of)
        if values is not None and panel.searched.any() and not panel.searched.all():
            found.append(_concentrated(panel, values, of, policy))
    return tuple(one for one in found if one is not None)


def _differences(panel: Panel, policy: Policy, of: str) -> Floats | None:
    if of == LOSS:
        return _loss_differences(panel, policy)
    d = difference(panel.rows)
    found = labels_differ(panel.rows) if d is None else d
    return None if found is None else found[panel.picked].astype(np.float64)


def _loss_differences(panel: Panel, policy: Policy) -> Floats | None:
    if policy.loss is None:
        return None
    live, shadow = losses(panel.rows, panel.picked, policy.loss)
    if policy.loss_cap is not None:
        live, shadow = np.minimum(live, policy.loss_cap), np.minimum(shadow, policy.loss_cap)
    return shadow - live


def _concentrated(panel: Panel, values: Floats, of: str, policy: Policy) -> Concentration | None:
    total = float(values[panel.searched].sum())
    values = values * np.sign(total)
    best = max(
        (pick for part in panel.cuts for pick in _picks(part, values, panel.searched)),
        key=lambda pick: pick[0],
        default=None,
    )
    if best is None:
        return None
    _, chosen, codes = best
    return _measured(panel, values, of, chosen, codes, policy)


Pick = tuple[float, Cut, tuple[int, ...]]
"""How much more than its size explains some parts of a column hold."""


def _picks(part: Cut, values: Floats, searched: Flags) -> Iterator[Pick]:
    codes, values = part.codes[searched], values[searched]
    inside, size = codes >= 0, len(part.parts)
    sums = np.bincount(codes[inside], weights=values[inside], minlength=size)
    sizes = np.bincount(codes[inside], minlength=size)
    total = float(values.sum())
    if total <= 0:
        return
    order = np.argsort(-sums, kind="stable")[:MOST_PARTS]
    for count in range(1, len(order) + 1):
        first = order[:count]
        held, row_share = float(sums[first].sum()) / total, float(sizes[first].sum()) / len(values)
        if sums[first[-1]] > 0 and row_share <= MOST_ROWS:
            yield held - row_share - PRICE * count, part, tuple(map(int, first))


def _measured(
    panel: Panel, values: Floats, of: str, part: Cut, codes: Sequence[int], policy: Policy
) -> Concentration | None:
    """Measures in half B what was chosen in half A."""
    told = ~panel.searched
    inside = np.isin(part.codes, codes)[told]
    v, units = values[told], panel.units[told]
    there = len(np.unique(units[inside]))
    if there < LEAST_UNITS or v.mean() <= 0:
        return None
    found = contrast(v * inside, v, units, is_relative=True)
    ends = change_interval(found, (), policy.alpha, (-1.0, np.inf))
    if ends is None or found.estimate is None or 1 + ends[0] <= inside.mean():
        return None
    return Concentration(
        of=of,
        column=part.column,
        parts=tuple(part.parts[code] for code in codes),
        share=1 + found.estimate,
        interval=(1 + ends[0], 1 + ends[1]),
        row_share=float(inside.mean()),
        units=there,
        rows=int(inside.sum()),
    )
