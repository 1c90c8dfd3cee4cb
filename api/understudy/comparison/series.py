"""Series: the compared rows in order of arrival, as arrays to look at."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .evidence import Evidence
from .losses import losses
from .policy import Policy
from .rows import Names, read_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUARTERS = 4
MOST_CLASSES = 12


@dataclass(frozen=True, eq=False)
class Series:
    """
    What both models said of each compared instance, and what came true.

    Numbers are None where the models give none (binary: the probability of the positive class),
    labels likewise. Errors are prediction − outcome, of the instances whose outcome is known.
    """

    live: Floats | None
    shadow: Floats | None
    difference: Floats | None
    middle: Floats | None
    live_error: Floats | None
    shadow_error: Floats | None
    live_labels: Names | None
    shadow_labels: Names | None
    served_at: Floats | None


@dataclass(frozen=True)
class Group:
    """Both models' mean loss on some of the rows with an outcome."""

    name: str
    low: float | None
    high: float | None
    rows: int
    live: float
    shadow: float


def read_series(evidence: Evidence) -> Series:
    """Gives the compared rows; raises EvidenceInvalid as `compare` does."""
    rows = read_rows(evidence)
    picked = np.flatnonzero(rows.compared)
    live, shadow = _numbers(rows.live, picked), _numbers(rows.shadow, picked)
    if live is None or shadow is None:
        live = shadow = None
    errors: tuple[Floats | None, Floats | None] = (None, None)
    if rows.task == "regression" and live is not None and shadow is not None:
        truth = np.asarray(rows.outcomes, dtype=np.float64)[picked]
        known = rows.known[picked]
        errors = (live - truth)[known], (shadow - truth)[known]
    return Series(
        live=live,
        shadow=shadow,
        difference=None if live is None or shadow is None else shadow - live,
        middle=None if live is None or shadow is None else (live + shadow) / 2,
        live_error=errors[0],
        shadow_error=errors[1],
        live_labels=None if rows.live_labels is None else rows.live_labels[picked],
        shadow_labels=None if rows.shadow_labels is None else rows.shadow_labels[picked],
        served_at=None if rows.served_at is None else rows.served_at[picked],
    )


def _numbers(side: Floats | None, picked: Ints) -> Floats | None:
    if side is None or not np.isfinite(side[picked]).all():
        return None
    return side[picked]


def loss_by_quarter(evidence: Evidence, policy: Policy) -> tuple[Group, ...]:
    """
    Gives the mean losses per quarter of the units in order of arrival; empty quarters are left out.

    `policy` must have its defaults filled.
    """
    rows = read_rows(evidence)
    picked = np.flatnonzero(rows.compared & rows.known)
    quarter = rows.codes[picked] * QUARTERS // max(1, rows.units.count)
    sides = losses(rows, picked, policy.loss or "absolute", policy.loss_quantile)
    return tuple(
        _group(f"quarter {number + 1}", sides, quarter == number)
        for number in range(QUARTERS)
        if (quarter == number).any()
    )


def loss_by_outcome(evidence: Evidence, policy: Policy, most: int = 10) -> tuple[Group, ...]:
    """Gives the mean losses by the true value: in up to ten equal parts of it, or per class."""
    rows = read_rows(evidence)
    picked = np.flatnonzero(rows.compared & rows.known)
    if not len(picked):
        return ()
    sides = losses(rows, picked, policy.loss or "absolute", policy.loss_quantile)
    if rows.task != "regression":
        truth = np.asarray(rows.outcomes, dtype=object)[picked]
        classes = [name for name, _ in Counter(truth.tolist()).most_common(MOST_CLASSES)]
        return tuple(_group(str(name), sides, truth == name) for name in sorted(classes))
    values = np.asarray(rows.outcomes, dtype=np.float64)[picked]
    edges = np.unique(np.quantile(values, np.linspace(0, 1, min(most, len(picked)) + 1)))
    part = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(0, len(edges) - 2))
    return tuple(_group("", sides, part == at, values) for at in np.unique(part))


def _group(
    name: str, sides: tuple[Floats, Floats], here: NDArray[np.bool_], values: Floats | None = None
) -> Group:
    live, shadow = sides
    return Group(
        name=name,
        low=None if values is None else float(values[here].min()),
        high=None if values is None else float(values[here].max()),
        rows=int(here.sum()),
        live=float(live[here].mean()),
        shadow=float(shadow[here].mean()),
    )


def label_table(series: Series) -> tuple[tuple[str, ...], Ints] | None:
    """Counts live's labels (rows) against the shadow's (columns); None without labels."""
    if series.live_labels is None or series.shadow_labels is None or not len(series.live_labels):
        return None
    both = np.concatenate([series.live_labels, series.shadow_labels]).astype(str)
    names, codes = np.unique(both, return_inverse=True)
    half, size = len(series.live_labels), len(names)
    table = np.bincount(codes[:half] * size + codes[half:], minlength=size * size)
    return tuple(str(name) for name in names), table.reshape(size, size)
