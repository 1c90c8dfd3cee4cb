"""When slices are looked for: at doubling numbers of units, in the order in which outcomes came."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from .cutting import arrival_of_outcomes, first_units, keep_units
from .looks import look_sizes
from .policy import Policy
from .rows import Rows
from .slices import SliceLook, slice_look

MOST_UNITS = 409_600
"""Beyond the look of this size nothing is searched again: what is not found by then is small."""


def take_slice_looks(
    rows: Rows,
    columns: pd.DataFrame,
    reference: pd.DataFrame | None,
    policy: Policy,
    taken: Sequence[SliceLook] = (),
) -> tuple[SliceLook, ...]:
    """Takes every look that is due, each on its number of units; those taken before stay."""
    kept = {look.number: look for look in taken}
    arrived = arrival_of_outcomes(rows)

    def look(number: int, size: int) -> SliceLook:
        cut, places = keep_units(rows, first_units(arrived, size))
        frame = columns.iloc[places].reset_index(drop=True)
        return slice_look(cut, frame, reference, policy, number, size)

    due = enumerate(due_sizes(rows), start=1)
    return tuple(kept.get(number) or look(number, size) for number, size in due)


def due_sizes(rows: Rows) -> list[int]:
    """Gives the numbers of units with an outcome at which looks are due by now."""
    there = int(np.isfinite(arrival_of_outcomes(rows)).sum())
    return [size for size in look_sizes(there) if size <= MOST_UNITS]


def glance_apart(
    rows: Rows, columns: pd.DataFrame, reference: pd.DataFrame | None, policy: Policy
) -> SliceLook:
    """Shows where the models are apart on all there is, without a word on errors: it is no look."""
    return slice_look(rows, columns, reference, replace(policy, loss=None), 1, rows.units.count)


def look_once(
    rows: Rows, columns: pd.DataFrame, reference: pd.DataFrame | None, policy: Policy
) -> SliceLook:
    """Takes the only look there will be, on all there is."""
    return slice_look(rows, columns, reference, policy, 1, rows.units.count)
