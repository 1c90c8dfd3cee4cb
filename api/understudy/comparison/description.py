"""How far apart the two models are, in figures that claim nothing."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def describe(live: Floats, shadow: Floats) -> dict[str, float | None]:
    """
    Describes shadow − live over all compared rows.

    Lin's concordance (1989) is 2·cov/(var + var + (difference of means)²); the limits of agreement
    are Bland and Altman's mean ± 1.96 sd (1986); the slope is that of the difference on the mean of
    both. `live_mean` and `live_least` are live's, to tell the difference by. A figure that does not
    exist is None.
    """
    d = shadow - live
    if not len(d):
        return {}
    mean, sd = float(d.mean()), float(d.std(ddof=1)) if len(d) > 1 else 0.0
    quantiles = np.quantile(d, QUANTILES)
    figures: dict[str, float | None] = {
        "mean": mean,
        "median": float(np.median(d)),
        "sd": sd,
        **_sizes(np.abs(d)),
        "limits_low": mean - 1.96 * sd,
        "limits_high": mean + 1.96 * sd,
        "concordance": _concordance(live, shadow),
        "live_mean": float(live.mean()),
        "live_least": float(live.min()),
        "slope": _slope(d, (live + shadow) / 2),
        "identical_share": float(np.mean(d == 0)),
    }
    names = (f"q{round(100 * q):02d}" for q in QUANTILES)
    return figures | {name: float(q) for name, q in zip(names, quantiles, strict=True)}


def _sizes(sizes: Floats) -> dict[str, float]:
    return {
        "mean_abs": float(sizes.mean()),
        "max_abs": float(sizes.max()),
        "q95_abs": float(np.quantile(sizes, 0.95)),
        "q99_abs": float(np.quantile(sizes, 0.99)),
    }


def _concordance(live: Floats, shadow: Floats) -> float | None:
    shift = float(shadow.mean() - live.mean())
    together = float(np.mean((live - live.mean()) * (shadow - shadow.mean())))
    spread = float(live.var() + shadow.var()) + shift * shift
    return 2 * together / spread if spread > 0 else None


def _slope(d: Floats, level: Floats) -> float | None:
    centred = level - level.mean()
    spread = float(np.mean(centred**2))
    return float(np.mean((d - d.mean()) * centred)) / spread if spread > 0 else None


def kappa(table: NDArray[np.int64]) -> float | None:
    """Cohen's kappa (1960): agreement beyond what the two marginals alone would give."""
    n = float(table.sum())
    if not n:
        return None
    observed = np.trace(table) / n
    chance = float((table.sum(axis=0) / n) @ (table.sum(axis=1) / n))
    return float((observed - chance) / (1 - chance)) if chance < 1 else None
