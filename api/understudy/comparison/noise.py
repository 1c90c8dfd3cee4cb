"""The noise floor: how far a version differs from itself, which no shadow can be asked to beat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .units import Flags, arrange

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

LEAST_UNITS = 100
"""Of fewer units the 99th percentile is little more than their maximum."""


@dataclass(frozen=True, eq=False)
class Answered:
    """
    The pairs of a version and its twin; arrays of shape (n,), one entry per instance.

    `live` and `twin` are the primary numbers, None or NaN for none, the labels are those of a
    classifier. What the twin `failed` on has no answer of it.
    """

    units: Texts
    instances: NDArray[np.int32]
    served_at: Floats
    live: Floats | None
    twin: Floats | None
    live_labels: Texts | None
    twin_labels: Texts | None
    failed: Flags


@dataclass(frozen=True)
class NoiseFloor:
    """
    How far the live version and its twin are apart.

    `pairs` counts instances, `units` requests, `failed` the instances without an answer of the
    twin. `differing` is the share of units whose answers are not equal, `labels_differing` that of
    another label, each by one instance per unit. `median` to `largest` are quantiles of the
    absolute difference over all pairs; None where there are no numbers.
    """

    pairs: int
    units: int
    failed: int
    differing: float
    labels_differing: float | None = None
    median: float | None = None
    p95: float | None = None
    p99: float | None = None
    largest: float | None = None

    def is_above(self, tolerance: float) -> bool:
        """Tells whether a tolerance lies below the 99th percentile of at least 100 units."""
        return self.p99 is not None and self.units >= LEAST_UNITS and tolerance < self.p99


def noise_floor(answered: Answered) -> NoiseFloor | None:
    """
    Describes how a version differs from itself; None without any pair.

    No test and no verdict: the shadow's own disagreement stands beside it. Quantiles are linearly
    interpolated (numpy.quantile).
    """
    kept = ~answered.failed
    if not kept.any():
        return None
    order = arrange(len(kept), answered.units, answered.instances, answered.served_at)
    chosen = order.order[order.one_each(kept[order.order])]
    gaps = _gaps(answered)
    numbers = None if gaps is None else gaps[kept & ~np.isnan(gaps)]
    labels = _labels_differ(answered)
    differs = np.zeros(len(kept), dtype=bool)
    if gaps is not None:
        differs |= gaps > 0
    if labels is not None:
        differs |= labels
    return NoiseFloor(
        pairs=int(kept.sum()),
        units=len(chosen),
        failed=int(answered.failed.sum()),
        differing=float(differs[chosen].mean()),
        labels_differing=None if labels is None else float(labels[chosen].mean()),
        **_quantiles(numbers),
    )


def _gaps(answered: Answered) -> Floats | None:
    if answered.live is None or answered.twin is None:
        return None
    return np.asarray(np.abs(answered.twin - answered.live))


def _labels_differ(answered: Answered) -> Flags | None:
    if answered.live_labels is None or answered.twin_labels is None:
        return None
    return np.asarray(answered.live_labels != answered.twin_labels, dtype=bool)


def _quantiles(numbers: Floats | None) -> dict[str, float]:
    if numbers is None or not len(numbers):
        return {}
    names = ("median", "p95", "p99", "largest")
    found = np.quantile(numbers, (0.5, 0.95, 0.99, 1.0)).tolist()
    return dict(zip(names, found, strict=True))
