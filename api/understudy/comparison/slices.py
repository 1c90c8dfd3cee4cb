"""Slices: the parts of the traffic where the shadow is worse, and where the two are apart."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import pandas as pd

from .contrast import Contrast, change_interval, contrast, exceeds
from .family import holm
from .halves import is_searched, unit_draws
from .losses import losses
from .panel import Flags, Floats, Panel, arrange_panel, describe_slice, disagreement
from .policy import Policy
from .rows import Rows
from .slice_report import conclude_slices
from .slice_search import by_lower_end, by_t, search
from .slice_shapes import Slice, SliceLook, SliceReport
from .slicing import cut

__all__ = ["Slice", "SliceLook", "SliceReport", "conclude_slices", "slice_look"]

TESTED = 10
APART = 5


def slice_look(
    rows: Rows,
    columns: pd.DataFrame,
    reference: pd.DataFrame | None,
    policy: Policy,
    number: int,
    units: int,
) -> SliceLook:
    """
    Takes look `number` on exactly these rows, which are those of the first `units` units.

    `columns` holds features and carried fields of the same rows in the same order, `reference` the
    training sample, `policy` has its defaults filled. Half A suggests slices, half B tests them.
    Raises PolicyInvalid for a slice column that is not there.
    """
    draws = unit_draws(rows.units.names)
    searched = is_searched(draws)[rows.codes]
    cuts = cut(columns, reference, searched & rows.compared, policy.slices)
    known = rows.compared & rows.known if policy.loss and policy.slice_margin else None
    wide, apart = _apart(arrange_panel(rows, cuts, draws, rows.compared), policy, number)
    if known is None or not known.any():
        return SliceLook(number, units, 0, wide, (), apart)
    panel = arrange_panel(rows, cuts, draws, known)
    candidates, tested = _worse(panel, policy, number)
    return SliceLook(number, units, panel.count, candidates, tested, apart)


def _worse(panel: Panel, policy: Policy, number: int) -> tuple[int, tuple[Slice, ...]]:
    """Searches half A for a loss beyond the slice margin and tests the ten worst on half B."""
    live, shadow = _losses(panel, policy)
    margin = _margin(policy)
    is_relative = policy.loss != "zero_one"
    z = shadow - (1 + margin) * live if is_relative else shadow - live - margin
    found = search(panel.half(z, policy.slice_units), by_t)
    chosen = list(islice(panel.confirmable(found, policy.slice_units), TESTED))

    def sums(inside: Flags) -> Contrast:
        return contrast(shadow[inside], live[inside], panel.units[inside], is_relative=is_relative)

    level = policy.alpha / (max(1, len(chosen)) * number * (number + 1))
    tested = []
    for candidate, inside in chosen:
        here, there = sums(inside & ~panel.searched), sums(inside & panel.searched)
        ends = (-1.0, math.inf if is_relative else 1.0)
        tested.append(
            replace(
                describe_slice(panel, candidate, inside & ~panel.searched),
                live_loss=here.live,
                shadow_loss=here.shadow,
                effect=here.estimate,
                interval=change_interval(here, (there,), level, ends),
                p_value=exceeds(here, (there,), margin),
            )
        )
    return len(found), _judged([_as_root(part, policy) for part in tested], policy, number)


def _losses(panel: Panel, policy: Policy) -> tuple[Floats, Floats]:
    live, shadow = losses(panel.rows, panel.picked, policy.loss or "")
    if policy.loss_cap is not None:
        return np.minimum(live, policy.loss_cap), np.minimum(shadow, policy.loss_cap)
    return live, shadow


def _margin(policy: Policy) -> float:
    margin = policy.slice_margin or 0.0
    return (1 + margin) ** 2 - 1 if policy.loss == "rmse" else margin


def _as_root(part: Slice, policy: Policy) -> Slice:
    """Takes the change of a mean square to that of its root."""
    if policy.loss != "rmse" or part.effect is None:
        return part
    ends = part.interval
    return replace(
        part,
        effect=math.sqrt(1 + part.effect) - 1,
        interval=None if ends is None else (math.sqrt(1 + ends[0]) - 1, math.sqrt(1 + ends[1]) - 1),
    )


def _judged(tested: Sequence[Slice], policy: Policy, number: int) -> tuple[Slice, ...]:
    """Adjusts for all looks and by Holm; a slice that cannot be tested stays with p = 1."""
    own = [1.0 if part.p_value is None else part.p_value for part in tested]
    adjusted = holm(np.minimum(1.0, np.array(own) * number * (number + 1)))
    return tuple(
        replace(part, p_adjusted=float(p), is_bad=bool(p <= policy.alpha))
        for part, p in zip(tested, adjusted, strict=True)
    )


def _apart(panel: Panel, policy: Policy, number: int) -> tuple[int, tuple[Slice, ...]]:
    """Searches half A for disagreement above the average, and shows half B's."""
    wide = disagreement(panel)
    if not len(wide) or not wide.any():
        return 0, ()
    found = search(panel.half(wide, policy.slice_units), by_lower_end)
    average = float(wide[panel.searched].mean())
    above = [candidate for candidate in found if candidate.score > average]
    level = policy.alpha / (APART * number * (number + 1))
    shown = []
    for candidate, inside in islice(panel.confirmable(above, policy.slice_units), APART):
        part = inside & ~panel.searched
        here, there = (
            contrast(wide[half], np.zeros(half.sum()), panel.units[half], is_relative=False)
            for half in (part, inside & panel.searched)
        )
        ends = change_interval(here, (there,), level, (0.0, math.inf))
        shown.append(replace(describe_slice(panel, candidate, part), interval=ends))
    return len(found), tuple(shown)
